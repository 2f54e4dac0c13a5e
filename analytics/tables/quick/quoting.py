"""Which cells of a large file stand in quotes, as far as the quick way must know to type them alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.records.records import Row

QUOTE = b'"'


class Style(Enum):
    """Only cells that need quotes have them; all cells have them; all cells of some columns have them."""

    NEEDED = "needed"
    ALL = "all"
    TEXT = "text"


@dataclass(frozen=True)
class Quoting:
    """The style and, per column, whether all cells of the sample are quoted and whether all are empty."""

    style: Style
    full: tuple[bool, ...]
    empty: tuple[bool, ...]


def find_quoting(header: Row | None, rows: Sequence[Row]) -> Quoting | None:
    """How a sample is quoted, or ``None`` where columns are quoted in ways that need a closer look."""
    columns = zip(*(zip(row.cells, row.quoted, strict=True) for row in rows), strict=True)
    filled = [[quoted for cell, quoted in column if cell] for column in columns]
    full = tuple(bool(flags) and all(flags) for flags in filled)
    empty = tuple(not flags for flags in filled)
    if not any(full):
        return Quoting(Style.NEEDED, full, empty)
    if all(full):
        return Quoting(Style.ALL, full, empty) if header is None or all(header.quoted) else None
    mixed = any(any(flags) and not whole for flags, whole in zip(filled, full, strict=True))
    return None if mixed or any(empty) else Quoting(Style.TEXT, full, empty)


def fill_late(quoting: Quoting, columns: Sequence[pa.ChunkedArray]) -> bool:
    """Whether a column that is empty in the sample is not: all of its cells may stand in quotes."""
    return any(
        column.null_count < len(column) for column, empty in zip(columns, quoting.empty, strict=True) if empty
    )


def begin_with_quotes(columns: Sequence[pa.ChunkedArray]) -> bool:
    """Whether a text begins with a quote, of which readers do not agree what it means."""
    texts = (column for column in columns if pa.types.is_string(column.type))
    return any(pc.any(pc.match_substring_regex(column, '^ *"')).as_py() for column in texts)


def quote_masks(quoting: Quoting, columns: Sequence[pa.ChunkedArray]) -> list[np.ndarray | None] | None:
    """What ``cook`` would say of each column, where it matters."""
    if quoting.style is not Style.TEXT:
        return None
    return [
        column.is_valid().to_numpy() if whole else None
        for whole, column in zip(quoting.full, columns, strict=True)
    ]
