"""Figures of the Outliers page: shades count every row, dots carry theirs, the ellipse holds what it says."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.figures import theme
from analytics.figures.axis import round_ticks
from analytics.figures.outliers import plots as figures
from analytics.figures.outliers.row_profile import row_profile
from analytics.figures.outliers.score_histogram import count_scores, score_histogram
from analytics.figures.outliers.shading import outside, pair_shades, strip_shades
from analytics.figures.outliers.strips import BEYOND_DOTS, strip_plot, strip_rows
from analytics.numbers import OutlierReport, find_outliers
from analytics.numbers.outliers.chance import expected_by_chance
from analytics.numbers.outliers.robust_ellipse import robust_ellipse


def measured(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    x = rng.normal(10, 2, rows)
    frame = pd.DataFrame({"x": x, "y": 3 * x + rng.normal(0, 4, rows), "tail": rng.exponential(5, rows)})
    frame.loc[: rows // 50, "y"] = 400.0
    return frame.mask(rng.random(frame.shape) < 0.01)


def searched(rows: int = 6_000) -> OutlierReport:
    return find_outliers(measured(rows), methods=["zscore", "modified_zscore", "mahalanobis"])


@pytest.fixture(scope="module")
def report() -> OutlierReport:
    return searched()


@pytest.mark.slow
def test_a_strip_s_shade_counts_every_value(report: OutlierReport) -> None:
    shades = strip_shades(report, [0, 1, 2])
    assert (np.diff(shades.x) > 0).all()
    known = [int((~np.isnan(values)).sum()) for values in report.data.values]
    assert shades.counts.sum(axis=1).tolist() == known


def test_a_strip_s_shade_reaches_values_far_away() -> None:
    x = np.append(np.random.default_rng(0).normal(size=5_000), [2_000.0, -700.0])
    shades = strip_shades(find_outliers(pd.DataFrame({"x": x}), methods=["zscore"]), [0])
    assert shades.counts.sum() == len(x)
    z = (x - x.mean()) / x.std()
    assert shades.x[0] <= z.min()
    assert shades.x[-1] >= z.max()
    assert len(shades.x) < 400


def test_groups_are_shaded_within_themselves() -> None:
    frame = measured(4_000).assign(site=np.where(np.arange(4_000) % 2, "a", "b"))
    frame["x"] += np.where(frame["site"] == "a", 1e6, 0)
    shades = strip_shades(find_outliers(frame, methods=["zscore"], columns=["x"], by="site"), [0])
    assert shades.counts.sum() == frame["x"].notna().sum()
    assert np.abs(shades.x).max() < 6


def test_every_row_of_a_pair_is_in_the_shade_or_apart(report: OutlierReport) -> None:
    shades = pair_shades(report, 0, 1)
    x, y = report.data.values[0], report.data.values[1]
    known = ~np.isnan(x) & ~np.isnan(y)
    apart = outside(shades, x, y)
    assert not apart[~known].any()
    assert shades.counts.sum() + apart.sum() == known.sum()
    assert apart.sum() <= 4 * 0.001 * known.sum() + 4
    assert shades.counts.shape == (len(shades.y) - 1, len(shades.x) - 1)


def test_a_constant_column_can_be_shaded() -> None:
    frame = pd.DataFrame({"x": np.random.default_rng(0).normal(size=3_000), "same": 7.0})
    report = find_outliers(frame, methods=["zscore"], columns=["x", "same"])
    assert pair_shades(report, 0, 1).counts.sum() > 2_900
    assert strip_shades(report, [0, 1]).counts.sum() == 6_000


@pytest.mark.slow
def test_few_rows_are_dots_and_many_a_shade(report: OutlierReport) -> None:
    few = searched(300)
    rows = strip_rows(few, [0, 1, 2])
    assert not rows.shaded
    assert len(rows.ordinary) + len(rows.flagged) == 300
    many = strip_rows(report, [0, 1, 2])
    assert many.shaded
    assert not len(many.ordinary)


def drawn_strips(report: OutlierReport, columns: list[int], focus: int | None = None) -> ElementTree.Element:
    rows = strip_rows(report, columns, focus=focus)
    shades = strip_shades(report, columns) if rows.shaded else None
    return ElementTree.fromstring(strip_plot(report, rows, columns, shades=shades, alt="<strips> & 'more'"))


def share(element: ElementTree.Element, attribute: str) -> float:
    """A place as a share of the room's width, as every place across is written."""
    text = element.get(attribute, "")
    assert text.endswith("%")
    return float(text[:-1])


