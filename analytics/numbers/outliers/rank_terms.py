"""How far out a value stands among the others, by ranks alone."""

import numpy as np


def tail_terms(values: np.ndarray) -> np.ndarray:
    """-ln of the smaller of P(X <= x) and P(X >= x), both as shares of the column (n,): what ECOD sums.

    Li et al. (2022), "ECOD: Unsupervised outlier detection using empirical cumulative distribution
    functions", by the larger tail of each column, as PyOD has it. Equal values have equal terms.
    """
    n = len(values)
    order, ends, sizes = _tied(values)
    rarer = np.minimum(ends, n - ends + sizes)
    return _in_place(order, np.log(n / rarer), sizes)


def upper_terms(values: np.ndarray) -> np.ndarray:
    """-ln of the share of values (n,) that are at least as high, equal ones counted half way."""
    n = len(values)
    order, ends, sizes = _tied(values)
    ranks = ends - (sizes - 1) / 2
    return _in_place(order, np.log(n / (n + 1 - ranks)), sizes)


def _tied(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The order (n,) of the values, and of each different one (k,) the last rank and how often it occurs."""
    order = np.argsort(values)
    ordered = values[order]
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, len(values))
    return order, ends, np.diff(ends, prepend=0)


def _in_place(order: np.ndarray, terms: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    placed = np.empty(len(order))
    placed[order] = np.repeat(terms, sizes)
    return placed
