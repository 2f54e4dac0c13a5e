"""The ellipse that holds most of two columns, in spite of their outliers."""

import numpy as np
from scipy import stats

from analytics.numbers.outliers.report import OutlierReport
from analytics.numbers.outliers.robust_covariance import reweighted, robust_covariance

_SHARE = 0.99
_CORNERS = 121
_START_ROWS = 2_000


def robust_ellipse(report: OutlierReport, x: int, y: int, *, share: float = _SHARE) -> np.ndarray | None:
    """Outline (121, 2) of the ellipse that holds ``share`` of a clean normal cloud, for columns x and y.

    Centre and covariance come from the minimum covariance determinant of at most 2,000 random rows and one
    reweighting by all (Rousseeuw and Van Driessen 1999): the rows within its 97.5 % count. ``None`` where the
    two columns have fewer than ten common values, or more than half of one are equal.
    """
    values = np.column_stack([report.data.values[x], report.data.values[y]])
    values = values[~np.isnan(values).any(axis=1)]
    if len(values) < 10:
        return None
    middle, scale = values.mean(axis=0), values.std(axis=0)
    if (scale == 0).any():
        return None
    Z = (values - middle) / scale
    centre, covariance = robust_covariance(Z, seed=report.seed, rows=_START_ROWS)
    if len(Z) > _START_ROWS and _is_regular(covariance):
        centre, covariance = reweighted(Z, centre, covariance)
    if not _is_regular(covariance):
        return None
    angles = np.linspace(0, 2 * np.pi, _CORNERS)
    circle = np.column_stack([np.cos(angles), np.sin(angles)]) * np.sqrt(stats.chi2.ppf(share, 2))
    return middle + scale * (centre + circle @ np.linalg.cholesky(covariance).T)


def _is_regular(covariance: np.ndarray) -> bool:
    return bool(np.linalg.det(covariance) > 1e-12)
