"""What spikes and shifts of clean series score: normal noise in which each value carries on the last."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import ndimage, stats

from analytics.numbers.outliers.series.season import seasonal_part

FALSE_ALARM = 0.05
"""The share of clean series in which a spike is found, and that in which a shift is."""
_SIMULATED = 10_000
"""Values of clean series that are scored, from which tails are gone on with as those of a normal law."""
_TAIL = 0.001  # the share of the scores that tells how much wider than the normal law's their tail is
_MARGIN = 1.1  # the scale of short series is known to a tenth; better too few alarms than too many
_MAD_TO_SD = 1.4826
_STEP = 0.1  # between the persistences that are simulated
_PER_WINDOW = 4
"""Changes that are as good as independent in each window: those of a quarter of it have little in common."""


@dataclass(frozen=True)
class SeriesThresholds:
    """Robust standard deviations from which a value is a spike and a change a shift."""

    spike: float
    shift: float


def spike_scores(rest: np.ndarray) -> np.ndarray:
    """How far values are from the level around them (m,), in robust standard deviations."""
    scale = spread_of(rest)
    return np.abs(rest) / scale if scale > 0 else np.zeros(len(rest))


def shift_scores(middles: np.ndarray, window: int) -> np.ndarray:
    """How much running medians (n,) of ``window`` values differ before and after each place, from the first
    that has a window before it (n - 2 window + 1,), in robust standard deviations."""
    half = window // 2
    centre = np.arange(window, len(middles) - window + 1)
    change = middles[centre + half] - middles[centre - half - 1]
    change = change - np.median(change)
    scale = spread_of(change)
    return np.abs(change) / scale if scale > 0 else np.zeros(len(change))


def persistence(values: np.ndarray) -> float:
    """How much of each value (n,) carries over to the next, from 0 to 1 in tenths.

    By the correlation of differences, -(1 - phi) / 2 in an autoregression, of which spikes are cut.
    """
    steps = np.diff(values)
    spread = _MAD_TO_SD * float(np.median(np.abs(steps - np.median(steps))))
    if spread == 0 or len(steps) < 3:
        return 0.0
    steps = np.clip(steps - np.median(steps), -3 * spread, 3 * spread)
    correlation = float((steps[1:] * steps[:-1]).mean() / np.square(steps).mean())
    return round(min(max(1 + 2 * correlation, 0.0), 1.0) / _STEP) * _STEP


def thresholds(size: int, period: int | None, window: int, carried: float) -> SeriesThresholds:
    """Thresholds for a series of so many values, whose noise has this persistence."""
    length = min(size, _SIMULATED)
    spikes, shifts = _tails(length, period if period and 2 * period <= length else None, window, carried)
    changes = max(_PER_WINDOW * size // window, 2)
    return SeriesThresholds(
        _MARGIN * spikes * float(stats.norm.isf(FALSE_ALARM / 2 / size)),
        _MARGIN * shifts * float(stats.norm.isf(FALSE_ALARM / 2 / changes)),
    )


@lru_cache(maxsize=128)
def _tails(length: int, period: int | None, window: int, carried: float) -> tuple[float, float]:
    """How much wider than those of a normal law the tails of both scores are."""
    from scipy import signal  # takes a third of a second, which no other search needs

    rng = np.random.default_rng(0)
    spikes, shifts = [], []
    for _ in range(-(-_SIMULATED // length)):
        noise = signal.lfilter([1.0], [1.0, -carried], rng.standard_normal(length))
        if period:
            noise = noise - seasonal_part(noise, period)
        middles = ndimage.median_filter(noise, size=window, mode="nearest")
        spikes.append(spike_scores(noise - middles))
        if length > 2 * window:
            shifts.append(shift_scores(middles, window))
    normal = float(stats.norm.isf(_TAIL / 2))
    tails = [
        float(np.quantile(np.concatenate(own), 1 - _TAIL)) / normal if own else 1.0
        for own in (spikes, shifts)
    ]
    return max(tails[0], 1.0), max(tails[1], 1.0)


def spread_of(rest: np.ndarray) -> float:
    """The robust standard deviation; where most are alike, by the mean absolute deviation."""
    mad = _MAD_TO_SD * float(np.median(np.abs(rest - np.median(rest))))
    return mad if mad > 0 else 1.2533 * float(np.mean(np.abs(rest)))
