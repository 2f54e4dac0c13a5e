"""Frames from typed columns, and columns of frames read again: as the type asked for, or as dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa

from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading
from analytics.tables.typed.arrow_frames import as_text
from analytics.tables.typed.cells import make_cells
from analytics.tables.typed.convert import convert_columns
from analytics.tables.typed.convert_dates import type_dates
from analytics.tables.typed.date_order import POINTS, find_dates
from analytics.tables.typed.known import Known
from analytics.tables.typed.typed import Typed


def frame_of(names: Sequence[str], columns: Sequence[Typed], *, rows: int) -> pd.DataFrame:
    """A frame of these columns with a RangeIndex."""
    frame = pd.DataFrame(
        {i: column.values for i, column in enumerate(columns)}, index=pd.RangeIndex(rows), copy=False
    )
    frame.columns = pd.Index(list(names), dtype="str")
    return frame


def retype(
    frame: pd.DataFrame, readings: tuple[ColumnReading, ...], options: ReadOptions
) -> tuple[pd.DataFrame, tuple[ColumnReading, ...]]:
    """Take the columns named in ``options.column_types`` through their text to the type asked for."""
    asked = [name for name in frame.columns if options.as_text or options.type_of(name)]
    if not asked:
        return frame, readings
    texts = [as_text(pa.chunked_array([pa.Array.from_pandas(frame[name])])) for name in asked]
    converted = convert_columns(asked, texts, options=options, known=Known(decimal="."))
    again = dict(zip(asked, converted.readings, strict=True))
    frame = frame.assign(**{name: converted.frame[name] for name in asked})
    return frame, tuple(again.get(reading.name, reading) for reading in readings)


@dataclass(frozen=True)
class FrameDates:
    """``dates``: datetimes with the column's index, or ``None``; ``left_open``: what the reader would ask.

    A column that is no dates has neither.
    """

    dates: pd.Series | None
    left_open: str = ""


def dates_in(column: pd.Series, *, form: str = "") -> FrameDates:
    """The dates of a column of texts, by the rules for the columns of a file.

    ``form``: one of ``strptime``, which every filled cell has to have.

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
