"""Texts that say nearly the same, and texts unlike any other."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.blocks import blocks
from analytics.text.arguments import check_share, check_whole
from analytics.text.neighbors import SAME, Neighbors, neighbor_graph

_ROWS = 512  # of similarities at a time: 40 MB beside 20,000 others


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
    are not seen: where more than k texts are alike, they hide what else is near. Given the ``vectors`` (n, d)
    of the graph, equal ones are taken as one before their neighbours are looked for, and rows with more than
    k duplicates are compared with each other, so that no pair is missed.

    Raises:
        ZetascopeError: a threshold outside (0, 1].
    """
    check_share(threshold, name="The similarity threshold", above=True)
    if vectors is not None and _copies_hide_others(neighbors):
        return _of_distinct(neighbors, vectors, threshold)
    return _joined(neighbors, threshold, vectors)


def _copies_hide_others(neighbors: Neighbors) -> bool:
    return neighbors.k > 0 and bool((neighbors.distances[:, -1] <= SAME).any())


def _of_distinct(neighbors: Neighbors, vectors: np.ndarray, threshold: float) -> DuplicateGroups:
    """The groups of the distinct vectors, given to all their copies."""
    of_row = _parts(neighbors, SAME)
    _, first, copies = np.unique(of_row, return_index=True, return_counts=True)
    if len(first) == 1:
        alone = DuplicateGroups(np.array([-1]), np.zeros(1, np.float32), threshold)
    else:
        distinct = vectors[first]
        alone = _joined(neighbor_graph(distinct, k=neighbors.k), threshold, distinct)
    part = np.where(alone.labels >= 0, alone.labels, alone.count + np.arange(len(first)))
    joined = (alone.labels >= 0) | (copies > 1)
    similarity = np.where(copies > 1, np.float32(1), alone.similarity)
    return DuplicateGroups(_by_size(part[of_row], joined[of_row]), similarity[of_row], threshold)


def _parts(neighbors: Neighbors, distance: float) -> np.ndarray:
    """A number (n,) for each set of rows that are joined by steps of at most ``distance``."""
    rows, columns = np.nonzero(neighbors.distances <= distance)
    return _connected(len(neighbors.indices), rows, neighbors.indices[rows, columns])


def _connected(n: int, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    graph = csr_array((np.ones(len(rows), bool), (rows, others)), shape=(n, n))
    return connected_components(graph, directed=False)[1]


def _with_hidden(part: np.ndarray, neighbors: Neighbors, vectors: np.ndarray, distance: float) -> np.ndarray:
    """The parts (n,) joined further by pairs of rows whose k nearest are all within ``distance``.

    Of any other pair within it, one row has the other on its list.
    """
    full = np.flatnonzero(neighbors.distances[:, -1] <= distance)
    if not neighbors.k < len(part) - 1 or len(np.unique(part[full])) < 2:
        return part
    heads, tails = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for rows in blocks(len(full), _ROWS):
        near = 1 - vectors[full[rows]] @ vectors[full].T <= distance
        for row, found in zip(part[full[rows]], near, strict=True):
            touched = np.zeros(part.max() + 1, dtype=bool)
            touched[part[full[found]]] = True
            tails.append(np.flatnonzero(touched))
            heads.append(np.full(len(tails[-1]), row))
    return _connected(part.max() + 1, np.concatenate(heads), np.concatenate(tails))[part]


def _by_size(part: np.ndarray, joined: np.ndarray) -> np.ndarray:
    """Labels (n,) of the parts that are joined, the largest 0; -1 for the others."""
    sizes = np.bincount(part, weights=joined, minlength=1)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return np.where(joined, rank[part], -1)


def _joined(neighbors: Neighbors, threshold: float, vectors: np.ndarray | None) -> DuplicateGroups:
    n, k = neighbors.indices.shape
    part = _parts(neighbors, 1 - threshold + SAME)
    if vectors is not None and k:
        part = _with_hidden(part, neighbors, vectors, 1 - threshold + SAME)
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
