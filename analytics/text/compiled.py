"""Loops compiled by numba; import this module inside functions only (it takes a second)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from analytics.text.umap_layout import Edges, Epochs, Points

# The compiled code is kept on disk, so only the first process after an installation compiles. Where no
# folder for it is writable (containers under a foreign user), every process compiles anew (3 s).
try:
    jit = numba.njit(cache=True, fastmath=True, nogil=True)
    jit(lambda x: x)
except RuntimeError:
    jit = numba.njit(fastmath=True, nogil=True)


@jit
def keep_nearest(
    similarities: np.ndarray,
    first_column: int,
    own_rows: np.ndarray,
    best: np.ndarray,
    best_index: np.ndarray,
) -> None:
    """Merge a block of similarities (b, m) of columns ``first_column``... into each row's k best so far.

    ``best`` (b, k) is a heap per row, its least entry first, ``best_index`` its columns; of equals the lower
    column is the better one. ``own_rows`` (b,) is each row's own column, which is left out.
    """
    rows, columns = similarities.shape
    for row in range(rows):
        least = best[row, 0]
        for column in range(columns):
            value = similarities[row, column]
            if value >= least and first_column + column != own_rows[row]:
                _replace_least(best[row], best_index[row], value, first_column + column)
                least = best[row, 0]


@jit
def keep_nearest_both(
    similarities: np.ndarray,
    first_row: int,
    first_column: int,
    best: np.ndarray,
    best_index: np.ndarray,
) -> None:
    """``keep_nearest`` for the rows and the columns of a block above the diagonal of all similarities.

    ``best`` (n, k) and ``best_index`` are those of all n rows.
    """
    rows, columns = similarities.shape
    least = best[first_column : first_column + columns, 0].copy()
    for row in range(rows):
        own = first_row + row
        own_least = best[own, 0]
        for column in range(columns):
            value = similarities[row, column]
            if value >= own_least:
                _replace_least(best[own], best_index[own], value, first_column + column)
                own_least = best[own, 0]
            if value >= least[column]:
                other = first_column + column
                _replace_least(best[other], best_index[other], value, own)
                least[column] = best[other, 0]


@jit
def _replace_least(heap: np.ndarray, index: np.ndarray, value: np.float32, column: int) -> None:
    """Put an entry in place of the least of a heap, if it is better than that."""
    if value == heap[0] and column >= index[0]:
        return
    size = heap.shape[0]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and _is_worse(heap, index, child + 1, child):
            child += 1
        if heap[child] > value or (heap[child] == value and index[child] < column):
            break
        heap[place], index[place] = heap[child], index[child]
        place = child
    heap[place], index[place] = value, column


@jit
def _is_worse(heap: np.ndarray, index: np.ndarray, one: int, other: int) -> bool:
    return heap[one] < heap[other] or (heap[one] == heap[other] and index[one] > index[other])


@jit
def count_closer(distances: np.ndarray, reference: np.ndarray, own_rows: np.ndarray) -> np.ndarray:
    """Rank of each reference distance (b, k) among its row's ``distances`` (b, n), the row itself left out.

    A rank is 1 + the number of strictly smaller distances; each row is scanned once per call.
    """
    rows, columns = distances.shape
    k = reference.shape[1]
    ranks = np.ones((rows, k), dtype=np.int64)
    for row in range(rows):
        order = np.argsort(reference[row])
        counts = np.zeros(k + 1, dtype=np.int64)
        ordered = reference[row][order]
        last = ordered[k - 1]
        for column in range(columns):
            value = distances[row, column]
            if value >= last or column == own_rows[row]:
                continue
            low, high = 0, k
            while low < high:
                middle = (low + high) // 2
                if ordered[middle] <= value:
                    low = middle + 1
                else:
                    high = middle
            counts[low] += 1
        closer = 0
        for place in range(k):
            closer += counts[place]
            ranks[row, order[place]] = 1 + closer
    return ranks


@jit
def pair_distances(queries: np.ndarray, vectors: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Half the squared distance of every query (m, d) to its ``vectors[indices]`` (m, k): (m, k) float32.

    The sum over d runs the same way for every pair, so an answer does not depend on its companions.
    """
    m, k = indices.shape
    result = np.empty((m, k), dtype=np.float32)
    for row in range(m):
        for column in range(k):
            other = indices[row, column]
            total = np.float32(0)
            for d in range(queries.shape[1]):
                total += (queries[row, d] - vectors[other, d]) ** 2
            result[row, column] = total / 2
    return result


