"""Choosing where unusual begins: default cuts, counts at a cut, and control of false discoveries."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from analytics.arguments import is_real
from analytics.errors import ZetascopeError
from analytics.numbers.outliers.chance import expected_counts
from analytics.numbers.outliers.laws.value_laws import zscore_rates
from analytics.numbers.outliers.methods import COLUMN_METHODS, OUTLIER_METHODS
from analytics.numbers.outliers.report import OutlierReport

_CLEAN_SHARE = 0.01
"""Methods across columns flag, by default, what one row in a hundred of clean normal data exceeds."""
FDR_METHODS = ("zscore", "modified_zscore", "iqr", "esd", "mahalanobis")
_MARGIN = 1.1
"""Simulated laws are right within a few percent, far out within a tenth: better too large than too small."""
_KNOTS, _LOWEST = 400, 0.05
"""Laws are looked up at so many scores and no lower ones, and interpolated: a thousandth off at most."""


def default_threshold(method: str, *, clean: np.ndarray | None = None) -> float:
    """The method's usual cut; for methods across columns the score that one clean normal row in a hundred
    exceeds, by their scores ``clean`` (c,) in simulated tables of the same size and groups."""
    fixed = OUTLIER_METHODS[method].threshold
    if fixed is not None:
        return fixed
    return float(np.quantile(clean, 1 - _CLEAN_SHARE)) if clean is not None and len(clean) else np.inf


def count_flagged(report: OutlierReport, method: str, threshold: float) -> int:
    """How many rows exceed a threshold."""
    report.require(method)
    return int((report.scores[method].to_numpy() > threshold).sum())


def row_p_values(report: OutlierReport, method: str) -> np.ndarray:
    """The chance (n,) that a clean normal row is at least as unusual; NaN where the row has no score.

    By the law of the method's scores in tables of this size and these groups: the rows that clean data would
    have beyond a score, as a share of all (see ``chance``). For the ESD test, whose significance is that of a
    whole column, the share is of columns and groups, by Sidak's 1 - (1 - p)^d.

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
    if method == "esd":
        tests = sum(tails is not None for spread in report.spreads for tails in spread.tails)
        return -np.expm1(tests * np.log1p(-np.minimum(10.0**-scores, 1 - 1e-16)))
    known = ~np.isnan(scores)
    p = np.full(len(scores), np.nan)
    margin = 1.0 if method == "zscore" else _MARGIN
    p[known] = np.minimum(margin * _expected_beyond(report, method, scores[known]) / known.sum(), 1.0)
    return p


def _expected_beyond(report: OutlierReport, method: str, scores: np.ndarray) -> np.ndarray:
    """Rows that clean data would have beyond each score (m,), interpolated between ``_KNOTS`` of them."""
    low = max(float(scores.min()), _LOWEST)
    knots = np.unique(np.geomspace(low, max(float(scores.max()), low * 1.01), _KNOTS))
    counts = np.maximum(expected_counts(report, method, knots), 1e-290)
    between = np.exp(np.interp(np.log(np.maximum(scores, low)), np.log(knots), np.log(counts)))
    return np.where(scores < low, len(scores), between)


def fdr_threshold(report: OutlierReport, method: str, rate: float = 0.05) -> float:
    """The threshold at which, by Benjamini and Hochberg (1995), a share ``rate`` of the flagged rows is
    false, at most.

    Infinite when no row survives. The law is that of normal data: on skewed columns more flags are false. For
    the ESD test, which is one decision about a column, it is the significance at which clean data have a flag
    in any column at this rate.

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
    adjusted = p[known] if method == "esd" else stats.false_discovery_control(p[known])
    found = scores[known][adjusted <= rate]
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
