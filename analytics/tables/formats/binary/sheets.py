"""Sheets of .xlsb workbooks: the rows and columns their records name, and the shared texts they repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from analytics.tables.budget import COPIES, check_span, check_texts
from analytics.tables.options import ReadOptions

_ROW, _CELLS, _LABEL = 0, range(1, 12), 7
"""Records that begin a row, and those of a cell: each starts with its number from 0."""
_SIZE, _DATA, _DATA_END = 0x94, 0x91, 0x92
"""What stands before the cells of a sheet, around which other records may stand, and behind them."""
_TEXTS, _TEXT = 0x9F, 0x13


def check_binary(parts: Iterable[bytes], options: ReadOptions) -> None:
    """Raise ``TableError`` where the cells of a sheet span or repeat too much.

    Relationships may give a part any name: what is a sheet shows in its records, as the library reads them.
    """
    lengths = np.empty(0, np.int64)
    pointed: list[np.ndarray] = []
    for part in parts:
        rows, columns, cells, labels, texts = _counted(part)
        check_span(rows, columns, options, present=cells)
        lengths = np.array(texts, np.int64) if texts else lengths
        pointed.append(np.array(labels, np.int64))
    for used in pointed:
        check_texts(COPIES * int(lengths[used[used < len(lengths)]].sum()), options)


def _counted(part: bytes) -> tuple[int, int, int, list[int], list[int]]:
    """The lowest row and rightmost column from 1, cells, texts they point to, and bytes of texts it holds."""
    rows = columns = cells = 0
    labels: list[int] = []
    texts: list[int] = []
    sized = inside = listing = False
    for kind, place, size in records(part):
        if inside and kind == _ROW:
            rows = max(rows, _at(part, place) + 1)
        elif inside and kind in _CELLS:
            columns, cells = max(columns, _at(part, place) + 1), cells + 1
            if kind == _LABEL:
                labels.append(_at(part, place + 8))
        elif kind == _TEXT and listing:
            texts.append(size)
        sized, listing = sized or kind == _SIZE, listing or kind == _TEXTS
        inside = (inside or (sized and kind == _DATA)) and kind != _DATA_END
    return rows, columns, cells, labels, texts


def records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place of the content and its length, as far as the records can be followed."""
    place = 0
    while place < len(part) - 1:
        kind, place = number_at(part, place, 2)
        size, place = number_at(part, place, 4)
        yield kind, place, size
        place += size


def _at(part: bytes, place: int) -> int:
    return int.from_bytes(part[place : place + 4], "little")


def number_at(data: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of up to ``most`` bytes of 7 bits each, the lowest first, and the place behind it."""
    value = 0
    for i in range(most):
        byte = data[place] if place < len(data) else 0
        value |= (byte & 0x7F) << 7 * i
        place += 1
        if not byte & 0x80:
            break
    return value, place
