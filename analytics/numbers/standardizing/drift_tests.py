"""Whether new values can be of the law of old ones, of which only some marks are kept.

Laws with heavy tails have means and spreads that differ from sample to sample by far more than normal ones',
and a sample does not show how much. So the question is asked of ranks: where do the new values stand among
the old? If both are of one law, every way to deal them out is equally likely, whatever the law is.
"""

import numpy as np
from scipy import special, stats

from analytics.numbers.basics.parameters import Mark
from analytics.numbers.basics.statistics import Floats

MOST_SAMPLED = 4_096
"""Old values that the marks are taken from, at random: shares are known within 0.8 %."""
_SHARES = (
    1 / 256,
    1 / 64,
    1 / 16,
    1 / 8,
    1 / 4,
    3 / 8,
    1 / 2,
    5 / 8,
    3 / 4,
    7 / 8,
    15 / 16,
    63 / 64,
    255 / 256,
)
_ORDINARY = 1.5
"""Standard errors within which nothing is significant, so that nothing need be dealt out."""
_FEWEST_DEALS, _MOST_DEALS = 2_000, 100_000
_AT_ONCE = 500
_ENOUGH = 100
"""Deals as extreme after which no more are needed (Besag and Clifford 1991): fewer of all the deals are where
the chance is just at the level, so that all would leave the answer as it is."""


def marks_of(values: Floats) -> tuple[Mark, ...]:
    """Some values (n,) of a column, lowest first, each with the share of values below and up to it."""
    n = values.size
    some = values if n <= MOST_SAMPLED else values[np.random.default_rng(0).integers(n, size=MOST_SAMPLED)]
    ordered = np.sort(some)
    places = np.unique(np.round(np.array([0, *_SHARES, 1]) * (some.size - 1)).astype(np.intp))
    marked = np.unique(ordered[places])
    below = np.searchsorted(ordered, marked, side="left") / some.size
    up_to = np.searchsorted(ordered, marked, side="right") / some.size
    return tuple(zip(marked.tolist(), below.tolist(), up_to.tolist(), strict=True))


def p_of_shift(marks: tuple[Mark, ...], before: int, values: Floats, *, level: float) -> float:
    """The chance that values (n,) of the same law lie as high or as low among ``before`` old ones.

    Van der Waerden's normal scores, whose test is as sharp as Student's where the law is normal. Below
    ``level`` it is exact enough to be compared with it.
    """
    old, new = _cells(marks, before, values)
    return _p_of(_normal_scores(old + new), old + new, new, level)


def p_of_spread(marks: tuple[Mark, ...], before: int, values: Floats, *, level: float) -> float:
    """The chance that values (n,) of the same law lie as far out, or as little, among ``before`` old ones.

    Klotz's squared normal scores (1962).
    """
    old, new = _cells(marks, before, values)
    return _p_of(np.square(_normal_scores(old + new)), old + new, new, level)


def _cells(marks: tuple[Mark, ...], before: int, values: Floats) -> tuple[np.ndarray, np.ndarray]:
    """How many old and new values lie (2 k + 1,) below the first mark, on it, between it and the next, ..."""
    marked, below, up_to = np.array(marks).T
    shares = np.diff(np.column_stack([below, up_to]).ravel(), prepend=0.0, append=1.0)
    old = np.round(shares * min(before, MOST_SAMPLED)).astype(np.int64)
    places = np.searchsorted(marked, values, side="left") + np.searchsorted(marked, values, side="right")
    return old, np.bincount(places, minlength=len(old))


def _normal_scores(counts: np.ndarray) -> np.ndarray:
    """The normal quantile of the middle rank in each cell."""
    ends = np.cumsum(counts)
    return special.ndtri(np.clip((ends - counts / 2) / ends[-1], 1e-12, 1 - 1e-12))


def _p_of(scores: np.ndarray, pool: np.ndarray, new: np.ndarray, level: float) -> float:
    """Twice the share of deals of the pool in which the new values' mean score is as low, or as high."""
    drawn, total = int(new.sum()), int(pool.sum())
    mean = float(scores @ pool) / total
    variance = float(np.square(scores - mean) @ pool) / (total - 1) * (total - drawn) / (total * drawn)
    if not variance > 0:
        return 1.0
    seen = float(scores @ new) / drawn
    distance = abs(seen - mean) / np.sqrt(variance)
    if distance < _ORDINARY:
        return float(2 * stats.norm.sf(distance))
    most = int(np.clip(20 / level, _FEWEST_DEALS, _MOST_DEALS))
    rng = np.random.default_rng(0)
    rounding = 1e-9 * (1 + abs(seen))
    deals = low = high = 0
    while deals < most and min(low, high) < _ENOUGH:
        size = min(_AT_ONCE, most - deals)
        dealt = rng.multivariate_hypergeometric(pool, drawn, size=size, method="marginals") @ scores / drawn
        low += int((dealt <= seen + rounding).sum())
        high += int((dealt >= seen - rounding).sum())
        deals += size
    return min(1.0, 2 * (1 + min(low, high)) / (1 + deals))
