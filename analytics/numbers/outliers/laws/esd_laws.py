"""What Rosner's significance is worth in small samples, and how many values the test flags by chance.

His critical values hold from 25 values on, and roughly: at a nominal 5 % the test finds an outlier in 8.6 %
of clean samples of 15 values, 7.2 % of 20, 6.1 % of 25 and 5.2 % of 50, because the largest of many steps
counts. Below 50 values the significance is therefore the simulated chance.
"""

from functools import lru_cache

import numpy as np
from scipy import stats

SMALL = 50
"""From so many values on Rosner's own significance stands."""
_SAMPLES = 20_000
_LEVELS = np.geomspace(1, 1e-2, 41)
"""Nominal significances at which the chance is counted; the last one among 200 samples of 20,000."""
_ALIKE = 1e-4
"""At this nominal significance both agree: one step alone can be so extreme."""
_SIMULATED = (*range(15, 25), 25, 30, 40)
"""Sizes of which a search simulates; between them the chance is interpolated."""
_LARGE, _STEPS = 100, 10
"""In samples larger than that a false alarm is one value as a rule."""


def step_significance(statistics: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Solve R = lambda(alpha) for alpha, step by step; ``left`` are the values there still are."""
    room = np.maximum((left - 1) ** 2 - statistics**2 * left, 0.0)
    with np.errstate(divide="ignore"):
        t = np.sqrt(statistics**2 * left * (left - 2) / room)
    return np.minimum(2 * left * stats.t.sf(t, left - 2), 1.0)


def significance_of(nominal: np.ndarray, n: int, steps: int) -> np.ndarray:
    """The chance that a clean normal sample of n values has a step as significant as each nominal one."""
    if n >= SMALL:
        return nominal
    return np.exp(np.interp(np.log(np.maximum(nominal, 1e-300)), *_chance(n, steps)))


def nominal_of(significance: float, n: int, steps: int) -> float:
    """The nominal significance at which clean samples of n values have so many false alarms."""
    if n >= SMALL:
        return significance
    nominal, chance = _chance(n, steps)
    return float(np.exp(np.interp(np.log(significance), chance, nominal)))


def values_by_chance(significance: np.ndarray, n: int) -> np.ndarray:
    """How many values of a clean sample score beyond each significance (t,), on average.

    More than the significance itself, since a step carries all before it: 2.3 times 0.05 among 15 values.
    """
    size = min((*_SIMULATED, SMALL, _LARGE), key=lambda other: abs(other - n))
    levels, values = _values(size, min(_STEPS, (size - 3) // 2))
    return np.exp(np.interp(np.log(np.maximum(significance, 1e-300)), levels, values))


def esd_table_scores(x: np.ndarray, steps: int) -> np.ndarray:
    """-log10 of the significance (s, n) of every value of many samples (s, n): 0 where it is not tested."""
    order = np.argsort(x, axis=1)
    nominal, taken = _run(np.take_along_axis(x, order, axis=1), steps)
    carried = np.minimum.accumulate(nominal[:, ::-1], axis=1)[:, ::-1]
    scores = np.zeros(x.shape)
    strength = np.abs(np.log10(np.maximum(significance_of(carried, x.shape[1], steps), 1e-300)))
    np.put_along_axis(scores, np.take_along_axis(order, taken, axis=1), strength, axis=1)
    return scores


def _run(x: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Nominal significance of each step and the place of the value it takes (s, steps), of sorted samples."""
    samples, n = np.arange(len(x)), x.shape[1]
    low, high = np.zeros(len(x), dtype=np.intp), np.full(len(x), n - 1)
    total, squares = x.sum(axis=1), np.square(x).sum(axis=1)
    statistics, taken = np.empty((len(x), steps)), np.empty((len(x), steps), dtype=np.intp)
    for step in range(steps):
        left = n - step
        mean = total / left
        sd = np.sqrt(np.maximum(squares - total * mean, 1e-300) / (left - 1))
        under, over = mean - x[samples, low], x[samples, high] - mean
        is_high = over >= under
        statistics[:, step] = np.where(is_high, over, under) / sd
        taken[:, step] = np.where(is_high, high, low)
        value = x[samples, taken[:, step]]
        total, squares = total - value, squares - value**2
        high, low = high - is_high, low + ~is_high
    return step_significance(statistics, n - np.arange(steps)), taken


@lru_cache(maxsize=128)
def _nominal(n: int, steps: int) -> np.ndarray:
    """Nominal significances (s, steps) of clean samples (seed 0)."""
    x = np.sort(np.random.default_rng(0).standard_normal((_SAMPLES, n)), axis=1)
    return _run(x, steps)[0]


@lru_cache(maxsize=256)
def _chance(n: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms, rising, of nominal significances and of the chance of as significant a step."""
    if n > _SIMULATED[0] and n not in _SIMULATED:
        below = max(size for size in _SIMULATED if size < n)
        above = min((size for size in _SIMULATED if size > n), default=SMALL)
        levels, lower = _chance(below, steps)
        upper = levels if above == SMALL else _chance(above, steps)[1]
        share = (1 / below - 1 / n) / (1 / below - 1 / above)
        return levels, (1 - share) * lower + share * upper
    least = np.sort(_nominal(n, steps).min(axis=1))
    share = np.searchsorted(least, _LEVELS, side="right") / len(least)
    levels = np.append(_LEVELS, [_ALIKE, 1e-300])[::-1]
    chance = np.append(np.maximum.accumulate(share[::-1])[::-1], [_ALIKE, 1e-300])[::-1]
    return np.log(levels), np.log(np.maximum(chance, levels))


@lru_cache(maxsize=256)
def _values(n: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms, rising, of significances and of how many values of a sample score beyond each."""
    nominal = _nominal(n, steps)
    carried = np.minimum.accumulate(nominal[:, ::-1], axis=1)[:, ::-1]
    reached = np.sort(significance_of(carried, n, steps), axis=None)
    counts = np.searchsorted(reached, _LEVELS, side="left") / len(nominal)
    levels = np.append(_LEVELS, [_ALIKE, 1e-300])[::-1]
    return np.log(levels), np.log(np.append(np.maximum(counts, _LEVELS), [_ALIKE, 1e-300])[::-1])
