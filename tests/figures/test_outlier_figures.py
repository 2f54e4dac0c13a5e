"""Figures of the Outliers page: shades count every row, dots carry theirs, the ellipse holds what it says."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from analytics.figures import outliers as figures
from analytics.figures.score_histogram import count_scores, score_histogram
from analytics.figures.shading import outside, pair_shades, strip_shades
from analytics.numbers import OutlierReport, find_outliers
from analytics.numbers.chance import expected_by_chance
from analytics.numbers.robust_ellipse import robust_ellipse


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


def test_few_rows_are_dots_and_many_a_shade(report: OutlierReport) -> None:
    few = searched(300)
    rows = figures.strip_rows(few, [0, 1, 2])
    assert not rows.shaded
    assert len(rows.ordinary) + len(rows.flagged) == 300
    many = figures.strip_rows(report, [0, 1, 2])
    assert many.shaded
    assert not len(many.ordinary)


def test_dots_beyond_a_threshold_carry_their_row_and_value(report: OutlierReport) -> None:
    columns = [0, 1, 2]
    rows = figures.strip_rows(report, columns)
    figure = figures.strip_plot(report, rows, columns, shades=strip_shades(report, columns))
    (dots,) = (trace for trace in figure.data if trace.name == "values beyond a threshold")
    assert 0 < len(dots.x) <= figures.BEYOND_DOTS
    for (row, value), name in zip(dots.customdata, dots.text, strict=True):
        assert report.data.values[report.columns.index(name)][int(row) - 1] == value
    assert set(dots.customdata[:, 0].astype(int) - 1) <= set(report.flagged_rows().tolist())


def test_ordinary_rows_apart_from_the_shade_can_be_clicked(report: OutlierReport) -> None:
    lenient = report.with_thresholds(dict.fromkeys(report.methods, 1e9))
    shades = pair_shades(lenient, 0, 1)
    figure = figures.pair_scatter(lenient, figures.drawn_rows(lenient), 0, 1, outline=None, shades=shades)
    (dots,) = (trace for trace in figure.data if trace.name == "other rows")
    apart = np.flatnonzero(outside(shades, *lenient.data.values[:2]))
    assert (dots.customdata - 1).tolist() == apart.tolist()


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
        told = [int(re.findall(r": ([\d,]+) rows", title)[0].replace(",", "")) for title in titles]
        assert told == counted.counts.tolist()
