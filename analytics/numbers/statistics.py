"""Location and spread of one column, accurate to what double precision of the input allows.

Every function takes finite float64 values of shape (n,), n >= 1; ``split_finite`` makes them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CHUNK = 262_144  # values per block: small enough for the cache, and few enough turns for threads to share
NORMAL_MAD = 1.4826  # makes the median absolute deviation estimate the sd of a normal sample
NORMAL_MEAN_DEVIATION = 1.253314  # sqrt(pi / 2): the same for the mean absolute deviation
NORMAL_IQR = 1.349  # interquartile range of the standard normal
SMALLEST_SQUARES = 1e-280  # a smaller sum of squares has lost digits to underflow
ROUNDING_SPAN = 4 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class FinitePart:
    """The usable values of a column with their sum, and what was set aside."""

    values: Floats
    missing: int
    infinite: int
    total: float


def split_finite(values: Floats) -> FinitePart:
    """Set missing and infinite values aside and count them.

    A finite sum proves that every value is finite, so clean columns cost one pass and no copy.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.sum(values)
    if np.isfinite(total):
        return FinitePart(values, 0, 0, float(total))
    missing = int(np.count_nonzero(np.isnan(values)))
    finite = values[np.isfinite(values)]
    with np.errstate(over="ignore"):
        return FinitePart(finite, missing, values.size - missing - finite.size, float(np.sum(finite)))


def _two_pass(values: Floats, total: float) -> tuple[float, float]:
    """Mean and sum of squared deviations, both corrected for the rounding of the first mean.

    Corrected two-pass algorithm (Chan, Golub and LeVeque 1983). Pairwise sums of squares instead
    of a dot product: BLAS starts threads of its own there, which is slow on a busy machine.
    """
    n = values.size
    mean = total / n
    buffer = np.empty(min(CHUNK, n))
    deviations, squares = [], []
    for start in range(0, n, CHUNK):
        block = values[start : start + CHUNK]
        d = buffer[: block.size]
        np.subtract(block, mean, out=d)
        deviations.append(np.sum(d))
        np.multiply(d, d, out=d)
        squares.append(np.sum(d))
    error = float(np.sum(deviations))
    return mean + error / n, max(float(np.sum(squares)) - error * error / n, 0.0)


def mean_and_sd(values: Floats, *, ddof: int = 0, total: float | None = None) -> tuple[float, float]:
    """Arithmetic mean and standard deviation with divisor ``n - ddof``; ``total`` is the sum if known.

    The sd is 0 where ``n <= ddof``. Values whose squares leave the range of float64 are scaled by
    a power of two first, so columns in units of 1e-200 or 1e200 keep their digits.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        mean, squares = _two_pass(values, float(np.sum(values)) if total is None else total)
    exponent = 0
    if not SMALLEST_SQUARES < squares < np.inf:
        exponent = int(np.frexp(np.max(np.abs(values)))[1])
        scaled = np.ldexp(values, -exponent)
        mean, squares = _two_pass(scaled, float(np.sum(scaled)))
    divisor = values.size - ddof
    sd = float(np.sqrt(squares / divisor)) if divisor > 0 else 0.0
    return float(np.ldexp(mean, exponent)), float(np.ldexp(sd, exponent))


def is_constant(values: Floats, *, mean: float, sd: float) -> bool:
    """Whether all values are equal, or differ only in their last bits.

    The test is relative to the size of the values and does not depend on n: max - min is at most
    four units of rounding of the largest magnitude. Small units are therefore never constant, and
    a thousand times 14.62 always is. The range is only looked up where the sd leaves doubt.
    """
    if sd > 1e-12 * abs(mean) and sd > 0:
        return False
    low, high = float(np.min(values)), float(np.max(values))
    return high - low <= ROUNDING_SPAN * max(abs(low), abs(high))


def median_and_mad(values: Floats) -> tuple[float, float]:
    """Median, and median absolute deviation from it (not scaled)."""
    median = float(np.median(values))
    return median, float(np.median(np.abs(values - median)))


def mean_deviation(values: Floats, *, center: float) -> float:
    """Mean absolute deviation from ``center``."""
    return float(np.mean(np.abs(values - center)))


def quartiles(values: Floats) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile, interpolated linearly (type 7, as pandas)."""
    low, median, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float(low), float(median), float(high)
