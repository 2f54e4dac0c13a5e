"""Arrow columns as pandas values that lose nothing: big integers stay exact, nested values become JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from analytics.tables.report import ColumnReading
from analytics.tables.typed.durations import duration_texts
from analytics.tables.typed.typed import Typed, text_array

NULLABLE_INTEGERS = {
    pa.int8(): "Int8", pa.int16(): "Int16", pa.int32(): "Int32", pa.int64(): "Int64",
    pa.uint8(): "UInt8", pa.uint16(): "UInt16", pa.uint32(): "UInt32", pa.uint64(): "UInt64",
}  # fmt: skip
EXACT_DIGITS = 15
"""Decimal digits that every float64 keeps."""


def typed_arrow(name: str, column: pa.ChunkedArray) -> Typed:
    """An Arrow column of any type as pandas values with a sentence on how it was taken."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)
    kind, sentence, values = next(
        (kind, sentence, convert(column))
        for test, kind, sentence, convert in CONVERSIONS
        if test(column.type)
    )
    if column.null_count == len(column):
        kind, sentence = "empty", "Empty: no cell has a value."
    return Typed(values, ColumnReading(name, kind, sentence))


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as strings, nested values as JSON, bytes as UTF-8 or hexadecimal."""
    kind = column.type
    if types.is_string(kind) or types.is_large_string(kind):
        return column
    if types.is_string_view(kind):
        return column.cast(pa.large_string())
    if types.is_duration(kind):
        return pa.chunked_array([duration_texts(chunk) for chunk in column.chunks], pa.large_string())
    if types.is_nested(kind):
        return pa.chunked_array([_json_text(chunk) for chunk in column.chunks], pa.string())
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return pa.chunked_array([_decoded(chunk) for chunk in column.chunks], pa.string())
    return column.cast(pa.string())


def _text(column: pa.ChunkedArray) -> Any:
    return text_array(as_text(column))


def _json_text(array: pa.Array) -> pa.Array:
    shown = (
        None if value is None else json.dumps(value, ensure_ascii=False, default=str)
        for value in array.to_pylist()
    )
    return pa.array(shown, pa.string())


def _decoded(array: pa.Array) -> pa.Array:
    try:
        return array.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array((None if value is None else value.hex() for value in array.to_pylist()), pa.string())


def _integers(column: pa.ChunkedArray) -> Any:
    if not column.null_count:
        return _owned(column.to_numpy())
    return column.to_pandas(
        types_mapper={key: pd.api.types.pandas_dtype(name) for key, name in NULLABLE_INTEGERS.items()}.get
    ).array


def _floats(column: pa.ChunkedArray) -> Any:
    return _owned(column.to_numpy())


def _owned(values: np.ndarray) -> np.ndarray:
    return values if values.flags.writeable else values.copy()


def _truths(column: pa.ChunkedArray) -> Any:
    if not column.null_count:
        return _owned(column.to_numpy())
    known = column.is_valid().to_numpy()
    return pd.arrays.BooleanArray(pc.fill_null(column, False).to_numpy().astype(bool), ~known)


def _decimals(column: pa.ChunkedArray) -> Any:
    if column.type.precision <= EXACT_DIGITS:
        return _floats(column.cast(pa.float64()))
    return text_array(column.cast(pa.string()))


def _dates(column: pa.ChunkedArray) -> Any:
    return column.cast(pa.timestamp("us" if types.is_date32(column.type) else "ms")).to_pandas().array


def _as_pandas(column: pa.ChunkedArray) -> Any:
    return column.to_pandas().array


def _categories(column: pa.ChunkedArray) -> Any:
    if types.is_string(column.type.value_type) or types.is_large_string(column.type.value_type):
        return column.to_pandas().array
    plain = pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks], column.type.value_type)
    return typed_arrow("", plain).values


Conversion = tuple[Callable[[pa.DataType], bool], str, str, Callable[[pa.ChunkedArray], Any]]
CONVERSIONS: tuple[Conversion, ...] = (
    (types.is_boolean, "boolean", "True or false.", _truths),
    (types.is_integer, "integer", "Whole numbers.", _integers),
    (types.is_floating, "number", "Numbers.", _floats),
    (types.is_decimal, "number", "Decimal numbers; text where they have over 15 digits.", _decimals),
    (types.is_date, "date", "Dates.", _dates),
    (types.is_timestamp, "time", "Dates with time of day.", _as_pandas),
    (types.is_duration, "number", "Lengths of time.", _as_pandas),
    (types.is_dictionary, "category", "Categories.", _categories),
    (types.is_nested, "text", "Nested values, shown as JSON text.", _text),
    (lambda _: True, "text", "Text.", _text),
)
