"""Nominal against realised for the Returns page: normal series whose far scores are called too many."""

from collections.abc import Iterator

import numpy as np

from analytics.numbers.returns.score_laws import ScoreLaw
from benchmarks.statistics_rows import Realised, share

_FAR, _LEVEL, _DAYS = 3.0, 0.05, 2_500


def returns(tables: int) -> Iterator[Realised]:
    """The share of scores beyond 3, and the share of series whose count has a chance below 5 %."""
    for window in (12, 60, 250):
        law = ScoreLaw(window=window)
        series = np.random.default_rng(window).standard_normal((tables, _DAYS + window))
        scores = _past_scores(series, window)
        beyond = np.abs(scores) > _FAR
        counts = beyond.sum(axis=1)
        nominal = law.beyond(_FAR, _DAYS)
        error = float(beyond.mean(axis=1).std(ddof=1) / np.sqrt(tables))
        yield Realised(
            f"returns, |score| > 3, window {window}", _DAYS, 1, nominal, float(beyond.mean()), error
        )
        unlikely = np.array([law.chance(int(count), _FAR, _DAYS) < _LEVEL for count in counts])
        yield share(f"returns, tails called heavy, window {window}", _DAYS, 1, _LEVEL, unlikely, at_most=True)


def _past_scores(series: np.ndarray, window: int) -> np.ndarray:
    """Each return (series, days) against the mean and SD of the ``window`` ones before."""
    past = np.lib.stride_tricks.sliding_window_view(series, window, axis=1)[:, :-1]
    return (series[:, window:] - past.mean(axis=2)) / past.std(axis=2, ddof=1)
