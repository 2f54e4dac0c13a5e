"""Arrow columns as pandas values that lose nothing: big integers stay exact, nested values become JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from analytics.tables.errors import TableError
from analytics.tables.report import ColumnReading
from analytics.tables.typed.typed import Typed, text_array

_NULLABLE_INTEGERS = {
    pa.int8(): "Int8", pa.int16(): "Int16", pa.int32(): "Int32", pa.int64(): "Int64",
    pa.uint8(): "UInt8", pa.uint16(): "UInt16", pa.uint32(): "UInt32", pa.uint64(): "UInt64",
}  # fmt: skip
_EXACT_DIGITS = 15
"""Decimal digits that every float64 keeps."""

_DAY = 86_400
_FIRST_DAY, _LAST_DAY = -719_161, 2_932_895
"""Days from 1970 to the ends of Python's calendar, a day short of each, so that no zone leads beyond it."""
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_CLOCKS = {"s": pa.time32("s"), "ms": pa.time32("ms"), "us": pa.time64("us"), "ns": pa.time64("ns")}


def typed_arrow(name: str, column: pa.ChunkedArray) -> Typed:
    """An Arrow column of any type as pandas values with a sentence on how it was taken."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = _stored(column)
    if types.is_dictionary(column.type) and not _has_categories(column):
        value = column.type.value_type
        column = pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks], value)
    if types.is_decimal(column.type):
        kind, sentence, values = _decimals(column)
    elif types.is_timestamp(column.type) and column.type.tz:
        kind, sentence, values = _zoned(column)
    else:
        kind, sentence, values = next(
            (kind, sentence, convert(column))
            for test, kind, sentence, convert in _CONVERSIONS
            if test(column.type)
        )
    if column.null_count == len(column):
        kind, sentence = "empty", "Empty: no cell has a value."
    return Typed(values, ColumnReading(name, kind, sentence))


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as strings: moments as a table shows them, nested values as JSON, bytes as UTF-8 or hex."""
    kind = column.type
    if types.is_string(kind) or types.is_large_string(kind):
        return column
    if types.is_string_view(kind):
        return column.cast(pa.large_string())
    if types.is_timestamp(kind):
        end = pa.scalar("Z" if kind.tz else "")
        return pc.binary_join_element_wise(coarsest_moments(column).cast(pa.string()), end, pa.scalar(""))
    for test, convert, text in _TEXTS:
        if test(kind):
            return pa.chunked_array([convert(chunk) for chunk in column.chunks], text)
    return column.cast(pa.string())


def coarsest_moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments as days, or with the time of day if any has one and as many digits of a second as needed.

    Those of a zone keep the time of day, in UTC.
    """
    naive = column.cast(pa.timestamp(column.type.unit))
    for unit in ("s", "ms", "us", "ns"):
        try:
            naive = naive.cast(pa.timestamp(unit))
            break
        except pa.ArrowInvalid:
            continue
    if column.type.tz is not None:
        return naive
    days = naive.cast(pa.date32())
    whole = pc.all(pc.equal(days.cast(naive.type), naive)).as_py() in (True, None)
    return days if whole else naive


def duration_texts(array: pa.Array) -> pa.Array:
    """Durations of any unit as texts, with as many digits of a second as the array needs."""
    unit, counts = _coarsest(array)
    per_day = _DAY * _PER_SECOND[unit]
    missing = array.is_null().to_numpy(zero_copy_only=False)
    days, rest = np.divmod(np.where(missing, 0, counts), per_day)
    kind = pa.large_string()
    clock = pa.array(rest, pa.int64()).cast(pa.int64() if unit in ("us", "ns") else pa.int32())
    clock = clock.cast(_CLOCKS[unit]).cast(kind)
    gap = pc.if_else(pa.array(days < 0), pa.scalar(" days +", kind), pa.scalar(" days ", kind))
    texts = pc.binary_join_element_wise(pa.array(days).cast(kind), gap, clock, pa.scalar("", kind))
    return pc.if_else(pa.array(missing), pa.scalar(None, kind), texts)


def _coarsest(array: pa.Array) -> tuple[str, np.ndarray]:
    """The coarsest unit that keeps every duration, and their counts in it (n,), 0 where missing."""
    unit = array.type.unit
    counts = pc.fill_null(array.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    for coarse, per_second in _PER_SECOND.items():
        step = _PER_SECOND[unit] // per_second
        if step <= 1 or not (counts % step).any():
            return (coarse, counts // step) if step >= 1 else (unit, counts)
    return unit, counts


def _text(column: pa.ChunkedArray) -> Any:
    return text_array(as_text(column))


def _json_text(array: pa.Array) -> pa.Array:
    try:
        shown = [
            None if value is None else json.dumps(value, ensure_ascii=False, default=_in_json)
            for value in array.to_pylist()
        ]
    except RecursionError as problem:
        raise TableError("A column is nested too deep to be shown as JSON text.") from problem
    except (ValueError, OverflowError, LookupError, pa.ArrowException):
        # Moments that Python's own types cannot hold, in zones it does not know.
        return _json_text(array.cast(_counted(array.type)))
    return pa.array(shown, pa.string())


def _counted(kind: pa.DataType) -> pa.DataType:
    """The nested type with moments, days and lengths of time as the counts that are stored."""
    if types.is_struct(kind):
        return pa.struct([part.with_type(_counted(part.type)) for part in kind])
    if types.is_map(kind):
        return pa.map_(_counted(kind.key_type), _counted(kind.item_type))
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return pa.large_list(_counted(kind.value_type))
    if types.is_date32(kind):
        return pa.int32()
    return pa.int64() if types.is_temporal(kind) else kind


def _in_json(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _decoded(array: pa.Array) -> pa.Array:
    try:
        return array.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array((None if value is None else value.hex() for value in array.to_pylist()), pa.string())


def _integers(column: pa.ChunkedArray) -> Any:
    if not column.null_count:
        return _owned(column.to_numpy())
    return column.to_pandas(
        types_mapper={key: pd.api.types.pandas_dtype(name) for key, name in _NULLABLE_INTEGERS.items()}.get
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


def _decimals(column: pa.ChunkedArray) -> tuple[str, str, Any]:
    """Whole numbers that fit 64 bits and others of up to 15 digits as numbers, all else as exact text."""
    if column.type.scale <= 0:
        try:
            return "integer", "Whole numbers.", _integers(column.cast(pa.int64()))
        except pa.ArrowInvalid:
            pass
    texts = column.cast(pa.string())
    digits = pc.replace_substring_regex(texts, r"[eE].*|[^0-9]", "")
    long = pc.greater(pc.utf8_length(pc.utf8_trim(digits, "0")), _EXACT_DIGITS)
    if not pc.any(long).as_py():
        # Through text: Arrow's own cast from decimals may miss the nearest float by its last bit.
        return "number", "Decimal numbers.", _floats(texts.cast(pa.float64()))
    first = texts.filter(pc.fill_null(long, False))[0].as_py()
    sentence = f"Decimal numbers of over {_EXACT_DIGITS} digits such as {first}, kept exact as text."
    return "text", sentence, text_array(texts)


def _zoned(column: pa.ChunkedArray) -> tuple[str, str, Any]:
    """Moments in their zone, whose wall time is what the file's writer saw."""
    zone, unit = column.type.tz, column.type.unit
    ends = pc.min_max(column.cast(pa.int64()))
    first, last = (ends[which].as_py() or 0 for which in ("min", "max"))
    if (
        not _FIRST_DAY
        <= first // (_DAY * _PER_SECOND[unit])
        <= last // (_DAY * _PER_SECOND[unit])
        < _LAST_DAY
    ):
        sentence = (
            "Dates with time of day in UTC, without their zone: some lie outside of the years 1 to 9999."
        )
        return "time", sentence, column.cast(pa.timestamp(unit)).to_pandas().array
    try:
        return "time", f"Dates with time of day in the zone {zone}.", column.to_pandas().array
    except (pa.ArrowException, ValueError, LookupError, OSError):
        utc = column.cast(pa.timestamp(unit, "UTC"))
        sentence = f"Dates with time of day in UTC; the file's zone {zone!r} is not known."
        return "time", sentence, utc.to_pandas().array


