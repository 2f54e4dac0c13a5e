"""Every probability stated of clean normal data, nominal against realised, within binomial limits.

``python -m benchmarks.statistics`` has the whole table; here are small simulations.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.ensemble import IsolationForest

from analytics.numbers import find_outliers
from analytics.numbers.outliers import across_scores
from analytics.numbers.outliers.chance import expected_by_chance, expected_votes
from analytics.numbers.outliers.detectors import NEIGHBOURS, detect
from analytics.numbers.outliers.generalized_esd import candidate_count, esd_scores, generalized_esd
from analytics.numbers.outliers.kept import Kept
from analytics.numbers.outliers.laws import clean_scores
from analytics.numbers.outliers.laws.clean_forests import isolation_scores
from analytics.numbers.outliers.laws.clean_neighbours import factors_of_tables
from analytics.numbers.outliers.laws.clean_rows import CleanShape, clean_shape
from analytics.numbers.outliers.laws.clean_scores import clean_column_scores
from analytics.numbers.outliers.laws.distance_law import DistanceLaw, distance_law, table_law
from analytics.numbers.outliers.laws.esd_laws import esd_table_scores, values_by_chance
from analytics.numbers.outliers.laws.value_laws import value_rates
from analytics.numbers.outliers.robust_covariance import robust_covariances, squared_distances
from analytics.numbers.outliers.robust_ellipse import robust_ellipse
from analytics.numbers.outliers.thresholds import FDR_METHODS, count_flagged, fdr_threshold
from analytics.progress import silent
from benchmarks.value_laws import scores_of, simulated_law


@pytest.fixture
def few_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Robust distances by the laws of a test's first tables, which are of one shape and law with all others:
    a simulation for each table takes ten times as long as its search."""
    laws: list[DistanceLaw] = []

    def simulated(*matrix_and_shape: Any, **choices: Any) -> DistanceLaw:
        found = laws.pop(0) if len(laws) == 3 else table_law(*matrix_and_shape, **choices)
        laws.append(found)
        return found

    monkeypatch.setattr(across_scores, "table_law", simulated)


def most(samples: int, chance: float) -> int:
    """How often something of this chance happens, at most: one simulation in a thousand goes beyond."""
    return int(stats.binom.ppf(0.999, samples, chance))


def false_alarms(p: np.ndarray, rate: float) -> int:
    """Tables of p-values (t, n) in which Benjamini and Hochberg's rule discovers anything."""
    ranks = np.arange(1, p.shape[1] + 1)
    return int((np.sort(p, axis=1) <= rate * ranks / p.shape[1]).any(axis=1).sum())


def normal_frame(rows: int, columns: int, seed: int) -> pd.DataFrame:
    values = np.random.default_rng([rows, columns, seed]).standard_normal((rows, columns))
    return pd.DataFrame(values, columns=[f"c{i}" for i in range(columns)])


