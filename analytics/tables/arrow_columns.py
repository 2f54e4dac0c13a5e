"""Columns as Arrow arrays: from pandas of any dtype, and whether many short ones are better taken as one."""

from __future__ import annotations

from collections.abc import Sequence, Sized

import pandas as pd
import pyarrow as pa

from analytics.tables.errors import TableError

FEW = 100
MANY_COLUMNS = 50
"""Where a call of Arrow (some 10 µs) costs more than its cells: below ``FEW`` cells ``re`` is as fast, and
tables of fewer columns than this are typed in a few milliseconds anyway."""


def is_wide_and_short(columns: Sequence[Sized]) -> bool:
    """Whether a call per column would cost more than the cells themselves."""
    return len(columns) >= MANY_COLUMNS and 0 < len(columns[0]) <= FEW


def arrow_column(column: pd.Series) -> pa.Array:
    """A column as one Arrow array; dtypes that Arrow does not know become text."""
    if isinstance(column.dtype, pd.PeriodDtype | pd.IntervalDtype):
        return _spelled(column)
    try:
        array = pa.Array.from_pandas(column)
    except (pa.ArrowException, ValueError, OverflowError):
        return _spelled(column)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _spelled(column: pd.Series) -> pa.Array:
    """Every value by ``str``."""
    try:
        return pa.array(
            [None if pd.isna(value) is True else str(value) for value in column], pa.large_string()
        )
    except (UnicodeEncodeError, pa.ArrowInvalid) as problem:
        raise TableError(
            f"Column {column.name!r} holds text that is not valid Unicode; clean it first."
        ) from problem