def _dates(column: pa.ChunkedArray) -> Any:
    """Days as datetime64 of the finest unit that holds them all; a 32-bit day reaches the year 5,881,580."""
    try:
        return column.cast(pa.timestamp("us" if types.is_date32(column.type) else "ms")).to_pandas().array
    except pa.ArrowInvalid:
        return column.cast(pa.timestamp("s")).to_pandas().array


def _half_floats(column: pa.ChunkedArray) -> Any:
    return _floats(column.cast(pa.float32()).cast(pa.float64()))


def _clocks(column: pa.ChunkedArray) -> Any:
    """Times of day as text, without a fraction of a second where no cell has one."""
    texts = column.cast(pa.string())
    whole = pc.all(pc.match_substring_regex(texts, r"\.0+$")).as_py()
    return text_array(pc.replace_substring_regex(texts, r"\.0+$", "") if whole else texts)


def _as_pandas(column: pa.ChunkedArray) -> Any:
    return column.to_pandas().array


def _has_categories(column: pa.ChunkedArray) -> bool:
    """Whether a dictionary is one of different texts, as pandas wants its categories."""
    value = column.type.value_type
    if not (types.is_string(value) or types.is_large_string(value)):
        return False
    return all(
        pc.count_distinct(chunk.dictionary, mode="all").as_py() == len(chunk.dictionary)
        and not chunk.dictionary.null_count
        for chunk in column.chunks
    )


def _stored(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """What an extension type is made of; the bytes of a UUID as the text that everyone knows."""
    chunks = [chunk.storage for chunk in column.chunks]
    if column.type.extension_name != "arrow.uuid":
        return pa.chunked_array(chunks, column.type.storage_type)
    texts = [
        [None if value is None else str(UUID(bytes=value)) for value in chunk.to_pylist()] for chunk in chunks
    ]
    return pa.chunked_array([pa.array(part, pa.string()) for part in texts], pa.string())


def _is_bytes(kind: pa.DataType) -> bool:
    return types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind)


_TEXTS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array], pa.DataType], ...] = (
    (types.is_duration, duration_texts, pa.large_string()),
    (types.is_nested, _json_text, pa.string()),
    (_is_bytes, _decoded, pa.string()),
)
"""What Arrow does not cast as a reader would write it, a chunk at a time."""

_Conversion = tuple[Callable[[pa.DataType], bool], str, str, Callable[[pa.ChunkedArray], Any]]
_CONVERSIONS: tuple[_Conversion, ...] = (
    (types.is_boolean, "boolean", "True or false.", _truths),
    (types.is_integer, "integer", "Whole numbers.", _integers),
    (types.is_float16, "number", "Numbers of half precision.", _half_floats),
    (types.is_floating, "number", "Numbers.", _floats),
    (types.is_date, "date", "Dates.", _dates),
    (types.is_timestamp, "time", "Dates with time of day.", _as_pandas),
    (types.is_duration, "number", "Lengths of time.", _as_pandas),
    (types.is_time, "text", "Times of day, as text.", _clocks),
    (types.is_dictionary, "category", "Categories.", _as_pandas),
    (types.is_nested, "text", "Nested values, shown as JSON text.", _text),
    (lambda _: True, "text", "Text.", _text),
)
