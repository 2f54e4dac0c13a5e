"""Groups without a tree: a chosen number of them, or communities on the graph of the vectors."""

from __future__ import annotations

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.neighbors import Neighbors
from analytics.text.topics.tree import NOISE
from analytics.threads import one_blas_thread

_EDGES = 15  # neighbours of a text that the graph keeps, as the map does
_STARTS = 4


def k_means(vectors: np.ndarray, *, groups: int, seed: int) -> np.ndarray:
    """Labels (n,) of ``groups`` groups around means of unit vectors: Lloyd 1982, the best of four starts."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    if groups > len(vectors):
        raise ZetascopeError(f"{len(vectors):,} texts make no {groups:,} groups: choose fewer.")
    # On a busy machine several threads wait for each other: 0.6 s by one, 4.7 s by two.
    with one_blas_thread(), threadpool_limits(1, user_api="openmp"):
        model = KMeans(groups, n_init=_STARTS, random_state=seed % 2**32)
        return model.fit_predict(vectors).astype(np.int64)


def leiden(neighbors: Neighbors, *, resolution: float, min_size: int, seed: int) -> np.ndarray:
    """Labels (n,) of communities on the neighbour graph (Traag, Waltman & van Eck 2019), by modularity.

    Edges weigh the cosine of their ends. Communities below ``min_size`` are noise.
    """
    from graspologic_native import leiden as communities

    n = len(neighbors.indices)
    near = neighbors.nearest(min(_EDGES, neighbors.k))
    edges: dict[tuple[int, int], float] = {}
    for row, (others, distances) in enumerate(
        zip(near.indices.tolist(), near.distances.tolist(), strict=True)
    ):
        for other, distance in zip(others, distances, strict=True):
            if distance < 1:  # an edge of no similarity ties nothing
                edges[min(row, other), max(row, other)] = 1 - distance
    labels = np.full(n, NOISE, dtype=np.int64)
    if not edges:
        return labels
    _, found = communities(
        edges=[(str(row), str(other), weight) for (row, other), weight in edges.items()],
        resolution=resolution,
        seed=seed,
        use_modularity=True,
    )
    labels[np.array([int(row) for row in found])] = list(found.values())
    sizes = np.bincount(labels[labels >= 0])
    return np.where((labels >= 0) & (sizes[labels] >= min_size), labels, NOISE)
