"""Frames from typed columns, and columns read again as another type where that was asked for."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading
from analytics.tables.typed.arrow_frames import as_text
from analytics.tables.typed.convert import convert_columns
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
