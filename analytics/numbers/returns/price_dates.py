"""Columns that say when, brought to one type without a zone; texts are dates by the reader's own rules."""

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.tables.typed.retype import FrameDates, dates_in

_RANGES = {"%Y%m%d": (18000101, 21001231), "%Y%m": (180001, 210012), "%Y": (1800, 2100)}
"""Forms of whole numbers that may be dates: prices are of these centuries, other numbers rarely all are."""


def read_dates(column: pd.Series) -> pd.Series | None:
    """Dates, without zone, of a column of dates, texts, or numbers like 20240131, 202401, 2024; else None.

    A time with an offset or zone keeps its own day and clock. What the reader of a file would ask of texts is
    not guessed here: such a column counts as dates once the question is answered where the file is read.
    """
    return _find(column).dates


def left_open(column: pd.Series) -> str:
    """What has to be answered before the column is dates, as words that follow "cells of ..."; or ""."""
    return _find(column).left_open


def _find(column: pd.Series) -> FrameDates:
    if types.is_bool_dtype(column.dtype) or types.is_timedelta64_dtype(column.dtype):
        return FrameDates(None)
    if types.is_datetime64_any_dtype(column.dtype):
        return FrameDates(_without_zone(column))
    if not column.notna().any():
        return FrameDates(None)
    if types.is_numeric_dtype(column.dtype):
        return _of_numbers(column)
    found = dates_in(column)
    return FrameDates(None if found.dates is None else _without_zone(found.dates), found.left_open)


def _of_numbers(column: pd.Series) -> FrameDates:
    seen = column.dropna().to_numpy(dtype=np.float64)
    whole = bool((seen == np.round(seen)).all())
    for form, (low, high) in _RANGES.items():
        if whole and ((low <= seen) & (seen <= high)).all():
            return dates_in(column.astype("Int64"), form=form)
    return FrameDates(None)


def _without_zone(dates: pd.Series) -> pd.Series:
    dates = dates.astype("datetime64[us]") if isinstance(dates.dtype, pd.ArrowDtype) else dates
    return dates.dt.tz_localize(None) if getattr(dates.dtype, "tz", None) is not None else dates
