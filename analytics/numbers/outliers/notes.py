"""What a search left out, filled or could not judge, in sentences."""

from collections.abc import Mapping, Sequence

import numpy as np

from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.across_scores import AcrossScores
from analytics.numbers.outliers.column_spread import ColumnSpread
from analytics.numbers.outliers.data import NumberColumns
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.row_matrix import RowMatrix
from analytics.words import count


def search_notes(
    data: NumberColumns,
    spreads: Sequence[ColumnSpread],
    by_column: Sequence[str],
    matrix: RowMatrix | None,
    across: Mapping[str, AcrossScores],
) -> tuple[str, ...]:
    """One sentence for each thing a reader of the scores must know; ``matrix``: of the methods across
    columns, if there are any."""
    notes = [
        f"{name}: {count(infinite, 'infinite value')} left out; look at them first."
        for name, infinite in zip(data.names, data.infinite, strict=True)
        if infinite
    ]
    for name, spread in zip(data.names, spreads, strict=True):
        notes += _column_notes(name, spread, by_column)
    small = int((spreads[0].count < 3).sum()) if spreads else 0
    if len(data.groups) > 1 and small and (spreads[0].count[spreads[0].count < 3]).any():
        notes.append(f"{count(small, 'group')} with fewer than three values can't be judged.")
    if matrix is not None and matrix.filled:
        notes.append(
            f"Methods across columns see {count(matrix.filled, 'missing value')} as the median of "
            f"{'its group' if data.by else 'the column'}."
        )
    if matrix is not None and (empty := _rows_without_values(data, matrix)):
        where = " in the columns that vary" if matrix.idle else ""
        notes.append(f"{count(empty, 'row')} without values{where} can't be judged.")
    for method, found in across.items():
        notes += _across_notes(OUTLIER_METHODS[method].label, found, data)
    return tuple(notes)


def _rows_without_values(data: NumberColumns, matrix: RowMatrix) -> int:
    """Rows with no value in a column that varies; none where no column does, which is said of each column."""
    if not len(matrix.columns) or len(matrix.positions) == data.rows:
        return 0
    return int(np.logical_and.reduce([np.isnan(data.values[column]) for column in matrix.columns]).sum())


def _column_notes(name: Label, spread: ColumnSpread, by_column: Sequence[str]) -> list[str]:
    notes = []
    varies = spread.sd > 0
    where = "" if len(spread.sd) == 1 else " in some groups"
    if not varies.any():
        return [f"{name} never varies, so nothing in it is unusual."]
    if "modified_zscore" in by_column and (spread.mad_is_zero & varies).any():
        notes.append(
            f"{name}: more than half of the values are equal{where}, so the MAD is 0 and modified z uses "
            "the mean absolute deviation."
        )
    if "iqr" in by_column and ((spread.iqr == 0) & varies).any():
        notes.append(f"{name}: the middle half is one value{where}, so Tukey's fences do not judge it.")
    return notes


def _across_notes(label: str, found: AcrossScores, data: NumberColumns) -> list[str]:
    notes = [f"{label}: {note}." for note in found.notes]
    if found.singly:
        names = ", ".join(str(data.names[column]) for column in found.singly)
        notes.append(
            f"{label} looks at {names} singly, without correlations: more than half of its values are equal, "
            "or differ by less than rounding leaves of them beside the largest."
        )
    return notes
