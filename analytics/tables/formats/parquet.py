"""Reading Parquet: the metadata is checked against the limits before anything is allocated."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.tables.errors import TableError
from analytics.tables.formats.loaded import Loaded
from analytics.tables.options import ReadOptions
from analytics.tables.records.naming import column_names
from analytics.tables.report import Repair
from analytics.tables.typed.arrow_frames import typed_arrow
from analytics.tables.typed.retype import frame_of, retype


def read_parquet(data: bytes, *, options: ReadOptions) -> Loaded:
    """A Parquet file as a frame.

    Raises:
        TableError: the file is damaged, or larger than a limit when expanded.
    """
    try:
        table = _read(data, options)
        table.validate(full=True)
        stored_names = table.column_names
    except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:
        reason = str(problem).splitlines()[0].rstrip(".")
        raise TableError(f"The Parquet file is damaged: {reason}.") from problem
    if not table.num_columns:
        raise TableError("The Parquet file has no column.")
    names, repairs = column_names([stored_names], width=table.num_columns, line=None)
    typed = [typed_arrow(name, column) for name, column in zip(names, table.columns, strict=True)]
    frame = frame_of(names, typed, rows=table.num_rows)
    frame, readings = retype(frame, tuple(column.reading for column in typed), options)
    return Loaded(frame, (), readings, (*repairs, *_not_numbers(names, table.columns)))


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


def _check_size(file: pq.ParquetFile, options: ReadOptions) -> None:
    """Refuse what the metadata says is beyond the limits."""
    metadata = file.metadata
    columns = metadata.num_columns
    if columns > options.max_columns:
        raise TableError(f"The file has {columns:,} columns; the limit is {options.max_columns:,}.")
    if metadata.num_rows > options.max_rows:
        raise TableError(
            f"The file says it has {metadata.num_rows:,} rows; the limit is {options.max_rows:,}."
        )
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    stored = sum(group.total_byte_size for group in groups)
    if max(stored, metadata.num_rows * columns) > options.max_expanded_bytes:
        raise _too_large(options)
    for i in range(len(groups)):
        # Damaged metadata of a column raises here, where asking for it would end the process (pyarrow 26).
        next(file.iter_batches(batch_size=1, row_groups=[i]), None)
    widths = [_width(file.schema.column(i)) for i in range(columns)]
    filled = sum(group.column(i).num_values * width for group in groups for i, width in enumerate(widths))
    if filled > options.max_expanded_bytes:
        raise _too_large(options)


def _width(column: pq.ColumnSchema) -> int:
    """Bytes that one value takes at least once it is read; items of lists are Python objects on their way."""
    if column.max_repetition_level:
        return 64
    return 1 if column.physical_type == "BOOLEAN" else 4 if column.physical_type in ("INT32", "FLOAT") else 8


def _read(data: bytes, options: ReadOptions) -> pa.Table:
    source = pa.BufferReader(data)
    file = pq.ParquetFile(source)
    _check_size(file, options)
    names = file.schema_arrow.names
    odd = any(pa.types.is_nested(field.type) or pa.types.is_binary(field.type) for field in file.schema_arrow)
    if odd or len(set(names)) < len(names):
        return _read_by_pieces(file, options)
    repeated = _dictionary_columns(file)
    table = pq.ParquetFile(source, read_dictionary=repeated).read()
    if sum(_full_size(table.column(name)) for name in repeated) > options.max_expanded_bytes:
        raise _too_large(options)
    return _decoded(table, repeated)


def _dictionary_columns(file: pq.ParquetFile) -> list[str]:
    """Text columns stored as a dictionary: a small file of them may expand without bound."""
    group = file.metadata.num_row_groups and file.metadata.row_group(0)
    kinds = {field.name: field.type for field in file.schema_arrow}
    columns = [group.column(i) for i in range(file.metadata.num_columns)] if group else []
    return [
        column.path_in_schema
        for column in columns
        if any("DICTIONARY" in encoding for encoding in column.encodings)
        and column.physical_type == "BYTE_ARRAY"
        and _is_text(kinds.get(column.path_in_schema, pa.null()))
    ]


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _full_size(column: pa.ChunkedArray) -> int:
    """Bytes of a dictionary column once every row has its own text."""
    return sum(
        pc.sum(pc.take(pc.binary_length(chunk.dictionary), chunk.indices)).as_py() or 0
        for chunk in column.chunks
    )


def _decoded(table: pa.Table, names: list[str]) -> pa.Table:
    for name in names:
        chunks = [chunk.dictionary_decode().cast(pa.large_string()) for chunk in table.column(name).chunks]
        column = pa.chunked_array(chunks, pa.large_string())
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _read_by_pieces(file: pq.ParquetFile, options: ReadOptions) -> pa.Table:
    """Nested and binary columns, and those that share a name, may expand too: a thousand rows at a time."""
    batches, size = [], 0
    for batch in file.iter_batches(batch_size=1024):
        size += batch.nbytes
        if size > options.max_expanded_bytes:
            raise _too_large(options)
        batches.append(batch)
    return pa.Table.from_batches(batches, file.schema_arrow)


def _too_large(options: ReadOptions) -> TableError:
    limit = options.max_expanded_bytes / 2**30
    return TableError(
        f"The file expands beyond the limit of {limit:,.1f} GiB; raise max_expanded_bytes to read it."
    )
