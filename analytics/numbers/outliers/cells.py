"""Single values of a report: their standard scores, and which lie beyond a threshold."""

from collections.abc import Sequence

import numpy as np

from analytics.numbers.outliers.column_scores import cell_scores
from analytics.numbers.outliers.report import OutlierReport


def standard_scores(report: OutlierReport, rows: np.ndarray) -> np.ndarray:
    """Signed standard scores (m, d) of rows within their groups; NaN where a value is missing."""
    columns = range(len(report.columns))
    return np.column_stack([_standardized(report, column, rows) for column in columns])


def column_standard_scores(report: OutlierReport, column: int) -> np.ndarray:
    """Signed standard scores (m,) of all values of a column within their groups, without the missing ones."""
    z = _standardized(report, column, slice(None))
    return z[~np.isnan(z)]


def values_beyond(report: OutlierReport, rows: np.ndarray, columns: Sequence[int]) -> np.ndarray:
    """Which values (m, c) some column-wise method flags; without such a method, those of flagged rows."""
    methods = report.column_methods()
    if not methods:
        return np.repeat(report.votes.to_numpy()[rows][:, None] > 0, len(columns), axis=1)
    beyond = np.zeros((len(rows), len(columns)), dtype=bool)
    codes = report.group_codes(rows)
    for place, column in enumerate(columns):
        values = report.data.values[column][rows]
        for method in methods:
            scores = cell_scores(method, values, report.spreads[column], codes)
            beyond[:, place] |= scores > report.thresholds[method]
    return beyond


def _standardized(report: OutlierReport, column: int, rows: np.ndarray | slice) -> np.ndarray:
    spread = report.spreads[column]
    codes = report.data.codes[rows] if len(report.data.groups) > 1 else 0
    sd = np.where(spread.sd > 0, spread.sd, 1.0)
    return (report.data.values[column][rows] - spread.mean[codes]) / sd[codes]
