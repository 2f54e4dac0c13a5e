"""Pieces coloured by probability: bands, marks of what was put there, a legend, escaped text."""

import re
from xml.etree import ElementTree

import pytest

from analytics.figures.walks.confidence import coloured_pieces


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "under 25 %"),
        (0.25, "25 to 50 %"),
        (0.74, "50 to 75 %"),
        (0.9, "90 % and more"),
        (1.0, "90 % and more"),
    ],
)
def test_a_piece_has_the_colour_of_its_band(probability, words):
    drawn = coloured_pieces(["a"], [probability], [False], alt="sure")
    piece = re.search(r"data-pick='0'.*?fill='(#\w+)'", drawn)[1]
    legend = re.search(rf"fill='(#\w+)'/><text[^>]*>{words}<", drawn)[1]
    assert piece == legend


def test_what_was_put_there_is_marked_and_text_stays_text():
    drawn = coloured_pieces(["<b>", "x" * 99, *"abc" * 40], [0.5] * 122, [True] + [False] * 121, alt="sure")
    root = ElementTree.fromstring(drawn)
    assert root.get("aria-label") == "sure"
    assert "<b>: 50 %, put there" in "".join(root.itertext())
    assert len(root.findall(".//g")) == 122
    width, height = map(float, root.get("viewBox").split()[2:])
    for box in root.iter("rect"):
        assert float(box.get("x")) + float(box.get("width")) <= width
        assert float(box.get("y")) + float(box.get("height")) <= height + 1


def test_without_a_forced_piece_the_legend_has_no_grey():
    assert "put there" not in coloured_pieces(["a"], [0.5], [False], alt="sure")
