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


def interval(values: np.ndarray, *, overlap: float, least: float | None = None) -> Interval:
    """The mean of a figure over draws, with an interval by Student's t.

    Draws share texts, so their spread is less than that of fresh ones: the variance of the mean is
    ``1 / draws + overlap`` of that of a draw (Nadeau and Bengio 2003). ``least``: a variance the mean has in
    any case, such as that of the texts measured with where these are the same in every draw.
    """
    from scipy.stats import t

    values = np.asarray(values, dtype=np.float64)
    mean, draws = float(values.mean()), len(values)
    if draws == 1:
        if least is None:
            return Interval(mean, float("nan"), float("nan"))
        half = _Z * least**0.5
    else:
        variance = max(values.var(ddof=1) * (1 / draws + overlap), least or 0.0)
        half = float(t.ppf(0.975, draws - 1)) * variance**0.5
    return Interval(mean, mean - half, mean + half)
