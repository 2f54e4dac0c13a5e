"""Find unusual rows with several methods at once, keeping every score."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from analytics.numbers.outlier_methods import OUTLIER_METHODS
from analytics.numbers.outlier_report import OutlierReport
from analytics.numbers.outlier_search import OutlierSearch


def find_outliers(
    frame: pd.DataFrame,
    *,
    methods: Sequence[str] = tuple(OUTLIER_METHODS),
    thresholds: Mapping[str, float] | None = None,
    columns: Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> OutlierReport:
    """Score every row by every method.

    Column-wise methods (zscore, modified_zscore, iqr, esd) score each value within its column and group; a
    row gets its largest score. Methods across columns (mahalanobis, isolation_forest, lof, ecod) look at
    whole rows, whose values are first standardized within their group. No row is dropped: a missing value is
    not scored by the column-wise methods and stands at its group's median for the others; infinite values
    count as missing. The report says in ``notes`` how many there were.

    Args:
        frame: the table (n rows).
        methods: names from ``OUTLIER_METHODS``.
        thresholds: on the scale of each method's score; methods that are not named get their default.
        columns: the number columns to search; by default all.
        by: columns whose combinations make groups: unusual within its group.
        seed: of the random parts: sampled rows, isolation trees, simulated clean data.
        progress: called with (done, total); may raise to cancel.

    Raises:
        ZetascopeError: for an unknown method or column, a column without numbers, or a table in which no
            chosen method can score anything.
    """
    return OutlierSearch(frame).find(
        methods=methods, thresholds=thresholds, columns=columns, by=by, seed=seed, progress=progress
    )
