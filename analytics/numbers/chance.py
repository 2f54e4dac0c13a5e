"""How many rows a threshold would flag in clean normal data of the same size."""

from functools import lru_cache

import numpy as np
from scipy import stats

from analytics.numbers.outlier_methods import COLUMN_METHODS
from analytics.numbers.outlier_report import OutlierReport

SIMULATED_VALUES = 400_000
LARGE_SAMPLE = 500
"""From this many values on, the quartiles and the MAD are taken as exact; below, their noise is simulated."""
QUARTILE = 0.6744897501960817
"""Phi^-1(3/4)."""


def expected_by_chance(report: OutlierReport, method: str, threshold: float | None = None) -> float:
    """How many rows would exceed the threshold if the data were clean and normal.

    For column-wise methods the columns count as independent (correlated columns flag fewer rows), with the
    exact law of |z| (Thompson 1935), simulation for modified z and the fences of small samples, and the
    significance itself for the ESD test. For the methods across columns it comes from running them on normal
    rows of the same size and correlations.
    """
    report.require(method)
    threshold = report.thresholds[method] if threshold is None else threshold
    if method not in COLUMN_METHODS:
        clean = report.clean_scores[method]
        above = len(clean) - np.searchsorted(clean, threshold, side="right")
        return float(report.scores[method].notna().sum() * above / max(len(clean), 1))
    sizes = np.array([spread.count for spread in report.spreads])
    if method == "esd":
        return float(
            10**-threshold * sum(test is not None for spread in report.spreads for test in spread.esd)
        )
    rates = value_rates(method, threshold, sizes)
    rows = np.bincount(report.data.codes, minlength=sizes.shape[1])
    present = sizes / np.maximum(rows, 1)
    return float((rows * -np.expm1(np.log1p(-np.minimum(rates, 1 - 1e-16) * present).sum(axis=0))).sum())


def value_rates(method: str, threshold: float, sizes: np.ndarray) -> np.ndarray:
    """The chance that one value of a normal sample exceeds the threshold, for every sample size."""
    rates = np.zeros(sizes.shape)
    for size in np.unique(sizes):
        rates[sizes == size] = value_rate(method, threshold, int(size))
    return rates


def value_rate(method: str, threshold: float, size: int) -> float:
    """The chance that one value of a normal sample of this size exceeds the threshold of zscore,
    modified_zscore or iqr."""
    if size < 3:
        return 0.0
    if method == "zscore":
        return zscore_rate(threshold, size)
    if size >= LARGE_SAMPLE:
        bound = threshold if method == "modified_zscore" else QUARTILE * (1 + 2 * threshold)
        return float(2 * stats.norm.sf(bound))
    scores = _simulated_scores(method, _rounded(size))
    return float((len(scores) - np.searchsorted(scores, threshold, side="right")) / len(scores))


def zscore_rate(threshold: float, size: int) -> float:
    """P(|z| > threshold) for a value of a normal sample, z with the sample's own mean and SD (ddof 0).

    W. R. Thompson (1935): z sqrt((n - 2) / (n - 1 - z^2)) has Student's law with n - 2 degrees of freedom; no
    |z| can exceed sqrt(n - 1).
    """
    if threshold <= 0:
        return 1.0
    room = size - 1 - threshold**2
    if room <= 0:
        return 0.0
    return float(2 * stats.t.sf(threshold * np.sqrt((size - 2) / room), size - 2))


def _rounded(size: int) -> int:
    """Keep odd and even apart (their medians differ) and otherwise share simulations between close sizes."""
    if size <= 40:
        return size
    step = 10 if size <= 100 else 50
    return size // step * step + size % 2


@lru_cache(maxsize=128)
def _simulated_scores(method: str, size: int) -> np.ndarray:
    """Sorted scores of values in many clean normal samples of one size (seed 0)."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((max(SIMULATED_VALUES // size, 1), size))
    if method == "modified_zscore":
        deviations = np.abs(x - np.median(x, axis=1, keepdims=True))
        scores = deviations * QUARTILE / np.median(deviations, axis=1, keepdims=True)
    else:
        q1, q3 = np.quantile(x, [0.25, 0.75], axis=1)[:, :, None]
        scores = np.maximum(q1 - x, x - q3) / (q3 - q1)
    return np.sort(scores, axis=None)
