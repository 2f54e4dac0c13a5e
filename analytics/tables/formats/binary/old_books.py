"""Workbooks of before 2007 (.xls): their records are counted, and what the library takes is written anew.

The stream that comes of it holds the cells and what their values need, in a container without loose ends: no
declared dimensions, names, formulas or drawings, for which the library allocates what they say.
Records: [MS-XLS] 2.3 and 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from analytics.tables.budget import (
    CELL,
    COPIES,
    check_sheets,
    check_span,
    check_texts,
    check_way,
)  # fmt: skip
from analytics.tables.errors import TableError
from analytics.tables.formats.binary.container import Container, DamagedError, contained
from analytics.tables.options import ReadOptions

_BEGIN, _END, _MORE, _SHEET, _TEXTS, _LOCKED = 0x0809, 0x0A, 0x3C, 0x85, 0xFC, 0x2F
_OF_BOOK = frozenset((_BEGIN, 0x42, 0x22, 0x041E, 0xE0))
"""Version, code page, first day, formats of numbers, styles of cells."""
_LABEL, _RUN, _FORMULA, _STRING, _MERGED = 0xFD, 0xBD, 0x06, 0x0207, 0xE5
_CELLS = frozenset((0x0203, 0x0204, 0x0205, 0x027E, _LABEL, _RUN, _FORMULA))
_SHORTEST = 3
"""Bytes of a shared text without a character."""
_NO_FORMULA = b"\x03\x00\x1e\x00\x00"
"""The formula 0, in place of any other: only what came out of it is read."""


@dataclass
class _Sheet:
    """Records of the cells of a sheet, how far they reach, and the shared texts they point to."""

    records: list[bytes] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    cells: int = 0
    labels: list[int] = field(default_factory=list)


def checked_old_book(data: bytes, options: ReadOptions) -> bytes:
    """The workbook with its cells alone, once all that they span and repeat is counted.

    Raises:
        TableError: it is damaged or protected, or what it becomes passes a limit.
    """
    try:
        return contained("Workbook", _cleaned(_stream(data), options))
    except (DamagedError, struct.error, IndexError) as problem:
        said = problem if isinstance(problem, DamagedError) else "one of its records is too short"
        raise TableError(
            f"The workbook is damaged: {said}; save it again with a spreadsheet program."
        ) from problem


def _stream(data: bytes) -> bytes:
    container = Container(data)
    names = container.names()
    if "EncryptedPackage" in names:
        raise TableError("The workbook is protected by a password; save it without one.")
    for name in ("Workbook", "Book"):
        if name in names:
            return container.stream(name)
    raise TableError("The file is an OLE document of another program, not a workbook; export it as CSV.")


def _cleaned(stream: bytes, options: ReadOptions) -> bytes:
    book: list[bytes] = []
    starts: list[tuple[int, int]] = []
    texts: list[bytes] = []
    for kind, body in _records(stream, 0):
        if kind == _LOCKED and body[:2] != b"\0\0":
            raise TableError("The workbook is protected by a password; save it without one.")
        if kind == _SHEET:
            starts.append((len(book), struct.unpack_from("<I", body)[0]))
        if kind == _TEXTS and texts:
            raise DamagedError("it has two lists of texts")
        if kind == _TEXTS or (kind == _MORE and texts and book[-1] is texts[-1]):
            texts.append(_record(kind, body))
            book.append(texts[-1])
        elif kind == _SHEET or kind in _OF_BOOK:
            book.append(_record(kind, body))
    sheets = _sheets(stream, [start for _, start in starts], options)
    _check_labels(texts, sheets, options)
    place, end = sum(map(len, book)) + 4, _record(_END, b"")
    for (index, _), sheet in zip(starts, sheets, strict=True):
        told = book[index]
        book[index] = told[:4] + struct.pack("<I", place) + told[8:]
        place += sum(map(len, sheet.records)) + 4
    return b"".join((*book, end, *(part for sheet in sheets for part in (*sheet.records, end))))


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record up to the one that ends the part."""
    size = len(stream)
    while place < size:
        kind, length = struct.unpack_from("<HH", stream, place)
        place += 4
        if place + length > size:
            raise DamagedError("it ends within a record")
        if kind == _END:
            return
        yield kind, stream[place : place + length]
        place += length


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _sheets(stream: bytes, starts: list[int], options: ReadOptions) -> list[_Sheet]:
    """All sheets: the library makes them all when it opens the workbook."""
    if not starts or len(set(starts)) < len(starts) or any(start >= len(stream) for start in starts):
        raise DamagedError("its sheets are in no place of their own")
    ends = dict(zip(sorted(starts), [*sorted(starts)[1:], len(stream)], strict=True))
    sheets = []
    for start in starts:
        sheet = _sheet(stream[start : ends[start]])
        check_way(sheet.cells, CELL, options, what="cells")
        check_span(sheet.rows, sheet.columns, options, present=sheet.cells)
        sheets.append(sheet)
    spans = [sheet.rows * sheet.columns for sheet in sheets]
    check_sheets(sum(spans), max(spans, default=0), options)
    return sheets