@jit
def _random_row(state: np.ndarray, row: int, rows: np.uint64) -> np.int64:
    """One of ``rows`` by a row's own generator (xorshift64*, Vigna 2016), scaled without a division."""
    x = state[row]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[row] = x
    return np.int64((((x * np.uint64(2685821657736338717)) >> np.uint64(32)) * rows) >> np.uint64(32))


@jit
def _pull(
    moving: np.ndarray, j: int, fixed: np.ndarray, k: int, a: float, b: float, alpha: float, together: bool
) -> None:
    """Draw point j and, where ``together``, point k towards each other, by at most 4 ``alpha`` per axis."""
    squared = np.float32(0)
    for d in range(fixed.shape[1]):
        squared += (moving[j, d] - fixed[k, d]) ** 2
    if squared == 0:
        return
    power = squared**b
    force = np.float32(-2) * a * b * power / (squared * (a * power + np.float32(1)))
    for d in range(fixed.shape[1]):
        step = _clipped(force * (moving[j, d] - fixed[k, d])) * alpha
        moving[j, d] += step
        if together:
            fixed[k, d] -= step


@jit
def _push(
    moving: np.ndarray,
    j: int,
    fixed: np.ndarray,
    count: int,
    state: np.ndarray,
    a: float,
    b: float,
    alpha: float,
) -> None:
    """Push point j away from ``count`` random points of ``fixed``, by at most 4 ``alpha`` per axis and point.

    All of them push from where j stands at first: steps that do not wait for each other take half the time.
    """
    rows, deep = np.uint64(fixed.shape[0]), fixed.shape[1] == 3
    x, y, z = moving[j, 0], moving[j, 1], moving[j, 2] if deep else np.float32(0)
    sum_x = sum_y = sum_z = np.float32(0)
    for _ in range(count):
        k = _random_row(state, j, rows)
        dx, dy, dz = x - fixed[k, 0], y - fixed[k, 1], z - fixed[k, 2] if deep else np.float32(0)
        squared = dx * dx + dy * dy + dz * dz
        if squared > 0:
            force = np.float32(2) * b / ((np.float32(0.001) + squared) * (a * squared**b + np.float32(1)))
            sum_x += _clipped(force * dx)
            sum_y += _clipped(force * dy)
            sum_z += _clipped(force * dz)
    moving[j, 0] = x + alpha * sum_x
    moving[j, 1] = y + alpha * sum_y
    if deep:
        moving[j, 2] = z + alpha * sum_z


@jit
def _clipped(step: np.float32) -> np.float32:
    limit = np.float32(4)
    return limit if step > limit else -limit if step < -limit else step


@jit
def run_epochs(points: Points, edges: Edges, curve: tuple[np.float32, np.float32], epochs: Epochs) -> None:
    """Some epochs of the layout's stochastic gradient descent, in place.

    The objective and schedule are those of UMAP (McInnes, Healy & Melville 2018, algorithm 5): an edge is
    drawn every ``period`` epochs and pulls its ends together; five random points push each time; the step
    falls linearly. Where ``both`` is set, both ends move (``moving is fixed``); elsewhere only the head
    does, by ``alone`` times its step. ``curve`` are a and b of ``1 / (1 + a x^(2b))``.
    """
    moving, fixed, state = points
    heads, tails, period, both, due, negative_due, alone = edges
    a, b = curve
    for epoch in range(epochs.first, epochs.last):
        alpha = np.float32(1 - epoch / epochs.all)
        for edge in range(heads.shape[0]):
            if due[edge] > epoch:
                continue
            j = heads[edge]
            strength = alpha if both[edge] else alone * alpha
            _pull(moving, j, fixed, tails[edge], a, b, strength, both[edge])
            due[edge] += period[edge]
            pushes = int((epoch - negative_due[edge]) / (period[edge] / 5))
            negative_due[edge] += pushes * (period[edge] / 5)
            _push(moving, j, fixed, pushes, state, a, b, alpha)
