"""Location and spread of one column, accurate to what double precision of the input allows.

Every function takes finite float64 values of shape (n,), n >= 1; ``split_finite`` makes them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
_NO_GAPS: Places = np.empty(0, dtype=np.intp)

CHUNK = 262_144  # values per block: small enough for the cache, and few enough turns for threads to share
SAMPLE = 1024
NORMAL_MAD = 1.4826  # makes the median absolute deviation estimate the sd of a normal sample
_NORMAL_MEAN_DEVIATION = 1.253314  # sqrt(pi / 2): the same for the mean absolute deviation
_NORMAL_IQR = 1.349  # interquartile range of the standard normal
_LARGEST_SQUARES = 1e300  # a larger variance may stand for a sum of squares beyond float64
SMALLEST_SQUARES = 1e-280  # a smaller sum of squares has lost digits to underflow
_LARGEST_EXACT = 2.0**53  # beyond, float64 skips whole numbers
ROUNDING_SPAN = 4 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class FinitePart:
    """The usable values of a column ``source`` (n,) with their sums, and what was set aside.

    ``gaps`` (g,) are the places, in rising order, of the values that are missing or infinite. ``excess`` and
    ``squares`` are the sums of ``x - shift`` and of its square, where ``shift`` is near the middle.
    """

    source: Floats
    gaps: Places
    missing: int
    infinite: int
    shift: float
    excess: float
    squares: float

    @property
    def size(self) -> int:
        """How many values are finite."""
        return self.source.size - self.gaps.size

    @property
    def total(self) -> float:
        """The sum of the finite values."""
        return self.shift * self.size + self.excess

    @cached_property
    def values(self) -> Floats:
        """The finite values; a copy only where there are others."""
        return np.delete(self.source, self.gaps) if self.gaps.size else self.source

    def mean_and_sd(self, *, ddof: int = 0) -> tuple[float, float]:
        """Arithmetic mean and standard deviation with divisor ``n - ddof``; needs at least one finite value.

        From the sums about ``shift`` where they lose at most one bit (Chan, Golub and LeVeque 1983: the error
        grows with the square of how many sd the shift lies from the mean); else by ``mean_and_sd``.
        """
        n = self.size
        about_mean = self.squares - self.excess * self.excess / n
        if SMALLEST_SQUARES < about_mean < np.inf and about_mean >= self.squares / 2:
            sd = float(np.sqrt(about_mean / (n - ddof))) if n > ddof else 0.0
            return self.shift + self.excess / n, sd
        return mean_and_sd(self.source, ddof=ddof, total=self.total, gaps=self.gaps)


def split_finite(values: Floats) -> FinitePart:
    """Set missing and infinite values aside, count them and sum the others, in one pass and without a copy.

    A finite sum proves that every value of a block is finite.
    """
    found, sums, squares = [_NO_GAPS], [], []
    buffer = np.empty(min(CHUNK, values.size))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        shift = _near_the_middle(values)
        for start in range(0, values.size, CHUNK):
            block = values[start : start + CHUNK]
            d = buffer[: block.size]
            np.subtract(block, shift, out=d)
            total = np.sum(d)
            if not np.isfinite(total):
                places = np.flatnonzero(~np.isfinite(block))
                found.append(places + start)
                d[places] = 0.0
                total = np.sum(d)
            sums.append(total)
            np.multiply(d, d, out=d)
            squares.append(np.sum(d))
        gaps = np.concatenate(found)
        missing = int(np.count_nonzero(np.isnan(values[gaps])))
        counts = missing, gaps.size - missing
        return FinitePart(values, gaps, *counts, shift, float(np.sum(sums)), float(np.sum(squares)))


def _near_the_middle(values: Floats) -> float:
    """The mean of about a thousand values evenly spread over the column; 0 where they have none."""
    some = values[:: max(1, values.size // SAMPLE)]
    middle = float(np.mean(some[np.isfinite(some)])) if np.isfinite(some).any() else 0.0
    return middle if np.isfinite(middle) else 0.0


def _shifted(values: Floats, shift: float, gaps: Places) -> Iterator[Floats]:
    """``values - shift`` in blocks of one buffer, with 0 at the gaps."""
    buffer = np.empty(min(CHUNK, values.size))
    edges = np.searchsorted(gaps, np.arange(0, values.size + CHUNK, CHUNK)) if gaps.size else None
    for number, start in enumerate(range(0, values.size, CHUNK)):
        block = values[start : start + CHUNK]
        shifted = buffer[: block.size]
        np.subtract(block, shift, out=shifted)
        if edges is not None:
            shifted[gaps[edges[number] : edges[number + 1]] - start] = 0.0
        yield shifted


def _two_pass(values: Floats, total: float, gaps: Places) -> tuple[float, float]:
    """Mean and sum of squared deviations, both corrected for the rounding of the first mean.

    Corrected two-pass algorithm (Chan, Golub and LeVeque 1983). Pairwise sums of squares instead
    of a dot product: BLAS starts threads of its own there, which is slow on a busy machine.
    """
    n = values.size - gaps.size
    mean = total / n
    deviations, squares = [], []
    for d in _shifted(values, mean, gaps):
        deviations.append(np.sum(d))
        np.multiply(d, d, out=d)
        squares.append(np.sum(d))
    error = float(np.sum(deviations))
    return mean + error / n, max(float(np.sum(squares)) - error * error / n, 0.0)


def mean_and_sd(
    values: Floats, *, ddof: int = 0, total: float | None = None, gaps: Places = _NO_GAPS
) -> tuple[float, float]:
    """Arithmetic mean and standard deviation with divisor ``n - ddof``; ``total`` is the sum if known.

    Values at the places ``gaps``, which rise, do not count; the others must be finite. The sd is 0
    where ``n <= ddof``. Values whose squares leave the range of float64 are scaled by a power of two
    first, so columns in units of 1e-200 or 1e200 keep their digits.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        mean, squares = _two_pass(values, float(np.sum(values)) if total is None else total, gaps)
    exponent = 0
    if not SMALLEST_SQUARES < squares < np.inf:
        values = np.delete(values, gaps)
        exponent = int(np.frexp(np.max(np.abs(values)))[1])
        scaled = np.ldexp(values, -exponent)
        mean, squares = _two_pass(scaled, float(np.sum(scaled)), _NO_GAPS)
        gaps = _NO_GAPS
    divisor = values.size - gaps.size - ddof
    sd = float(np.sqrt(squares / divisor)) if divisor > 0 else 0.0
    return float(np.ldexp(mean, exponent)), float(np.ldexp(sd, exponent))


