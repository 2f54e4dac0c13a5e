"""UMAP's layout of the fuzzy graph: compiled once per installation, seeded, cancellable, one thread."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

Progress = Callable[[int, int], None]

EPOCHS_PER_STEP = 10


@dataclass(frozen=True)
class Schedule:
    """Edges and how often each is drawn: every ``period`` epochs, strongest edges every epoch."""

    heads: np.ndarray
    tails: np.ndarray
    period: np.ndarray


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
    progress: Progress | None = None,
) -> np.ndarray:
    """Positions (n, dimensions) float32 from ``start``; same input and seed, same machine, same answer.

    ``progress`` gets (epochs done, epochs) and may raise to cancel.
    """
    points = np.ascontiguousarray(start, dtype=np.float32).copy()
    edges = schedule(strengths, epochs=epochs)
    state = random_states(np.arange(len(points), dtype=np.uint64), seed=seed)
    _descend(points, points, edges, state, curve=curve, epochs=epochs, together=True, progress=progress)
    return points


def place(
    weights: np.ndarray, indices: np.ndarray, fixed: np.ndarray, *, curve: tuple[float, float], seed: int
) -> np.ndarray:
    """Position (dimensions,) of one new point among ``fixed`` ones, which stay: 100 epochs, as umap-learn.

    ``weights`` (k,) are its membership strengths to ``fixed[indices]``; it starts at their weighted mean.
    """
    epochs = 100
    start = (weights / weights.sum()) @ fixed[indices].astype(np.float64)
    point = start[None].astype(np.float32)
    kept = weights >= weights.max() / epochs
    edges = Schedule(np.zeros(kept.sum(), np.int64), indices[kept], weights.max() / weights[kept])
    state = random_states(np.zeros(1, np.uint64), seed=seed)
    _descend(point, fixed, edges, state, curve=curve, epochs=epochs, together=False)
    return point[0]


def random_states(keys: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Well-mixed, non-zero generator states from keys (SplitMix64, Steele, Lea & Flood 2014): uint64."""
    with np.errstate(over="ignore"):
        z = keys.astype(np.uint64) + np.uint64(seed % 2**64) * np.uint64(0xD1342543DE82EF95)
        z = z + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))) | np.uint64(1)


def _descend(
    points: np.ndarray,
    fixed: np.ndarray,
    edges: Schedule,
    state: np.ndarray,
    *,
    curve: tuple[float, float],
    epochs: int,
    together: bool,
    progress: Progress | None = None,
) -> None:
    from analytics.text.compiled import run_epochs

    a, b = np.float32(curve[0]), np.float32(curve[1])
    due, negative_due = edges.period.copy(), edges.period / 5
    for first in range(0, epochs, EPOCHS_PER_STEP):
        last = min(first + EPOCHS_PER_STEP, epochs)
        run_epochs(
            points, fixed, edges.heads, edges.tails, edges.period, due, negative_due, state,
            a, b, first, last, epochs, together,
        )  # fmt: skip
        if progress:
            progress(last, epochs)
