"""How many rows a threshold would flag in clean normal data of the same size."""

from functools import lru_cache

import numpy as np
from scipy import stats

from analytics.numbers.outliers.methods import COLUMN_METHODS
from analytics.numbers.outliers.report import OutlierReport

_SIMULATED_VALUES = 400_000
_LARGE_SAMPLE = 500
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
    return float(expected_counts(report, method, np.array([threshold]))[0])


def expected_counts(report: OutlierReport, method: str, thresholds: np.ndarray) -> np.ndarray:
    """:func:`expected_by_chance` at many thresholds (t,), which costs little more than at one."""
    report.require(method)
    if method not in COLUMN_METHODS:
        clean = report.clean_scores[method]
        above = len(clean) - np.searchsorted(clean, thresholds, side="right")
        return report.scores[method].notna().sum() * above / max(len(clean), 1)
    if method == "esd":
        tests = sum(tails is not None for spread in report.spreads for tails in spread.tails)
        return 10.0**-thresholds * tests
    sizes = np.array([spread.count for spread in report.spreads])
    different, places = np.unique(sizes, return_inverse=True)
    rows = np.bincount(report.data.codes, minlength=sizes.shape[1])
    present = sizes / np.maximum(rows, 1)
    expected = []
    for rates in np.minimum(value_rates(method, thresholds, different), 1 - 1e-16):
        within = np.log1p(-rates[places.reshape(sizes.shape)] * present).sum(axis=0)
        expected.append((rows * -np.expm1(within)).sum())
    return np.array(expected)


def value_rates(method: str, thresholds: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """The chance (t, s) that one value of a normal sample exceeds each threshold (t,), for every size (s,).

    ``method`` is zscore, modified_zscore or iqr; fewer than three values are never judged.
    """
    if method == "zscore":
        return zscore_rates(thresholds[:, None], sizes)
    bounds = thresholds if method == "modified_zscore" else QUARTILE * (1 + 2 * thresholds)
    rates = np.repeat(2 * stats.norm.sf(bounds)[:, None], len(sizes), axis=1)
    rates[:, sizes < 3] = 0.0
    for place in np.flatnonzero((sizes >= 3) & (sizes < _LARGE_SAMPLE)):
        scores = _simulated_scores(method, _rounded(int(sizes[place])))
        rates[:, place] = (len(scores) - np.searchsorted(scores, thresholds, side="right")) / len(scores)
    return rates


def zscore_rates(thresholds: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """P(|z| > threshold) for a value of a normal sample, z with the sample's own mean and SD (ddof 0).

    W. R. Thompson (1935): z sqrt((n - 2) / (n - 1 - z^2)) has Student's law with n - 2 degrees of freedom; no
    |z| can exceed sqrt(n - 1). The arguments broadcast against each other.
    """
    thresholds, sizes = np.broadcast_arrays(np.maximum(thresholds, 0.0), sizes)
    room = sizes - 1 - np.square(thresholds)
    possible = (room > 0) & (sizes >= 3)
    rates = np.zeros(sizes.shape)
    n, z = sizes[possible], thresholds[possible]
    rates[possible] = 2 * stats.t.sf(z * np.sqrt((n - 2) / room[possible]), n - 2)
    return rates


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
    x = rng.standard_normal((max(_SIMULATED_VALUES // size, 1), size))
    if method == "modified_zscore":
        deviations = np.abs(x - np.median(x, axis=1, keepdims=True))
        scores = deviations * QUARTILE / np.median(deviations, axis=1, keepdims=True)
    else:
        q1, q3 = np.quantile(x, [0.25, 0.75], axis=1)[:, :, None]
        scores = np.maximum(q1 - x, x - q3) / (q3 - q1)
    return np.sort(scores, axis=None)
