"""Sheets of .xlsb workbooks: which rows and columns their records name."""

from __future__ import annotations

_ROW, _CELLS = 0, range(1, 12)
"""Records that begin a row, and those of a cell: each starts with its number from 0."""


def binary_span(sheet: bytes) -> tuple[int, int]:
    """The lowest row and the rightmost column of a sheet, from 1; as far as the records can be followed."""
    rows = columns = place = 0
    while place < len(sheet) - 2:
        kind, place = number_at(sheet, place, 2)
        size, place = number_at(sheet, place, 4)
        if kind == _ROW or kind in _CELLS:
            value = int.from_bytes(sheet[place : place + 4], "little") + 1
            rows, columns = (max(rows, value), columns) if kind == _ROW else (rows, max(columns, value))
        place += size
    return rows, columns


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
