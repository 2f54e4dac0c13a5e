"""Centre, spread and fences of every column in every group: what the column-wise methods measure with."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from analytics.numbers.basics.statistics import is_constant, mean_and_sd, robust_sd
from analytics.numbers.outliers.generalized_esd import EsdTest, Tails, candidate_count, esd_of_tails, tails_of
from analytics.numbers.outliers.methods import OUTLIER_METHODS

_FEWEST_VALUES = min(method.min_rows for method in OUTLIER_METHODS.values())


@dataclass(frozen=True)
class ColumnSpread:
    """Statistics of one column, one entry per group (G,); NaN where a group has fewer than three values.

    ``sd`` has ddof 0, as the standard scores do. ``robust_sd`` is 1.4826 times the median absolute deviation;
    where that is 0 because more than half of the values are equal, it is 1.2533 times the mean absolute
    deviation from the median (Iglewicz and Hoaglin 1993) and ``mad_is_zero`` is set. ``low`` and ``high`` are
    the 10th and the 90th percentile, between which values are called typical.
    """

    count: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    median: np.ndarray
    robust_sd: np.ndarray
    mad_is_zero: np.ndarray
    q1: np.ndarray
    q3: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tails: tuple[Tails | None, ...]

    @cached_property
    def esd(self) -> tuple[EsdTest | None, ...]:
        """The ESD test of each group, None where it has too few values; run when it is first asked for."""
        return tuple(None if tails is None else esd_of_tails(tails) for tails in self.tails)

    @property
    def nbytes(self) -> int:
        """The memory of all arrays, those of the ESD tests included, which are three times the tails."""
        tails = sum(tails.low.nbytes + tails.high.nbytes for tails in self.tails if tails)
        return 4 * tails + 10 * self.count.nbytes

    @property
    def iqr(self) -> np.ndarray:
        """The interquartile range (G,)."""
        return self.q3 - self.q1


@dataclass(frozen=True)
class _Spread:
    """The statistics of one group of one column."""

    count: int
    mean: float
    sd: float
    median: float
    robust_sd: float
    mad_is_zero: bool
    q1: float
    q3: float
    low: float
    high: float
    tails: Tails | None


def column_spread(values: np.ndarray, codes: np.ndarray | None, groups: int) -> ColumnSpread:
    """Measure a column (n,), missing values left out, in each group; ``codes=None`` means one group."""
    if codes is None:
        present = values if not np.isnan(values.sum()) else values[~np.isnan(values)]
        return _stacked([_spread(present)])
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(codes[known], kind="stable")]
    bounds = np.searchsorted(codes[order], np.arange(1, groups))
    return _stacked([_spread(part) for part in np.split(values[order], bounds)])


def _stacked(spreads: list[_Spread]) -> ColumnSpread:
    columns = {field.name: [getattr(spread, field.name) for spread in spreads] for field in fields(_Spread)}
    tails = tuple(columns.pop("tails"))
    return ColumnSpread(tails=tails, **{name: np.array(entries) for name, entries in columns.items()})


def _spread(x: np.ndarray) -> _Spread:
    n = len(x)
    if n < _FEWEST_VALUES:
        nan = float("nan")
        return _Spread(n, nan, nan, nan, nan, False, nan, nan, nan, nan, None)
    mean, sd = mean_and_sd(x)
    if is_constant(x, mean=mean, sd=sd):
        middle = float(x[0])
        return _Spread(n, mean, 0.0, middle, 0.0, True, middle, middle, middle, middle, None)
    tested = candidate_count(n) if n >= OUTLIER_METHODS["esd"].min_rows else 0
    ordered, quantiles = _order_statistics(x, (0.10, 0.25, 0.50, 0.75, 0.90), tested)
    low, q1, median, q3, high = quantiles
    spread, mad_is_zero = robust_sd(x, median=median)
    tails = tails_of(ordered, tested) if tested else None
    return _Spread(n, mean, sd, median, spread, mad_is_zero, q1, q3, low, high, tails)


def _order_statistics(x: np.ndarray, shares: tuple[float, ...], tails: int) -> tuple[np.ndarray, list[float]]:
    """Partition once, for the quantiles (linear, numpy's default) and the tails of the ESD test."""
    n = len(x)
    places = [share * (n - 1) for share in shares]
    kth = {int(place) for place in places} | {min(int(place) + 1, n - 1) for place in places}
    kth |= {tails, n - tails - 1} if tails else set()
    ordered = np.partition(x, sorted(kth))
    quantiles = []
    for place in places:
        below = int(place)
        left, right = ordered[below], ordered[min(below + 1, n - 1)]
        quantiles.append(float(left + (right - left) * (place - below)))
    return ordered, quantiles
