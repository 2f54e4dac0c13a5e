"""95 % intervals of the measures: the textbook law, made wider where the data vary more than it supposes.

The textbook laws (Fisher's z, the noncentral F and chi-squared) suppose normal values of one spread, or an
effect near none. Each is compared with the sampling variance that follows from the data alone, by the
influence of each row on the measure, and the interval is widened by the ratio where that is larger.
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from analytics.numbers.basics.statistics import Floats

CONFIDENCE = 0.95
_TAIL = (1 - CONFIDENCE) / 2
NORMAL_QUANTILE = float(special.ndtri(1 - _TAIL))
_HALVINGS = 50  # a noncentrality up to 1e7 then is known to 1e-8
_NEAR_ONE = 1 - 1e-12  # an arctanh beyond is rounding of a perfect relation


def fisher_interval(values: Floats, errors: Floats) -> tuple[Floats, Floats]:
    """Ends of correlations (any shape), whose Fisher z has these standard errors; infinite ones know nothing.

    A correlation of exactly 1 or -1 is its own interval.
    """
    with np.errstate(invalid="ignore"):
        z = np.arctanh(np.clip(values, -_NEAR_ONE, _NEAR_ONE))
        low, high = (np.tanh(z + sign * NORMAL_QUANTILE * errors) for sign in (-1, 1))
    perfect = np.abs(values) >= _NEAR_ONE
    return np.where(perfect, values, low), np.where(perfect, values, high)


def widened(value: Floats, low: Floats, high: Floats, ratio: Floats) -> tuple[Floats, Floats]:
    """Ends of measures in [0, 1], moved away from the measure by ``ratio`` on Fisher's scale."""
    value, low, high = (np.arctanh(np.clip(one, 0, _NEAR_ONE)) for one in (value, low, high))
    ratio = np.maximum(ratio, 1)
    return np.tanh(np.maximum(value - ratio * (value - low), 0)), np.tanh(value + ratio * (high - value))


def noncentral_f(statistic: Floats, above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """Ends of the noncentrality (m,) of F statistics with ``above`` and ``below`` degrees of freedom."""

    def share(noncentrality: Floats) -> Floats:
        central = special.fdtr(above, below, statistic)
        return np.where(
            noncentrality > 0,
            special.ncfdtr(above, below, np.maximum(noncentrality, 1e-12), statistic),
            central,
        )

    most = 4 * above * statistic + 40 * np.sqrt(above * statistic + 1) * (1 + above * statistic / below) + 100
    return _bounds(share, most)


def noncentral_chi_squared(statistic: Floats, degrees: Floats) -> tuple[Floats, Floats]:
    """Ends of the noncentrality (m,) of chi-squared statistics."""
    most = 2 * statistic + 20 * np.sqrt(statistic + 1) + 100
    return _bounds(lambda noncentrality: special.chndtr(statistic, degrees, noncentrality), most)


def _bounds(share: Callable[[Floats], Floats], most: Floats) -> tuple[Floats, Floats]:
    """Where the statistic is as high, and as low, as one in forty; 0 where even none makes it no rarer."""
    return _where(share, 1 - _TAIL, most), _where(share, _TAIL, most)


def _where(share: Callable[[Floats], Floats], wanted: float, most: Floats) -> Floats:
    """The noncentrality at which this share lies below the statistic; ``share`` falls as it grows."""
    low, high = np.zeros_like(most), most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        too_small = share(middle) > wanted
        low, high = np.where(too_small, middle, low), np.where(too_small, high, middle)
    return np.where(low > 0, (low + high) / 2, 0.0)
