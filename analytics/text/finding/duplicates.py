"""Texts that say nearly the same, and which of them stays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.blocks import blocks
from analytics.errors import ZetascopeError
from analytics.text.arguments import as_texts, as_vectors, check_share
from analytics.text.neighbors import SAME, Neighbors, neighbor_graph
from analytics.words import count

_ROWS = 512  # of similarities at a time: 40 MB beside 20,000 others
_COMPARED = 4_000  # rows whose pairs are all kept at once: 130 MB


@dataclass(frozen=True)
class DuplicateGroups:
    """Groups of near duplicates, each pair of a group at least as similar as the threshold.

    Attributes:
        labels: (n,) int64, group of each row, largest group 0; -1 where a row has no duplicate.
        similarity: (n,) float32, each row's greatest similarity to another row of its group; 0 without one.
        worst: (c,) float32, the least similarity of two rows of each group.
        threshold: the similarity at which two texts counted as duplicates.
    """

    labels: np.ndarray
    similarity: np.ndarray
    worst: np.ndarray
    threshold: float

    @property
    def count(self) -> int:
        return len(self.worst)

    @property
    def surplus(self) -> int:
        """Rows that could go if one of each group stayed."""
        return int((self.labels >= 0).sum()) - self.count

    def members(self) -> list[np.ndarray]:
        """The rows of each group, in their order."""
        order = np.argsort(self.labels, kind="stable")
        sizes = np.bincount(self.labels + 1, minlength=self.count + 1)
        return np.split(order, np.cumsum(sizes)[:-1])[1:]


def near_duplicates(neighbors: Neighbors, threshold: float = 0.95, *, vectors: np.ndarray) -> DuplicateGroups:
    """Groups of the unit ``vectors`` (n, d) in which every pair has a cosine of at least ``threshold``.

    Complete links: rows and groups are joined, the most similar first, as long as the worst pair of the
    joined group is within the threshold, so that no chain of likes joins what differs. A row that is within
    it of some rows of a group but not of all may stay outside. Two rows whose k nearest in the graph are all
    within the threshold are compared too, so that no pair is missed. Where more than 4,000 rows hang
    together, they are taken apart by stars round single rows first.

    Raises:
        ZetascopeError: a threshold outside (0, 1], or vectors of other rows than the graph's.
    """
    check_share(threshold, name="The similarity threshold", above=True)
    vectors = as_vectors(vectors)
    if len(vectors) != len(neighbors.indices):
        raise ZetascopeError(
            f"Vectors: {len(vectors):,}, rows of the graph: {len(neighbors.indices):,}; give the same rows."
        )
    if neighbors.k > 0 and bool((neighbors.distances[:, -1] <= SAME).any()):  # copies hide what else is near
        return _of_distinct(neighbors, vectors, threshold)
    return _linked(neighbors, threshold, vectors)


def _of_distinct(neighbors: Neighbors, vectors: np.ndarray, threshold: float) -> DuplicateGroups:
    """The groups of the distinct vectors, given to all their copies."""
    of_row = _parts(neighbors, SAME)
    _, first, copies = np.unique(of_row, return_index=True, return_counts=True)
    if len(first) == 1:
        nothing = np.zeros(0, np.float32)
        alone = DuplicateGroups(np.array([-1]), np.zeros(1, np.float32), nothing, threshold)
    else:
        distinct = vectors[first]
        alone = _linked(neighbor_graph(distinct, k=neighbors.k), threshold, distinct)
    part = np.where(alone.labels >= 0, alone.labels, alone.count + np.arange(len(first)))
    joined = (alone.labels >= 0) | (copies > 1)
    labels, order = _by_size(part[of_row], joined[of_row])
    worst = np.concatenate([alone.worst, np.ones(len(first), np.float32)])[order]
    similarity = np.where(copies > 1, np.float32(1), alone.similarity)
    return DuplicateGroups(labels, similarity[of_row], worst, threshold)


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


def _by_size(part: np.ndarray, joined: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels (n,) of the parts that are joined, the largest 0, -1 for the others; and each label's part."""
    sizes = np.bincount(part, weights=joined, minlength=1)
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[order] = np.arange(len(sizes))
    return np.where(joined, rank[part], -1), order[: int((sizes > 0).sum())]


