"""Columns that say when: dates of every dress, brought to one type without a zone."""

import numpy as np
import pandas as pd
from pandas.api import types

ISO = "ISO8601"
FORMATS = (
    *(ISO, "%Y/%m/%d", "%d.%m.%Y", "%d-%b-%Y", "%d %b %Y"),
    *("%b %d, %Y", "%b %Y", "%B %Y", "%b-%y", "%m/%Y"),
)
ORDERS = ("%d/%m/%Y", "%m/%d/%Y")
"""Read alike where no day is above 12: then nothing here says which is meant, and nobody guesses."""
_OFFSET = r"(?<=\d)\s?(?:Z|[+-]\d{2}:?\d{2})$"
PARSED_SHARE = 0.95
"""A column counts as dates when at least this share of its filled cells reads as a date."""


def read_dates(column: pd.Series) -> pd.Series | None:
    """Dates, without zone, of a column of dates, texts, or numbers like 20240131, 202401, 2024; else None.

    A time with an offset or zone keeps its own day and clock. Unreadable cells become NaT; with more than one
    in twenty of them the column does not count as dates, nor where day and month cannot be told apart.
    """
    if types.is_bool_dtype(column.dtype) or types.is_timedelta64_dtype(column.dtype):
        return None
    if types.is_datetime64_any_dtype(column.dtype):
        return _without_zone(column)
    if not column.notna().any():
        return None
    numeric = types.is_numeric_dtype(column.dtype)
    text = _whole_numbers(column) if numeric else column.astype("string").str.strip()
    if text is None:
        return None
    return _first_that_fits(text, ("%Y%m%d", "%Y%m", "%Y")) if numeric else _read_texts(text)


def has_open_order(column: pd.Series) -> bool:
    """Whether the cells read as dates with the day first as well as with the month first."""
    if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return False
    day_first, month_first = _orders(column.astype("string").str.strip())
    filled = int(column.notna().sum())
    return filled > 0 and _fits(day_first, filled) and _count(day_first) == _count(month_first)


def _read_texts(text: pd.Series) -> pd.Series | None:
    found = _first_that_fits(text, FORMATS)
    if found is not None:
        return found
    day_first, month_first = _orders(text)
    better = max(day_first, month_first, key=_count)
    told_apart = _count(day_first) != _count(month_first)
    return better if told_apart and _fits(better, int(text.notna().sum())) else None


def _orders(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    first, second = (pd.to_datetime(text, format=pattern, errors="coerce") for pattern in ORDERS)
    return first, second


def _first_that_fits(text: pd.Series, patterns: tuple[str, ...]) -> pd.Series | None:
    filled = int(text.notna().sum())
    for pattern in patterns:
        local = text.str.replace(_OFFSET, "", regex=True) if pattern == ISO else text
        dates = pd.to_datetime(local, format=pattern, errors="coerce")
        if _fits(dates, filled):
            return _without_zone(dates)
    return None


def _count(dates: pd.Series) -> int:
    return int(dates.notna().sum())


def _fits(dates: pd.Series, filled: int) -> bool:
    return _count(dates) >= PARSED_SHARE * filled


def _whole_numbers(column: pd.Series) -> pd.Series | None:
    """Numbers of a width that dates have, as text; None where any other number is among them."""
    seen = column.dropna().to_numpy(dtype=np.float64)
    ranges = ((18000101, 21001231), (180001, 210012), (1800, 2100))
    if not any(((seen == np.round(seen)) & (low <= seen) & (seen <= high)).all() for low, high in ranges):
        return None
    return column.astype("Int64").astype("string")


def _without_zone(dates: pd.Series) -> pd.Series:
    dates = dates.astype("datetime64[us]") if isinstance(dates.dtype, pd.ArrowDtype) else dates
    return dates.dt.tz_localize(None) if getattr(dates.dtype, "tz", None) is not None else dates
