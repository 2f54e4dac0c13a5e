"""Choosing where unusual begins: default cuts, counts at a cut, and control of false discoveries."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from analytics.arguments import is_real
from analytics.errors import ZetascopeError
from analytics.numbers.outliers.chance import QUARTILE, zscore_rates
from analytics.numbers.outliers.methods import COLUMN_METHODS, OUTLIER_METHODS
from analytics.numbers.outliers.report import OutlierReport

_CLEAN_SHARE = 0.01
"""Methods across columns flag, by default, what one row in a hundred of clean normal data exceeds."""
FDR_METHODS = ("zscore", "modified_zscore", "iqr", "mahalanobis")


def default_threshold(method: str, *, rank: int | None = None, clean: np.ndarray | None = None) -> float:
    """The method's usual cut; for methods across columns the score that clean normal data rarely exceed.

    ``rank`` is the number of directions of a Mahalanobis distance (its square has a chi-square law),
    ``clean`` the sorted scores of clean data.
    """
    fixed = OUTLIER_METHODS[method].threshold
    if fixed is not None:
        return fixed
    if method == "mahalanobis" and rank:
        return float(np.sqrt(stats.chi2.isf(_CLEAN_SHARE, rank)))
    return float(np.quantile(clean, 1 - _CLEAN_SHARE)) if clean is not None and len(clean) else np.inf


def count_flagged(report: OutlierReport, method: str, threshold: float) -> int:
    """How many rows exceed a threshold."""
    report.require(method)
    return int((report.scores[method].to_numpy() > threshold).sum())


def row_p_values(report: OutlierReport, method: str) -> np.ndarray:
    """The chance (n,) that a clean normal row is at least as unusual; NaN where the row has no score.

    For the column-wise methods the largest of d scores is judged, by Sidak's 1 - (1 - p)^d.

    Raises:
        ZetascopeError: for a method whose scores follow no known law.
    """
    report.require(method)
    if method not in FDR_METHODS:
        raise ZetascopeError(
            f"{OUTLIER_METHODS[method].label} has no law for clean data, so false discoveries can't be "
            f"controlled: use {', '.join(OUTLIER_METHODS[name].label for name in FDR_METHODS)}."
        )
    scores = report.scores[method].to_numpy()
    if method == "mahalanobis":
        return stats.chi2.sf(np.square(scores), report.parts[method].rank)
    bounds = QUARTILE * (1 + 2 * scores) if method == "iqr" else scores
    single = np.minimum(2 * stats.norm.sf(bounds), 1 - 1e-16)
    return -np.expm1(len(report.columns) * np.log1p(-single))


def fdr_threshold(report: OutlierReport, method: str, rate: float = 0.05) -> float:
    """The threshold at which, by Benjamini and Hochberg (1995), a share ``rate`` of the flagged rows is
    false.

    Infinite when no row survives. The law is that of normal data: on skewed columns more flags are false.

    Raises:
        ZetascopeError: for a rate that is not between 0 and 1, or a method without a law (see
            :func:`row_p_values`).
    """
    if not 0 < rate < 1:
        raise ZetascopeError(
            f"A false discovery rate of {rate} can't be: give one between 0 and 1, such as 0.05."
        )
    p = row_p_values(report, method)
    scores = report.scores[method].to_numpy()
    known = ~np.isnan(p)
    found = scores[known][stats.false_discovery_control(p[known]) <= rate]
    return float(np.nextafter(found.min(), -np.inf)) if len(found) else np.inf


def unreachable(report: OutlierReport) -> Mapping[str, str]:
    """Methods whose threshold no row can exceed with so few rows, with the sentence that says so."""
    if "zscore" not in report.methods:
        return {}
    threshold = report.thresholds["zscore"]
    most = max(int(spread.count.max()) for spread in report.spreads)
    if zscore_rates(np.array(threshold), np.array(most)) > 0:
        return {}
    return {
        "zscore": f"With {most} values no |z| can exceed {np.sqrt(most - 1):.2f}, so a threshold of "
        f"{threshold:g} flags nothing whatever the data: use modified z, or a lower threshold."
    }


def checked_thresholds(thresholds: Mapping[str, float] | None) -> dict[str, float]:
    """The thresholds a caller gave, refused where the method is unknown or the value no number.

    Raises:
        ZetascopeError: names the method and what there is.
    """
    if not isinstance(thresholds, Mapping | None):
        raise ZetascopeError(
            f"{thresholds!r} gives no thresholds: give a number for each method by its name."
        )
    for method, value in (thresholds or {}).items():
        if method not in OUTLIER_METHODS:
            raise ZetascopeError(f"There is no method {method!r}; there are: {', '.join(OUTLIER_METHODS)}.")
        if not is_real(value) or np.isnan(float(value)):
            raise ZetascopeError(f"The threshold {value!r} of {method} is not a number: give one.")
        if method in COLUMN_METHODS and value < 0:
            raise ZetascopeError(f"The threshold {value!r} of {method} is negative: give one above 0.")
    return dict(thresholds or {})
