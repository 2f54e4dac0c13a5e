"""Frames as Arrow's IPC format beside what Arrow does not know of them, and back without a copy.

What comes back is checked as a whole before it is used: whoever wrote it has seen a stranger's file.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables.transfer.fields import MalformedError, from_plain, to_plain
from analytics.tables.typed.typed import text_array

_PLACED = "placed"
"""The form of numbers that lie in the memory itself, beside Arrow's stream: their dtype and place."""
_NUMBERS = "biufmM"
"""Kinds of numpy dtypes that are bytes without references."""
_NULLABLE = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64",
             "boolean")  # fmt: skip
_ZONE = re.compile(r"(?!dateutil)[A-Za-z0-9_+:/-]+")
"""Names of zones; those of dateutil are paths of files."""


@dataclass(frozen=True)
class ColumnForm:
    """What pandas makes of an Arrow column: ``form`` is a row of ``_READERS``, ``detail`` its dtype."""

    form: str
    detail: str = ""
    ordered: bool = False
    categories: ColumnForm | None = None


def write_frame(frame: pd.DataFrame, target: Any, *, lines: np.ndarray | None = None) -> dict[str, Any]:
    """Write the columns, and the line of each row (n,), to ``target``; returns the rest as plain data.

    Columns that were put there as they were read stay where they are.
    """
    placed = getattr(target, "place_of", lambda _: None)
    series = (frame.iloc[:, i] for i in range(frame.shape[1]))
    columns = [_in_place(column, placed) or _to_arrow(column.array) for column in series]
    if lines is not None:
        columns.append(_numbers_to_arrow(lines))
    arrays = [array for array, _ in columns if array is not None]
    start = target.reserve(0) if hasattr(target, "reserve") else 0
    batch = pa.RecordBatch.from_arrays(arrays, [str(i) for i in range(len(arrays))])
    if arrays:
        with pa.ipc.new_stream(pa.PythonFile(target, mode="w"), batch.schema) as writer:
            writer.write_batch(batch)
    forms = [to_plain(form) for _, form in columns]
    names, found = list(frame.columns), lines is not None
    return {"rows": len(frame), "names": names, "forms": forms, "lines": found, "start": start}


def read_frame(plain: Any, memory: mmap.mmap | bytearray) -> tuple[pd.DataFrame, np.ndarray | None]:
    """The frame and its lines, where there are any. Numbers lie in ``memory`` and may be written to.

    Raises:
        MalformedError: this is no frame, or not all of it.
    """
    try:
        rows, names = plain["rows"], plain["names"]
        forms = [from_plain(ColumnForm, form) for form in plain["forms"]]
        if not all(isinstance(name, str) for name in names) or type(rows) is not int:
            raise MalformedError("names")
        sent = [form for form in forms if form.form != _PLACED]
        arrays = _arrays(memory, plain["start"]) if sent else []
        if len(arrays) != len(sent) or any(len(array) != rows for array in arrays):
            raise MalformedError("columns")
        rest = iter(arrays)
        values = [
            _where_it_lies(form, rows, memory)
            if form.form == _PLACED
            else _from_arrow(form, next(rest), memory)
            for form in forms
        ]
        lines = values.pop() if plain["lines"] is True else None
        if not isinstance(lines, np.ndarray | None):
            raise MalformedError("lines")
        frame = pd.DataFrame(dict(enumerate(values)), index=pd.RangeIndex(rows), copy=False)
        frame.columns = pd.Index(names, dtype="str")
    except (pa.ArrowException, OSError, LookupError, TypeError, ValueError) as problem:
        raise MalformedError(str(problem)[:80]) from problem
    return frame, lines


def _in_place(column: pd.Series, placed: Callable[[int], int | None]) -> tuple[None, ColumnForm] | None:
    """The form of a column that is in the target already."""
    if not isinstance(column.dtype, np.dtype) or column.dtype.kind not in "if":
        return None
    values = column.to_numpy()
    place = placed(values.ctypes.data) if values.flags.c_contiguous and len(values) else None
    return None if place is None else (None, ColumnForm(_PLACED, f"{values.dtype.str} {place}"))


def _where_it_lies(form: ColumnForm, rows: int, memory: mmap.mmap | bytearray) -> np.ndarray:
    name, _, place = form.detail.partition(" ")
    dtype = np.dtype(name)
    if dtype.kind not in "if" or not place.isdecimal():
        raise MalformedError(form.detail)
    return np.frombuffer(memory, dtype, rows, int(place))


