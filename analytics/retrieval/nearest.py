"""Passages found by their vectors: exactly, and beyond 200,000 through a graph of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.text.arguments import as_vector
from analytics.text.neighbors import graph_of

EXACT_UP_TO = 200_000
"""Vectors that one product of matrices serves; beyond it a graph is quicker."""
_SPARE = 4  # hits asked for beyond those wanted where a filter may take some away


@dataclass(frozen=True)
class VectorIndex:
    """Unit vectors (m, d), and usearch's graph of them where they are many."""

    vectors: np.ndarray
    graph: Any = None

    @property
    def exact(self) -> bool:
        """Whether every vector is compared."""
        return self.graph is None

    @property
    def bytes(self) -> int:
        """Memory of the vectors and the graph."""
        return self.vectors.nbytes + (0 if self.graph is None else int(self.graph.memory_usage))

    def ranking(self, query: np.ndarray, *, depth: int, allowed: np.ndarray | None) -> np.ndarray:
        """The ``depth`` most similar places among those ``allowed`` (m,) bool, the best first."""
        query = as_vector(query, size=self.vectors.shape[1])
        places = None if allowed is None else np.flatnonzero(allowed)
        if self.graph is None or (places is not None and len(places) <= EXACT_UP_TO):
            return self._exactly(query, places, depth)
        found = np.asarray(self.graph.search(query, depth * (1 if allowed is None else _SPARE)).keys)
        found = found.astype(np.int64)
        return (found if allowed is None else found[allowed[found]])[:depth]

    def similarity(self, query: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Cosines with some of the vectors."""
        return self.vectors[places] @ query

    def _exactly(self, query: np.ndarray, places: np.ndarray | None, depth: int) -> np.ndarray:
        similarity = (self.vectors if places is None else self.vectors[places]) @ query
        best = top(similarity, depth)
        return best if places is None else places[best]


def index_vectors(vectors: np.ndarray, *, exact_up_to: int = EXACT_UP_TO) -> VectorIndex:
    """Ready to be searched: as they are up to ``exact_up_to`` of them, with a graph beyond."""
    if len(vectors) <= exact_up_to:
        return VectorIndex(vectors)
    return VectorIndex(vectors, graph_of(vectors))


def top(scores: np.ndarray, count: int) -> np.ndarray:
    """Places of the ``count`` largest scores, the largest first; of equal ones the earlier first."""
    count = min(count, len(scores))
    if not count:
        return np.zeros(0, dtype=np.int64)
    best = np.sort(np.argpartition(-scores, count - 1)[:count])
    return best[np.argsort(-scores[best], kind="stable")]
