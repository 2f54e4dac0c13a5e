"""One cosine neighbour graph, used by the map, its trust, search, duplicates and unusual texts."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from analytics.errors import ZetascopeError
from analytics.progress import Progress
from analytics.text.arguments import as_vectors, check_whole
from analytics.threads import one_blas_thread

Item = TypeVar("Item")

SAME = 1e-6
"""Cosine distances below it are of equal vectors: float32 gives those of unit vectors to about 1e-7."""
_EXACT_LIMIT = 100_000
_ROW_BLOCK = 1024
_COLUMN_BLOCK = 8192


@dataclass(frozen=True)
class Neighbors:
    """For each of n vectors its k nearest others, nearest first.

    Attributes:
        indices: (n, k) int64, never the row itself.
        distances: (n, k) float32, cosine distance 1 - cos, in [0, 2].
        recall: share of the true neighbours found; 1 for the exact graph, measured on a sample otherwise.
        exact: whether all pairs were compared.
    """

    indices: np.ndarray
    distances: np.ndarray
    recall: float = 1.0
    exact: bool = True

    @property
    def k(self) -> int:
        return self.indices.shape[1]

    def nearest(self, k: int) -> "Neighbors":
        """The same graph with the nearest ``k`` columns only."""
        return Neighbors(self.indices[:, :k], self.distances[:, :k], self.recall, self.exact)


def neighbor_graph(
    vectors: np.ndarray,
    *,
    k: int = 15,
    exact_limit: int = _EXACT_LIMIT,
    seed: int = 42,
    progress: Progress | None = None,
) -> Neighbors:
    """The k nearest others of every unit vector (n, d) by cosine distance; k is cut to n - 1.

    Up to ``exact_limit`` rows all pairs are compared (blocked matrix products); beyond, the graph comes
    from pynndescent and its recall is measured against the exact answer for 500 rows. Equal distances are
    ordered by row number.

    Raises:
        ZetascopeError: fewer than two vectors, numbers that are missing or infinite, ``k`` below 1.
    """
    vectors = as_vectors(vectors)
    if len(vectors) < 2:
        raise ZetascopeError(f"A neighbour graph needs at least two vectors, not {len(vectors)}.")
    check_whole(k, name="k", least=1)
    check_whole(seed, name="seed", least=0)
    k = min(k, len(vectors) - 1)
    if len(vectors) <= exact_limit:
        indices = _scan_all(vectors, k=k, progress=progress)
        return Neighbors(*_ordered(vectors, np.arange(len(vectors)), indices))
    indices = _approximate(vectors, k=k, seed=seed)
    graph = Neighbors(*_ordered(vectors, np.arange(len(vectors)), indices))
    return replace(graph, recall=_recall(vectors, graph, seed=seed), exact=False)


def _nearest_rows(
    vectors: np.ndarray, rows: np.ndarray, *, k: int, progress: Progress | None = None
) -> np.ndarray:
    """Exact k nearest others of ``vectors[rows]`` among ``vectors``: indices (len(rows), k), unordered."""
    return _scan(vectors[rows], vectors, own=rows, k=k, progress=progress)


def nearest_to(queries: np.ndarray, vectors: np.ndarray, *, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Exact k nearest of ``vectors`` for each query (m, d): indices and cosine distances, nearest first.

    A query's answer does not depend on which other queries are asked with it: a few more candidates than
    asked for are compared again one by one.
    """
    queries = np.ascontiguousarray(queries, dtype=np.float32)
    k = min(k, len(vectors))
    candidates = _scan(queries, vectors, own=np.full(len(queries), -1), k=min(k + 8, len(vectors)))
    indices, distances = _sorted(candidates, _distances(queries, vectors, candidates))
    return indices[:, :k], distances[:, :k]


def graph_of(vectors: np.ndarray) -> Any:
    """usearch's index of unit vectors (m, d) by their places, for so many that comparing with all is slow."""
    from usearch.index import Index

    graph = Index(ndim=vectors.shape[1], metric="ip", dtype="f32")
    graph.add(np.arange(len(vectors)), vectors)
    return graph


