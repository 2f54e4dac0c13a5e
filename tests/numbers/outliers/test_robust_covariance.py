"""The minimum covariance determinant against scikit-learn's, its laws, and degenerate tables."""

import numpy as np
import pytest
from sklearn.covariance import MinCovDet

from analytics.numbers.outliers.robust_covariance import (
    consistency_factor,
    reweighted,
    robust_covariance,
    squared_distances,
)


def contaminated(rows: int, columns: int, share: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Correlated normal rows of which a share is a tight cluster far away; which are, comes second."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((rows, columns)) @ (np.eye(columns) + 0.2 * rng.standard_normal((columns,) * 2))
    far = np.arange(rows) < share * rows
    X[far] = 6 + 0.3 * rng.standard_normal((int(far.sum()), columns))
    shuffled = rng.permutation(rows)
    return X[shuffled], far[shuffled]


def test_where_random_halves_find_the_same_rows_the_estimate_is_scikit_learns() -> None:
    X, _ = contaminated(500, 4, 0.2)
    centre, covariance = robust_covariance(X, seed=3, rows=2_000)
    expected = MinCovDet(random_state=3).fit(X)
    np.testing.assert_allclose(centre, expected.location_, rtol=1e-10)
    np.testing.assert_allclose(covariance, expected.covariance_, rtol=1e-8, atol=1e-10)


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "share"), [(1, 0.2), (2, 0.0), (3, 0.3), (8, 0.1)])
def test_many_rows_have_nearly_scikit_learns_estimate(columns: int, share: float) -> None:
    X, _ = contaminated(1_500, columns, share)
    centre, covariance = robust_covariance(X, rows=2_000)
    expected = MinCovDet(random_state=0).fit(X)
    scale = np.sqrt(np.diag(expected.covariance_))
    assert np.abs((centre - expected.location_) / scale).max() < 0.06
    assert np.abs((covariance - expected.covariance_) / np.outer(scale, scale)).max() < 0.08


CLUSTERS = [(2, 0.4), (3, 0.3), (5, 0.2), (8, 0.3), (20, 0.1), (20, 0.3)]
"""Columns, and the share of rows in the cluster."""


@pytest.mark.parametrize(
    ("rows", "columns", "share"),
    [
        *((rows, *cluster) for rows in (60, 100, 200, 350, 500, 2_000) for cluster in CLUSTERS),
        (2_000, 40, 0.2),
    ],
)
def test_a_tight_cluster_is_far_from_the_bulk(rows: int, columns: int, share: float) -> None:
    X, far = contaminated(rows, columns, share, seed=columns)
    distances = squared_distances(X, *robust_covariance(X, rows=2_000))
    assert distances[far].min() > np.quantile(distances[~far], 0.99)


@pytest.mark.parametrize("rows", [12, 60, 500])
def test_nothing_is_random_where_all_rows_are_looked_at(rows: int) -> None:
    X, _ = contaminated(rows, 2, 0.2)
    one, other = (robust_covariance(X, seed=seed, rows=500) for seed in (1, 2))
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])


def test_the_estimate_follows_scales_and_rotations() -> None:
    X, _ = contaminated(1_200, 3, 0.2)
    turn = np.array([[3.0, 0.5, 0.0], [-1.0, 0.2, 4.0], [0.0, 1.0, 1.0]])
    centre, covariance = robust_covariance(X, rows=2_000)
    moved = robust_covariance(X @ turn + [5.0, -2.0, 100.0], rows=2_000)
    np.testing.assert_allclose(moved[0], centre @ turn + [5.0, -2.0, 100.0], rtol=1e-6)
    np.testing.assert_allclose(moved[1], turn.T @ covariance @ turn, rtol=1e-6)


@pytest.mark.parametrize("columns", [1, 2, 10])
def test_clean_rows_have_nearly_their_own_covariance(columns: int) -> None:
    X = np.random.default_rng(1).standard_normal((20_000, columns))
    centre, covariance = robust_covariance(X, rows=4_000)
    np.testing.assert_allclose(centre, 0, atol=0.06)
    np.testing.assert_allclose(covariance, np.eye(columns), atol=0.1)


def test_the_nearest_rows_of_a_normal_law_are_made_consistent() -> None:
    X = np.random.default_rng(2).standard_normal((200_000, 3))
    near = X[np.argsort(np.square(X).sum(axis=1))[:100_000]]
    np.testing.assert_allclose(near.var(axis=0) * consistency_factor(0.5, 3), 1, rtol=0.02)
    _, covariance = reweighted(X, np.zeros(3), np.eye(3))
    np.testing.assert_allclose(covariance, np.eye(3), atol=0.02)


def test_more_than_half_of_the_rows_on_a_plane_still_give_an_estimate() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((1_200, 3))
    X[:900, 2] = X[:900, 0]
    centre, covariance = robust_covariance(X, rows=2_000)
    assert np.isfinite(centre).all()
    assert np.isfinite(covariance).all()


def test_collinear_columns_are_estimated_along_their_directions() -> None:
    X, _ = contaminated(900, 3, 0.1)
    centre, covariance = robust_covariance(np.column_stack([X, X[:, 0] - X[:, 1]]), rows=2_000)
    assert np.linalg.matrix_rank(covariance, tol=1e-8) == 3
    assert centre[3] == pytest.approx(centre[0] - centre[1])