def told(drawn: ElementTree.Element, kind: str) -> list[tuple[int, str, float, float]]:
    """Row, column, value and z that the dots of a kind tell, from 0."""
    pattern = re.compile(r"row ([\d,]+): (\S+) (\S+), z (\S+)")
    found = []
    for dot in drawn.findall(f"svg/g[@class='{kind}']/circle[@data-pick]"):
        match = pattern.fullmatch(dot.findtext("title", ""))
        assert match
        assert match[1].replace(",", "") == dot.get("data-pick")
        found.append(
            (int(dot.get("data-pick", "")) - 1, match[2], float(match[3].replace(",", "")), float(match[4]))
        )
    return found


def test_dots_beyond_a_threshold_tell_their_row_value_and_score(report: OutlierReport) -> None:
    drawn = drawn_strips(report, [0, 1, 2])
    assert drawn.get("aria-label") == "<strips> & 'more'"
    dots = told(drawn, "beyond")
    assert 0 < len(dots) <= BEYOND_DOTS
    for row, name, value, z in dots:
        column = report.columns.index(name)
        own = report.data.values[column][row]
        assert value == pytest.approx(own, rel=1e-5)
        assert z == pytest.approx(
            (own - report.spreads[column].mean[0]) / report.spreads[column].sd[0], abs=6e-3
        )
    assert {row for row, *_ in dots} <= set(report.flagged_rows().tolist())


@pytest.mark.slow
def test_a_small_table_s_strips_have_a_dot_for_every_known_value() -> None:
    few = searched(300)
    drawn = drawn_strips(few, [0, 1, 2])
    dots = told(drawn, "ordinary") + told(drawn, "beyond")
    known = {
        (row, str(name))
        for name, values in zip(few.columns, few.data.values, strict=True)
        for row in np.flatnonzero(~np.isnan(values)).tolist()
    }
    assert len(dots) == len(known)
    assert {(row, name) for row, name, *_ in dots} == known


def test_a_shade_on_strips_tells_every_count(report: OutlierReport) -> None:
    cells = drawn_strips(report, [0, 1]).findall("svg/g[@class='shade']/rect[title]")
    counts = [
        int(re.sub(r".*: ([\d,]+) values?", r"\1", cell.findtext("title", "")).replace(",", ""))
        for cell in cells
    ]
    assert sum(counts) == sum(int((~np.isnan(values)).sum()) for values in report.data.values[:2])


@pytest.mark.slow
def test_dots_and_ticks_stand_on_one_axis() -> None:
    few = searched(300)
    drawn = drawn_strips(few, [0, 1, 2], focus=4)
    dots = drawn.findall("svg/g[@class='beyond']/circle[@data-pick]") + drawn.findall(
        "svg/g[@class='ordinary']/circle[@data-pick]"
    )
    z = np.array([score for *_, score in told(drawn, "beyond") + told(drawn, "ordinary")])
    x = np.array([share(dot, "cx") for dot in dots])
    slope, start = np.polyfit(z, x, 1)
    assert np.abs(start + slope * z - x).max() < slope * 0.006 + 0.1
    ticks = [
        tick for tick in drawn.findall("svg/text[@class='tick']") if tick.text and "mean" not in tick.text
    ]
    assert len(ticks) >= 3
    for tick in ticks:
        number = float((tick.text or "").replace("\u2212", "-"))
        assert share(tick, "x") == pytest.approx(start + slope * number, abs=slope * 0.006 + 0.2)
    rings = drawn.findall("svg/g[@class='focus']/circle[@r='7']")
    own = [
        (few.data.values[column][4] - few.spreads[column].mean[0]) / few.spreads[column].sd[0]
        for column in range(3)
    ]
    expected = [start + slope * score for score in own if not np.isnan(score)]
    drawn_at = [share(ring, "cx") for ring in rings]
    assert drawn_at == pytest.approx(expected, abs=slope * 0.006 + 0.2)


