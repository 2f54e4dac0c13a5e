"""Cells of .xls sheets: which format each has ([MS-XLS])."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from analytics.tables.formats.binary.container import Container
from analytics.tables.formats.shown_zeros.patterns import zeros_of

_BEGIN, _END, _FORMAT, _STYLE, _SHEET = 0x0809, 0x000A, 0x041E, 0x00E0, 0x0085
_NUMBER, _SHORT, _SHORTS, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_TWO_BYTES = 0x0600
"""The version from which texts say whether a letter takes one byte or two."""


def xls_zeros(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """The zeros that show a cell (00000, 000-00-0000) by its row from 1 and column from 1.

    ``data`` is what ``checked_old_book`` made of the workbook.
    """
    try:
        return _zeros(Container(data).stream("Workbook"), sheet)
    except (struct.error, IndexError):  # damage that the library may read past
        return {}


def _zeros(book: bytes, sheet: str) -> dict[tuple[int, int], str]:
    formats: dict[int, str] = {}
    styles: list[int] = []
    start: int | None = None
    version = 0
    for kind, body in _records(book, 0):
        if kind == _BEGIN and not version:
            version = struct.unpack_from("<H", body)[0]
        elif kind == _FORMAT:
            zeros = zeros_of(_text(body, 2, version, wide=True))
            formats |= {struct.unpack_from("<H", body)[0]: zeros} if zeros else {}
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _SHEET and _text(body, 6, version, wide=False) == sheet:
            start = struct.unpack_from("<I", body)[0]
    shown = {i: formats[style] for i, style in enumerate(styles) if style in formats}
    return _cells(book, start, shown) if shown and start is not None else {}


def _cells(book: bytes, start: int, shown: dict[int, str]) -> dict[tuple[int, int], str]:
    """The cells of the sheet that begins there whose style is one of those with zeros."""
    found = {}
    for kind, body in _records(book, start):
        if kind in (_NUMBER, _SHORT, _FORMULA):
            row, column, style = struct.unpack_from("<3H", body)
            if style in shown:
                found[row + 1, column + 1] = shown[style]
        elif kind == _SHORTS:
            row, column = struct.unpack_from("<2H", body)
            for place in range(4, len(body) - 7, 6):  # style and number, and the last column behind all
                style = struct.unpack_from("<H", body, place)[0]
                if style in shown:
                    found[row + 1, column + (place - 4) // 6 + 1] = shown[style]
    return found


def _records(book: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record from a place on, up to the end of the globals or of a sheet.

    What is embedded, such as a chart, has a begin and an end of its own.
    """
    depth = 0
    while place + 4 <= len(book):
        kind, size = struct.unpack_from("<2H", book, place)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, book[place + 4 : place + 4 + size]
        place += 4 + size


def _text(body: bytes, place: int, version: int, *, wide: bool) -> str:
    """A text with its length in front, of two bytes where ``wide`` in newer versions."""
    if version < _TWO_BYTES:
        return body[place + 1 : place + 1 + body[place]].decode("latin-1")
    size = struct.unpack_from("<H", body, place)[0] if wide else body[place]
    place += 1 + wide
    if body[place : place + 1] and body[place] & 1:
        return body[place + 1 : place + 1 + 2 * size].decode("utf-16-le", "replace")
    return body[place + 1 : place + 1 + size].decode("latin-1")
