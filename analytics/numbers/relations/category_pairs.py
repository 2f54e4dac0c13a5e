"""Cramér's V of two categories, corrected for the number of their levels, with its interval."""

from dataclasses import dataclass

import numpy as np

from analytics.contingency import (
    bergsma_v,
    chi_squared,
    expected_counts,
    independence_p,
    least_dimension,
    permutation_moments,
)
from analytics.numbers.basics.statistics import Floats
from analytics.numbers.relations.intervals import CONFIDENCE, noncentral_chi_squared, widened

_ROWS_PER_CELL = 5
"""With fewer, and cells expected less than once, simulated intervals of nominal 95 % hold in 75 to 93 %."""


@dataclass(frozen=True)
class Association:
    """Of one table of counts; ``ends`` are those of ``v`` for all pairs at once, see ``intervals_of``."""

    v: float
    p: float
    statistic: float
    n: int
    degrees: int
    least: float
    variance: float
    spread: float
    sparse: bool


def counts_of(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Counts (r, c) of two columns of codes (n,), -1 where missing, without empty rows and columns."""
    both = (first >= 0) & (second >= 0)
    first, second = first[both], second[both]
    rows, levels = int(first.max(initial=-1)) + 1, int(second.max(initial=-1)) + 1
    table = np.bincount(first * levels + second, minlength=rows * levels).reshape(rows, levels)
    return table[table.any(axis=1)][:, table.any(axis=0)]


def association(table: np.ndarray) -> Association | None:
    """Strength and p of a table of counts; ``None`` where a side has one level only."""
    rows, levels = table.shape
    if min(rows, levels) < 2:
        return None
    n, statistic = int(table.sum()), chi_squared(table)
    return Association(
        bergsma_v(table, statistic),
        independence_p(table, statistic),
        statistic,
        n,
        (rows - 1) * (levels - 1),
        max(least_dimension(n, rows, levels), 1e-12),
        _variance(table / n) / n,
        permutation_moments(table)[1],
        n < _ROWS_PER_CELL * table.size and bool(expected_counts(table).min() < 1),
    )


def intervals_of(found: list[Association]) -> tuple[Floats, Floats]:
    """Ends of V (m,): the noncentral chi-squared law inverted (Steiger 2004), made wider where the counts say
    that the mean square contingency varies more than it does near independence."""
    statistic, degrees, n, least, variance, spread, v = (
        np.array([getattr(one, name) for one in found], dtype=np.float64)
        for name in ("statistic", "degrees", "n", "least", "variance", "spread", "v")
    )
    low, high = (
        np.sqrt(np.minimum(end / n / least, 1)) for end in noncentral_chi_squared(statistic, degrees)
    )
    square = v * v * least
    sparse = np.array([one.sparse for one in found])
    chance = 2 * degrees / n**2
    ratio = np.sqrt((variance + spread / n**2) / (4 * square / n + chance))
    low, high = widened(v, low, high, ratio)
    low = np.where(np.array([one.p for one in found]) < 1 - CONFIDENCE, low, 0.0)
    return np.where(sparse, np.nan, low), np.where(sparse, np.nan, high)


def _variance(shares: np.ndarray) -> float:
    """Of one row's influence on the mean square contingency of shares (r, c) (Bishop et al. 1975)."""
    down, across = shares.sum(axis=1), shares.sum(axis=0)
    ratio = shares / np.outer(down, across)
    inner = shares * ratio
    influence = 2 * ratio - (inner.sum(axis=1) / down)[:, None] - inner.sum(axis=0) / across
    return float((shares * np.square(influence)).sum())
