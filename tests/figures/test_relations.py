"""Relations and changes, drawn: the values in the pictures are those of the results."""

import numpy as np
import pandas as pd
import pytest

from analytics.figures import theme
from analytics.figures.changes import level_bars, value_shares
from analytics.figures.relations import pair_boxes, pair_mosaic, pair_scatter, relation_matrix
from analytics.numbers.relations.columns import levels_of
from analytics.numbers.relations.relations import find_relations
from analytics.numbers.relations.shapes import boxes, counts_by_level, group_middles, straight_fit


def frame(rows: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    x = rng.normal(size=rows)
    kind = pd.Series(np.where(x > 0, "<b>up</b>", "down"))
    return pd.DataFrame({"x": x, "y": 2 * x + rng.normal(size=rows), "kind": kind})


def test_the_matrix_has_every_pair_in_the_order_given_and_takes_clicks() -> None:
    found = find_relations(frame())
    figure = relation_matrix(found.matrix, found.order)
    heat, marks = figure.data
    expected = found.matrix.loc[list(found.order), list(found.order)].to_numpy()
    np.testing.assert_array_equal(np.asarray(heat.z, dtype=float), expected)
    assert (heat.zmin, heat.zmax) == (-1, 1)
    row, column = marks.customdata[5]
    assert (marks.y[5], marks.x[5]) == (row, column)
    assert len(marks.text) == 9


def test_a_line_and_its_band_are_those_of_least_squares() -> None:
    data = frame()
    x, y = (data[name].to_numpy() for name in "xy")
    fit = straight_fit(x, y)
    assert fit is not None
    slope, intercept = np.polyfit(x, y, 1)
    np.testing.assert_allclose(fit.middle, intercept + slope * fit.x)
    assert fit.slope == pytest.approx(slope)
    assert fit.slope_low < slope < fit.slope_high
    assert (fit.low < fit.middle).all() and (fit.middle < fit.high).all()
    figure = pair_scatter(
        x,
        y,
        names=("x", "y"),
        fit=fit,
        middles=group_middles(x, y),
        dates=(False, True),
        rows=np.arange(200) + 1,
    )
    assert figure.data[0].y.dtype.kind == "M" and len(figure.data[0].x) == 200
    assert straight_fit(np.ones(5), np.arange(5.0)) is None


def test_levels_that_begin_alike_keep_boxes_and_bars_of_their_own() -> None:
    answers = [f"My manager listens and gives clear feedback, {end}." for end in ("always", "seldom", "")]
    kinds = pd.Series([*answers, ""] * 10)
    levels = levels_of(kinds)
    found = boxes(np.arange(40, dtype=float), levels)
    drawn = pair_boxes(found, names=("y", "kind"), date=False)
    assert len({box.y[0] for box in drawn.data}) == len(found) == 4
    assert "(empty) (10)" in {box.y[0] for box in drawn.data}
    shares = pd.DataFrame({"level": answers, "rows_before": 1, "rows_now": 2})
    shares = shares.assign(share_before=0.2, share_now=[0.1, 0.2, 0.3])
    bars = level_bars(shares, name="answer")
    assert len(set(bars.data[0].y)) == 3 and bars.layout.yaxis.type == "category"


def test_an_axis_of_small_shares_has_no_tick_twice() -> None:
    days = np.arange(340, dtype=float)
    assert value_shares(days, days, name="day").layout.yaxis.tickformat == theme.PERCENT_TICKS == ".3~%"


def test_boxes_and_mosaic_hold_quartiles_and_shares_and_no_live_text() -> None:
    data = frame()
    levels = levels_of(data["kind"])
    found = boxes(data["y"].to_numpy(), levels)
    for box in found:
        part = data.loc[data["kind"] == box.name, "y"]
        np.testing.assert_allclose(box.quartiles, part.quantile([0.25, 0.5, 0.75]))
        assert box.n == len(part) and part.min() <= box.whiskers[0] <= box.quartiles[0]
    drawn = pair_boxes(found, names=("y", "kind"), date=False)
    assert "<b>" not in drawn.to_json() and drawn.layout.xaxis.type is None
    assert pair_boxes(found, names=("y", "kind"), date=True).layout.xaxis.type == "date"
    other = levels_of(pd.Series(["p", "q"] * 100))
    counts = counts_by_level(levels, other)
    assert counts.sum() == 200
    mosaic = pair_mosaic(counts, levels, other, names=("kind", "other"))
    np.testing.assert_allclose(sum(np.asarray(bar.y) for bar in mosaic.data), 1)
    np.testing.assert_allclose(mosaic.data[0].width, counts.sum(axis=1) / 200)
    many = levels_of(pd.Series([f"k{i}" for i in range(40)] * 5))
    cut = pair_mosaic(counts_by_level(many, other), many, other, names=("kind", "other"))
    assert cut.data[0].customdata[-1].startswith("29 others")
    merged = levels_of(pd.Series([f"k{i}" for i in range(90)] * 2), most=50)
    other = levels_of(pd.Series(["p", "q"] * 90))
    cut = pair_mosaic(counts_by_level(other, merged), other, merged, names=("kind", "other"))
    assert cut.data[-1].name == "79 others" and cut.data[-1].marker.color == theme.UNSELECTED
    narrow = pair_mosaic(counts_by_level(merged, other), merged, other, names=("kind", "other"))
    assert list(narrow.layout.xaxis.ticktext) == ["79 others"]  # the other names would lie upon each other


def test_before_and_now_are_shares_of_their_own_file() -> None:
    before, now = np.arange(100.0), np.arange(50.0)
    figure = value_shares(before, now, name="x")
    for trace in figure.data:
        assert np.sum(trace.y) == pytest.approx(1)
    days = np.array(["2024-01-01", "2024-02-01"], dtype="datetime64[s]")
    assert value_shares(days, days, name="day").data[0].x.dtype.kind == "M"
    assert not value_shares(np.empty(0), np.empty(0), name="none").data
    shares = pd.DataFrame(
        {"level": ["a"], "share_before": [0.2], "share_now": [0.5], "rows_before": [2], "rows_now": [5]}
    )
    assert [bar.x[0] for bar in level_bars(shares, name="k").data] == [0.2, 0.5]
