"""Standard scores, outliers, relations of columns, scaling effects and returns."""

from analytics.numbers.basics.parameters import StandardizeError
from analytics.numbers.outliers.judging.against_labels import MethodComparison, compare_methods
from analytics.numbers.outliers.judging.ranking import ranking
from analytics.numbers.outliers.report import OutlierReport
from analytics.numbers.outliers.scorer import OutlierScorer
from analytics.numbers.outliers.search import OutlierSearch, find_outliers
from analytics.numbers.outliers.series.findings import TimeOutliers, find_in_time
from analytics.numbers.relations.against import Against, against
from analytics.numbers.relations.relations import Relations, find_relations
from analytics.numbers.returns.returns import returns_table, standardize_returns
from analytics.numbers.scaling.effects import compare_scaling
from analytics.numbers.standardizing.advice import Advice, advise_methods, advised_methods
from analytics.numbers.standardizing.apply_to_file import AppliedReport, apply_to_file
from analytics.numbers.standardizing.rolling import rolling_zscore
from analytics.numbers.standardizing.scored_table import with_scores
from analytics.numbers.standardizing.standardizer import Standardizer

__all__ = [
    "Advice",
    "Against",
    "AppliedReport",
    "MethodComparison",
    "OutlierReport",
    "OutlierScorer",
    "OutlierSearch",
    "Relations",
    "StandardizeError",
    "Standardizer",
    "TimeOutliers",
    "advise_methods",
    "advised_methods",
    "against",
    "apply_to_file",
    "compare_methods",
    "compare_scaling",
    "find_in_time",
    "find_outliers",
    "find_relations",
    "ranking",
    "returns_table",
    "rolling_zscore",
    "standardize_returns",
    "with_scores",
]
