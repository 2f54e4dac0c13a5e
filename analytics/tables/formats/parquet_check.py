"""Parquet files before they are read: how many cells they say they have, and how long their texts will be.

A column's chunk of some bytes may stand for millions of equal numbers (run lengths), for a text that every
row refers to (dictionaries), or for texts that share all but their last letter (prefixes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.tables.budget import NUMBER, OBJECT, check_rows, check_table, check_texts
from analytics.tables.errors import TableError
from analytics.tables.formats.parquet_pages import pages_of
from analytics.tables.options import ReadOptions

_AT_ONCE, _STEP = 1 << 16, 1 << 26
"""Rows of a batch, and the bytes that it may fill where each row may hold all that its chunk holds."""


def check_parquet(file: pq.ParquetFile, data: bytes, options: ReadOptions) -> list[Chunk]:
    """The parts of its columns of text; raises ``TableError`` where the table would pass a limit.

    Arrow's errors and OSError where the file is damaged.
    """
    metadata = file.metadata
    if metadata.num_columns > options.max_columns:
        raise TableError(
            f"The file has {metadata.num_columns:,} columns; the limit is {options.max_columns:,}."
        )
    check_rows(metadata.num_rows, options)
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    _check_size(sum(group.total_byte_size for group in groups), options)
    check_table(
        metadata.num_rows, metadata.num_columns, options, size=metadata.num_rows * metadata.num_columns
    )
    for i in range(len(groups)):
        # Damaged metadata of a column raises here, where asking for it would end the process (pyarrow 26).
        next(file.iter_batches(batch_size=1, row_groups=[i]), None)
    chunks = text_chunks(file, data)
    widths = _widths(file)
    size = sum(
        max(group.column(i).num_values, group.num_rows) * width
        for group in groups
        for i, width in enumerate(widths)
    )
    check_table(metadata.num_rows, metadata.num_columns, options, size=size)
    _check_size(sum(chunk.size for chunk in chunks), options)
    _check_repeated_texts(file, data, chunks, options)
    return chunks


def _check_size(size: int, options: ReadOptions) -> None:
    if size > options.max_expanded_bytes:
        limit = options.max_expanded_bytes / 2**30
        raise TableError(f"The file expands beyond {limit:,.1f} GiB; raise max_expanded_bytes to read it.")


def _widths(file: pq.ParquetFile) -> list[int]:
    """Bytes that one value of each leaf takes at least once it is read."""
    nested = {field.name for field in file.schema_arrow if pa.types.is_nested(field.type)}
    leaves = (file.schema.column(i) for i in range(file.metadata.num_columns))
    return [_width(leaf, nested=leaf.path.split(".")[0] in nested) for leaf in leaves]


def _width(leaf: pq.ColumnSchema, *, nested: bool) -> int:
    if nested or leaf.max_repetition_level:
        return OBJECT
    fixed = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4}.get(leaf.physical_type, NUMBER)
    return max(fixed, leaf.length) if leaf.physical_type == "FIXED_LEN_BYTE_ARRAY" else fixed


@dataclass(frozen=True)
class Chunk:
    """A part of a leaf of texts; those may be stored less often than they stand in the table."""

    path: str
    size: int
    by_number: bool
    prefixes: bool

    @property
    def repeats(self) -> bool:
        """Whether its bytes do not say how long its texts are."""
        return self.by_number or self.prefixes


def text_chunks(file: pq.ParquetFile, data: bytes) -> list[Chunk]:
    """All parts of all leaves of text, as their pages and what the file says of them have it."""
    metadata = file.metadata
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    chunks = [group.column(j) for group in groups for j in range(metadata.num_columns)]
    found = ((chunk, pages_of(data, chunk)) for chunk in chunks if chunk.physical_type == "BYTE_ARRAY")
    return [
        Chunk(
            chunk.path_in_schema,
            pages.size,
            pages.by_number or any("DICTIONARY" in encoding for encoding in chunk.encodings),
            pages.prefixes or "DELTA_BYTE_ARRAY" in chunk.encodings,
        )
        for chunk, pages in found
    ]


def dictionary_columns(chunks: list[Chunk]) -> list[str]:
    """Paths of the leaves of text that can be read as dictionaries without filling them in."""
    others = {chunk.path for chunk in chunks if chunk.prefixes}  # Arrow 26 makes no dictionary of them
    return list(dict.fromkeys(chunk.path for chunk in chunks if chunk.by_number and chunk.path not in others))


def rows_at_once(chunks: list[Chunk]) -> int:
    """Rows that fill no more than some 64 MB, whatever their texts: none is longer than its chunk."""
    longest = max((chunk.size for chunk in chunks if chunk.repeats), default=1)
    return max(1, min(_AT_ONCE, _STEP // max(1, longest)))


def _check_repeated_texts(
    file: pq.ParquetFile, data: bytes, chunks: list[Chunk], options: ReadOptions
) -> None:
    """Count the texts by their places in the dictionaries, which are not filled in meanwhile."""
    repeating = [chunk for chunk in chunks if chunk.repeats]
    if not repeating:
        return
    names, paths = file.schema_arrow.names, dictionary_columns(chunks)
    counted = pq.ParquetFile(pa.BufferReader(data), read_dictionary=paths)
    filled_in = len(set(names)) < len(names) or any(chunk.prefixes for chunk in repeating)
    step = rows_at_once(chunks) if filled_in else _AT_ONCE
    size = 0
    for batch in counted.iter_batches(batch_size=step, columns=[chunk.path for chunk in repeating]):
        size += sum(text_bytes(column) for column in batch.columns)
        check_texts(size, options, at_least=True)


def text_bytes(array: Any) -> int:
    """Bytes of all texts of an array, nested or not, once every one stands for itself."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        if not (len(array) and _is_text(kind.value_type)):
            return 0
        return pc.sum(pc.take(pc.binary_length(array.dictionary), array.indices)).as_py() or 0
    if pa.types.is_struct(kind):
        return sum(text_bytes(array.field(i)) for i in range(kind.num_fields))
    if pa.types.is_map(kind):
        return text_bytes(array.keys) + text_bytes(array.items)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return text_bytes(array.flatten())
    return pc.sum(pc.binary_length(array)).as_py() or 0 if _is_text(kind) else 0


def _is_text(kind: pa.DataType) -> bool:
    return any(
        test(kind)
        for test in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_binary,
            pa.types.is_large_binary,
        )
    )