def _arrays(memory: mmap.mmap | bytearray, start: int) -> list[pa.Array]:
    with pa.ipc.open_stream(pa.py_buffer(memory)[start:]) as reader:
        batch = reader.read_next_batch()
    batch.validate(full=True)
    return batch.columns


def _to_arrow(values: Any) -> tuple[pa.Array, ColumnForm]:
    """The array of a pandas column with what it takes to make the column of it again."""
    dtype = values.dtype
    if isinstance(dtype, pd.StringDtype):
        return _whole(pa.array(values, pa.large_string())), ColumnForm("text")
    if isinstance(dtype, pd.CategoricalDtype):
        return _categories_to_arrow(values)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return pa.array(values.asi8), ColumnForm("zoned", f"{dtype.unit} {dtype.tz}")
    if str(dtype) in _NULLABLE:
        return _whole(pa.array(values)), ColumnForm("nullable", str(dtype))
    return _numbers_to_arrow(values.to_numpy())


def _numbers_to_arrow(values: np.ndarray) -> tuple[pa.Array, ColumnForm]:
    numbers = np.ascontiguousarray(values)
    if numbers.dtype.kind not in _NUMBERS:
        raise TypeError(f"no form for {numbers.dtype}")
    stored = {"b": np.uint8, "m": np.int64, "M": np.int64}.get(numbers.dtype.kind, numbers.dtype)
    return pa.array(numbers.view(stored)), ColumnForm("numbers", numbers.dtype.str)


def _categories_to_arrow(values: Any) -> tuple[pa.Array, ColumnForm]:
    categories, form = _to_arrow(values.categories.array)
    codes = pa.array(values.codes, mask=values.codes < 0)
    ordered = bool(values.ordered)
    return pa.DictionaryArray.from_arrays(codes, categories), ColumnForm("category", "", ordered, form)


def _whole(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _from_arrow(form: ColumnForm, array: pa.Array, memory: mmap.mmap | bytearray) -> Any:
    if form.form not in _READERS:
        raise MalformedError(form.form)
    return _READERS[form.form](form, array, memory)


def _numbers(form: ColumnForm, array: pa.Array, memory: mmap.mmap | bytearray) -> np.ndarray:
    """The values where they lie; Arrow itself would give an array that cannot be written to."""
    dtype = np.dtype(form.detail)
    if dtype.kind not in _NUMBERS or array.null_count or array.type.bit_width != 8 * dtype.itemsize:
        raise MalformedError(form.detail)
    if not len(array):
        return np.empty(0, dtype)
    place = array.buffers()[1].address - pa.py_buffer(memory).address + array.offset * dtype.itemsize
    values = np.frombuffer(memory, np.uint8 if dtype.kind == "b" else dtype, len(array), place)
    if dtype.kind != "b":
        return values
    if values.max() > 1:
        raise MalformedError("truth values")
    return values.view(bool)


def _zoned(form: ColumnForm, array: pa.Array, memory: mmap.mmap | bytearray) -> Any:
    unit, _, zone = form.detail.partition(" ")
    if not _ZONE.fullmatch(zone):
        raise MalformedError(zone)
    moments = _numbers(ColumnForm("numbers", f"<M8[{unit}]"), array, memory)
    return pd.DatetimeIndex(moments).tz_localize("UTC").tz_convert(zone).array


def _text(_form: ColumnForm, array: pa.Array, _memory: mmap.mmap | bytearray) -> Any:
    if not pa.types.is_large_string(array.type):
        raise MalformedError("text")
    return text_array(array)


def _nullable(form: ColumnForm, array: pa.Array, _memory: mmap.mmap | bytearray) -> Any:
    if form.detail not in _NULLABLE:
        raise MalformedError(form.detail)
    return pd.api.types.pandas_dtype(form.detail).__from_arrow__(array)  # type: ignore[union-attr]


def _category(form: ColumnForm, array: pa.Array, memory: mmap.mmap | bytearray) -> Any:
    if form.categories is None or not pa.types.is_dictionary(array.type):
        raise MalformedError("category")
    categories = pd.Index(_from_arrow(form.categories, array.dictionary, memory))
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes, categories=categories, ordered=form.ordered)


_READERS: dict[str, Callable[[ColumnForm, pa.Array, Any], Any]] = {
    "numbers": _numbers, "zoned": _zoned, "text": _text, "nullable": _nullable, "category": _category
}  # fmt: skip
