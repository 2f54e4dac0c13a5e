"""Bars as SVG: as long as their shares, with their figures, and names that stay text."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from analytics.figures.walks.bars import Series, bars, end_to_end
from analytics.figures.walks.decoder_walk import candidates, draw_line, looked

HOSTILE = "<img src=x>&"


def rows(svg: str) -> list[ElementTree.Element]:
    return [group for group in ElementTree.fromstring(svg).iter("g") if group.find("title") is not None]


def lengths(row: ElementTree.Element) -> list[float]:
    return [float(rect.get("width")) for rect in row.iter("rect") if rect.get("class") != "hit"]


def figures(row: ElementTree.Element) -> list[str]:
    return [text.text for text in row.iter("text") if text.get("class") != "name"]


def test_bars_are_as_long_as_their_shares():
    shares = [0.5, 0.25, 0.125, 0.0004, 0.0]
    drawn = rows(bars(list("abcde"), [Series("", shares)], alt="shares"))
    widths = np.array([lengths(row)[0] for row in drawn])
    assert widths / widths[0] == pytest.approx(np.array(shares) / shares[0], abs=1e-3)
    assert [figures(row)[0] for row in drawn] == ["50.0%", "25.0%", "12.5%", "<0.1%", "0"]


def test_several_series_stand_below_each_other_with_a_legend():
    shares = {"weight": np.array([0.9, 0.1]), "added": np.array([0.3, 0.7])}
    svg = looked(shares, ["I", "love"], alt="where it looked")
    assert [figures(row) for row in rows(svg)] == [["90.0%", "30.0%"], ["10.0%", "70.0%"]]
    texts = [text.text for text in ElementTree.fromstring(svg).iter("text")]
    assert texts[:2] == ["weight", "added"]


def test_candidates_end_with_all_the_others_and_only_the_chosen_is_solid():
    drawn = rows(candidates([0.6, 0.3], ["le", HOSTILE], rest=0.1, others=998, chosen=1, alt="next"))
    assert [row.find("text").text for row in drawn] == ["le", HOSTILE, "998 others"]
    assert figures(drawn[-1]) == ["10.0%"]
    solid = [
        place for place, row in enumerate(drawn) for rect in row.iter("rect") if rect.get("class") is None
    ]
    assert solid == [1]


def test_a_missing_choice_leaves_all_candidates_faint():
    drawn = rows(candidates([0.6], ["le"], rest=0.4, others=9, chosen=None, alt="next"))
    assert all(rect.get("class") for row in drawn for rect in row.iter("rect"))


def test_the_drawn_point_falls_on_its_piece():
    final = np.zeros(50)
    final[[7, 3, 20]] = [0.5, 0.3, 0.2]
    svg = draw_line(final, {7: "a", 3: HOSTILE, 20: "c"}, point=0.7, alt="drawn")
    drawn = rows(svg)
    assert [row.find("title").text for row in drawn] == ["a: 0.5", f"{HOSTILE}: 0.3", "c: 0.2"]
    point = next(ElementTree.fromstring(svg).iter("line"))
    rect = drawn[1].find("rect")
    start, wide = float(rect.get("x")), float(rect.get("width"))
    assert start < float(point.get("x1")) < start + wide


def test_what_is_not_named_is_one_grey_part():
    svg = end_to_end([("a", 0.5)], point=0.9, alt="drawn", axis="axis")
    assert [row.find("title").text for row in rows(svg)] == ["a: 0.5", "all others kept: 0.5"]
