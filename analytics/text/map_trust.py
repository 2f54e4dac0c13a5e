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
_TIED = 1e-6  # cosine distances of float32 unit vectors, as 1 minus a product, are exact to about 3e-7
_NEVER = 1e30  # farther than any point; the compiled loops know no infinity
_CHANCE_ROWS = 256
_TELLS_LITTLE = 0.5  # where chance alone shows half of the neighbours, what is left to show is small


@dataclass(frozen=True)
class PointTrust:
    """For every point, how its neighbourhood on the map compares with the true one.

    Attributes:
        kept: (n,) share of the k true neighbours that are among the k nearest on the map, in [0, 1].
        torn: (n,) share of the k true neighbours that are not even among the 3 k nearest on the map.
        false: (n,) share of the k nearest on the map that are not even among the 3 k true neighbours.
        k: the neighbourhood size.
        chance: the mean of ``kept`` that points thrown down at random would have, in [0, 1].
    """

    kept: np.ndarray
    torn: np.ndarray
    false: np.ndarray
    k: int
    chance: float

    def sentence(self) -> str:
        """What the map shows of true neighbourhoods, beside what a map at random would show."""
        if not self.k:
            return "One text has no neighbours to show."
        texts = f"{count(self.k, 'text')} that {'is' if self.k == 1 else 'are'}"
        shown = (
            f"Of the {texts} truly nearest to a text, the map shows {self.kept.mean():.0%} among its "
            f"{self.k} nearest; a map at random would show {_percent(self.chance)}"
        )
        if self.chance > _TELLS_LITTLE:
            return f"{shown}: with {count(len(self.kept), 'text')} this says little."
        return f"{shown}."


@dataclass(frozen=True)
class MapQuality:
    """Trustworthiness and continuity in [0, 1] over the ``k`` nearest, from ``rows`` of ``among`` points.

    ``error`` is the standard error of the trustworthiness when only a sample of rows was measured, else 0.
    Neighbours are the nearest of those points: the fewer they are of a map's, the farther these lie.
    """

    trustworthiness: float
    continuity: float
    rows: int
    error: float
    k: int
    among: int

    def sentence(self, n: int) -> str:
        """Both figures in words, with how many of the ``n`` texts of the map they rest on."""
        if not self.k:
            return "Trustworthiness needs four texts or more."
        sampled = "" if self.rows == n else f", measured on {count(self.rows, 'text')}"
        if self.among < n:
            sampled += f", whose nearest are those among {self.among:,} drawn from all"
        return (
            f"Over the {self.k} nearest, trustworthiness is {self.trustworthiness:.3f} and continuity "
            f"{self.continuity:.3f}{sampled}."
        )


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
        return PointTrust(kept=nothing + 1, torn=nothing, false=nothing, k=0, chance=1.0)
    wide = min(WIDE * k, neighbors.k)
    shown = map_neighbors(points, k=wide)
    reach, wide_reach = neighbors.distances[:, [k - 1]], neighbors.distances[:, [wide - 1]]
    true_distances = _pairs(vectors, shown)
    return PointTrust(
        kept=(true_distances[:, :k] <= reach + _ROUNDING).mean(axis=1),
        torn=_torn(neighbors, points, shown, true_distances, k=k),
        false=(true_distances[:, :k] > wide_reach + _ROUNDING).mean(axis=1),
        k=k,
        chance=_chance(vectors, reach[:, 0]),
    )


def _torn(
    neighbors: Neighbors, points: np.ndarray, shown: np.ndarray, true_distances: np.ndarray, *, k: int
) -> np.ndarray:
    """Share of the k true neighbours that lie beyond the ``shown`` (n, wide) ones, ``true_distances`` away.

    Where several are as far as the k-th, any of them will do.
    """
    reach = neighbors.distances[:, [k - 1]]
    sure = neighbors.distances[:, :k] < reach - _ROUNDING
    map_reach = _pairs(points, shown[:, -1:])
    far = _pairs(points, neighbors.indices[:, :k]) > map_reach
    tied_and_shown = (np.abs(true_distances - reach) <= _ROUNDING).sum(axis=1)
    missing = np.maximum((~sure).sum(axis=1) - tied_and_shown, 0)
    return (np.where(sure, far, False).sum(axis=1) + np.minimum(missing, (~sure & far).sum(axis=1))) / k