@dataclass(frozen=True)
class RowSpreads:
    """Mean, standard deviation and largest distance from the mean (t,) of the values in each of t rows.

    ``rest`` is what the rounding of ``mean`` left out: at an offset of 1e15 a mean is rounded to an eighth.
    """

    mean: Floats
    rest: Floats
    sd: Floats
    reach: Floats

    def from_mean(self, values: Floats) -> Floats:
        """How far values (t,), one per row, lie from its mean."""
        with np.errstate(over="ignore"):
            return (values - self.mean) - self.rest


def row_spreads(rows: Floats, *, ddof: int) -> RowSpreads:
    """Measure each row of (t, w) by the corrected two passes of ``mean_and_sd``.

    Rows are scaled like there where squares leave the range of float64. Missing values do not count; all is
    missing where a row has no value, the sd where it has no more than ``ddof``.
    """
    with np.errstate(all="ignore"):
        found = _rows_two_pass(rows, ddof)
        squares = np.square(found.sd)
        in_range = (squares > SMALLEST_SQUARES) & (squares < _LARGEST_SQUARES)
        far = np.flatnonzero(~np.isnan(rows).all(axis=1) & (found.reach != 0) & ~in_range)
        exponent = np.frexp(np.nanmax(np.abs(rows[far]), axis=1, initial=0.0))[1]
        if exponent.any():
            scaled = row_spreads(np.ldexp(rows[far], -exponent[:, None]), ddof=ddof)
            for field in fields(RowSpreads):
                getattr(found, field.name)[far] = np.ldexp(getattr(scaled, field.name), exponent)
    return found