@pytest.mark.parametrize("size", [4, 5, 9, 20, 51, 130])
@pytest.mark.parametrize("method", ["modified_zscore", "iqr"])
def test_the_stored_laws_are_those_of_simulated_samples(method: str, size: int) -> None:
    x = np.random.default_rng(size).standard_normal((400_000 // size, size))
    thresholds = np.array([0.3, 1.0, 2.5] if method == "iqr" else [0.5, 1.5, 3.0])
    beyond = np.array([(scores_of(method, x) > threshold).mean() for threshold in thresholds])
    off = value_rates(method, thresholds, np.array([size]))[:, 0] - beyond
    # The values of one sample share its spread, so that shares vary some three times as much as binomially.
    assert (np.abs(off) <= 3 * 3 * np.sqrt(beyond / x.size)).all()


def test_the_stored_laws_are_what_the_script_writes() -> None:
    near, log_rate = simulated_law("modified_zscore", 30, 200_000)
    far = 2 * stats.norm.ppf(0.75) * np.geomspace(1, 2_000, 160)
    stored = value_rates("modified_zscore", far[:30], np.array([30]))[:, 0]
    np.testing.assert_allclose(np.exp(log_rate[:20]), stored[:20], rtol=0.05)
    assert (np.diff(near) >= 0).all()


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("rows", [20, 50, 500])
@pytest.mark.parametrize("method", ["zscore", "modified_zscore", "iqr"])
def test_clean_tables_hardly_have_false_discoveries(method: str, rows: int, columns: int) -> None:
    tables = 400
    shape = CleanShape(rows)
    x = np.random.default_rng([rows, columns]).standard_normal((columns, tables, rows))
    if method == "zscore":
        each = np.abs(x - x.mean(axis=2, keepdims=True)) / x.std(axis=2, keepdims=True)
    else:
        each = np.stack([scores_of(method, column) for column in x])
    scores = each.max(axis=0)
    single = value_rates(method, scores.ravel(), np.array([shape.rows]))[:, 0].reshape(scores.shape)
    p = 1 - (1 - np.minimum(single, 1 - 1e-12)) ** columns
    assert false_alarms(p, 0.05) <= most(tables, 0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "columns"),
    [(20, 3), *(pytest.param(*size, marks=pytest.mark.slow) for size in ((20, 1), (50, 3), (100, 10)))],
)
def test_clean_tables_hardly_have_false_discoveries_by_distance(rows: int, columns: int) -> None:
    X = np.random.default_rng([rows, columns]).standard_normal((400, rows, columns))
    distances = np.sqrt(squared_distances(X, *robust_covariances(X)))
    p = distance_law(clean_shape(rows), columns).share_beyond(distances)
    assert false_alarms(p, 0.05) <= most(len(X), 0.05)
    by_chi_square = stats.chi2.sf(np.square(distances), columns)
    assert false_alarms(by_chi_square, 0.05) > most(len(X), 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("outliers", [0.0, 0.05])
@pytest.mark.parametrize(("rows", "columns"), [(20, 3), (100, 3), (500, 10)])
def test_the_false_discovery_rate_is_kept_in_small_tables(rows: int, columns: int, outliers: float) -> None:
    false: dict[str, list[float]] = {method: [] for method in FDR_METHODS}
    far = np.arange(rows) < round(outliers * rows)
    for seed in range(40):
        frame = normal_frame(rows, columns, seed)
        frame.loc[far, "c0"] += 6.0
        report = find_outliers(frame, methods=list(FDR_METHODS))
        for method, shares in false.items():
            flagged = (report.scores[method] > fdr_threshold(report, method, 0.05)).to_numpy()
            shares.append(flagged[~far].sum() / max(flagged.sum(), 1))
    for method, shares in false.items():
        error = max(np.std(shares), 0.05**0.5) / np.sqrt(len(shares))
        assert np.mean(shares) <= 0.05 + 3 * error, method


@pytest.mark.slow
@pytest.mark.parametrize("rows", [20, 50, 500])
def test_the_ellipse_holds_its_share_of_further_rows(rows: int) -> None:
    inside = []
    for seed in range(40):
        X = np.random.default_rng([rows, seed]).standard_normal((rows + 500, 2))
        report = find_outliers(pd.DataFrame(X[:rows], columns=["x", "y"]), methods=["zscore"])
        outline = robust_ellipse(report, 0, 1)
        assert outline is not None
        centre = outline[:-1].mean(axis=0)
        axes = 2 * np.cov(outline[:-1], rowvar=False, ddof=0)
        inside.append((squared_distances(X[rows:], centre, axes) <= 1).mean())
    assert np.mean(inside) == pytest.approx(0.99, abs=3 * np.std(inside) / np.sqrt(len(inside)) + 0.001)


@pytest.mark.parametrize("rows", [20, *(pytest.param(rows, marks=pytest.mark.slow) for rows in (15, 33))])
def test_small_clean_samples_have_an_outlier_by_rosners_test_as_often_as_said(rows: int) -> None:
    x = np.random.default_rng(rows).standard_normal((6_000, rows))
    scores = esd_table_scores(x, candidate_count(rows))
    found = int((scores > -np.log10(0.05)).any(axis=1).sum())
    assert stats.binom.ppf(0.001, len(x), 0.047) <= found <= most(len(x), 0.053)
    counted = (scores > -np.log10(0.05)).sum() / len(x)
    assert values_by_chance(np.array([0.05]), rows)[0] == pytest.approx(counted, rel=0.2)
    np.testing.assert_allclose(esd_scores(x[0], generalized_esd(x[0])), scores[0], atol=1e-9)


def test_fewer_than_50_values_have_simulated_critical_values() -> None:
    test = generalized_esd(np.random.default_rng(0).standard_t(2, size=18))
    for alpha in (0.01, 0.05, 0.2):
        beyond = np.flatnonzero(test.statistics > test.critical_values(alpha))
        assert len(test.outliers(alpha)) == (beyond[-1] + 1 if len(beyond) else 0)


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "columns"), [(50, 3), (400, 3)])
@pytest.mark.parametrize("method", ["mahalanobis", "isolation_forest", "lof", "ecod"])
def test_methods_across_columns_flag_what_they_are_said_to_by_chance(
    method: str, rows: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cut is simulated for each table anew, which takes seconds: one table tells it for all, by as many
    rows as tell its share to an eighth."""
    monkeypatch.setattr(clean_scores, "CLEAN_ROWS", 8_000)
    monkeypatch.setattr(clean_scores, "_TABLES", {"lof": 4, "isolation_forest": 20, "ecod": 20})
    monkeypatch.setattr(clean_scores, "_row_scores", Kept(2**24))
    report = find_outliers(normal_frame(rows, columns, 0), methods=[method])
    counts = []
    tables = 15 if method == "isolation_forest" else 30
    for seed in range(tables):
        X = normal_frame(rows, columns, seed).to_numpy()
        scores = detect(method, (X - X.mean(axis=0)) / X.std(axis=0), explained=0).scores
        counts.append((scores > report.thresholds[method]).sum())
    expected = expected_by_chance(report, method)
    assert expected == pytest.approx(0.01 * rows, rel=0.1)
    assert np.mean(counts) == pytest.approx(
        expected, abs=3 * np.std(counts) / np.sqrt(tables) + 0.2 * expected
    )


@pytest.mark.slow
@pytest.mark.usefixtures("few_laws")
@pytest.mark.parametrize(
    ("method", "groups", "missing", "correlated"),
    [
        ("ecod", 12, 0.0, 1.0),
        ("mahalanobis", 12, 0.0, 0.0),
        ("mahalanobis", 12, 0.0, 1.0),
        ("mahalanobis", 24, 0.0, 5.0),
        ("mahalanobis", 1, 0.1, 1.0),
        ("mahalanobis", 6, 0.1, 5.0),
    ],
)
def test_correlations_groups_and_gaps_are_those_of_the_simulated_tables(
    method: str, groups: int, missing: float, correlated: float
) -> None:
    flagged, expected, discoveries = 0, 0.0, 0
    for seed in range(25):
        frame = normal_frame(120, 3, seed)
        frame["c1"] = correlated * frame["c0"] + 0.3 * frame["c1"]
        frame = frame.mask(np.random.default_rng(seed).random(frame.shape) < missing)
        frame["g"] = np.arange(120) % groups
        report = find_outliers(frame, methods=[method], columns=["c0", "c1", "c2"], by="g")
        flagged += count_flagged(report, method, report.thresholds[method])
        expected += expected_by_chance(report, method)
        if method == "mahalanobis":
            discoveries += np.isfinite(fdr_threshold(report, method, 0.05))
    assert expected == pytest.approx(0.01 * 120 * 25, rel=0.05)
    # The rows of one table share its scales, so that counts vary some twice as much as binomially.
    assert flagged == pytest.approx(expected, abs=2 * 3 * np.sqrt(expected))
    assert discoveries <= most(25, 0.05)


@pytest.mark.slow
@pytest.mark.usefixtures("few_laws")
@pytest.mark.parametrize(("noise", "missing"), [(0.01, 0.1), (0.001, 0.3)])
def test_near_copies_with_gaps_are_no_discoveries(noise: float, missing: float) -> None:
    tables, flagged, expected, found = 40, 0, 0.0, 0
    for seed in range(tables):
        frame = normal_frame(120, 4, seed)
        frame["c1"] = frame["c0"] + noise * frame["c1"]
        frame = frame.mask(np.random.default_rng(seed).random(frame.shape) < missing)
        report = find_outliers(frame, methods=["mahalanobis"])
        flagged += count_flagged(report, "mahalanobis", report.thresholds["mahalanobis"])
        expected += expected_by_chance(report, "mahalanobis")
        found += np.isfinite(fdr_threshold(report, "mahalanobis", 0.05))
    assert flagged == pytest.approx(expected, abs=2 * 3 * np.sqrt(expected))
    assert found <= most(tables, 0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "columns", "correlation", "missing"),
    [(20, 3, 0.9, 0.0), (20, 10, 0.95, 0.0), (50, 3, 0.99, 0.2), (100, 3, 1.0, 0.0), (1_000, 10, 0.9, 0.3)],
)
def test_correlated_columns_flag_as_many_rows_as_said(
    rows: int, columns: int, correlation: float, missing: float
) -> None:
    methods = ["zscore", "modified_zscore", "iqr", "esd"]
    tables = 40 if rows < 500 else 12
    counts: dict[str, list[int]] = {method: [] for method in methods}
    expected: dict[str, list[float]] = {method: [] for method in methods}
    for seed in range(tables):
        rng = np.random.default_rng(seed)
        own, common = rng.standard_normal((rows, columns)), rng.standard_normal((rows, 1))
        X = np.sqrt(1 - correlation) * own + np.sqrt(correlation) * common
        X[rng.random(X.shape) < missing] = np.nan
        report = find_outliers(pd.DataFrame(X).add_prefix("c"), methods=methods)
        for method in methods:
            counts[method].append(count_flagged(report, method, report.thresholds[method]))
            if seed < 4:
                expected[method].append(expected_by_chance(report, method))
    for method in methods:
        said = np.mean(expected[method])
        error = np.sqrt(max(np.var(counts[method]), said) / tables)
        assert np.mean(counts[method]) == pytest.approx(said, abs=3 * error + 0.1 * said), method


@pytest.mark.parametrize(("rate", "correlation"), [(0.01, 0.0), (0.01, 0.9), (0.2, 0.6), (1e-4, 0.99)])
def test_rows_of_two_correlated_columns_are_those_of_the_normal_law(rate: float, correlation: float) -> None:
    common = np.random.default_rng(0).standard_normal((5_000, 2))
    common[:, 1] = correlation * common[:, 0] + np.sqrt(1 - correlation**2) * common[:, 1]
    together = find_outliers(pd.DataFrame(common, columns=["a", "b"]), methods=["zscore"]).together
    found, cut = together.correlation[0, 1], stats.norm.isf(rate / 2)
    box = stats.multivariate_normal([0, 0], [[1, found], [found, 1]], allow_singular=True)
    either = 1 - box.cdf([cut, cut], lower_limit=[-cut, -cut])
    assert found == pytest.approx(correlation, abs=0.02)
    assert together.rows_left(np.array([rate]))[0] == pytest.approx(either / (2 * rate - rate**2), rel=0.02)


@pytest.mark.slow
@pytest.mark.usefixtures("few_laws")
def test_missing_values_at_the_middle_are_part_of_the_law() -> None:
    found = 0
    for seed in range(60):
        frame = normal_frame(150, 4, seed)
        frame = frame.mask(np.random.default_rng(seed).random(frame.shape) < 0.3)
        report = find_outliers(frame, methods=["mahalanobis"])
        found += np.isfinite(fdr_threshold(report, "mahalanobis", 0.05))
    assert found <= most(60, 0.05)


@pytest.mark.slow
def test_the_headline_says_what_clean_data_would_give() -> None:
    methods = ["zscore", "modified_zscore", "iqr", "mahalanobis"]
    reports = [find_outliers(normal_frame(80, 3, seed), methods=methods) for seed in range(60)]
    by_any = [int((report.votes > 0).sum()) for report in reports]
    by_most = [int((report.votes > 2).sum()) for report in reports]
    expected = expected_votes(reports[0])
    assert np.mean(by_any) == pytest.approx(expected[0], abs=3 * np.std(by_any) / np.sqrt(60))
    assert np.mean(by_most) == pytest.approx(expected[1], abs=3 * np.std(by_most) / np.sqrt(60) + 0.1)
    single = find_outliers(normal_frame(80, 3, 0), methods=["iqr"])
    assert expected_votes(single) == (expected_by_chance(single, "iqr"),) * 2


@pytest.mark.slow
def test_forests_of_many_tables_score_as_scikit_learns() -> None:
    X = np.random.default_rng(0).standard_normal((4, 300, 3))
    ours = isolation_scores(X, seed=0, progress=silent)
    theirs = np.stack([-IsolationForest(random_state=0).fit(table).score_samples(table) for table in X])
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.95
    np.testing.assert_allclose(
        np.quantile(ours, [0.1, 0.5, 0.9]), np.quantile(theirs, [0.1, 0.5, 0.9]), atol=0.01
    )


def test_neighbours_of_many_tables_score_as_scikit_learns() -> None:
    for shape in ((4, 40, 2), (3, 100, 12), (5, 4, 3)):
        X = np.random.default_rng(0).standard_normal(shape)
        ours = factors_of_tables(X, neighbours=NEIGHBOURS, progress=silent)
        theirs = np.stack([detect("lof", table).scores for table in X])
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_a_table_searched_again_is_not_simulated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    simulated, whole = [], clean_scores._scores_across
    monkeypatch.setattr(clean_scores, "_row_scores", Kept(2**24))
    monkeypatch.setattr(
        clean_scores, "_scores_across", lambda *args: (simulated.append(args[0]), whole(*args))[1]
    )
    first, second = (find_outliers(normal_frame(30, 2, 0), methods=["lof"]) for _ in range(2))
    assert simulated == ["lof"]
    assert first.thresholds == second.thresholds
    find_outliers(normal_frame(30, 3, 0), methods=["lof"])
    find_outliers(normal_frame(30, 3, 0), methods=["lof"], seed=1)
    assert len(simulated) == 3


def test_tables_of_about_one_size_share_their_simulations() -> None:
    assert clean_shape(1_000) == clean_shape(990)
    assert clean_shape(39) != clean_shape(40)
    assert clean_shape(10**6).rows == 5_000
    assert clean_shape(30, [10, 0, 20]).groups == (10, 20)
    many = clean_shape(60_000, [3] * 10_000 + [30_000])
    assert many.rows == sum(many.groups) == pytest.approx(5_000, rel=0.05)
    assert many.groups.count(3) / many.rows == pytest.approx(1 / 6, rel=0.05)


def test_values_in_groups_too_small_for_a_method_are_never_far() -> None:
    scores = clean_column_scores(CleanShape(23, (3, 20)), np.eye(2), "iqr").reshape(-1, 23)
    assert np.isneginf(scores[:, :3]).all()
    assert np.isfinite(scores[:, 3:]).all()