def _sheet(part: bytes) -> _Sheet:
    sheet = _Sheet()
    for kind, body in _records(part, 0):
        if kind in (_STRING, _MERGED) or (kind == _BEGIN and not sheet.records):
            sheet.records.append(_record(kind, body))
        if kind not in _CELLS:
            continue
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _RUN else column
        sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, last + 1, column + 1)
        sheet.cells += max(1, last - column + 1)
        if kind == _LABEL:
            sheet.labels.append(struct.unpack_from("<I", body, 6)[0])
        sheet.records.append(_record(kind, body[:20] + _NO_FORMULA if kind == _FORMULA else body))
    return sheet


def _check_labels(texts: list[bytes], sheets: list[_Sheet], options: ReadOptions) -> None:
    """Shared texts: no more than there is room for, and each counted as often as cells point to it."""
    if not texts:
        return
    count, room = struct.unpack_from("<i", texts[0], 8)[0], sum(map(len, texts))
    if not 0 <= count * _SHORTEST <= room:
        raise DamagedError("it has fewer texts than it says")
    lengths = np.array(_lengths([text[4:] for text in texts], count), np.int64)
    used = np.array([label for sheet in sheets for label in sheet.labels if label < count], np.int64)
    check_texts(COPIES * int(lengths[used].sum()) if len(used) else 0, options)


def _lengths(parts: list[bytes], count: int) -> list[int]:
    """Bytes of each shared text; one may go on in the next part, with a mark of its own."""
    reader, lengths = _Parts(parts), []
    for _ in range(count):
        characters, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", reader.take(4))[0] if flags & 4 else 0
        lengths.append(reader.pass_text(characters, wide=bool(flags & 1)))
        reader.skip(4 * runs + extra)
    return lengths


class _Parts:
    """Reads the shared texts through their parts."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts, self._part, self._place = parts, 0, 8

    def take(self, count: int) -> bytes:
        """So many bytes, which stand together."""
        if self._place >= len(self._parts[self._part]):
            self._next()
        found = self._parts[self._part][self._place : self._place + count]
        self._place += count
        return found

    def skip(self, count: int) -> None:
        while count > 0:
            here = min(count, len(self._parts[self._part]) - self._place)
            self._place, count = self._place + here, count - here
            if count:
                self._next()

    def pass_text(self, characters: int, *, wide: bool) -> int:
        """The bytes of so many characters."""
        size = 0
        while characters:
            width = 2 if wide else 1
            here = min(characters, (len(self._parts[self._part]) - self._place) // width)
            self._place, characters, size = self._place + here * width, characters - here, size + here * width
            if characters:
                self._next()
                wide = bool(self._parts[self._part][0] & 1)
                self._place = 1
        return size

    def _next(self) -> None:
        self._part, self._place = self._part + 1, 0
        if self._part == len(self._parts):
            raise DamagedError("one of its texts has no end")
