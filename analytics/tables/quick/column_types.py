"""Which Arrow type the cells of a large file's column may be parsed as."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_FLOAT = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?|-?[1-9]\d*\.")
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+")
"""Whole thousands, if points set them apart; only the careful way asks what they do."""
_COMMA_FLOAT = re.compile(r"-?(?:0|[1-9]\d*)(?:,\d+)?")
_COMMA_PROOF = re.compile(r"-?(?:0,\d+|\d+,(?:\d\d?|\d{4,}))")
LEADING_ZERO, LEADING_MARK = r"^-?0[0-9xX]", r"^[ \t+]"
_EXACT = 1e15
"""From 16 digits on, a float may not be what its text says."""


def arrow_type(cells: Sequence[str]) -> pa.DataType:
    """int64 or float64 where all sampled cells are plain numbers (or empty), else string."""
    filled = [cell for cell in cells if cell]
    if filled and all(map(_INTEGER.fullmatch, filled)):
        return pa.int64()
    pointed = any("." in cell and not _GROUPED.fullmatch(cell) for cell in filled)  # 12E34 may be a code
    return pa.float64() if pointed and all(map(_FLOAT.fullmatch, filled)) else pa.string()


def has_commas(cells: Sequence[str]) -> bool:
    """Whether the cells are numbers with a decimal comma (or empty), and one shows that it is decimal."""
    filled = [cell for cell in cells if cell]
    return all(map(_COMMA_FLOAT.fullmatch, filled)) and any(map(_COMMA_PROOF.fullmatch, filled))


def count_in_text(columns: Sequence[pa.ChunkedArray], pattern: str) -> int:
    """How many cells of the columns of text match."""
    found = (
        pc.sum(pc.match_substring_regex(column, pattern)).as_py() or 0
        for column in columns
        if pa.types.is_string(column.type)
    )
    return sum(found)


def is_doubtful(known: np.ndarray) -> bool:
    """Whether Arrow made floats of words (nan, inf), of 1e400 or of integers too long for a float."""
    # NaN is neither below nor above anything.
    return len(known) > 0 and not (known.max() < _EXACT and known.min() > -_EXACT)


def holds_zeros(column: pa.ChunkedArray) -> bool:
    """Whether Arrow made a float zero of some cell."""
    if not pa.types.is_floating(column.type):
        return False
    return any((chunk.to_numpy(zero_copy_only=False) == 0).any() for chunk in column.chunks)


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
