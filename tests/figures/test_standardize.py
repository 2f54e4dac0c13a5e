"""Figures of standardizing and comparing: what is drawn is what was computed."""

import numpy as np
import pandas as pd
import pytest

from analytics.figures import theme
from analytics.figures.compare import profile, two_results
from analytics.figures.standardize import (
    MOST_COLUMNS,
    MOST_DRAWN,
    before_and_after,
    cell_in_column,
    common_axis,
    outline,
    thinned,
)
from analytics.numbers import Standardizer
from analytics.numbers.standardizing.comparing import compare_results, result_of

RNG = np.random.default_rng(1)
FRAME = pd.DataFrame({"a<b>": RNG.normal(5, 2, 300), "b": RNG.lognormal(3, 1, 300)})
SCORES = Standardizer().fit_transform(FRAME)


def columns_of(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    return {name: frame[name].to_numpy() for name in frame}


def test_all_columns_share_an_axis_before_and_one_after() -> None:
    figure = before_and_after(columns_of(FRAME), columns_of(SCORES))
    left, right = figure.layout.xaxis.range, figure.layout.xaxis2.range
    assert left[0] < FRAME["b"].quantile(0.001)
    assert left[1] > FRAME["b"].quantile(0.999)
    assert -6.5 < right[0] < 0 < right[1] < 6.5
    assert figure.layout.yaxis.ticktext == ("b", "a&lt;b&gt;")
    assert len(figure.data) == 2 * 2 * 2


def test_each_column_can_have_an_axis_of_its_own_with_its_unit() -> None:
    figure = before_and_after(columns_of(FRAME), columns_of(SCORES), common=False, units={"b": "€<i>"})
    first, second = figure.layout.xaxis, figure.layout.xaxis3
    assert first.range[1] < 15 < FRAME["b"].quantile(0.99) < second.range[1]
    assert not first.ticksuffix and second.ticksuffix == " €&lt;i&gt;"
    assert figure.layout.xaxis2.range == figure.layout.xaxis4.range
    names = [figure.layout[axis].ticktext for axis in ("yaxis", "yaxis3")]
    assert names == [("a&lt;b&gt;",), ("b",)]
    assert len(figure.data) == 2 * 2 * 2


def test_an_outline_has_the_counts_of_the_histogram() -> None:
    values = np.array([0.0, 0.1, 0.1, 0.9, np.nan, np.inf, 7.0])
    shape = outline(values, 0.0, 1.0)
    assert shape.heights.max() == 1.0
    assert (shape.heights[0], shape.heights[-1]) == (0.0, 0.0)
    assert shape.outside == pytest.approx(1 / 5)


def test_axes_exist_for_constant_empty_and_infinite_columns() -> None:
    for values in (np.full(5, 3.0), np.full(5, np.nan), np.array([np.inf, -np.inf]), np.array([])):
        low, high = common_axis([values])
        assert low < high
        outline(values, low, high)
    figure = before_and_after({"x": np.full(5, 3.0)}, {"x": np.zeros(5)})
    assert len(figure.data) == 4


def test_only_so_many_columns_and_values_are_drawn() -> None:
    many = {f"c{i}": RNG.normal(size=20) for i in range(40)}
    assert len(before_and_after(many, many).layout.yaxis.ticktext) == MOST_COLUMNS
    assert thinned(np.arange(MOST_DRAWN * 3 + 1.0)).size <= MOST_DRAWN
    np.testing.assert_array_equal(thinned(np.arange(10.0)), np.arange(10.0))


def test_the_cell_is_marked_at_its_score_and_bars_count_every_row() -> None:
    values, scores = FRAME["b"].to_numpy(), SCORES["b"].to_numpy()
    figure = cell_in_column(values, scores, value=values[7], score=scores[7], column="b", normal=True)
    assert figure.layout.shapes[0].x0 == scores[7]
    assert sum(figure.data[0].y) == 300
    told = figure.data[0].customdata
    assert np.interp(scores[7], figure.data[0].x, told) == pytest.approx(values[7], rel=0.05)


def test_a_profile_shows_values_beside_scores_and_gaps_as_missing() -> None:
    figure = profile(["maths", "time"], [72.0, np.nan], [1.25, np.nan], [0.9, np.nan])
    bars = figure.data[0]
    assert list(bars.x) == [1.25, 0.0]
    assert list(bars.text) == ["72", "missing"]
    assert (bars.marker.cmin, bars.marker.cmax) == (-theme.Z_LIMIT, theme.Z_LIMIT)


def test_two_results_lie_on_one_axis_that_holds_both() -> None:
    fitted = Standardizer().fit(FRAME).parameters_
    first = result_of(fitted, FRAME, "a<b>", 60.0, row=0)
    second = result_of(fitted, FRAME, "b", 30.0, row=0)
    told = compare_results(first, second, method="zscore")
    figure = two_results(told, SCORES["a<b>"].to_numpy(), SCORES["b"].to_numpy())
    low, high = figure.layout.xaxis.range
    assert low < second.score < first.score < high
    assert figure.layout.yaxis.ticktext == ("b", "a&lt;b&gt;")


def test_where_less_is_better_the_outline_and_the_mark_are_turned() -> None:
    fitted = Standardizer().fit(FRAME).parameters_
    more = result_of(fitted, FRAME, "b", 30.0, row=0)
    less = result_of(fitted, FRAME, "b", 30.0, row=0, lower_is_better=True)
    scores = SCORES["b"].to_numpy()
    figure = two_results(compare_results(more, less, method="zscore"), scores, scores)
    marks = {trace.y[0]: trace.x[0] for trace in figure.data if trace.mode == "lines+markers+text"}
    assert marks == {1: more.score, 0: -more.score}
    turned, plain = (trace for trace in figure.data if trace.fill == "tonexty")
    # The column has its mass below its mean and its long tail above it.
    assert plain.x[np.argmax(plain.y)] < 0 < turned.x[np.argmax(turned.y)]
    assert figure.layout.yaxis.ticktext == ("b (turned)", "b")


def test_a_profile_shows_every_name_even_years_and_equal_ones() -> None:
    names = ["1960", "1961", "a" * 40 + "1", "a" * 40 + "2"]
    figure = profile(names, [1.0, 2.0, 3.0, 4.0], [0.1, 0.2, 0.3, 0.4], [0.5] * 4)
    assert list(figure.data[0].y) == [0, 1, 2, 3]
    assert figure.layout.yaxis.ticktext[:2] == ("1960", "1961")
    assert list(figure.data[0].hovertext) == names
