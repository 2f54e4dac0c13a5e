"""The methods Zetascope knows for finding unusual rows, as one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class OutlierMethod:
    """What a method measures and where its cut lies.

    ``threshold`` is on the scale of the method's score; ``None`` means that it depends on the data
    (see ``thresholds.default_thresholds``). ``min_rows`` is the smallest number of values,
    per column and group for column-wise methods, with which the method says anything.
    """

    name: str
    label: str
    across: bool
    unit: str
    threshold: float | None
    min_rows: int
    meaning: str


_ROWS = (
    OutlierMethod(
        "zscore", "|z|", False, "SD from the mean", 3.0, 3,
        "Distance from the mean in standard deviations. Simple, but outliers widen them and hide each other.",
    ),
    OutlierMethod(
        "modified_zscore", "Modified z", False, "robust SD from the median", 3.5, 3,
        "Distance from the median in robust standard deviations (1.4826 times the median absolute "
        "deviation). Up to half of the values may be wrong without moving it.",
    ),
    OutlierMethod(
        "iqr", "Tukey's fences", False, "IQR beyond the quartiles", 1.5, 4,
        "Distance beyond the nearer quartile in interquartile ranges: 1.5 is outside, 3 is far out.",
    ),
    OutlierMethod(
        "esd", "Generalized ESD", False, "−log₁₀ of the significance", 1.3010299956639813, 15,
        "Rosner's test takes the most extreme value away, again and again, and asks each time how likely "
        "such a value is in normal data. A score of 1.3 is a significance of 0.05 for the whole column.",
    ),
    OutlierMethod(
        "mahalanobis", "Robust Mahalanobis", True, "robust distance", None, 10,
        "Distance from the bulk of the data along and across its correlations, by the minimum covariance "
        "determinant: finds combinations that are unusual although each value is ordinary.",
    ),
    OutlierMethod(
        "isolation_forest", "Isolation Forest", True, "isolation score, 0 to 1", None, 10,
        "How few random cuts it takes to leave the row alone.",
    ),
    OutlierMethod(
        "lof", "Local Outlier Factor", True, "times sparser than nearby", None, 10,
        "How much thinner the data are around the row than around its nearest neighbours.",
    ),
    OutlierMethod(
        "ecod", "ECOD", True, "sum of tail terms", None, 10,
        "How far out in the tails the row's values are, by ranks alone, added over the columns.",
    ),
    OutlierMethod(
        "mixed", "Mixed rows", True, "surprise beyond the usual", None, 10,
        "Columns of every kind in one score: rare values and rare combinations of values, numbers and dates "
        "far out, dates out of order, odd lengths and characters of texts. What one row in twenty has adds "
        "nothing; beyond, each adds −ln of the share of the rows that are at least as rare.",
    ),
)  # fmt: skip

OUTLIER_METHODS: Mapping[str, OutlierMethod] = MappingProxyType({row.name: row for row in _ROWS})
COLUMN_METHODS = tuple(row.name for row in _ROWS if not row.across)
MIXED = "mixed"
NUMBER_METHODS = tuple(row.name for row in _ROWS if row.name != MIXED)
"""The methods that see numbers alone."""
ACROSS_METHODS = tuple(row.name for row in _ROWS if row.across and row.name != MIXED)
