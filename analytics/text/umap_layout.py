"""UMAP's layout of the fuzzy graph: compiled once per installation, seeded, cancellable, two threads."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from analytics.progress import Progress

_EPOCHS_PER_STEP = 10
_PLACING_EPOCHS = 100  # umap-learn runs a new point this long
SPLIT_FROM = 2_000
"""Points from which the layout is shared by two threads: below, they would mostly wait for each other."""


@dataclass(frozen=True)
class Schedule:
    """Edges and how often each is drawn: every ``period`` epochs, strongest edges every epoch."""

    heads: np.ndarray
    tails: np.ndarray
    period: np.ndarray


class Points(NamedTuple):
    """Points that move (m, dimensions), those they are drawn to and pushed from, and the random states (m,).

    A NamedTuple, as ``Edges`` and ``Epochs``, because the compiled loop takes these as they are.
    """

    moving: np.ndarray
    fixed: np.ndarray
    state: np.ndarray


class Edges(NamedTuple):
    """Edges with what each is due: (edges,) arrays, and how much farther a head moves whose tail stays."""

    heads: np.ndarray
    tails: np.ndarray
    period: np.ndarray
    both: np.ndarray
    due: np.ndarray
    negative_due: np.ndarray
    alone: np.float32

    @classmethod
    def of(cls, drawn: Schedule, both: np.ndarray, *, alone: float) -> "Edges":
        """Edges before the first epoch; ``both`` (edges,) says where the tail moves too."""
        period = drawn.period
        return cls(drawn.heads, drawn.tails, period, both, period.copy(), period / 5, np.float32(alone))


class Epochs(NamedTuple):
    """Epochs ``first`` up to ``last`` of ``all``, over which the step falls to nothing."""

    first: int
    last: int
    all: int


def _as_float32(curve: tuple[float, float]) -> tuple[np.float32, np.float32]:
    return np.float32(curve[0]), np.float32(curve[1])


def schedule(strengths: csr_array, *, epochs: int) -> Schedule:
    """Edges strong enough to be drawn at least once in ``epochs``, row by row."""
    graph = strengths.tocoo()
    strongest = graph.data.max() if graph.nnz else 1.0
    kept = graph.data >= strongest / epochs
    heads, tails = graph.coords
    period = strongest / graph.data[kept]
    return Schedule(heads[kept].astype(np.int64), tails[kept].astype(np.int64), period.astype(np.float64))


def default_epochs(n: int) -> int:
    """umap-learn's choice: 500 for up to 10,000 points, 200 beyond."""
    return 500 if n <= 10_000 else 200


def lay_out(
    strengths: csr_array,
    start: np.ndarray,
    *,
    curve: tuple[float, float],
    epochs: int,
    seed: int,
    begun: float = 0.0,
    progress: Progress | None = None,
) -> np.ndarray:
    """Positions (n, dimensions) float32 from ``start``; same input and seed, same machine, same answer.

    ``begun`` is the share of the epochs that lie behind a start which is a layout already: steps are as small
    as they would be by then. ``progress`` gets (epochs done, epochs) and may raise to cancel.
    """
    edges = schedule(strengths, epochs=epochs)
    # Points in the order of their first coordinate, so that few edges cross from one part to the other.
    order = np.argsort(start[:, 0], kind="stable")
    rank = np.argsort(order)
    edges = Schedule(rank[edges.heads], rank[edges.tails], edges.period)
    points = np.ascontiguousarray(start[order], dtype=np.float32)
    state = _random_states(order.astype(np.uint64), seed=seed)
    behind = round(begun * epochs)
    parts = [_Part.of(edges, points, state, rows, behind=behind) for rows in _halves(edges, len(points))]
    steps = _EPOCHS_PER_STEP if len(parts) == 1 else 1
    with ThreadPoolExecutor(max_workers=len(parts)) as pool:
        for first in range(behind, epochs, steps):
            last = min(first + steps, epochs)
            now = Epochs(first, last, epochs)
            list(pool.map(lambda part: part.run(now, curve), parts))  # noqa: B023
            _exchange(parts)
            if progress and (last % _EPOCHS_PER_STEP == 0 or last == epochs):
                progress(last, epochs)
    return parts[0].points[rank]


@dataclass(frozen=True)
class _Part:
    """Some of the points and the edges that start at them, for one thread.

    An edge to a point of the same part moves both ends. One to another part moves its head only, twice as
    far, because the edge back does the same for the other end. The points of other parts stand where they
    stood when the epoch began, so the answer does not depend on how fast each thread is.
    """

    rows: slice
    points: np.ndarray
    edges: Edges
    state: np.ndarray

    @classmethod
    def of(
        cls, edges: Schedule, points: np.ndarray, state: np.ndarray, rows: slice, *, behind: int = 0
    ) -> "_Part":
        own = (edges.heads >= rows.start) & (edges.heads < rows.stop)
        mine = Schedule(edges.heads[own], edges.tails[own], edges.period[own])
        both = (mine.tails >= rows.start) & (mine.tails < rows.stop)
        drawn = Edges.of(mine, both, alone=2)
        drawn = drawn._replace(due=drawn.due + behind, negative_due=drawn.negative_due + behind)
        return cls(rows, points.copy(), drawn, state.copy())

    def run(self, epochs: Epochs, curve: tuple[float, float]) -> None:
        from analytics.text.compiled import run_epochs

        run_epochs(Points(self.points, self.points, self.state), self.edges, _as_float32(curve), epochs)


def _halves(edges: Schedule, n: int) -> list[slice]:
    """The rows of each part: two with as much to draw each, or all of few points."""
    if n < SPLIT_FROM:
        return [slice(0, n)]
    work = np.cumsum(np.bincount(edges.heads, weights=1 / edges.period, minlength=n))
    middle = int(np.searchsorted(work, work[-1] / 2))
    return [slice(0, middle), slice(middle, n)]


def _exchange(parts: Sequence[_Part]) -> None:
    """Show every part where the others have moved their points."""
    for part in parts:
        for other in parts:
            if other is not part:
                other.points[part.rows] = part.points[part.rows]


def place(
    weights: np.ndarray, indices: np.ndarray, fixed: np.ndarray, *, curve: tuple[float, float], seed: int
) -> np.ndarray:
    """Position (dimensions,) of one new point among ``fixed`` ones, which stay: 100 epochs, as umap-learn.

    ``weights`` (k,) are its membership strengths to ``fixed[indices]``; it starts at their weighted mean.
    """
    from analytics.text.compiled import run_epochs

    start = (weights / weights.sum()) @ fixed[indices].astype(np.float64)
    point = start[None].astype(np.float32)
    kept = weights >= weights.max() / _PLACING_EPOCHS
    heads = np.zeros(kept.sum(), np.int64)
    drawn = Schedule(heads, indices[kept], weights.max() / weights[kept].astype(np.float64))
    edges = Edges.of(drawn, np.zeros(kept.sum(), bool), alone=1)
    state = _random_states(np.zeros(1, np.uint64), seed=seed)
    epochs = Epochs(0, _PLACING_EPOCHS, _PLACING_EPOCHS)
    run_epochs(Points(point, fixed, state), edges, _as_float32(curve), epochs)
    return point[0]


def _random_states(keys: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Well-mixed, non-zero generator states from keys (SplitMix64, Steele, Lea & Flood 2014): uint64."""
    with np.errstate(over="ignore"):
        z = keys.astype(np.uint64) + np.uint64(seed % 2**64) * np.uint64(0xD1342543DE82EF95)
        z = z + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))) | np.uint64(1)
