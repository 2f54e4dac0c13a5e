"""Which Arrow type the cells of a large file's column may be parsed as."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.records.cell_kinds import group_of

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_FLOAT = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?|-?[1-9]\d*\.")
_COMMA_FLOAT = re.compile(r"-?(?:0|[1-9]\d*)(?:,\d+)?")
_COMMA_PROOF = re.compile(r"-?(?:0,\d+|\d+,(?:\d\d?|\d{4,}))")
_MOST_ODD_CELLS = 20  # words in a column of numbers; of more, none is the name of a further table
_LEADING_ZERO = r"^-?0[0-9]"
_POINTED = re.compile(r"\.|[eE][-+]")


def arrow_type(cells: Sequence[str]) -> pa.DataType:
    """int64 or float64 where all sampled cells are plain numbers (or empty), else string."""
    filled = [cell for cell in cells if cell]
    if filled and all(map(_INTEGER.fullmatch, filled)):
        return pa.int64()
    pointed = any(map(_POINTED.search, filled))  # 12E34 alone may be a code
    return pa.float64() if pointed and all(map(_FLOAT.fullmatch, filled)) else pa.string()


def has_commas(cells: Sequence[str]) -> bool:
    """Whether the cells are numbers with a decimal comma (or empty), and one shows that it is decimal."""
    filled = [cell for cell in cells if cell]
    return all(map(_COMMA_FLOAT.fullmatch, filled)) and any(map(_COMMA_PROOF.fullmatch, filled))


def count_in_text(columns: Sequence[pa.ChunkedArray]) -> int:
    """How many cells of the columns of text start with 0 and another digit, a minus before it or not."""
    found = (
        pc.sum(pc.match_substring_regex(column, _LEADING_ZERO)).as_py() or 0
        for column in columns
        if pa.types.is_string(column.type)
    )
    return sum(found)


def names_within(columns: Sequence[pa.ChunkedArray], types: Sequence[pa.DataType]) -> bool:
    """Whether a row may name the columns of a further table: different words, where numbers were seen too.

    ``types`` are those of the looked at cells; a column that is text all the same has other cells as well.
    """
    odd = [
        column
        for column, seen in zip(columns, types, strict=True)
        if pa.types.is_string(column.type) and not pa.types.is_string(seen)
    ]
    if len(odd) < 2:
        return False
    rows = pc.indices_nonzero(pc.match_substring_regex(odd[0], r"^\s*[\pL_]"))
    for row in rows.to_pylist() if len(rows) <= _MOST_ODD_CELLS else []:
        cells = [str(column[row].as_py()) for column in columns]
        if len(set(cells)) == len(cells) and all(group_of(cell) == "other" for cell in cells):
            return True
    return False


def common_type(kind: pa.DataType, cells: list[str]) -> pa.DataType:
    if pa.types.is_string(kind):
        return kind
    pattern = _INTEGER if pa.types.is_integer(kind) else _FLOAT
    return kind if all(not cell or pattern.fullmatch(cell) for cell in cells) else pa.string()


def typed_cells(cells: list[str], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return pa.array(cells, kind)
    return pa.array([cell or None for cell in cells], pa.string()).cast(kind)


def inserted(column: pa.ChunkedArray, positions: list[int], values: pa.Array) -> pa.ChunkedArray:
    """The column with ``values`` in front of the cells that stand at ``positions``."""
    chunks: list[pa.Array] = []
    before = 0
    for index, position in enumerate(positions):
        chunks += column.slice(before, position - before).chunks
        chunks.append(values.slice(index, 1))
        before = position
    return pa.chunked_array([*chunks, *column.slice(before).chunks], type=column.type)
