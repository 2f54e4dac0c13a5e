"""Pieces coloured by probability: bands, marks of what was put there, a legend, escaped text."""

from xml.etree import ElementTree

import pytest

from analytics.figures.walks.confidence import coloured_pieces


def drawn(names, probabilities, forced, **options):
    root = ElementTree.fromstring(coloured_pieces(names, probabilities, forced, alt="sure", **options))
    legend = {one[0].get("class"): one[0].tail for one in root.findall(".//div[@class='legend']/span")}
    return root.findall(".//span[@data-pick]"), legend, root


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "under 25%"),
        (0.25, "25 to 50%"),
        (0.74, "50 to 75%"),
        (0.9, "90% and more"),
        (1.0, "90% and more"),
    ],
)
def test_a_piece_has_the_colour_of_its_band(probability, words):
    (piece,), legend, root = drawn(["a"], [probability], [False])
    band = piece.get("class").split()[1]
    assert legend[band] == words
    assert f".{band} {{ background" in root.find("style").text


def test_what_was_put_there_is_marked_and_text_stays_text():
    pieces, legend, root = drawn(["<b>", "x" * 99, "'\"&"], [0.5, 0.5, 0.123456], [True, False, False])
    assert [one.get("data-pick") for one in pieces] == ["0", "1", "2"]
    assert pieces[0].text == "<b>"
    assert pieces[0].get("title") == pieces[0].get("aria-label") == "<b>: 50%, put there"
    assert pieces[0].get("class") == "piece put"
    assert legend["put"] == "put there"
    assert len(pieces[1].text) <= 24
    assert pieces[2].get("title") == "'\"&: 12.35%"
    assert root.find("div").get("aria-label") == "sure"


def test_a_prompt_has_no_probability():
    pieces, legend, _ = drawn(["a", "b"], [float("nan"), 0.5], [True, False], put_there="the prompt")
    assert pieces[0].get("title") == "a: the prompt"
    assert legend["put"] == "the prompt"
    assert "put" not in drawn(["a"], [0.5], [False])[1]


def test_the_piece_being_written_is_framed_and_what_is_foreign_is_underlined():
    pieces, legend, _ = drawn(["a", "20155"], [0.5, 0.9], [False, False], now=0, foreign={1})
    assert [one.get("class").split()[2:] for one in pieces] == [["now"], ["foreign"]]
    assert pieces[1].get("aria-label") == "20155: 90%, not in the sentence"
    assert {"now", "foreign"} <= set(legend)
    assert not {"now", "foreign"} & set(drawn(["a"], [0.5], [False])[1])
