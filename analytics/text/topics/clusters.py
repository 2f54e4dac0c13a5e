"""Groups of texts, named by the words that set them apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_texts, check_whole
from analytics.text.neighbors import Neighbors
from analytics.text.projection import Projection
from analytics.text.topics.names import name_clusters
from analytics.words import count

NOISE = -1
_SPACES = ("map", "vectors")
_FARTHEST = 2.0  # the greatest cosine distance there is
_MAP_SAMPLES = 5
_VECTOR_SAMPLES = 2


@dataclass(frozen=True)
class Clusters:
    """Clusters of n texts, the largest first.

    Attributes:
        labels: (n,) int64, 0 ... c - 1, or -1 for noise.
        names: (c,) the terms that distinguish each cluster.
        sizes: (c,) int64.
        examples: (c,) rows of the most typical texts of each, best first.
        space: "map" or "vectors", what was clustered.
        min_size: the smallest group that counts as a cluster.
    """

    labels: np.ndarray
    names: tuple[str, ...]
    sizes: np.ndarray
    examples: tuple[tuple[int, ...], ...]
    space: str
    min_size: int

    @property
    def noise_share(self) -> float:
        """Share of texts in no cluster."""
        return float((self.labels == NOISE).mean()) if len(self.labels) else 0.0

    def name_of(self, label: int) -> str:
        return "noise" if label == NOISE else self.names[label]


def cluster(
    projection: Projection, texts: Sequence[str], *, space: str = "map", min_size: int | None = None
) -> Clusters:
    """HDBSCAN (Campello, Moulavi & Sander 2013) on the map's points or on the vectors' neighbour graph.

    On the map, clusters are what the eye sees, the map's errors included. On the vectors, distances are
    cosine, known between nearest neighbours, and the tree's leaves are taken; many more texts are noise.
    ``min_size`` defaults to 1 % of the texts, at least 5 and at most 100.

    Raises:
        ZetascopeError: unknown ``space``, ``min_size`` below 2, or another number of texts than points.
    """
    n = len(projection.points)
    if space not in _SPACES:
        raise ZetascopeError(f"Clusters are found on {' or '.join(_SPACES)}, not on {space!r}.")
    texts = as_texts(texts)
    if len(texts) != n:
        raise ZetascopeError(f"{count(len(texts), 'text')} for {count(n, 'point')}: give a text for each.")
    min_size = default_min_size(n) if min_size is None else min_size
    check_whole(min_size, name="min_size", least=2)
    labels = _largest_first(_hdbscan(projection, space, min_size))
    sizes = np.bincount(labels[labels >= 0], minlength=labels.max(initial=-1) + 1)
    return Clusters(
        labels=labels,
        names=name_clusters(texts, labels),
        sizes=sizes,
        examples=typical_rows(projection.vectors, labels),
        space=space,
        min_size=min_size,
    )


def default_min_size(n: int) -> int:
    return int(np.clip(n // 100, 5, 100))


def typical_rows(vectors: np.ndarray, labels: np.ndarray, *, count: int = 5) -> tuple[tuple[int, ...], ...]:
    """For each cluster the rows nearest its mean vector, no two with the same vector."""
    return tuple(
        _typical(vectors, np.flatnonzero(labels == label), count)
        for label in range(labels.max(initial=-1) + 1)
    )


def _typical(vectors: np.ndarray, rows: np.ndarray, count: int) -> tuple[int, ...]:
    members = vectors[rows]
    order = np.argsort(-(members @ members.mean(axis=0)), kind="stable")[: 5 * count]
    _, first = np.unique(members[order].round(6), axis=0, return_index=True)
    return tuple(int(rows[order[place]]) for place in np.sort(first)[:count])


def _hdbscan(projection: Projection, space: str, min_size: int) -> np.ndarray:
    n = len(projection.points)
    if n < max(min_size, 3):
        return np.full(n, NOISE)
    from sklearn.cluster import HDBSCAN

    if space == "map":
        model = HDBSCAN(min_cluster_size=min_size, min_samples=min(_MAP_SAMPLES, n - 1), copy=True)
        return model.fit_predict(projection.points.astype(np.float64))
    # In so many dimensions the densest split swallows nearly everything; its leaves are the useful groups.
    model = HDBSCAN(
        min_cluster_size=min_size,
        min_samples=_VECTOR_SAMPLES,
        cluster_selection_method="leaf",
        metric="precomputed",
        copy=True,
    )
    return model.fit_predict(_joined(projection.neighbors))


def _joined(neighbors: Neighbors) -> csr_array:
    """The neighbour graph as symmetric distances, its separate parts tied at the greatest distance."""
    n, k = neighbors.indices.shape
    # An explicit 0 would read as "no edge".
    data = np.maximum(neighbors.distances.ravel().astype(np.float64), 1e-9)
    graph = csr_array((data, neighbors.indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    graph = graph.maximum(graph.T)
    _, part = connected_components(graph, directed=False)
    _, first = np.unique(part, return_index=True)
    ties = csr_array((np.full(len(first) - 1, _FARTHEST), (first[:-1], first[1:])), shape=(n, n))
    return csr_array(graph.maximum(ties + ties.T))


def _largest_first(labels: np.ndarray) -> np.ndarray:
    found = labels[labels >= 0]
    if not len(found):
        return np.full(len(labels), NOISE, dtype=np.int64)
    order = np.argsort(-np.bincount(found), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return np.where(labels >= 0, rank[labels], NOISE)
