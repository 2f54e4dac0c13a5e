"""Statistics of many groups of one column in a few passes over the whole column.

A loop over thousands of groups spends its time between numpy calls; here the values lie together group by
group, and a statistic is one call for all groups. The results are those of ``statistics``, group by group.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from analytics.numbers.basics.statistics import (
    ROUNDING_SPAN,
    SMALLEST_SQUARES,
    Floats,
    are_exact,
    mean_and_sd,
)


@dataclass(frozen=True)
class Segments:
    """Finite ``values`` (m,) in segments that lie together, of ``counts`` (S,) values each, none empty."""

    values: Floats
    counts: np.ndarray

    @cached_property
    def starts(self) -> np.ndarray:
        """Where each segment begins (S,)."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def low(self) -> Floats:
        """The smallest value of each segment (S,)."""
        return self.reduced(np.minimum, self.values)

    @cached_property
    def high(self) -> Floats:
        """The largest value of each segment (S,)."""
        return self.reduced(np.maximum, self.values)

    @cached_property
    def ordered(self) -> Floats:
        """The values (m,), each segment in rising order."""
        return self._sorted(self.values)

    def reduced(self, function: np.ufunc, values: Floats) -> Floats:
        """``function`` over each segment of ``values`` (m,): sums are pairwise, as those of ``np.sum``."""
        return function.reduceat(values, self.starts) if values.size else np.empty(0)

    def spread(self, of_segments: Floats) -> Floats:
        """What belongs to each segment (S,) at each of its values (m,)."""
        return np.repeat(of_segments, self.counts)

    def part(self, segment: int) -> Floats:
        """The values of one segment."""
        start = self.starts[segment]
        return self.values[start : start + self.counts[segment]]

    def quantile(self, share: float) -> Floats:
        """A quantile of each segment (S,), interpolated linearly as ``np.quantile`` does."""
        place = (self.counts - 1) * share
        below = np.floor(place).astype(np.intp)
        above = np.minimum(below + 1, self.counts - 1)
        return between(self.ordered[self.starts + below], self.ordered[self.starts + above], place - below)

    def median(self) -> Floats:
        """The median of each segment (S,)."""
        return self._middle(self.ordered)

    def median_deviation(self, center: Floats) -> Floats:
        """The median distance from ``center`` (S,) in each segment."""
        return self._middle(self._sorted(np.abs(self.values - self.spread(center))))

    def mean_deviation(self, center: Floats) -> Floats:
        """The mean distance from ``center`` (S,) in each segment."""
        return self.reduced(np.add, np.abs(self.values - self.spread(center))) / self.counts

    def mean_and_sd(self, *, ddof: int) -> tuple[Floats, Floats]:
        """Mean and standard deviation of each segment (S,), by ``mean_and_sd``'s corrected two passes."""
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            mean = self.reduced(np.add, self.values) / self.counts
            deviations = self.values - self.spread(mean)
            error = self.reduced(np.add, deviations)
            np.multiply(deviations, deviations, out=deviations)
            squares = np.maximum(self.reduced(np.add, deviations) - error * error / self.counts, 0.0)
            mean, divisor = mean + error / self.counts, self.counts - ddof
            sd = np.sqrt(squares / np.maximum(divisor, 1)) * (divisor > 0)
        equal = self.low == self.high
        mean[equal], sd[equal] = self.low[equal], 0.0
        in_range = (squares > SMALLEST_SQUARES) & (squares < np.inf)
        for segment in np.flatnonzero(~in_range & ~equal).tolist():
            mean[segment], sd[segment] = mean_and_sd(self.part(segment), ddof=ddof)
        return mean, sd

    def constant(self) -> np.ndarray:
        """Which segments have no spread beyond rounding (S,), by the rule of ``is_constant``."""
        with np.errstate(over="ignore"):
            near = self.high - self.low <= ROUNDING_SPAN * np.maximum(np.abs(self.low), np.abs(self.high))
        for segment in np.flatnonzero(near & (self.low != self.high)).tolist():
            near[segment] = not are_exact(self.part(segment))
        return near

    def _sorted(self, values: Floats) -> Floats:
        ordered = values.copy()
        bounds = [*self.starts.tolist(), values.size]
        for start, end in pairwise(bounds):
            ordered[start:end].sort()
        return ordered

    def _middle(self, ordered: Floats) -> Floats:
        below, above = (self.counts - 1) // 2, self.counts // 2
        return (ordered[self.starts + below] + ordered[self.starts + above]) / 2


def between(low: Floats, high: Floats, share: Floats) -> Floats:
    """Interpolate from the nearer end, which is how numpy keeps the result between the two."""
    span = high - low
    return np.where(share < 0.5, low + span * share, high - span * (1 - share))
