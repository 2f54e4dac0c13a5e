"""How good guesses are, and how far a mean over draws can be trusted."""

from dataclasses import dataclass

import numpy as np

BINS = 10
_Z = 1.959964  # the 97.5th percentile of the normal distribution


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % interval; NaN ends where one draw says nothing of others."""

    mean: float
    low: float
    high: float

    @property
    def above_zero(self) -> bool:
        return self.low > 0

    @property
    def below_zero(self) -> bool:
        return self.high < 0


def macro_f1(codes: np.ndarray, guessed: np.ndarray, *, classes: int) -> float:
    """Mean F1 over the classes among ``codes``: small classes count as much as large ones."""
    right = np.bincount(codes[codes == guessed], minlength=classes)
    both = np.bincount(codes, minlength=classes) + np.bincount(guessed, minlength=classes)
    there = np.bincount(codes, minlength=classes) > 0
    return float((2 * right[there] / both[there]).mean())


def calibration_error(sureness: np.ndarray, right: np.ndarray) -> float:
    """Mean difference between how sure guesses are and how often those are right (expected calibration error,
    ten bins of equal width, Naeini et al., AAAI 2015)."""
    bins = np.minimum((sureness * BINS).astype(int), BINS - 1)
    count = np.bincount(bins, minlength=BINS)
    gap = np.bincount(bins, weights=right - sureness, minlength=BINS)
    return float(np.abs(gap).sum() / max(count.sum(), 1))


def interval(values: np.ndarray, *, overlap: float, tested: int) -> Interval:
    """The mean of a difference of shares over draws, with an interval by Student's t, within -1 and 1.

    Draws share texts, so their spread is less than that of fresh ones: the variance of the mean is
    ``1 / draws + overlap`` of that of a draw (Nadeau and Bengio 2003). Two ways that never differ on the
    ``tested`` texts of all draws may still differ on others, as far as Wilson's bound for none of them.
    """
    values = np.asarray(values, dtype=np.float64)
    mean, draws = float(values.mean()), len(values)
    if draws == 1:
        return Interval(mean, float("nan"), float("nan"))
    unseen = _Z**2 / (tested * draws + _Z**2)
    half = max(_quantile(draws) * _variance(values, overlap) ** 0.5, unseen)
    return Interval(mean, max(mean - half, -1.0), min(mean + half, 1.0))


def share_interval(values: np.ndarray, *, overlap: float, tested: int) -> Interval:
    """The mean of a share over draws with an interval within 0 and 1: Wilson's (JASA 22, 1927).

    As many texts are counted as would let a share vary like this mean (its variance and quantile as in
    ``interval``); where draws agree by chance, the ``tested`` texts of all draws keep it from vanishing.
    """
    values = np.asarray(values, dtype=np.float64)
    mean, draws = float(np.clip(values.mean(), 0, 1)), len(values)
    spread = mean * (1 - mean)
    leans = [_Z**2 / (tested * draws)]
    if draws > 1 and spread:
        leans.append(_quantile(draws) ** 2 * _variance(values, overlap) / spread)
    lean = max(leans)
    middle, half = (mean + lean / 2) / (1 + lean), (lean * spread + lean**2 / 4) ** 0.5 / (1 + lean)
    return Interval(mean, max(middle - half, 0.0), min(middle + half, 1.0))


def _variance(values: np.ndarray, overlap: float) -> float:
    return float(values.var(ddof=1)) * (1 / len(values) + overlap)


def _quantile(draws: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, draws - 1))
