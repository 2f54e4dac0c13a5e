"""The weighted graph that UMAP lays out (McInnes, Healy & Melville 2018, algorithms 2 and 3), in numpy.

Equal to ``umap.umap_.fuzzy_simplicial_set`` on the same neighbours (held by a test), without compiling.
"""

import numpy as np
from scipy.optimize import curve_fit
from scipy.sparse import csr_array

from analytics.text.neighbors import Neighbors

_TOLERANCE = 1e-5
_MIN_SCALE = 1e-3


def fuzzy_graph(neighbors: Neighbors) -> csr_array:
    """Symmetric membership strengths (n, n) in (0, 1]: the probabilistic union of both directions."""
    n, k = neighbors.indices.shape
    strengths = membership(neighbors.distances)
    starts = np.arange(0, n * k + 1, k)
    directed = csr_array((strengths.ravel(), neighbors.indices.ravel(), starts), shape=(n, n))
    directed.eliminate_zeros()
    transposed = directed.T.tocsr()
    return (directed + transposed - directed.multiply(transposed)).tocsr()


def membership(distances: np.ndarray, *, connectivity: int = 1) -> np.ndarray:
    """Strengths (n, k) in [0, 1] of each row's neighbours, from distances (n, k), nearest first.

    ``exp(-(d - rho) / sigma)`` with rho the nearest distance above 0 (or 0 where ``connectivity`` is 0)
    and sigma such that a row's strengths sum to log2(k + 1); the row itself counts as a neighbour, as in
    umap-learn.
    """
    distances = np.asarray(distances, dtype=np.float64)
    rho = _nearest_above_zero(distances) if connectivity else np.zeros(len(distances))
    excess = np.maximum(distances - rho[:, None], 0)
    sigma = _bandwidths(excess, np.log2(distances.shape[1] + 1))
    share_of_others = distances.shape[1] / (distances.shape[1] + 1)
    own_scale = (rho > 0) | (connectivity == 0)  # so that without rho a row never depends on the others
    scale = np.where(own_scale, distances.mean(axis=1), distances.mean())
    floor = scale * share_of_others * _MIN_SCALE
    sigma = np.maximum(sigma, floor)
    scaled = np.divide(excess, sigma[:, None], out=np.zeros_like(excess), where=sigma[:, None] > 0)
    return np.exp(-scaled)


def _nearest_above_zero(distances: np.ndarray) -> np.ndarray:
    positive = np.where(distances > 0, distances, np.inf).min(axis=1)
    return np.where(np.isfinite(positive), positive, 0.0)


def _bandwidths(excess: np.ndarray, target: float) -> np.ndarray:
    """Bisection for all rows at once: 64 halvings or until every row's sum is within 1e-5."""
    low = np.zeros(len(excess))
    high = np.full(len(excess), np.inf)
    middle = np.ones(len(excess))
    active = np.arange(len(excess))
    for _ in range(64):
        sums = np.exp(-excess[active] / middle[active, None]).sum(axis=1)
        open_ = np.abs(sums - target) >= _TOLERANCE
        active, sums = active[open_], sums[open_]
        if not len(active):
            break
        over = sums > target
        high[active[over]] = middle[active[over]]
        low[active[~over]] = middle[active[~over]]
        bounded = np.isfinite(high[active])
        middle[active] = np.where(bounded, (low[active] + high[active]) / 2, middle[active] * 2)
    return middle


def curve_parameters(min_dist: float, *, spread: float = 1.0) -> tuple[float, float]:
    """a, b of ``1 / (1 + a x^(2b))`` fitted to 1 below ``min_dist`` and an exponential fall beyond."""
    x = np.linspace(0, spread * 3, 300)
    y = np.where(x < min_dist, 1.0, np.exp(-(x - min_dist) / spread))
    (a, b), _ = curve_fit(lambda x, a, b: 1 / (1 + a * x ** (2 * b)), x, y)
    return float(a), float(b)
