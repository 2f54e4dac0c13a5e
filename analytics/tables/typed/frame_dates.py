"""Dates in a column of a frame, by the rules by which the reader types a file's columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa

from analytics.tables.options import ReadOptions
from analytics.tables.typed.cells import make_cells
from analytics.tables.typed.convert_dates import type_dates
from analytics.tables.typed.date_order import POINTS, find_dates


@dataclass(frozen=True)
class FrameDates:
    """``dates``: datetimes with the column's index, or ``None``; ``left_open`` says what the reader would ask.

    A column that is no dates has neither.
    """

    dates: pd.Series | None
    left_open: str = ""


def dates_in(column: pd.Series, *, form: str = "") -> FrameDates:
    """The dates of a column of texts. ``form``: one of ``strptime``, which every filled cell has to have.

    Times keep their own clock where they state offsets. The order of day and month has to be proved, by a
    number over 12 or by even steps: what the reader of a file leaves open or assumes is not decided here.
    """
    name = str(column.name)
    cells = make_cells(name, pa.array(column.astype("string"), pa.large_string(), from_pandas=True))
    options = ReadOptions(column_types={name: f"date:{form}"}) if form else ReadOptions()
    finding = find_dates([cells], options).get(name)
    if finding is None:
        return FrameDates(None)
    if finding.is_open and (finding.day_first is None or finding.reason == POINTS):
        return FrameDates(None, "may have the day or the month first, and nothing says which")
    typed = type_dates(cells, finding if form else replace(finding, form="local"), None)
    if form and typed.reading.exceptions:
        return FrameDates(None)
    if typed.reading.kind not in ("date", "time"):
        return FrameDates(None, "are dates in most rows but not in all" if typed.questions else "")
    return FrameDates(pd.Series(typed.values, index=column.index, name=column.name))
