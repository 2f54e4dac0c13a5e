"""Figures of returns: what is drawn is what was computed, axes say what they are, names stay text."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.figures import theme
from analytics.figures.returns import (
    MOST_POINTS,
    asset_colours,
    calendar_figure,
    correlation_figure,
    cumulative_figure,
    drawdown_figure,
    price_figure,
    rolling_correlation_figure,
    rolling_volatility_figure,
    tail_figure,
    thin,
    volatility_figure,
)
from analytics.numbers.returns.periods import month_calendar
from analytics.numbers.returns.price_checks import PriceFinding
from analytics.numbers.returns.score_laws import ScoreLaw

DATES = pd.date_range("2024-01-01", periods=6)
HOSTILE = "<b>AT&T"
ESCAPED = "&lt;b&gt;AT&amp;T"
TABLE = pd.DataFrame({HOSTILE: [10.0, 11, 9, 12, np.nan, 6], "B": [np.nan, 4, 8, 8, 2, 4]}, index=DATES)
COLOURS = asset_colours(list(TABLE.columns))


def lines(figure) -> dict:
    return {trace.name: trace for trace in figure.data}


def test_prices_are_multiples_of_the_first_known_one_and_marks_stand_on_them() -> None:
    findings = (
        PriceFinding("split", "B", DATES[[4]], "fell to a quarter"),
        PriceFinding("spike", HOSTILE, DATES[[3]], "twice its neighbours"),
        PriceFinding("split", "not drawn", DATES[[1]], "another file's"),
        PriceFinding("stale", "B", DATES[[3]], "stands still"),
    )
    figure = price_figure(TABLE, findings, COLOURS)
    drawn = lines(figure)
    np.testing.assert_allclose(drawn[ESCAPED].y, [1, 1.1, 0.9, 1.2, 0.6])
    np.testing.assert_allclose(drawn["B"].y, [1, 2, 2, 0.5, 1])
    assert list(drawn["B"].x) == list(DATES[1:])
    split, spike = drawn["looks like a split"], drawn["looks mistyped"]
    assert (list(split.x), list(split.y), list(split.text)) == ([DATES[4]], [0.5], ["B"])
    assert (list(spike.x), list(spike.y), list(spike.text)) == ([DATES[3]], [1.2], [ESCAPED])
    assert len(figure.data) == 4
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis.title.text == "Multiple of the first price (logarithmic)"


def test_the_band_of_sums_grows_with_the_root_of_time_from_the_first_return() -> None:
    sums = TABLE.copy()
    sums.iloc[0] = np.nan
    up, down, *assets = cumulative_figure(sums, COLOURS).data
    np.testing.assert_allclose(up.y, 1.96 * np.sqrt([1, 2, 3, 4, 5]), rtol=1e-4)
    np.testing.assert_allclose(down.y, -up.y)
    assert list(up.x) == list(DATES[1:])
    assert (up.showlegend, down.showlegend) == (True, False)
    assert [trace.name for trace in assets] == [ESCAPED, "B"]
    np.testing.assert_allclose(assets[1].y, [4, 8, 8, 2, 4])


def test_the_band_of_sums_is_of_the_asset_with_most_returns_and_of_its_scores() -> None:
    up = cumulative_figure(TABLE.iloc[1:], COLOURS, law=ScoreLaw(window=12)).data[0]
    expected = 1.96 * np.sqrt(11 / 9 * np.arange(1, 6))  # of B, as the other asset has one return fewer
    np.testing.assert_allclose(up.y, expected, rtol=1e-4)
    assert up.name.endswith(", B")
    no_band = cumulative_figure(TABLE, COLOURS, law=ScoreLaw(window=3)).data[0]
    assert len(no_band.y) == 0 and not no_band.showlegend


@pytest.mark.parametrize(
    ("draw", "title"),
    [
        (lambda table: drawdown_figure(table, COLOURS), "Below the highest price so far (simple)"),
        (
            lambda table: rolling_volatility_figure(table, COLOURS, factor="× √252"),
            "Volatility a year (simple, × √252)",
        ),
    ],
)
def test_shares_over_time_are_percentages_and_the_axis_holds_zero(draw, title: str) -> None:
    figure = draw(TABLE)
    np.testing.assert_allclose(lines(figure)["B"].y, [4, 8, 8, 2, 4])
    assert lines(figure)[ESCAPED].hovertemplate == f"{ESCAPED}<br>%{{x|%Y-%m-%d}}: %{{y:.1%}}<extra></extra>"
    assert [trace.line.color for trace in figure.data] == [COLOURS[HOSTILE], COLOURS["B"]]
    assert (figure.layout.yaxis.tickformat, figure.layout.yaxis.rangemode) == (".3~%", "tozero")
    assert figure.layout.yaxis.title.text == title


def test_volatilities_are_in_order_without_those_that_are_missing() -> None:
    names = [HOSTILE, "calm", "new"]
    summary = pd.DataFrame({"volatility": [0.4, 0.1, np.nan]}, index=names)
    (bars,) = volatility_figure(summary, asset_colours(names), factor="SD × √12").data
    assert (list(bars.x), list(bars.y)) == ([0.4, 0.1], [ESCAPED, "calm"])
    assert list(bars.marker.color) == [asset_colours(names)[HOSTILE], asset_colours(names)["calm"]]


@pytest.mark.parametrize(
    ("law", "quantile"),
    [
        (ScoreLaw(), stats.norm.ppf),
        # Scores by the mean and SD of ten earlier values follow Student's t, a little wider.
        (ScoreLaw(window=10), lambda p: stats.t.ppf(p, 9) * np.sqrt(1.1)),
    ],
)
def test_tails_stand_over_the_quantiles_of_the_law_of_their_scores(law: ScoreLaw, quantile) -> None:
    table = pd.DataFrame({HOSTILE: [3, np.nan, 0, -1, 1, -3], "none": np.nan})
    dots, diagonal = tail_figure(table, {HOSTILE: "#000000"}, law=law).data
    np.testing.assert_allclose(dots.y, [-3.0, -1, 0, 1, 3])
    # Blom's plotting positions for five values.
    np.testing.assert_allclose(dots.x, quantile((np.arange(1, 6) - 0.375) / 5.25), atol=1e-12)
    np.testing.assert_allclose(diagonal.x, diagonal.y)
    assert dots.hovertemplate.startswith(ESCAPED)


def test_far_tails_stay_on_the_diagonal_and_the_middle_is_thinned() -> None:
    column = pd.DataFrame({"a": np.random.default_rng(0).normal(size=50_000)})
    dots, diagonal = tail_figure(column, {"a": "#000000"}, law=ScoreLaw()).data
    ordered = np.sort(column["a"])
    np.testing.assert_allclose(dots.y[:100], ordered[:100])
    np.testing.assert_allclose(dots.y[-100:], ordered[-100:])
    assert len(dots.x) == 400
    assert diagonal.x[-1] >= dots.x[-1]


def test_correlations_fill_both_halves_and_share_one_scale() -> None:
    assets = [HOSTILE, "B", "C"]
    pairs = pd.DataFrame(
        {
            "first": [HOSTILE, HOSTILE, "B"],
            "second": ["B", "C", "C"],
            "prices": [0.9, 0.8, 0.7],
            "returns": [0.1, -0.2, 0.3],
            "standardized": [0.15, -0.25, np.nan],
        }
    )
    prices, returns, standardized = correlation_figure(pairs, assets).data
    np.testing.assert_allclose(prices.z, [[1, 0.9, 0.8], [0.9, 1, 0.7], [0.8, 0.7, 1]])
    np.testing.assert_allclose(returns.z, [[1, 0.1, -0.2], [0.1, 1, 0.3], [-0.2, 0.3, 1]])
    assert np.isnan(standardized.z[1][2])
    assert all((heat.zmin, heat.zmax) == (-1, 1) for heat in (prices, returns, standardized))
    assert [heat.showscale for heat in (prices, returns, standardized)] == [False, False, True]
    assert list(prices.x) == [ESCAPED, "B", "C"] == list(prices.y)


def test_every_asset_keeps_its_colour() -> None:
    assert asset_colours(["a", "b"]) == {"a": theme.colour_of(0), "b": theme.colour_of(1)}


@pytest.mark.parametrize("number", [9, 10, 40, 120])
def test_no_two_assets_share_a_colour_and_lines_beyond_the_palette_are_dashed(number: int) -> None:
    names = [f"asset {place}" for place in range(number)]
    colours = asset_colours(names)
    assert len(set(colours.values())) == number
    table = pd.DataFrame(np.ones((3, number)), index=DATES[:3], columns=names)
    drawn = drawdown_figure(table, colours).data
    assert len({(trace.line.color, trace.line.dash) for trace in drawn}) == number
    assert [trace.line.dash for trace in drawn[:10]] == ["solid"] * 9 + ["dash"] * (number > 9)


def test_a_kind_is_named_in_every_axis_and_differences_are_no_percentages() -> None:
    for kind, ticks in (("log", ".3~%"), ("simple", ".3~%"), ("difference", None)):
        for figure in (
            drawdown_figure(TABLE, COLOURS, kind=kind),
            rolling_volatility_figure(TABLE, COLOURS, factor="× √252", kind=kind),
        ):
            assert kind in figure.layout.yaxis.title.text and figure.layout.yaxis.tickformat == ticks
    values = price_figure(TABLE, (), COLOURS, kind="difference")
    np.testing.assert_allclose(lines(values)[ESCAPED].y, TABLE[HOSTILE].dropna())
    assert values.layout.yaxis.type != "log"


def test_a_calendar_has_its_newest_year_first_and_zero_in_the_middle() -> None:
    days = pd.bdate_range("2022-11-01", "2024-02-10")
    prices = pd.Series(100 * np.exp(np.random.default_rng(0).normal(0, 0.01, len(days)).cumsum()), days)
    calendar = month_calendar(prices, kind="simple")
    months, years = calendar_figure(calendar, kind="simple").data
    assert list(months.y) == ["2024", "2023", "2022"] == list(years.y)
    np.testing.assert_allclose(months.z, calendar.table.iloc[::-1, :12])
    np.testing.assert_allclose(years.z[:, 0], calendar.table["year"].iloc[::-1])
    assert months.zmin == -months.zmax < 0 and years.zmin == -years.zmax < 0
    assert years.textfont.size <= 10 and months.textfont.size is None  # a column alone is not shrunk to fit


def test_correlation_over_time_stands_between_the_limits_of_chance() -> None:
    table = pd.DataFrame({"B": np.linspace(-1, 1, 6)}, index=DATES)
    figure = rolling_correlation_figure(table, COLOURS, benchmark=HOSTILE, window=28)
    np.testing.assert_allclose([shape.y0 for shape in figure.layout.shapes], [0.373, -0.373], atol=1e-3)
    assert ESCAPED in figure.layout.yaxis.title.text and figure.layout.yaxis.range == (-1.02, 1.02)
    np.testing.assert_allclose(figure.data[0].y, table["B"])


def test_a_thinned_line_keeps_its_extremes_and_its_order() -> None:
    values = np.sin(np.linspace(0, 50, 100_003))
    values[[77, 50_001]] = 9, -9
    line = pd.Series(values, index=pd.RangeIndex(len(values)))
    line.iloc[5] = np.nan
    kept = thin(line)
    assert len(kept) <= MOST_POINTS
    assert (kept[77], kept[50_001]) == (9, -9)
    assert kept.index.is_monotonic_increasing
    pd.testing.assert_series_equal(thin(line.head(50)), line.head(50).dropna())
