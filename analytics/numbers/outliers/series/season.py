"""The season of an evenly spaced series: how long it is, and its shape by STL."""

import numpy as np
from scipy import ndimage

_CANDIDATES = {
    "1 second": (60,),
    "1 minute": (60, 1440),
    "5 minutes": (12, 288),
    "10 minutes": (6, 144),
    "15 minutes": (4, 96),
    "30 minutes": (48, 336),
    "1 hour": (24, 168),
    "1 day": (7, 365),
    "7 days": (52,),
    "1 month": (12,),
    "3 months": (4,),
}
"""Steps in a period, by the step: what clocks and calendars give."""
_PERIODS = 3  # that must be there, to tell a season from chance
_LEAST = 0.2
"""Autocorrelation at the period, from which there is a season; beside it, 3 standard errors of chance."""
_AS_GOOD = 0.15
"""A week repeats each day too: the longer period must tell so much more."""
_LONGEST = 2_000  # steps; the season of a longer period is hardly known


def period_of(values: np.ndarray, step: str) -> int | None:
    """The steps (``step`` in words) after which an even series (n,) repeats itself; None where it does not.

    The shortest candidate of the calendar that is as good as any, by the autocorrelation of what the moving
    average of a period leaves; or else another lag, at which that of the differences stands out alone. Spikes
    are cut before.
    """
    longest = min(len(values) // _PERIODS, _LONGEST)
    usual = [period for period in _CANDIDATES.get(step, ()) if period <= longest]
    found = {period: _repeats(values, period) for period in usual}
    strong = [period for period in usual if found[period] >= max(_LEAST, 3 / np.sqrt(len(values)))]
    if strong:
        best = max(found[period] for period in strong)
        return next(period for period in strong if found[period] >= best - _AS_GOOD)
    return _other_period(values, longest) if longest >= _PERIODS else None


def _repeats(values: np.ndarray, period: int) -> float:
    """The autocorrelation at a period of what its moving average leaves."""
    rest = _cut(values - ndimage.uniform_filter1d(values, period, mode="nearest"))
    if not rest.any():
        return 0.0
    return float((rest[period:] * rest[:-period]).mean() / np.square(rest).mean())


def _other_period(values: np.ndarray, longest: int) -> int | None:
    steps = _cut(np.diff(values))
    if not steps.any():
        return None
    power = np.abs(np.fft.rfft(steps, 2 * len(steps))) ** 2
    found = np.fft.irfft(power)[: longest + 1]
    found = found / found[0]
    best = 2 + int(np.argmax(found[2:]))
    best = 2 + int(np.flatnonzero(found[2:] >= found[best] - _AS_GOOD)[0])  # not one of its multiples
    alone = found[best] >= max(2 * _LEAST, 6 / np.sqrt(len(steps))) and found[best] > found[best - 1]
    return best if alone else None


def _cut(values: np.ndarray) -> np.ndarray:
    """The values (n,) around 0, none farther from it than five times their usual distance."""
    centred = values - np.median(values)
    far = 5 * float(np.median(np.abs(centred)))
    if far == 0:
        far = 5 * float(np.mean(np.abs(centred)))
    centred = np.clip(centred, -far, far)
    return centred - centred.mean()


def seasonal_part(values: np.ndarray, period: int) -> np.ndarray:
    """What the season adds to an even series (n,): STL (Cleveland et al. 1990), robust against spikes."""
    from statsmodels.tsa.seasonal import STL

    # A season that changes slowly: 13 cycles; shorter ones follow single spikes, 7 is the least advised.
    return np.asarray(STL(values, period=period, seasonal=13, robust=True).fit().seasonal)
