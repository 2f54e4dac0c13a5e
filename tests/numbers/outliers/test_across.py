"""Methods across columns against scikit-learn and direct formulas, with the laws of their parts."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.covariance import MinCovDet
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import LocalOutlierFactor

from analytics.numbers import OutlierReport, find_outliers
from analytics.numbers.outliers import detectors
from analytics.numbers.outliers.detectors import detect
from analytics.numbers.outliers.distances import squared_distance_parts
from analytics.numbers.outliers.kept import Kept
from analytics.numbers.outliers.laws import clean_scores
from analytics.numbers.outliers.laws.clean_rows import clean_shape
from analytics.numbers.outliers.laws.distance_law import distance_law
from analytics.numbers.outliers.methods import ACROSS_METHODS
from analytics.numbers.outliers.robust_covariance import robust_covariance
from analytics.numbers.outliers.row_matrix import rank_correlations, rank_root


def correlated(rows: int = 300, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((rows, 4)) @ rng.standard_normal((4, 4))
    X[:5] += 8
    return (X - X.mean(axis=0)) / X.std(axis=0)


def test_mahalanobis_equals_scikit_learn_and_its_parts_sum_to_the_squared_distance() -> None:
    Z = correlated()
    found = detect("mahalanobis", Z, seed=0)
    squared = MinCovDet(random_state=0).fit(Z).mahalanobis(Z)
    np.testing.assert_allclose(np.square(found.scores), squared, rtol=1e-8)
    np.testing.assert_allclose(found.parts.sum(axis=1), squared[found.rows], rtol=1e-10)
    assert (found.parts >= 0).all()
    assert found.rank == 4


def test_uncorrelated_columns_have_their_own_squared_scores_as_parts() -> None:
    Z = np.random.default_rng(0).standard_normal((50, 3)) * [1, 10, 0.1]
    parts, rank = squared_distance_parts(Z, np.zeros(3), np.diag([1.0, 100.0, 0.01]))
    np.testing.assert_allclose(parts, np.square(Z / [1, 10, 0.1]), rtol=1e-10)
    assert rank == 3


def test_collinear_columns_give_the_distance_without_the_copy() -> None:
    Z = correlated()
    doubled = np.column_stack([Z, Z[:, 0]])
    covariance = np.cov(doubled.T)
    parts, rank = squared_distance_parts(doubled, doubled.mean(axis=0), covariance)
    alone, _ = squared_distance_parts(Z, Z.mean(axis=0), np.cov(Z.T))
    assert rank == 4
    np.testing.assert_allclose(parts.sum(axis=1), alone.sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(parts[:, 0], parts[:, 4], rtol=1e-6)


@pytest.mark.slow
def test_a_combination_is_found_where_each_value_is_ordinary() -> None:
    rng = np.random.default_rng(2)
    height = rng.normal(170, 10, 400)
    frame = pd.DataFrame({"height": height, "weight": height - 100 + rng.normal(0, 3, 400)})
    frame.loc[0] = [185.0, 58.0]
    report = find_outliers(frame, methods=["zscore", "mahalanobis"])
    assert not report.flags["zscore"][0]
    assert report.flags["mahalanobis"][0]
    assert report.scores["mahalanobis"].idxmax() == 0
    assert report.reasons[0].startswith(
        "Each value is ordinary, their combination is not (Robust Mahalanobis): "
    )


@pytest.mark.slow
def test_isolation_forest_equals_scikit_learn() -> None:
    Z = correlated()
    forest = IsolationForest(n_estimators=100, random_state=3).fit(Z)
    np.testing.assert_allclose(
        detect("isolation_forest", Z, seed=3).scores, -forest.score_samples(Z), rtol=1e-12
    )


def test_isolation_parts_name_the_column_that_is_off() -> None:
    Z = np.random.default_rng(0).standard_normal((300, 4))
    Z[0, 2] = 9
    found = detect("isolation_forest", Z)
    assert found.rows[0] == 0
    assert np.argmax(found.parts[0]) == 2


@pytest.mark.parametrize("columns", [4, 12])
def test_lof_equals_scikit_learn_without_repeated_rows(columns: int) -> None:
    Z = np.random.default_rng(0).standard_normal((300, columns))
    expected = -LocalOutlierFactor(n_neighbors=20).fit(Z).negative_outlier_factor_
    found = detect("lof", Z)
    np.testing.assert_allclose(found.scores, expected, rtol=1e-8)


def test_lof_counts_repeated_rows_once() -> None:
    Z = np.random.default_rng(0).standard_normal((100, 3))
    repeated = np.vstack([Z, np.repeat(Z[:1], 60, axis=0)])
    found = detect("lof", repeated)
    np.testing.assert_allclose(found.scores[:100], detect("lof", Z).scores)
    assert found.notes == ("60 repeated rows count once",)
    assert np.isfinite(found.scores).all()


def test_lof_against_a_sample_of_a_large_table(monkeypatch: pytest.MonkeyPatch) -> None:
    Z = np.random.default_rng(0).standard_normal((400, 3))
    Z[7] = 9
    exact = detect("lof", Z)
    monkeypatch.setattr(detectors, "REFERENCE_ROWS", 200)
    sampled = detect("lof", Z)
    assert sampled.scores.argmax() == 7
    assert stats.spearmanr(exact.scores, sampled.scores).statistic > 0.5
    assert "among 200 random rows of 400" in sampled.notes[0]


def test_ecod_equals_its_formula_with_ranks_from_scipy() -> None:
    Z = np.round(correlated(), 1)
    n = len(Z)
    left = -np.log(stats.rankdata(Z, method="max", axis=0) / n)
    right = -np.log(stats.rankdata(-Z, method="max", axis=0) / n)
    found = detect("ecod", Z)
    np.testing.assert_allclose(found.scores, np.maximum(left, right).sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.parts.sum(axis=1), found.scores[found.rows], rtol=1e-12)


@pytest.mark.slow
def test_ecod_agrees_with_pyod() -> None:
    from pyod.models.ecod import ECOD

    Z = correlated()
    np.testing.assert_allclose(detect("ecod", Z).scores, ECOD().fit(Z).decision_scores_, rtol=1e-12)


def test_lof_parts_are_squared_distances_to_the_neighbours() -> None:
    Z = correlated(60)
    found = detect("lof", Z)
    row = found.rows[0]
    distances = np.square(Z - Z[row]).sum(axis=1)
    nearest = np.argsort(distances)[1:21]
    np.testing.assert_allclose(found.parts[0].sum(), distances[nearest].mean(), rtol=1e-9)


@pytest.mark.slow
def test_missing_values_never_make_a_row_unusual_across_columns() -> None:
    frame = pd.DataFrame(correlated(), columns=list("abcd"))
    frame.loc[100:120, "b"] = np.nan
    frame.loc[299] = np.nan
    report = find_outliers(frame, methods=["lof", "ecod"])
    assert report.scores.loc[299].isna().all()
    assert report.scores.drop(index=299).notna().all(axis=None)
    assert "Methods across columns see 21 missing values as the median of the column." in report.notes
    assert "1 row without values can't be judged." in report.notes


def test_distances_are_those_of_the_values_there_are() -> None:
    Z = correlated(200)
    gaps = np.zeros(Z.shape, dtype=bool)
    gaps[150:160, 1] = gaps[155:170, 3] = True
    found = detect("mahalanobis", np.where(gaps, 0.0, Z), gaps=gaps)
    centre, covariance = robust_covariance(Z[~gaps.any(axis=1)], rows=2_000)
    for row in (0, 152, 157, 165):
        there = ~gaps[row]
        away = Z[row, there] - centre[there]
        squared = away @ np.linalg.inv(covariance[np.ix_(there, there)]) @ away
        assert found.scores[row] == pytest.approx(np.sqrt(squared), rel=1e-9)
    assert "complete rows" in found.notes[0]
    few = detect("mahalanobis", Z, gaps=np.random.default_rng(0).random(Z.shape) < 0.7)
    np.testing.assert_allclose(few.scores, detect("mahalanobis", Z).scores)


@pytest.mark.slow
def test_groups_are_standardized_before_methods_across_columns() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.standard_normal((200, 3)), columns=list("abc"))
    frame["site"] = np.repeat(["x", "y"], 100)
    moved = frame.copy()
    moved.loc[100:, list("abc")] = moved.loc[100:, list("abc")] * 50 + 1e4
    plain, shifted = (
        find_outliers(table, methods=["mahalanobis", "lof"], by="site") for table in (frame, moved)
    )
    pd.testing.assert_frame_equal(plain.scores, shifted.scores, rtol=1e-6)


def test_clean_rows_keep_correlations_in_spite_of_outliers() -> None:
    rng = np.random.default_rng(0)
    Z = rng.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], size=3000)
    Z[:60] = [8, -8]
    twin = rng.standard_normal((20_000, 2)) @ rank_root(Z, rows=20_000, seed=0).T
    assert np.corrcoef(Z.T)[0, 1] < 0.2
    assert np.corrcoef(twin.T)[0, 1] > 0.65
    np.testing.assert_allclose(twin.std(axis=0), 1, atol=0.02)


def test_clean_rows_keep_the_correlations_of_values_that_are_not_missing() -> None:
    rng = np.random.default_rng(0)
    Z = rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], size=3000)
    gaps = rng.random(Z.shape) < [0.5, 0.2]
    filled = np.where(gaps, 0.0, Z)
    known, unaware = (
        (root @ root.T)[0, 1]
        for root in (rank_root(filled, gaps, rows=3000, seed=0), rank_root(filled, rows=3000, seed=0))
    )
    assert known == pytest.approx(0.9, abs=0.02)
    assert unaware < 0.7


@pytest.mark.slow
def test_the_same_seed_gives_the_same_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean_scores, "_row_scores", Kept(0))  # nothing is kept for the second search
    frame = pd.DataFrame(correlated(100), columns=list("abcd"))
    one, two = (find_outliers(frame, methods=ACROSS_METHODS[:3], seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(one.scores, two.scores)
    assert one.thresholds == two.thresholds


@pytest.mark.parametrize("method", ACROSS_METHODS)
def test_methods_across_columns_can_be_cancelled(method: str) -> None:
    def cancel(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        detect(method, correlated(), progress=cancel)


def without_values(report: OutlierReport) -> list[str]:
    return [note for note in report.notes if "without values" in note]


def test_only_rows_without_values_are_said_to_have_none() -> None:
    equal = find_outliers(pd.DataFrame({"x": [1.0] * 50, "y": [2.0] * 50}))
    assert not without_values(equal)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=60), "y": rng.normal(size=60), "same": 1.0})
    frame.loc[[3, 7], ["x", "y"]] = np.nan
    found = find_outliers(frame, columns=["x", "y", "same"], methods=["zscore", "ecod"])
    assert without_values(found) == ["2 rows without values in the columns that vary can't be judged."]
    grouped = frame.drop(columns="same").assign(site=["a"] * 58 + ["b"] * 2)
    assert without_values(
        find_outliers(grouped, columns=["x", "y"], methods=["zscore", "ecod"], by="site")
    ) == ["2 rows without values can't be judged."]


@pytest.mark.slow
def test_columns_that_are_mostly_one_value_count_singly() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.standard_normal((400, 2)), columns=["a", "b"])
    frame["mostly zero"] = np.where(rng.random(400) < 0.1, rng.gamma(2, 1, 400), 0.0)
    report = find_outliers(frame, methods=["mahalanobis"])
    z = (frame["mostly zero"] - frame["mostly zero"].mean()) / frame["mostly zero"].std(ddof=0)
    without = find_outliers(frame, methods=["mahalanobis"], columns=["a", "b"])
    expected = np.square(without.scores["mahalanobis"]) + np.square(z - z.median())
    np.testing.assert_allclose(np.square(report.scores["mahalanobis"]), expected, rtol=1e-9)
    assert report.parts["mahalanobis"].law == distance_law(clean_shape(400), 3)
    assert any("looks at mostly zero singly" in note for note in report.notes)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_outliers_of_mostly_empty_columns_rank_as_high_as_in_scikit_learn(seed: int) -> None:
    """Counts that are zero in most rows and less often so in unusual ones, as events in a recording are."""
    rng, rows = np.random.default_rng(seed), 900
    unusual = np.arange(rows) < 80
    X = rng.standard_normal((rows, 4)) @ rng.standard_normal((4, 6)) + 0.5 * rng.standard_normal((rows, 6))
    there = rng.random((rows, 5)) < np.where(unusual[:, None], 0.45, 0.12)
    X = np.column_stack([X, np.round(3 * rng.gamma(1, 1, (rows, 5))) * there])
    frame = pd.DataFrame(X, columns=[f"c{i}" for i in range(11)])
    ours = find_outliers(frame, methods=["mahalanobis"], columns=list(frame.columns)).scores["mahalanobis"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = MinCovDet(random_state=0).fit(X).dist_
    assert roc_auc_score(unusual, ours) >= roc_auc_score(unusual, theirs) - 0.01


def test_what_chance_adds_to_correlations_is_taken_out_of_all_together() -> None:
    """Among 20 rows squares of independent columns sum to 45 / 19; each cut at 0, half would stay."""
    rng = np.random.default_rng(0)
    tables = (rank_correlations(X, rows=20, seed=0) for X in rng.standard_normal((60, 20, 10)))
    left = [np.square(np.triu(found, 1)).sum() for found in tables]
    assert np.mean(left) < 0.1 * 45 / 19
    X = rng.standard_normal((60, 10))
    X[:, 1] = X[:, 0] + 0.5 * X[:, 1]
    X[:, 5:] += 1.2 * rng.standard_normal((60, 1))
    found = rank_correlations(X, rows=60, seed=0)
    assert found[0, 1] == pytest.approx(1 / np.sqrt(1.25), abs=0.1)
    assert found[5:, 5:][np.triu_indices(5, 1)].mean() == pytest.approx(1.44 / 2.44, abs=0.15)
