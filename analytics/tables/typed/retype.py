"""Frames from typed columns, and columns of frames read again: as the type asked for, or as dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.arguments import require_column
from analytics.tables.arrow_columns import arrow_column
from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading, Doubt
from analytics.tables.typed.arrow_frames import as_text
from analytics.tables.typed.cells import make_cells
from analytics.tables.typed.convert import convert_columns
from analytics.tables.typed.dates.convert_dates import type_dates
from analytics.tables.typed.dates.date_order import find_dates
from analytics.tables.typed.dates.order_evidence import POINTS
from analytics.tables.typed.known import Known
from analytics.tables.typed.typed import Typed

_LOOKED_AT = 1_000
"""Texts of a column, evenly spread, that tell whether anything is to be asked; millions take seconds."""


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
    """Take the columns that ``options`` ask a type or words for missing of through their text."""
    asked = _asked(frame, options)
    if not asked:
        return frame, readings
    stays = [_is_text(frame[name]) and not (options.as_text or options.type_of(name)) for name in asked]
    known = Known(
        decimal=".",
        quoted=[_everywhere(frame) if text else None for text in stays],
        quoted_header=stays,
        others_bare=True,
    )
    converted = convert_columns(asked, _texts(frame, asked), options=options, known=known)
    again = dict(zip(asked, converted.readings, strict=True))
    frame = frame.assign(**{name: converted.frame[name].set_axis(frame.index) for name in asked})
    return frame, tuple(again.get(reading.name, reading) for reading in readings)


def read_again(column: pd.Series, options: ReadOptions) -> pd.Series:
    """A column as the type that ``options`` ask for, its cells by way of their text; its index stays."""
    require_column(column, error=TableError)
    made, _ = retype(column.to_frame(str(column.name)), (), options)  # a frame's names may be no texts
    values = made.iloc[:, 0]
    values.name = column.name
    return values


def open_texts(frame: pd.DataFrame, options: ReadOptions) -> tuple[Doubt, ...]:
    """What is to be asked of the columns of a file with types: of texts that say numbers, dates or the like,
    of words for missing, and of what a type that was asked for leaves open."""
    if options.as_text:
        return ()
    asked = _asked(frame, options)
    texts = [name for name in frame.columns if name not in asked and _is_text(frame[name])]
    sample = frame.iloc[:: max(1, len(frame) // _LOOKED_AT)]
    unsure = {doubt.column for doubt in _doubts(sample, texts, options)}
    return _doubts(frame, [name for name in frame.columns if name in asked or name in unsure], options)


def _doubts(frame: pd.DataFrame, names: Sequence[str], options: ReadOptions) -> tuple[Doubt, ...]:
    if not names:
        return ()
    texts = [_is_text(frame[name]) and not options.type_of(name) for name in names]
    known = Known(
        lines=np.arange(1, len(frame) + 1),
        decimal=".",
        quoted=[_everywhere(frame) if text else None for text in texts],
        quoted_header=texts,
        others_bare=True,
        columnar=True,
    )
    return convert_columns(names, _texts(frame, names), options=options, known=known).doubts


def _asked(frame: pd.DataFrame, options: ReadOptions) -> list[str]:
    worded = dict(options.missing_words)
    return [name for name in frame.columns if options.as_text or options.type_of(name) or name in worded]


def _texts(frame: pd.DataFrame, names: Sequence[str]) -> list[pa.ChunkedArray]:
    return [as_text(pa.chunked_array([arrow_column(frame[name])])) for name in names]


def _everywhere(frame: pd.DataFrame) -> pa.Array:
    return pa.array(np.ones(len(frame), bool))


def _is_text(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.StringDtype)


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
