"""Standard scores, outliers, scaling effects and returns."""

from analytics.numbers.apply_to_file import AppliedReport, apply_to_file
from analytics.numbers.outlier_report import OutlierReport
from analytics.numbers.outlier_search import OutlierSearch
from analytics.numbers.outliers import find_outliers
from analytics.numbers.parameters import StandardizeError
from analytics.numbers.returns import returns_table, standardize_returns
from analytics.numbers.rolling import rolling_zscore
from analytics.numbers.scaling_effects import compare_scaling
from analytics.numbers.scored_table import with_scores
from analytics.numbers.standardize import Standardizer

__all__ = [
    "AppliedReport",
    "OutlierReport",
    "OutlierSearch",
    "StandardizeError",
    "Standardizer",
    "apply_to_file",
    "compare_scaling",
    "find_outliers",
    "returns_table",
    "rolling_zscore",
    "standardize_returns",
    "with_scores",
]
