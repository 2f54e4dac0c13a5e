"""Rosner's generalized extreme Studentized deviate test.

B. Rosner (1983), "Percentage points for a generalized ESD many-outlier procedure", Technometrics 25, 165-172;
the formulas are those of the NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.5.17.3.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

import numpy as np
from scipy import stats

from analytics.errors import ZetascopeError
from analytics.numbers.basics.statistics import SMALLEST_SQUARES
from analytics.numbers.outliers.laws.esd_laws import nominal_of, significance_of, step_significance

_MOST_CANDIDATES = 1_000
_SMALLEST_P = 1e-300
_LARGEST = 1e150  # deviations whose squares, a thousand together, stay within float64


@dataclass(frozen=True)
class EsdTest:
    """The steps of the test, most extreme value first.

    ``removed`` (r,) are the values taken away and ``is_high`` their ends, ``statistics`` (r,) the R of each
    step and ``significance`` (r,) the smallest alpha at which the value of that step counts as an outlier
    (simulated below 50 values, see ``esd_laws``).
    ``low`` and ``high`` (r + 1,) are both ends of the sample, outermost first.
    """

    n: int
    removed: np.ndarray
    is_high: np.ndarray
    statistics: np.ndarray
    significance: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def critical_values(self, alpha: float = 0.05) -> np.ndarray:
        """The lambda of each step: R must exceed it. Rosner's own, but for fewer than 50 values, where they
        are set so that clean samples really have an outlier at this rate."""
        left = self.n - np.arange(len(self.removed))
        t = stats.t.isf(nominal_of(alpha, self.n, len(self.low) - 1) / (2 * left), left - 2)
        return (left - 1) * t / np.sqrt((left - 2 + t**2) * left)

    def outliers(self, alpha: float = 0.05) -> np.ndarray:
        """The values that are outliers at this significance, most extreme first."""
        return self.removed[: int((self.significance < alpha).sum())]

    def fences(self, alpha: float = 0.05) -> tuple[float, float]:
        """The lowest and the highest value that are no outliers at this significance."""
        is_high = self.is_high[: len(self.outliers(alpha))]
        return float(self.low[int((~is_high).sum())]), float(self.high[int(is_high.sum())])


@dataclass(frozen=True)
class Tails:
    """What the test needs of a sample of ``n`` values, so that it can be run later.

    ``low`` and ``high`` (r,) are the lowest and the highest values, sorted; of the core between them
    ``centre`` is the mean, ``squares`` the sum of squared deviations from it, measured in units of
    2 ** ``exponent`` so that it neither over- nor underflows, ``lowest`` and ``highest`` its ends.
    """

    n: int
    low: np.ndarray
    high: np.ndarray
    centre: float
    squares: float
    exponent: int
    lowest: float
    highest: float


def candidate_count(n: int) -> int:
    """How many extreme values are tested: a tenth of them, at least 10 and at most 1,000, never half."""
    return max(0, min(max(10, n // 10), _MOST_CANDIDATES, (n - 3) // 2))


def generalized_esd(values: np.ndarray, *, max_outliers: int | None = None) -> EsdTest:
    """Test the most extreme values of a sample, one after the other.

    Args:
        values: float array (n,) without missing values.
        max_outliers: how many values are tested (Rosner's r); by default :func:`candidate_count`.

    Raises:
        ZetascopeError: with fewer than five values, or when ``max_outliers`` is not below half of them.
    """
    n = len(values)
    count = candidate_count(n) if max_outliers is None else max_outliers
    if n < 5 or not 0 < count <= (n - 3) // 2:
        raise ZetascopeError(
            f"Rosner's test of {count} outliers needs more than {2 * count + 2} values: there are {n}."
        )
    return esd_of_tails(tails_of(np.partition(values, [count, n - count - 1]), count))


def tails_of(ordered: np.ndarray, count: int) -> Tails:
    """Split values (n,) that are partitioned at the ``count`` lowest and the ``count`` highest."""
    end = len(ordered) - count
    core = ordered[count:end]
    centre, squares, exponent = _core_sums(core)
    return Tails(
        n=len(ordered),
        low=np.sort(ordered[:count]),
        high=np.sort(ordered[end:]),
        centre=centre,
        squares=squares,
        exponent=exponent,
        lowest=float(core.min()),
        highest=float(core.max()),
    )


def esd_of_tails(tails: Tails) -> EsdTest:
    """Run the test on a split sample.

    Sums run from the core outwards, so that nothing is ever subtracted from a sum that an outlier has
    swamped. R has no unit, so deviations are measured in that of the core; where their squares leave the
    range of float64 all the same, fractions take over, which have none.
    """
    low, high, n = tails.low, tails.high, tails.n
    below = np.ldexp(low[::-1], -tails.exponent) - np.ldexp(tails.centre, -tails.exponent)
    above = np.ldexp(high, -tails.exponent) - np.ldexp(tails.centre, -tails.exponent)
    reach = max(np.max(np.abs(below), initial=0.0), np.max(np.abs(above), initial=0.0))
    if reach < _LARGEST:
        R, sides = _steps(below.tolist(), above.tolist(), tails.squares, n)
    else:
        centre = Fraction(tails.centre)
        scale = Fraction(2) ** -tails.exponent
        exact_below, exact_above = (
            [(Fraction(value) - centre) * scale for value in part.tolist()] for part in (low[::-1], high)
        )
        R, sides = _steps(exact_below, exact_above, Fraction(tails.squares), n)
    is_high = np.array(sides, dtype=bool)
    statistics = np.array(R, dtype=np.float64)
    return EsdTest(
        n=n,
        removed=_removed(low, high, is_high),
        is_high=is_high,
        statistics=statistics,
        significance=_significance(statistics, n, len(low)),
        low=np.append(low, tails.lowest),
        high=np.append(high[::-1], tails.highest),
    )


def esd_scores(values: np.ndarray, test: EsdTest) -> np.ndarray:
    """Score every value (n,): -log10 of its significance, 0 for values that were never extreme enough to
    test.

    Equal values get the same score, that of the first of them to be taken away.
    """
    scores = np.zeros(len(values))
    strength = np.abs(np.log10(np.maximum(test.significance, _SMALLEST_P)))
    low, high = test.removed[~test.is_high], test.removed[test.is_high]
    if len(low):
        rows = np.flatnonzero(values <= low[-1])
        scores[rows] = strength[~test.is_high][np.searchsorted(low, values[rows], side="left")]
    if len(high):
        rows = np.flatnonzero(values >= high[-1])
        scores[rows] = strength[test.is_high][np.searchsorted(-high, -values[rows], side="left")]
    return scores


def _core_sums(core: np.ndarray) -> tuple[float, float, int]:
    """Mean, and the sum of squared deviations from it in units of 2 ** the third value."""
    with np.errstate(over="ignore", invalid="ignore"):
        centre = float(core.mean())
        squares = float(np.square(core - centre).sum())
    if SMALLEST_SQUARES < squares < np.inf or core.min() == core.max():
        return centre, squares, 0
    exponent = int(np.frexp(np.max(np.abs(core)))[1])
    scaled = np.ldexp(core, -exponent)
    centre = float(scaled.mean())
    return float(np.ldexp(centre, exponent)), float(np.square(scaled - centre).sum()), exponent


Number = TypeVar("Number", float, Fraction)


def _steps(
    below: list[Number], above: list[Number], core_squares: Number, n: int
) -> tuple[list[float], list[bool]]:
    """R of each step and whether the high end gave it; deviations from the core's mean, innermost first."""
    kept_low, kept_high = len(below), len(above)
    zero = core_squares * 0
    sums_low, squares_low = _running_sums(below, zero)
    sums_high, squares_high = _running_sums(above, zero)
    R: list[float] = []
    sides: list[bool] = []
    for left in range(n, n - len(below), -1):
        total = sums_low[kept_low] + sums_high[kept_high]
        mean = total / left
        squares = core_squares + squares_low[kept_low] + squares_high[kept_high] - total * mean
        if squares <= 0:
            break
        under, over = mean - below[kept_low - 1], above[kept_high - 1] - mean
        sides.append(over >= under)
        R.append(_studentized(max(over, under), squares / (left - 1)))
        kept_low, kept_high = (kept_low, kept_high - 1) if sides[-1] else (kept_low - 1, kept_high)
    return R, sides


def _studentized(deviation: Number, variance: Number) -> float:
    if isinstance(deviation, float):
        return float(deviation / variance**0.5)
    return float(deviation * deviation / variance) ** 0.5


def _running_sums(deviations: list[Number], zero: Number) -> tuple[list[Number], list[Number]]:
    sums = list(accumulate(deviations, initial=zero))
    squares = list(accumulate((deviation * deviation for deviation in deviations), initial=zero))
    return sums, squares


def _removed(low: np.ndarray, high: np.ndarray, is_high: np.ndarray) -> np.ndarray:
    removed = np.empty(len(is_high))
    removed[~is_high] = low[: int((~is_high).sum())]
    removed[is_high] = high[::-1][: int(is_high.sum())]
    return removed


def _significance(statistics: np.ndarray, n: int, steps: int) -> np.ndarray:
    """The largest step that is significant carries all before it."""
    alone = step_significance(statistics, n - np.arange(len(statistics)))
    return significance_of(np.minimum.accumulate(alone[::-1])[::-1], n, steps)