def _chance(vectors: np.ndarray, reach: np.ndarray) -> float:
    """Mean share of all other texts that are no farther than each text's ``reach`` (n,): its k-th neighbour.

    Exact for up to 256 texts, for more from as many, evenly spread.
    """
    n = len(vectors)
    rows = np.unique(np.linspace(0, n - 1, min(n, _CHANCE_ROWS)).astype(np.int64))
    within = 1 - vectors[rows] @ vectors.T <= reach[rows, None] + _TIED
    within[np.arange(len(rows)), rows] = False
    return float(within.sum(axis=1).mean() / (n - 1))


def _percent(share: float) -> str:
    """Two digits, so that a small chance is not 0 %."""
    return f"{100 * share:.2g}%" if share < 0.995 else "100%"


def _pairs(vectors: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Half the squared distances of each row to ``vectors[indices]``: (n, k) float32."""
    from analytics.text.compiled import pair_distances

    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    return pair_distances(vectors, vectors, np.ascontiguousarray(indices))


def map_quality(vectors: np.ndarray, points: np.ndarray, *, k: int = TRUST_K, seed: int = 0) -> MapQuality:
    """Trustworthiness and continuity of ``points`` (n, 2 or 3) for unit ``vectors`` (n, d), cosine distance.

    Exact up to 4,000 rows; beyond, every rank is exact but only 2,000 seeded random rows are measured.
    k is cut below n / 2, where the definition ends; with fewer than 4 points both are 1. Of texts as far as
    the k-th true neighbour, any counts as that neighbour: copies of one text cannot be in a wrong order.
    """
    vectors, points = _of_same_rows(vectors, points)
    check_whole(k, name="k", least=1)
    check_whole(seed, name="seed", least=0)
    n = len(points)
    k = min(k, (n - 1) // 2)
    if n < 4 or k < 1:
        return MapQuality(1.0, 1.0, n, 0.0, 0, n)
    rows = np.arange(n)
    if n > EXACT_ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(n, SAMPLE_ROWS, replace=False))
    blocks = [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]
    with one_blas_thread(), ThreadPoolExecutor(max_workers=2) as pool:
        penalties = np.concatenate(list(pool.map(lambda own: _penalties(vectors, points, own, k), blocks)))
    share = 2 / (k * (2 * n - 3 * k - 1)) * penalties
    trust, continuity = 1 - share.mean(axis=0)
    error = 0.0 if len(rows) == n else float(share[:, 0].std(ddof=1) / np.sqrt(len(rows)))
    return MapQuality(float(trust), float(continuity), len(rows), error, k, n)


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
    on_map, truly = _nearest(shown, rows, k), _nearest_of_tied(true, shown, rows, k)
    return np.column_stack(
        [_rank_excess(true, on_map, rows, tied=_TIED), _rank_excess(shown, truly, rows, tied=0.0)]
    )


def _nearest(distances: np.ndarray, rows: np.ndarray, k: int) -> np.ndarray:
    """The columns of the k least ``distances`` (b, n) of each row but its own column: (b, k), unordered."""
    from analytics.text.compiled import keep_nearest

    nearness = np.full((len(rows), k), np.finfo(np.float32).min, dtype=np.float32)
    nearest = np.full((len(rows), k), distances.shape[1], dtype=np.int64)
    keep_nearest(-distances, 0, rows, nearness, nearest)
    return nearest


def _nearest_of_tied(true: np.ndarray, shown: np.ndarray, rows: np.ndarray, k: int) -> np.ndarray:
    """The k true neighbours; of those that tie for the last places, the nearest on the map."""
    nearest = _nearest(true, rows, k)
    reach = np.take_along_axis(true, nearest, axis=1).max(axis=1, keepdims=True)
    others = (true <= reach + _TIED).sum(axis=1) - (true[np.arange(len(rows)), rows] <= reach[:, 0] + _TIED)
    for row in np.flatnonzero(others > k):
        tied = np.abs(true[row] - reach[row]) <= _TIED
        order = np.where(true[row] < reach[row], np.float32(-1), np.float32(_NEVER))
        order[tied] = shown[row, tied]
        nearest[row] = _nearest(order[None], rows[[row]], k)
    return nearest


def _rank_excess(ranked: np.ndarray, chosen: np.ndarray, rows: np.ndarray, *, tied: float) -> np.ndarray:
    """Sum of (rank - k) by ``ranked`` over the ``chosen`` (b, k), for ranks beyond k; ties share the best."""
    from analytics.text.compiled import count_closer

    reference = np.take_along_axis(ranked, chosen, axis=1) - np.float32(tied)
    return np.maximum(count_closer(ranked, reference, rows) - chosen.shape[1], 0).sum(axis=1)