def _linked(neighbors: Neighbors, threshold: float, vectors: np.ndarray) -> DuplicateGroups:
    n = len(vectors)
    reach = 1 - threshold + SAME
    hanging = _parts(neighbors, reach) if n else np.zeros(0, np.int64)
    if neighbors.k:
        hanging = _with_hidden(hanging, neighbors, vectors, reach)
    part, similarity, worst = np.arange(n), np.zeros(n, np.float32), np.ones(n, np.float32)
    for rows in _several(hanging):
        for piece in _pieces(rows, neighbors, reach):
            similar = vectors[piece] @ vectors[piece].T
            for group in _several(_complete(similar, reach)):
                own = similar[np.ix_(group, group)]
                part[piece[group]] = piece[group[0]]
                worst[piece[group[0]]] = min(float(own.min()), 1)
                np.fill_diagonal(own, -1)
                similarity[piece[group]] = np.minimum(own.max(axis=1), 1)
    joined = np.bincount(part, minlength=1)[part] > 1
    labels, order = _by_size(part, joined)
    return DuplicateGroups(labels, similarity, worst[order] if n else worst, threshold)


def _several(part: np.ndarray) -> list[np.ndarray]:
    """The rows of every part that has more than one."""
    order = np.argsort(part, kind="stable")
    starts = np.flatnonzero(np.diff(part[order])) + 1
    return [rows for rows in np.split(order, starts) if len(rows) > 1]


def _pieces(rows: np.ndarray, neighbors: Neighbors, reach: float) -> list[np.ndarray]:
    """The rows, or where they are too many to compare all: stars of a row and those within reach of it."""
    if len(rows) <= _COMPARED:
        return [rows]
    free = np.zeros(len(neighbors.indices), dtype=bool)
    free[rows] = True
    pieces = []
    for row in rows.tolist():
        if free[row]:
            near = neighbors.indices[row][neighbors.distances[row] <= reach]
            pieces.append(np.concatenate([[row], near[free[near]]]))
            free[pieces[-1]] = False
    return [piece for piece in pieces if len(piece) > 1]


def _complete(similar: np.ndarray, reach: float) -> np.ndarray:
    """A number for each row's group: complete linkage of all pairs, cut at the distance ``reach``."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distance = np.maximum(1 - similar, 0)
    np.fill_diagonal(distance, 0)
    pairs = squareform(distance, checks=False)
    if pairs.max() <= reach:
        return np.zeros(len(similar), dtype=np.int64)
    return fcluster(linkage(pairs, "complete"), reach, "distance")


@dataclass(frozen=True)
class KeptRow:
    """The row of a group that stays, and why this one."""

    row: int
    reason: str


def kept_rows(
    groups: DuplicateGroups, texts: Sequence[str], *, vectors: np.ndarray, keep: str = "longest"
) -> tuple[KeptRow, ...]:
    """One row of every group to stay: the ``"longest"`` text, the ``"first"``, or the most ``"typical"``.

    Of texts as long or as typical as each other, the first stays.

    Raises:
        ZetascopeError: an unknown ``keep``, or another number of texts than rows.
    """
    if not isinstance(keep, str) or keep not in KEEP:
        raise ZetascopeError(f"Of duplicates the {' or the '.join(KEEP)} can stay, not {keep!r}.")
    if len(as_texts(texts)) != len(groups.labels):
        raise ZetascopeError(f"Texts: {len(texts):,}, rows: {len(groups.labels):,}; give a text for each.")
    return tuple(KEEP[keep](rows, texts, vectors) for rows in groups.members())


def _keep_longest(rows: np.ndarray, texts: Sequence[str], _: np.ndarray) -> KeptRow:
    lengths = np.array([len(texts[row]) for row in rows])
    most = int(lengths.max())
    alike = int((lengths == most).sum())
    row = int(rows[lengths.argmax()])
    if alike == len(rows):
        return KeptRow(row, f"the first: all are {count(most, 'character')} long")
    tied = f", the first of {alike} as long" if alike > 1 else ""
    return KeptRow(row, f"the longest: {count(most, 'character')}{tied}")


def _keep_first(rows: np.ndarray, _: Sequence[str], __: np.ndarray) -> KeptRow:
    return KeptRow(int(rows[0]), f"the first of {len(rows)}")


def _keep_typical(rows: np.ndarray, _: Sequence[str], vectors: np.ndarray) -> KeptRow:
    own = vectors[rows]
    # float64, so that texts that are alike are tied and not ordered by rounding
    mean = ((own @ own.sum(axis=0, dtype=np.float64) - 1) / (len(rows) - 1)).round(6)
    best = int(mean.argmax())
    return KeptRow(int(rows[best]), f"the most typical: mean similarity {mean[best]:.3f} to the others")


KEEP = {"longest": _keep_longest, "first": _keep_first, "typical": _keep_typical}
"""Which row of a group can stay."""
