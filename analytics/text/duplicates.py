"""Texts that say nearly the same, and texts unlike any other."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.text.arguments import check_share, check_whole
from analytics.text.neighbors import SAME, Neighbors, neighbor_graph


@dataclass(frozen=True)
class DuplicateGroups:
    """Groups of near duplicates.

    Attributes:
        labels: (n,) int64, group of each row, largest group 0; -1 where a row has no duplicate.
        similarity: (n,) float32, each row's greatest similarity to another row of its group; 0 without one.
        threshold: the similarity at which two texts counted as duplicates.
    """

    labels: np.ndarray
    similarity: np.ndarray
    threshold: float

    @property
    def count(self) -> int:
        return int(self.labels.max(initial=-1)) + 1

    @property
    def surplus(self) -> int:
        """Rows that could go if one of each group stayed."""
        return int((self.labels >= 0).sum()) - self.count


def near_duplicates(
    neighbors: Neighbors, threshold: float = 0.95, *, vectors: np.ndarray | None = None
) -> DuplicateGroups:
    """Rows joined by cosine similarity of at least ``threshold``, directly or through others.

    A chain of similar texts is one group, even where its ends differ more. Pairs beyond each row's k nearest
    are not seen: where more than k texts are the same, their copies hide what else is near. Given the
    ``vectors`` (n, d) of the graph, equal ones are taken as one before its neighbours are looked for.

    Raises:
        ZetascopeError: a threshold outside (0, 1].
    """
    check_share(threshold, name="The similarity threshold", above=True)
    if vectors is not None and _copies_hide_others(neighbors):
        return _of_distinct(vectors, neighbors.k, threshold)
    return _joined(neighbors, threshold)


def _copies_hide_others(neighbors: Neighbors) -> bool:
    return neighbors.k > 0 and bool((neighbors.distances[:, -1] <= SAME).any())


def _of_distinct(vectors: np.ndarray, k: int, threshold: float) -> DuplicateGroups:
    """The groups of the distinct vectors, given to all their copies."""
    distinct, of_row, copies = np.unique(vectors, axis=0, return_inverse=True, return_counts=True)
    of_row = of_row.ravel()
    if len(distinct) == 1:
        alone = DuplicateGroups(np.array([-1]), np.zeros(1, np.float32), threshold)
    else:
        alone = _joined(neighbor_graph(distinct, k=k), threshold)
    part = np.where(alone.labels >= 0, alone.labels, alone.count + np.arange(len(distinct)))
    joined = (alone.labels >= 0) | (copies > 1)
    similarity = np.where(copies > 1, np.float32(1), alone.similarity)
    return DuplicateGroups(_by_size(part[of_row], joined[of_row]), similarity[of_row], threshold)


def _by_size(part: np.ndarray, joined: np.ndarray) -> np.ndarray:
    """Labels (n,) of the parts that are joined, the largest 0; -1 for the others."""
    sizes = np.bincount(part, weights=joined, minlength=1)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return np.where(joined, rank[part], -1)


def _joined(neighbors: Neighbors, threshold: float) -> DuplicateGroups:
    n, _ = neighbors.indices.shape
    close = neighbors.distances <= 1 - threshold + SAME
    rows, columns = np.nonzero(close)
    graph = csr_array((np.ones(len(rows), bool), (rows, neighbors.indices[rows, columns])), shape=(n, n))
    _, part = connected_components(graph, directed=False)
    labels = _by_size(part, np.bincount(part, minlength=1)[part] > 1) if n else np.zeros(0, dtype=np.int64)
    # Whoever is joined to another has a nearest neighbour that is at least as close.
    similarity = np.where(labels >= 0, 1 - neighbors.distances[:, :1].min(axis=1, initial=1), 0)
    return DuplicateGroups(labels, similarity.astype(np.float32), threshold)


@dataclass(frozen=True)
class UnusualTexts:
    """How far each text is from its neighbours.

    Attributes:
        distance: (n,) float32, mean cosine distance to the ``k`` nearest others.
        percentile: (n,) in [0, 100]: share of texts that are no farther from theirs.
        k: how many neighbours.
    """

    distance: np.ndarray
    percentile: np.ndarray
    k: int

    def rows(self, count: int) -> np.ndarray:
        """The most unusual rows, first the farthest."""
        return np.argsort(-self.distance, kind="stable")[:count]


def semantic_outliers(neighbors: Neighbors, *, k: int = 10) -> UnusualTexts:
    """Mean distance to the k nearest neighbours (Angiulli & Pizzuti 2002): far from all is unusual."""
    check_whole(k, name="k", least=1)
    k = min(k, neighbors.k)
    if not k:
        nothing = np.zeros(len(neighbors.indices), dtype=np.float32)
        return UnusualTexts(nothing, nothing.astype(float), 0)
    distance = neighbors.distances[:, :k].mean(axis=1)
    percentile = np.searchsorted(np.sort(distance), distance, side="right") / len(distance) * 100
    return UnusualTexts(distance, percentile, k)