def _scan(
    queries: np.ndarray, vectors: np.ndarray, *, own: np.ndarray, k: int, progress: Progress | None = None
) -> np.ndarray:
    """The k columns of greatest inner product per query, two blocks of rows at a time."""
    from analytics.text.compiled import keep_nearest

    best_index = np.full((len(queries), k), len(vectors), dtype=np.int64)

    def block(start: int) -> None:
        rows = slice(start, min(start + _ROW_BLOCK, len(queries)))
        best = np.full((rows.stop - rows.start, k), np.finfo(np.float32).min, dtype=np.float32)
        for first in range(0, len(vectors), _COLUMN_BLOCK):
            similarities = queries[rows] @ vectors[first : first + _COLUMN_BLOCK].T
            keep_nearest(similarities, first, own[rows], best, best_index[rows])

    def tell(done: int) -> None:
        if progress:
            progress(min(done * _ROW_BLOCK, len(queries)), len(queries))

    _on_two_threads(block, range(0, len(queries), _ROW_BLOCK), tell)
    return best_index


def _scan_all(vectors: np.ndarray, *, k: int, progress: Progress | None) -> np.ndarray:
    """``_scan`` of all rows among themselves: a block of similarities serves its rows and its columns."""
    from analytics.text.compiled import keep_nearest, keep_nearest_both

    n = len(vectors)
    best = np.full((n, k), np.finfo(np.float32).min, dtype=np.float32)
    index = np.full((n, k), n, dtype=np.int64)
    starts = range(0, n, _ROW_BLOCK)
    turn = {start: Lock() for start in starts}

    def merge(pair: tuple[int, int]) -> None:
        first, second = pair
        rows, columns = (slice(start, start + _ROW_BLOCK) for start in pair)
        similarities = vectors[rows] @ vectors[columns].T
        if first == second:
            with turn[first]:
                keep_nearest(similarities, first, np.arange(n)[rows], best[rows], index[rows])
        else:
            with turn[first], turn[second]:  # the lower one first, so that two threads never wait in a ring
                keep_nearest_both(similarities, first, second, best, index)

    pairs = [(first, second) for first in starts for second in starts if first <= second]

    def tell(done: int) -> None:
        if progress:
            progress(n * done // len(pairs), n)

    _on_two_threads(merge, pairs, tell)
    return index


def _on_two_threads(work: Callable[[Item], None], items: Sequence[Item], tell: Callable[[int], None]) -> None:
    """``work`` on every item, ``tell`` how many are done; what ``tell`` raises ends the rest."""
    with one_blas_thread(), ThreadPoolExecutor(max_workers=2) as pool:
        try:
            for done, _ in enumerate(pool.map(work, items), start=1):
                tell(done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _ordered(vectors: np.ndarray, rows: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return _sorted(indices, _distances(vectors[rows], vectors, indices))


def _sorted(indices: np.ndarray, distances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.lexsort((indices, distances), axis=1)
    return np.take_along_axis(indices, order, axis=1), np.take_along_axis(distances, order, axis=1)


def _distances(queries: np.ndarray, vectors: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """1 - cos as half the squared length of the difference: exact 0 for equal vectors, no cancellation."""
    from analytics.text.compiled import pair_distances

    return pair_distances(queries, vectors, indices)


def _approximate(vectors: np.ndarray, *, k: int, seed: int) -> np.ndarray:
    from pynndescent import NNDescent

    index = NNDescent(vectors, metric="cosine", n_neighbors=k + 1, random_state=seed)
    found, _ = index.neighbor_graph
    own = found == np.arange(len(vectors))[:, None]
    # Where a row did not find itself (many copies), its farthest neighbour makes room instead.
    own[~own.any(axis=1), -1] = True
    return found[~own].reshape(len(vectors), k).astype(np.int64)


def _recall(vectors: np.ndarray, graph: Neighbors, *, seed: int, sample: int = 500) -> float:
    rows = np.sort(np.random.default_rng(seed).choice(len(vectors), min(sample, len(vectors)), replace=False))
    true = _nearest_rows(vectors, rows, k=graph.k)
    found = sum(len(np.intersect1d(a, b)) for a, b in zip(true, graph.indices[rows], strict=True))
    return found / true.size
