"""Standard scores, outliers, scaling effects and returns."""

from analytics.numbers.apply_to_file import AppliedReport, apply_to_file
from analytics.numbers.parameters import StandardizeError
from analytics.numbers.rolling import rolling_zscore
from analytics.numbers.scored_table import with_scores
from analytics.numbers.standardize import Standardizer

__all__ = [
    "AppliedReport",
    "StandardizeError",
    "Standardizer",
    "apply_to_file",
    "rolling_zscore",
    "with_scores",
]
