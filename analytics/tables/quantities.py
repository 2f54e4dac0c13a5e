"""A column as values that can be ordered exactly: numbers, dates and lengths of time of any type and unit."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.errors import ZetascopeError
from analytics.words import number_text

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Quantity:
    """The values that a column of n rows has.

    Attributes:
        known: (n,) bool, rows with a value; an infinite number is none.
        values: (m,) those values in the column's own unit: numbers, datetime64 (wall clock where the column
            has a time zone) or timedelta64.
    """

    known: np.ndarray
    values: np.ndarray

    @property
    def kind(self) -> str:
        """``number``, ``time`` or ``span``."""
        return {"M": "time", "m": "span"}.get(self.values.dtype.kind, "number")

    def ranks(self) -> np.ndarray:
        """(m,) int64 that are ordered and equal as the values are, whatever their size and unit."""
        return np.unique(self.values, return_inverse=True)[1]

    def floats(self) -> np.ndarray:
        """(n,) float64, NaN without a value; dates as days since 1970, lengths of time in days."""
        filled = np.full(len(self.known), np.nan)
        values = self.values
        if self.kind == "time":
            values = values - np.zeros(1, dtype=values.dtype)
        filled[self.known] = values / _DAY if self.kind != "number" else values
        return filled


def quantity(column: pd.Series) -> Quantity:
    """The values of a column of numbers, truth values, dates, periods or lengths of time, numpy's or Arrow's.

    In a column of another type the cells that read as numbers are taken.

    Raises:
        ZetascopeError: complex numbers, which have no order.
    """
    dtype = column.dtype
    known = column.notna().to_numpy(dtype=bool)
    if isinstance(dtype, pd.PeriodDtype):
        return Quantity(known, column[known].dt.start_time.to_numpy())
    if _is_clock(dtype):
        return Quantity(known, _clock_values(column[known]))
    if types.is_complex_dtype(dtype):
        raise ZetascopeError(f"Column {column.name!r} has complex numbers, which have no order.")
    if types.is_bool_dtype(dtype) and not isinstance(dtype, pd.CategoricalDtype):
        return Quantity(known, column[known].to_numpy(dtype=np.int64))
    if types.is_integer_dtype(dtype):
        wide = np.uint64 if types.is_unsigned_integer_dtype(dtype) else np.int64
        return Quantity(known, column[known].to_numpy(dtype=wide))
    plain = column.astype(object).where(known, np.nan) if dtype.kind != "f" else column
    values = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.isfinite(values)
    return Quantity(finite, values[finite])


def middle(values: np.ndarray) -> object:
    """The median, halved exactly between two dates or lengths of time; at least one value."""
    if values.dtype.kind not in "mM":
        return float(np.median(values.astype(np.float64)))
    ordered = np.sort(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low + (high - low) // 2


def said(value: object, *, day_only: bool = True) -> str:
    """A median as words: four digits or all before the point, the day (with its time if asked), or days and
    hours."""
    if isinstance(value, np.datetime64):
        if np.isnat(value):
            return "never"
        day = np.datetime_as_string(value, unit="D")
        if day_only:
            return day
        return np.datetime_as_string(value, unit="s").replace("T", " ")
    if isinstance(value, np.timedelta64):
        micro = int(value.astype("timedelta64[us]").astype(np.int64))
        return f"{'−' if micro < 0 else ''}{timedelta(microseconds=abs(micro))}"
    return number_text(float(value))  # type: ignore[arg-type]


def _is_clock(dtype: Any) -> bool:
    """Whether values are dates or lengths of time; Arrow's dates count as dates."""
    if isinstance(dtype, pd.ArrowDtype):
        return dtype.kind in "mM" or str(dtype).startswith("date")
    return types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype)


def _clock_values(present: pd.Series) -> np.ndarray:
    """datetime64 or timedelta64 of a column without gaps, in its own unit."""
    dtype = present.dtype
    if isinstance(dtype, pd.ArrowDtype) and str(dtype).startswith("date"):
        import pyarrow as pa

        return present.astype(pd.ArrowDtype(pa.timestamp("s"))).to_numpy()
    if types.is_datetime64_any_dtype(dtype):
        return present.dt.tz_localize(None).to_numpy()
    return present.to_numpy()
