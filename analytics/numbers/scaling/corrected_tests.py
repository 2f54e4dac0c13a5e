"""Paired comparisons that do not sell noise as gain: over repeated folds, and between two clusterings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analytics.errors import ZetascopeError

_CONFIDENCE = 0.95


@dataclass(frozen=True)
class PairedComparison:
    """Mean of paired differences, its standard error with ``df`` degrees of freedom, and what follows.

    ``low`` and ``high`` bound the 95 % interval. ``t`` is infinite when every difference is the same nonzero
    number, and 0 when all are 0.
    """

    mean: float
    error: float
    df: int

    @property
    def low(self) -> float:
        return self.mean - self._half_width

    @property
    def high(self) -> float:
        return self.mean + self._half_width

    @property
    def _half_width(self) -> float:
        return float(stats.t.ppf(0.5 + _CONFIDENCE / 2, self.df)) * self.error

    @property
    def t(self) -> float:
        return self._distance(self.mean)

    @property
    def p_value(self) -> float:
        """Two-sided, of the hypothesis that there is no difference."""
        return float(2 * stats.t.sf(abs(self.t), self.df))

    def p_equal(self, margin: float) -> float:
        """Of the hypothesis that the difference is ``margin`` or larger, up or down: small means no such one.

        The larger of two one-sided tests (Schuirmann 1987).
        """
        return float(stats.t.sf(self._distance(margin - abs(self.mean)), self.df))

    def _distance(self, difference: float) -> float:
        """In standard errors."""
        if self.error > 0:
            return difference / self.error
        return 0.0 if difference == 0 else float(np.copysign(np.inf, difference))


def corrected_resampled_t(
    differences: ArrayLike, *, n_train: int, n_test: int, least_error: float = 0.0
) -> PairedComparison:
    """Corrected resampled t-test on the score differences of two models over the same J splits.

    Training sets of different folds overlap, so the plain variance of the mean, S²/J, is too small.
    Nadeau and Bengio (2003, "Inference for the generalization error", Machine Learning 52) replace it by
    (1/J + n_test/n_train) S²; t has J - 1 degrees of freedom. ``differences`` is (J,), J at least 2.
    ``least_error`` is a standard error that the data cannot go below.
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.size < 2:
        raise ZetascopeError(f"{d.size} paired difference(s) cannot be tested: use at least two folds.")
    mean, spread = float(d.mean()), float(d.std(ddof=1))
    error = spread * float(np.sqrt(1 / d.size + n_test / n_train))
    alike = spread <= 1e-12 * max(abs(mean), 1.0)  # rounding of equal differences is no spread
    return PairedComparison(mean, max(0.0 if alike else error, least_error), d.size - 1)


def delete_half_jackknife(whole: float, halves: ArrayLike, *, least_error: float = 0.0) -> PairedComparison:
    """Test of a figure of all rows by the same figure in J random halves of them, each worked out anew.

    The spread of halves drawn without replacement about the figure of all rows is the latter's standard
    error (delete-half jackknife: Shao and Wu 1989, Annals of Statistics 17), for figures that are no smooth
    function of the rows too. What halving itself changes counts as spread: with few rows the test is careful.
    """
    d = np.asarray(halves, dtype=np.float64)
    error = float(np.sqrt(np.mean((d - whole) ** 2)))
    return PairedComparison(whole, max(error, least_error), d.size - 1)
