"""How pandas alone reads a file into the table that Zetascope made of it."""

import io
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandas.api import types

from analytics.errors import ZetascopeError
from analytics.reproduce.literals import call
from analytics.tables import Table

_LARGEST_TRIED = 64 * 1024**2
_MISSING_WORDS = ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", "-", "?", ".")


@dataclass(frozen=True)
class PandasReading:
    """How pandas alone makes the table: ``code`` is the call, ``file_name`` the file it reads.

    ``original`` tells whether that is the file as it was given, or its Parquet copy.
    """

    code: str
    file_name: str
    original: bool


def pandas_reading(table: Table, source: bytes, *, file_name: str) -> PandasReading:
    """A pandas call that reads ``source`` into exactly ``table.frame``, proven by making it.

    Where there is none (the file was mended, is no delimited text, or is too large to try), the call
    reads the table as it was read, saved by ``write_parquet`` beside the script.

    Raises:
        ZetascopeError: for a column that the script could not write as ``write_csv`` does.
    """
    require_writable(table.frame)
    for settings in _candidates(table):
        if len(source) <= _LARGEST_TRIED and _reads_alike(source, settings, table.frame):
            code = call("pd.read_csv", file_name, **settings, float_precision="round_trip")
            return PandasReading(code.text, file_name, original=True)
    copy = file_name.rsplit(".", 1)[0] + "_as_read.parquet"
    code = call("pd.read_parquet", copy, dtype_backend="numpy_nullable")
    return PandasReading(code.text, copy, original=False)


def require_writable(frame: pd.DataFrame) -> None:
    """Raises ZetascopeError where a column is of a kind that the script cannot write."""
    for name in frame.columns:
        if not _can_be_written(frame[name].dtype):
            raise ZetascopeError(
                f"Column {name!r} holds {frame[name].dtype}, which no script repeats: drop it."
            )


def _can_be_written(dtype: Any) -> bool:
    plain = types.is_integer_dtype(dtype) or types.is_bool_dtype(dtype) or types.is_datetime64_dtype(dtype)
    timed = plain or types.is_timedelta64_dtype(dtype)
    return timed or dtype in ("float64", "Float64") or isinstance(dtype, pd.StringDtype)


def _candidates(table: Table) -> list[dict[str, Any]]:
    report = table.report
    if not report.delimiter or report.header_row is None or report.footer or report.repairs:
        return []
    frame = table.frame
    dates = [name for name in frame.columns if types.is_datetime64_dtype(frame[name].dtype)]
    settings: dict[str, Any] = {
        "sep": report.delimiter,
        "encoding": report.encoding,
        "skiprows": report.header_row - 1,
        "decimal": report.decimal or ".",
        "thousands": report.thousands,
        "dtype": {name: str(frame[name].dtype) for name in frame.columns if name not in dates},
        "parse_dates": dates,
        "keep_default_na": False,
    }
    numbers = [name for name in frame.columns if types.is_numeric_dtype(frame[name].dtype)]
    words = {name: list(_MISSING_WORDS) if name in numbers else [""] for name in frame.columns}
    usual = {
        "sep": ",",
        "encoding": "utf-8",
        "skiprows": 0,
        "decimal": ".",
        "thousands": None,
        "parse_dates": [],
    }
    told = {name: value for name, value in settings.items() if name not in usual or usual[name] != value}
    return [told | {"na_values": [""]}, told | {"na_values": words}]


def _reads_alike(source: bytes, settings: dict[str, Any], frame: pd.DataFrame) -> bool:
    try:
        read = pd.read_csv(io.BytesIO(source), **settings, low_memory=False, float_precision="round_trip")
    except (ValueError, TypeError, OverflowError, LookupError, pd.errors.ParserError):
        return False
    return read.columns.tolist() == frame.columns.tolist() and read.equals(frame)
