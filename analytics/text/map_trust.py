"""How far a map can be believed: per point and as a whole.

Trustworthiness and continuity: Venna & Kaski, "Neighborhood preservation in nonlinear projection methods"
(ICANN 2001), equations 1 and 2.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_vectors, check_whole
from analytics.text.neighbors import Neighbors
from analytics.threads import one_blas_thread
from analytics.words import count

TRUST_K = 15
WIDE = 3
EXACT_ROWS = 4_000
SAMPLE_ROWS = 2_000
_BLOCK = 256
_ROUNDING = 1e-7


@dataclass(frozen=True)
class PointTrust:
    """For every point, how its neighbourhood on the map compares with the true one.

    Attributes:
        kept: (n,) share of the k true neighbours that are among the k nearest on the map, in [0, 1].
        torn: (n,) share of the k true neighbours that are not even among the 3 k nearest on the map.
        false: (n,) share of the k nearest on the map that are not even among the 3 k true neighbours.
        k: the neighbourhood size.
    """

    kept: np.ndarray
    torn: np.ndarray
    false: np.ndarray
    k: int


@dataclass(frozen=True)
class MapQuality:
    """Trustworthiness and continuity in [0, 1], from ``rows`` of the n points.

    ``error`` is the standard error of the trustworthiness when only a sample of rows was measured, else 0.
    """

    trustworthiness: float
    continuity: float
    rows: int
    error: float


def map_neighbors(points: np.ndarray, *, k: int) -> np.ndarray:
    """The k nearest other points of each point on the map: (n, k) int64, nearest first."""
    k = min(k, len(points) - 1)
    if k < 1:
        return np.zeros((len(points), 0), dtype=np.int64)
    _, found = cKDTree(points).query(points, k=k + 1, workers=2)
    own = found == np.arange(len(points))[:, None]
    own[~own.any(axis=1), -1] = True  # among many points in one place, a point may not find itself
    return found[~own].reshape(len(points), k)


def point_trust(
    neighbors: Neighbors, vectors: np.ndarray, points: np.ndarray, *, k: int = TRUST_K
) -> PointTrust:
    """Compare true neighbours (at least ``k`` columns, better 3 k) with those on the map.

    A point counts as a neighbour when it is no farther than the k-th nearest, so that among many equal
    texts none is called wrong for being another copy than the one listed.
    """
    vectors, points = _of_same_rows(vectors, points)
    if len(neighbors.indices) != len(points):
        rows = count(len(neighbors.indices), "row")
        raise ZetascopeError(f"The neighbour graph has {rows}, the map {len(points):,}.")
    check_whole(k, name="k", least=1)
    k = min(k, neighbors.k)
    if k < 1:
        nothing = np.zeros(len(points))
        return PointTrust(kept=nothing + 1, torn=nothing, false=nothing, k=0)
    wide = min(WIDE * k, neighbors.k)
    shown = map_neighbors(points, k=wide)
    reach, wide_reach = neighbors.distances[:, [k - 1]], neighbors.distances[:, [wide - 1]]
    true_distances = _pairs(vectors, shown[:, :k])
    map_distances = _pairs(points, neighbors.indices[:, :k])
    map_reach = _pairs(points, shown[:, [wide - 1]])
    return PointTrust(
        kept=(true_distances <= reach + _ROUNDING).mean(axis=1),
        torn=(map_distances > map_reach).mean(axis=1),
        false=(true_distances > wide_reach + _ROUNDING).mean(axis=1),
        k=k,
    )


def _pairs(vectors: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Half the squared distances of each row to ``vectors[indices]``: (n, k) float32."""
    from analytics.text.compiled import pair_distances

    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    return pair_distances(vectors, vectors, np.ascontiguousarray(indices))


def map_quality(vectors: np.ndarray, points: np.ndarray, *, k: int = TRUST_K, seed: int = 0) -> MapQuality:
    """Trustworthiness and continuity of ``points`` (n, 2 or 3) for unit ``vectors`` (n, d), cosine distance.

    Exact up to 4,000 rows; beyond, every rank is exact but only 2,000 seeded random rows are measured.
    k is cut below n / 2, where the definition ends; with fewer than 4 points both are 1.
    """
    vectors, points = _of_same_rows(vectors, points)
    check_whole(k, name="k", least=1)
    check_whole(seed, name="seed", least=0)
    n = len(points)
    k = min(k, (n - 1) // 2)
    if n < 4 or k < 1:
        return MapQuality(1.0, 1.0, n, 0.0)
    rows = np.arange(n)
    if n > EXACT_ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(n, SAMPLE_ROWS, replace=False))
    blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
    with one_blas_thread(), ThreadPoolExecutor(max_workers=2) as pool:
        penalties = np.concatenate(list(pool.map(lambda own: _penalties(vectors, points, own, k), blocks)))
    share = 2 / (k * (2 * n - 3 * k - 1)) * penalties
    trust, continuity = 1 - share.mean(axis=0)
    error = 0.0 if len(rows) == n else float(share[:, 0].std(ddof=1) / np.sqrt(len(rows)))
    return MapQuality(float(trust), float(continuity), len(rows), error)


def _of_same_rows(vectors: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    vectors, places = as_vectors(vectors), as_vectors(points, what="points")
    if len(vectors) != len(places):
        raise ZetascopeError(f"Vectors: {len(vectors):,}, points: {len(places):,}; give one of each per row.")
    exact = isinstance(points, np.ndarray) and points.dtype == np.float64 and points.ndim == 2
    return vectors, points if exact else places


def _penalties(vectors: np.ndarray, points: np.ndarray, rows: np.ndarray, k: int) -> np.ndarray:
    """Per row, the summed rank excess of its intruders and of those it lost: (len(rows), 2)."""
    true = 1 - vectors[rows] @ vectors.T
    points = points.astype(np.float32, copy=False)
    shown = np.zeros_like(true)
    for axis in points.T:
        shown += np.square(axis[rows, None] - axis)
    return np.column_stack([_rank_excess(true, shown, rows, k), _rank_excess(shown, true, rows, k)])


def _rank_excess(ranked: np.ndarray, chosen_by: np.ndarray, rows: np.ndarray, k: int) -> np.ndarray:
    """Sum of (rank - k) by ``ranked`` over the k nearest by ``chosen_by``, for ranks beyond k."""
    from analytics.text.compiled import count_closer, keep_nearest

    nearness = np.full((len(rows), k), np.finfo(np.float32).min, dtype=np.float32)
    nearest = np.full((len(rows), k), len(ranked[0]), dtype=np.int64)
    keep_nearest(-chosen_by, 0, rows, nearness, nearest)
    ranks = count_closer(ranked, np.take_along_axis(ranked, nearest, axis=1), rows)
    return np.maximum(ranks - k, 0).sum(axis=1)
