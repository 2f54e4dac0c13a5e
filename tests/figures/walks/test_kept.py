"""The store of a decoder: what was found and what was computed at each step, over the tokens read."""

from xml.etree import ElementTree

import pytest

from analytics.figures.walks.kept import store_picture


def runs(steps, tokens, **options):
    root = ElementTree.fromstring(store_picture(steps, tokens, chosen=0, alt="store", **options))
    assert root.get("aria-label") == "store"
    return root, [one.find("title").text for one in root.iter("rect") if one.find("title") is not None]


def test_each_step_shows_what_was_found_and_what_was_computed():
    root, told = runs([(0, 3), (3, 1), (4, 1)], ["<a>", "b", "c", "d", "e"])
    assert told == [
        "computed: tokens 1 to 3",
        "found: tokens 1 to 3",
        "computed: tokens 4 to 4",
        "found: tokens 1 to 4",
        "computed: tokens 5 to 5",
    ]
    assert "<a>" in "".join(root.itertext())


def test_a_window_lets_the_first_ones_go():
    _, told = runs([(0, 5), (3, 1)], list("abcdef"))
    assert told[1:] == ["found: tokens 3 to 5", "computed: tokens 6 to 6"]


@pytest.mark.parametrize("many", [1, 40, 200])
def test_it_stays_within_its_frame(many):
    root, _ = runs([(0, many - 1), (many - 1, 1)] if many > 1 else [(0, 1)], ["token"] * many)
    width, height = map(float, root.get("viewBox").split()[2:])
    for box in root.iter("rect"):
        assert float(box.get("x")) + float(box.get("width")) <= width + 0.1
        assert float(box.get("y")) + float(box.get("height")) <= height