def _rows_two_pass(rows: Floats, ddof: int) -> RowSpreads:
    known = ~np.isnan(rows)
    n = known.sum(axis=1)
    mean = np.where(known, rows, 0.0).sum(axis=1) / n
    mean += np.where(known, rows - mean[:, None], 0.0).sum(axis=1) / n
    deviation = np.where(known, rows - mean[:, None], 0.0)
    error = deviation.sum(axis=1)
    squares = np.maximum(np.square(deviation).sum(axis=1) - error * error / n, 0.0)
    sd = np.sqrt(squares / np.where(n > ddof, n - ddof, np.nan))
    return RowSpreads(mean, error / n, sd, np.max(np.abs(deviation), axis=1, initial=0.0))


def has_spread(*, mean: float, sd: float) -> bool:
    """Whether mean and sd alone rule out a constant column."""
    return sd > 1e-12 * abs(mean) and sd > 0


def is_constant(values: Floats, *, mean: float, sd: float) -> bool:
    """Whether all values are equal, or differ only in their last bits.

    The test is relative to the size of the values and does not depend on n: max - min is at most
    four units of rounding of the largest magnitude. Small units are therefore never constant, and
    a thousand times 14.62 always is. Whole numbers up to 2^53 are exact, so that different ones do differ.
    The range is only looked up where the sd leaves doubt.
    """
    if has_spread(mean=mean, sd=sd):
        return False
    low, high = float(np.min(values)), float(np.max(values))
    if low == high:
        return True
    return high - low <= ROUNDING_SPAN * max(abs(low), abs(high)) and not are_exact(values)


def are_exact(values: Floats) -> bool:
    """Whether all values are whole numbers that float64 holds without rounding."""
    return bool(np.max(np.abs(values)) <= _LARGEST_EXACT and np.all(values == np.floor(values)))


def median_of(values: Floats) -> float:
    """The median, without ``np.median``'s look for missing values."""
    half = values.size // 2
    if values.size % 2:
        return float(np.partition(values, half)[half])
    return float(np.partition(values, [half - 1, half])[half - 1 : half + 1].mean())


def median_deviation(values: Floats, *, median: float) -> float:
    """Median absolute deviation from ``median`` (not scaled)."""
    return median_of(np.abs(values - median))


def mean_deviation(values: Floats, *, center: float) -> float:
    """Mean absolute deviation from ``center``."""
    return float(np.mean(np.abs(values - center)))


@dataclass(frozen=True)
class RobustScale:
    """A scale about the median: ``unit`` times a robust spread, or, where that is 0 because many values are
    equal, ``instead`` times the mean absolute deviation from the median.

    The fallback of the MAD is the one Iglewicz and Hoaglin's modified z-score is usually given (IBM SPSS
    Statistics): more than half of the values are equal then.
    """

    unit: float
    instead: float

    def of(
        self, spread: Floats | float, median: Floats | float, mean_deviation: Callable[[], Floats | float]
    ) -> tuple[Floats, np.ndarray]:
        """The scale (S,) of one or more samples, and where it fell back; shapes () for floats."""
        fell_back = np.logical_not(np.greater(spread, ROUNDING_SPAN * np.abs(median)))
        scale = np.asarray(self.unit * spread)
        if fell_back.any():
            scale = np.where(fell_back, self.instead * mean_deviation(), scale)
        return scale, fell_back


BY_MAD = RobustScale(unit=NORMAL_MAD, instead=_NORMAL_MEAN_DEVIATION)
BY_IQR = RobustScale(unit=1.0, instead=_NORMAL_IQR * _NORMAL_MEAN_DEVIATION)


def robust_sd(values: Floats, *, median: float) -> tuple[float, bool]:
    """1.4826 times the MAD, and whether the mean deviation stands in for it."""
    sd, fell_back = BY_MAD.of(
        median_deviation(values, median=median), median, lambda: mean_deviation(values, center=median)
    )
    return float(sd), bool(fell_back)


def quartiles(values: Floats) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile, interpolated linearly (type 7, as pandas)."""
    low, median, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float(low), float(median), float(high)
