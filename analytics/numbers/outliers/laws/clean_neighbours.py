"""Local outlier factors of many small simulated tables at once.

scikit-learn takes three thousandths of a second for each table however small, which is nearly two seconds
for the 500 tables of 40 rows that a threshold rests on. Here all distances of some tables are one array; the
factors are those of Breunig et al. (2000), which scikit-learn's are too.
"""

import numpy as np

from analytics.progress import Progress

MOST_ROWS = 256
"""Of larger tables a tree of rows finds the neighbours sooner than all distances do."""
_AT_ONCE = 1_000_000
"""Distances looked at between two calls of progress."""
_LEAST = 1e-10
"""What scikit-learn adds to mean distances, so that none is 0."""


def factors_of_tables(X: np.ndarray, *, neighbours: int, progress: Progress) -> np.ndarray:
    """Local outlier factors (t, n) of the rows of tables (t, n, d), among their own table; no row of one
    equals another."""
    factors = np.empty(X.shape[:2])
    at_once = max(1, _AT_ONCE // X.shape[1] ** 2)
    for start in range(0, len(X), at_once):
        progress(start, len(X))
        some = slice(start, start + at_once)
        factors[some] = _factors(X[some], min(neighbours, X.shape[1] - 1))
    return factors


def _factors(X: np.ndarray, k: int) -> np.ndarray:
    squares = np.zeros((len(X), X.shape[1], X.shape[1]))
    for column in np.moveaxis(X, 2, 0):
        squares += np.square(column[:, :, None] - column[:, None, :])
    each = np.arange(X.shape[1])
    squares[:, each, each] = np.inf
    nearest = np.argpartition(squares, k - 1, axis=2)[:, :, :k]
    distances = np.sqrt(np.take_along_axis(squares, nearest, axis=2))
    reach = np.maximum(distances, _of_neighbours(distances.max(axis=2), nearest))
    density = 1 / (reach.mean(axis=2) + _LEAST)
    return _of_neighbours(density, nearest).mean(axis=2) / density


def _of_neighbours(values: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """The values (t, n) of the rows that are nearest (t, n, k) to each."""
    tables, rows, k = nearest.shape
    return np.take_along_axis(values, nearest.reshape(tables, rows * k), axis=1).reshape(nearest.shape)