def test_a_profile_s_bars_are_as_long_as_the_standard_scores(report: OutlierReport) -> None:
    row = int(report.flagged_rows()[0])
    drawn = ElementTree.fromstring(row_profile(report, row, [0, 1, 2], alt="row"))
    zero = float(drawn.find("line[@class='zero']").get("x1"))
    lengths, scores = [], []
    for column, bar in enumerate(drawn.findall("g")):
        value = report.data.values[column][row]
        if np.isnan(value):
            assert "missing" in bar.findtext("title", "")
            continue
        scores.append((value - report.spreads[column].mean[0]) / report.spreads[column].sd[0])
        rect = bar.find("rect[@class='bar']")
        start, width = float(rect.get("x")), float(rect.get("width"))
        lengths.append(start + width - zero if scores[-1] > 0 else start - zero)
    scale = lengths[int(np.argmax(np.abs(scores)))] / scores[int(np.argmax(np.abs(scores)))]
    assert lengths == pytest.approx([scale * score for score in scores], abs=0.2)


def test_long_names_are_cut_beside_the_bars_and_told_in_full() -> None:
    name = "total sulfur dioxide of the wine"
    long = find_outliers(measured(100).rename(columns={"x": name}), methods=["zscore"])
    drawn = ElementTree.fromstring(row_profile(long, 1, [0, 1], alt="row"))
    assert drawn.findtext("g/text[@class='name']") == "total sulfur diox…"
    assert drawn.findtext("g/title", "").startswith(f"{name}: ")


@pytest.mark.slow
@settings(max_examples=500)
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 12))
@example(5e-324, 2.0, 1)
def test_ticks_are_round_even_and_inside(low: float, span: float, most: int) -> None:
    ticks = round_ticks(low, low + span, most=most)
    rounding = 1e-9 * (abs(low) + span)
    assert len(ticks) <= most + 1
    assert all(low - rounding <= tick <= low + span + rounding for tick in ticks)
    steps = np.diff(ticks)
    assert np.allclose(steps, steps[0]) if len(steps) else True


def test_a_blend_begins_and_ends_with_its_colours() -> None:
    assert theme.blend(("#000000", "#ff8000"), 0.0) == "rgb(0, 0, 0)"
    assert theme.blend(("#000000", "#ff8000"), 0.5) == "rgb(128, 64, 0)"
    assert theme.blend(theme.DIVERGING, 1.0) == "rgb(166, 54, 3)"


def test_ordinary_rows_apart_from_the_shade_can_be_clicked(report: OutlierReport) -> None:
    lenient = report.with_thresholds(dict.fromkeys(report.methods, 1e9))
    shades = pair_shades(lenient, 0, 1)
    figure = figures.pair_scatter(lenient, figures.drawn_rows(lenient), 0, 1, outline=None, shades=shades)
    (dots,) = (trace for trace in figure.data if trace.name == "other rows")
    apart = np.flatnonzero(outside(shades, *lenient.data.values[:2]))
    assert (dots.customdata - 1).tolist() == apart.tolist()


@pytest.mark.slow
def test_the_ellipse_of_many_rows_holds_99_percent_of_the_clean_ones(report: OutlierReport) -> None:
    outline = robust_ellipse(report, 0, 1)
    assert outline is not None
    clean = measured(6_000).iloc[6_000 // 50 + 1 :][["x", "y"]].dropna().to_numpy()
    centre = outline[:-1].mean(axis=0)
    axes = np.cov(outline[:-1], rowvar=False, ddof=0) * 2
    deviations = clean - centre
    inside = np.einsum("ij,ij->i", deviations @ np.linalg.inv(axes), deviations) <= 1
    assert inside.mean() == pytest.approx(0.99, abs=0.005)


def test_a_score_histogram_counts_all_scores_at_every_threshold(report: OutlierReport) -> None:
    for method in report.methods:
        counted = count_scores(report, method)
        assert counted.counts.sum() == report.scores[method].notna().sum()
        beyond = expected_by_chance(report, method, float(counted.edges[0]))
        last = expected_by_chance(report, method, float(counted.edges[-2]))
        assert counted.clean.sum() == pytest.approx(beyond - last)
        drawn = ElementTree.fromstring(score_histogram(counted, method, 2.0, alt="<what> & 'why'"))
        assert drawn.get("aria-label") == "<what> & 'why'"
        bars = drawn.findall("g")
        middles = (counted.edges[:-1] + counted.edges[1:]) / 2
        assert [bar.get("class") == "beyond" for bar in bars] == (middles > 2.0).tolist()
        titles = [str(bar.findtext("title")) for bar in bars]
        told = [int(re.findall(r": ([\d,]+) rows?", title)[0].replace(",", "")) for title in titles]
        assert told == counted.counts.tolist()
