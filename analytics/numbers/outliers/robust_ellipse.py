"""The ellipse that holds most of two columns, in spite of their outliers."""

import numpy as np

from analytics.numbers.outliers.laws.clean_rows import clean_shape
from analytics.numbers.outliers.laws.distance_law import distance_law
from analytics.numbers.outliers.report import OutlierReport
from analytics.numbers.outliers.robust_covariance import COVARIANCE_ROWS, reweighted, robust_covariance

_BEYOND = 0.01
_CORNERS = 121


def robust_ellipse(report: OutlierReport, x: int, y: int) -> np.ndarray | None:
    """Outline (121, 2) of the ellipse in which 99 % of further clean normal rows lie, for columns x and y.

    Centre and covariance come from the minimum covariance determinant of at most 2,000 random rows and one
    reweighting by all (Rousseeuw and Van Driessen 1999): the rows within its 97.5 % count. How large it must
    be follows from the simulated law of distances from such estimates of as many rows: at 20 rows twice as
    large as by the chi-square law, with which it would hold 85 %. ``None`` where the two columns have fewer
    than ten common values, or more than half of one are equal.
    """
    values = np.column_stack([report.data.values[x], report.data.values[y]])
    values = values[~np.isnan(values).any(axis=1)]
    if len(values) < 10:
        return None
    middle, scale = values.mean(axis=0), values.std(axis=0)
    if (scale == 0).any():
        return None
    Z = (values - middle) / scale
    centre, covariance = robust_covariance(Z, seed=report.seed, rows=COVARIANCE_ROWS)
    if len(Z) > COVARIANCE_ROWS and _is_regular(covariance):
        centre, covariance = reweighted(Z, centre, covariance)
    if not _is_regular(covariance):
        return None
    angles = np.linspace(0, 2 * np.pi, _CORNERS)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    circle *= distance_law(clean_shape(len(values)), 2).distance_of_new(_BEYOND)
    return middle + scale * (centre + circle @ np.linalg.cholesky(covariance).T)


def _is_regular(covariance: np.ndarray) -> bool:
    return bool(np.linalg.det(covariance) > 1e-12)
