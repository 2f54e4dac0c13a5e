"""One tree of ever denser groups, cut from coarse to fine.

Campello, Moulavi & Sander (PAKDD 2013): points join at their mutual reachability; a branch with at least
``min_size`` points is a group, and where two groups join, a coarser one begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analytics.text.neighbors import Neighbors
from analytics.text.projection import Projection

NOISE = -1
_FARTHEST = 2.0  # the greatest cosine distance there is
_MAP_SAMPLES = 5
_VECTOR_SAMPLES = 2
_ROOT = -1
_NONE = -1


@dataclass(frozen=True)
class TopicTree:
    """The groups of a density tree, finer ones before the coarser that hold them.

    Attributes:
        home: (n,) int64, the finest group that holds each point; -1 where none does.
        parents: (g,) int64, the group that holds each group; -1 at the top.
        sizes: (g,) int64, how many points each holds.
    """

    home: np.ndarray
    parents: np.ndarray
    sizes: np.ndarray

    def cut(self, largest: float) -> np.ndarray:
        """Labels (n,) of the coarsest groups with at most ``largest`` (a share) of the points; -1 is noise.

        A group that nothing divides stays, however large it is. The top, which holds everything, is no
        group. What lies between the groups of a cut is noise.
        """
        if not len(self.parents):
            return np.full(len(self.home), NOISE, dtype=np.int64)
        divided = np.zeros(len(self.parents), dtype=bool)
        divided[self.parents[self.parents != _ROOT]] = True
        fits = (self.sizes <= largest * len(self.home)) | ~divided
        fits &= self.parents != _ROOT
        chosen = np.full(len(self.parents), _NONE)
        for group in range(len(self.parents) - 1, -1, -1):  # from the top down
            above = self.parents[group]
            inherited = _NONE if above == _ROOT else chosen[above]
            chosen[group] = inherited if inherited != _NONE else group if fits[group] else _NONE
        return np.where(self.home == _NONE, NOISE, chosen[self.home])


def topic_tree(projection: Projection, *, space: str, min_size: int) -> TopicTree:
    """The tree of the map's layout, or of the vectors' neighbour graph in cosine distances."""
    n = len(projection.points)
    if n < max(min_size, 3):
        return TopicTree(np.full(n, _NONE), np.zeros(0, np.int64), np.zeros(0, np.int64))
    from sklearn.cluster import HDBSCAN

    if space == "map":
        model = HDBSCAN(min_cluster_size=min_size, min_samples=min(_MAP_SAMPLES, n - 1), copy=True)
        model.fit(projection.layout.astype(np.float64))
    else:
        model = HDBSCAN(
            min_cluster_size=min_size, min_samples=_VECTOR_SAMPLES, metric="precomputed", copy=True
        )
        model.fit(_joined(projection.neighbors))
    # scikit-learn cuts its tree in two ways only; the tree itself has no public name (seen in 1.3 to 1.9).
    joins = model._single_linkage_tree_
    return condensed(joins["left_node"], joins["right_node"], min_size=min_size)


def condensed(left: np.ndarray, right: np.ndarray, *, min_size: int) -> TopicTree:
    """The groups of at least ``min_size`` in a binary tree.

    Join j of the n - 1 puts ``left[j]`` and ``right[j]`` together as n + j: points below n, earlier joins
    from n on.
    """
    n = len(left) + 1
    group_of = np.full(2 * n - 1, _NONE)
    points: dict[int, list[int]] = {}  # of joins that are no group yet: fewer than min_size
    home = np.full(n, _NONE)
    parents: list[int] = []
    sizes: list[int] = []

    def loose(node: int) -> list[int]:
        return [node] if node < n else points.pop(node)

    def take(group: int, members: list[int]) -> None:
        home[members] = group
        sizes[group] += len(members)

    def begin(size: int) -> int:
        parents.append(_ROOT)
        sizes.append(size)
        return len(parents) - 1

    for join, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True), start=n):
        first, second = int(group_of[one]), int(group_of[other])
        if first != _NONE and second != _NONE:
            group = begin(sizes[first] + sizes[second])
            parents[first] = parents[second] = group
        elif first != _NONE or second != _NONE:
            group, rest = (first, other) if first != _NONE else (second, one)
            take(group, loose(rest))
        else:
            members = loose(one) + loose(other)
            if len(members) < min_size:
                points[join] = members
                continue
            group = begin(0)
            take(group, members)
        group_of[join] = group
    return TopicTree(home, np.array(parents, dtype=np.int64), np.array(sizes, dtype=np.int64))


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
