"""Reading Parquet: the metadata is checked against the limits before anything is allocated."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.tables.budget import check_texts
from analytics.tables.errors import LimitError, TableError
from analytics.tables.formats.loaded import Loaded
from analytics.tables.formats.parquet_check import (
    Chunk,
    check_parquet,
    dictionary_columns,
    rows_at_once,
    text_bytes,
)
from analytics.tables.options import ReadOptions
from analytics.tables.records.head.naming import column_names
from analytics.tables.report import Repair
from analytics.tables.typed.arrow_frames import typed_arrow
from analytics.tables.typed.retype import frame_of, open_texts, retype


def read_parquet(data: bytes, *, options: ReadOptions) -> Loaded:
    """A Parquet file as a frame.

    Raises:
        TableError: the file is damaged, or larger than a limit when expanded.
    """
    try:
        table = _with_range(_read(data, options))
        table.validate(full=True)
        stored_names = table.column_names
    except pa.ArrowMemoryError as problem:  # before its fellows: the file may be sound
        raise LimitError(
            "The Parquet file expands beyond the memory that is there; give fewer rows or columns."
        ) from problem
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:
        reason = str(problem).splitlines()[0].rstrip(".")
        raise TableError(
            f"The Parquet file is damaged or cut short: copy or download it again ({reason})."
        ) from problem
    if not table.num_columns:
        raise TableError("The Parquet file has no column.")
    names, repairs = column_names([stored_names], width=table.num_columns, line=None)
    typed = [typed_arrow(name, column) for name, column in zip(names, table.columns, strict=True)]
    frame = frame_of(names, typed, rows=table.num_rows)
    doubts = open_texts(frame, options)
    frame, readings = retype(frame, tuple(column.reading for column in typed), options)
    found = (*repairs, *_not_numbers(names, table.columns))
    return Loaded(frame, (), readings, found, doubts=doubts)


def _with_range(table: pa.Table) -> pa.Table:
    """The table with the row names that pandas keeps in its notes alone, as a range with a name."""
    try:
        entries = [
            entry
            for entry in (table.schema.pandas_metadata or {}).get("index_columns", ())
            if isinstance(entry, dict) and isinstance(entry.get("name"), str)
        ]
        ranges = [(entry["name"], range(entry["start"], entry["stop"], entry["step"])) for entry in entries]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return table  # notes that are not of pandas' making
    for name, numbers in ranges:
        if len(numbers) == table.num_rows > 0 and abs(numbers[0]) < 2**62 > abs(numbers[-1]):
            values = np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
            table = table.add_column(0, name, pa.chunked_array([values]))
    return table


def _not_numbers(names: list[str], columns: list[pa.ChunkedArray]) -> tuple[Repair, ...]:
    """NaN that stands beside missing values: the frame has one word for both."""
    found = []
    for name, column in zip(names, columns, strict=True):
        count = pc.sum(pc.is_nan(column)).as_py() if pa.types.is_floating(column.type) else 0
        if count:
            detail = f"{name!r}: NaN ({count:,}) counts as missing, like the cells without a value"
            detail += f" ({column.null_count:,})"
            found.append(Repair("not a number", None, detail, count))
    return tuple(found)


def _read(data: bytes, options: ReadOptions) -> pa.Table:
    file = pq.ParquetFile(pa.BufferReader(data))
    chunks = check_parquet(file, data, options)
    names = file.schema_arrow.names
    odd = any(pa.types.is_nested(field.type) or pa.types.is_binary(field.type) for field in file.schema_arrow)
    if odd or len(set(names)) < len(names):
        table = _read_by_pieces(file, chunks, options)
    else:
        table = _read_with_dictionaries(data, _dictionary_columns(file, chunks), options)
    promised = file.metadata.num_rows
    if names and table.num_rows != promised:  # Arrow reads what there is, and says nothing
        raise OSError(f"{promised:,} rows are promised, {table.num_rows:,} are there")
    return table


def _read_with_dictionaries(data: bytes, repeated: list[str], options: ReadOptions) -> pa.Table:
    table = pq.ParquetFile(pa.BufferReader(data), read_dictionary=repeated).read()
    check_texts(sum(text_bytes(chunk) for name in repeated for chunk in table.column(name).chunks), options)
    return _decoded(table, repeated)


def _dictionary_columns(file: pq.ParquetFile, chunks: list[Chunk]) -> list[str]:
    """Text columns that are stored as a dictionary somewhere: a few of them may expand without bound."""
    kinds = {field.name: field.type for field in file.schema_arrow}
    return [
        name
        for name in dictionary_columns(chunks)
        if pa.types.is_string(kinds[name]) or pa.types.is_large_string(kinds[name])
    ]


def _decoded(table: pa.Table, names: list[str]) -> pa.Table:
    for name in names:
        chunks = [chunk.dictionary_decode().cast(pa.large_string()) for chunk in table.column(name).chunks]
        column = pa.chunked_array(chunks, pa.large_string())
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _read_by_pieces(file: pq.ParquetFile, chunks: list[Chunk], options: ReadOptions) -> pa.Table:
    """Nested and binary columns, and those that share a name: what they fill is counted while they come."""
    batches, size = [], 0
    for batch in file.iter_batches(batch_size=rows_at_once(chunks)):
        size += batch.nbytes
        check_texts(size, options, at_least=True)
        batches.append(batch)
    return pa.Table.from_batches(batches, file.schema_arrow)
