"""Rosner's generalized extreme Studentized deviate test.

B. Rosner (1983), "Percentage points for a generalized ESD many-outlier procedure", Technometrics 25, 165-172;
the formulas are those of the NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.5.17.3.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analytics.errors import ZetascopeError

_MOST_CANDIDATES = 1_000
_SMALLEST_P = 1e-300


@dataclass(frozen=True)
class EsdTest:
    """The steps of the test, most extreme value first.

    ``removed`` (r,) are the values taken away and ``is_high`` their ends, ``statistics`` (r,) the R of each
    step and ``significance`` (r,) the smallest alpha at which the value of that step counts as an outlier.
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
        """The lambda of each step: R must exceed it."""
        left = self.n - np.arange(len(self.removed))
        t = stats.t.ppf(1 - alpha / (2 * left), left - 2)
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
    ``centre`` is the mean, ``squares`` the sum of squared deviations from it, ``lowest`` and ``highest`` its
    ends.
    """

    n: int
    low: np.ndarray
    high: np.ndarray
    centre: float
    squares: float
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
    centre = core.mean()
    return Tails(
        n=len(ordered),
        low=np.sort(ordered[:count]),
        high=np.sort(ordered[end:]),
        centre=float(centre),
        squares=float(np.square(core - centre).sum()),
        lowest=float(core.min()),
        highest=float(core.max()),
    )


def esd_of_tails(tails: Tails) -> EsdTest:
    """Run the test on a split sample.

    Sums run from the core outwards, so that nothing is ever subtracted from a sum that an outlier has
    swamped.
    """
    low, high, centre, n = tails.low, tails.high, tails.centre, tails.n
    kept_low, kept_high = len(low), len(high)
    sums_low, squares_low = _running_sums(low[::-1] - centre)
    sums_high, squares_high = _running_sums(high - centre)
    outer_low, outer_high = (low[::-1] - centre).tolist(), (high - centre).tolist()
    R: list[float] = []
    sides: list[bool] = []
    for left in range(n, n - len(low), -1):
        total = sums_low[kept_low] + sums_high[kept_high]
        mean = total / left
        squares = tails.squares + squares_low[kept_low] + squares_high[kept_high] - total * mean
        if squares <= 0:
            break
        below, above = mean - outer_low[kept_low - 1], outer_high[kept_high - 1] - mean
        sides.append(above >= below)
        R.append(max(above, below) / (squares / (left - 1)) ** 0.5)
        kept_low, kept_high = (kept_low, kept_high - 1) if sides[-1] else (kept_low - 1, kept_high)
    is_high = np.array(sides, dtype=bool)
    statistics = np.array(R, dtype=np.float64)
    return EsdTest(
        n=n,
        removed=_removed(low, high, is_high),
        is_high=is_high,
        statistics=statistics,
        significance=_significance(statistics, n),
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


def _running_sums(deviations: np.ndarray) -> tuple[list[float], list[float]]:
    zero = np.zeros(1)
    sums = np.concatenate([zero, np.cumsum(deviations)])
    squares = np.concatenate([zero, np.cumsum(np.square(deviations))])
    return sums.tolist(), squares.tolist()


def _removed(low: np.ndarray, high: np.ndarray, is_high: np.ndarray) -> np.ndarray:
    removed = np.empty(len(is_high))
    removed[~is_high] = low[: int((~is_high).sum())]
    removed[is_high] = high[::-1][: int(is_high.sum())]
    return removed


def _significance(statistics: np.ndarray, n: int) -> np.ndarray:
    """Solve R = lambda(alpha) for alpha; the largest step that is significant carries all before it."""
    left = n - np.arange(len(statistics))
    room = np.maximum((left - 1) ** 2 - statistics**2 * left, 0.0)
    with np.errstate(divide="ignore"):
        t = np.sqrt(statistics**2 * left * (left - 2) / room)
    alone = np.minimum(2 * left * stats.t.sf(t, left - 2), 1.0)
    return np.minimum.accumulate(alone[::-1])[::-1]
