"""Workbooks before a library opens them: how far they expand, what their cells span, which hold errors."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from posixpath import normpath
from xml.parsers import expat

import numpy as np

from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions

_BYTES_PER_CELL = 32
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, EOFError, LookupError, ValueError, RuntimeError
)  # fmt: skip
"""What the standard library raises for a broken archive or sheet."""

# Rows too, and numbers of any length: the library allocates whatever they say, and aborts where it cannot.
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]+)\s*["']""")
_IS_SHEET = re.compile(rb"<(?:[\w.-]+:)?worksheet\b|office:document-content")
"""A sheet is known by its root: relationships may give its part any name, in any folder and case."""
_SHARED = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>\s*<(?:[\w.-]+:)?v\s*>\s*([0-9]{1,9})""")
_SHARED_ITEM = re.compile(rb"<(?:[\w.-]+:)?si\b")
_ERROR = re.compile(
    rb"""<(?:[\w.-]+:)?c\s([^>]{0,200}\bt\s*=\s*["']e["'][^>]{0,200})>(.{0,400}?)</(?:[\w.-]+:)?c>""",
    re.DOTALL,
)
_ERROR_VALUE = re.compile(rb"<(?:[\w.-]+:)?v>([^<]{1,20})<")
_SHEET_ENTRY = re.compile(rb"<(?:[\w.-]+:)?sheet\s([^>]{1,1000})>")
_RELATION = re.compile(rb"<(?:[\w.-]+:)?Relationship\s([^>]{1,2000})>")
_ATTRIBUTE = re.compile(rb"""([\w.:-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HEAD = 4096


def check_archive(data: bytes, options: ReadOptions) -> None:
    """Refuse workbooks whose parts expand too far, or whose few cells span an absurd rectangle."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, options)
    except TableError:
        raise
    except _DAMAGE as problem:
        raise TableError(f"The workbook is damaged: {problem}.") from problem


def _check_parts(archive: zipfile.ZipFile, options: ReadOptions) -> None:
    limit = options.max_expanded_bytes
    size = sum(part.file_size for part in archive.infolist())
    if size > limit:
        raise TableError(f"The workbook expands to {size:,} bytes, beyond max_expanded_bytes.")
    references: list[bytes] = []
    for part in archive.infolist():
        with archive.open(part) as stream:
            head = stream.read(_HEAD)
            if not _IS_SHEET.search(head):
                continue
            sheet = head + stream.read()
        _check_span(sheet, options)
        references += [sheet] if b"document-content" not in head else []
    _check_shared(archive, references, limit)


def _check_span(sheet: bytes, options: ReadOptions) -> None:
    """Well formed, for calamine 0.9 waits forever for the end of an open element; and of a sane extent."""
    meter = _Meter()
    parser = expat.ParserCreate()
    if b"document-content" in sheet[:_HEAD]:
        parser.StartElementHandler, parser.EndElementHandler = meter.start, meter.end
        parser.CharacterDataHandler = meter.text
    parser.Parse(sheet, True)
    if meter.total > options.max_expanded_bytes:
        raise TableError(f"Repeated cells fill {meter.total:,} bytes, more than max_expanded_bytes allows.")
    rows, columns = _span(sheet)
    if rows * columns * _BYTES_PER_CELL > options.max_expanded_bytes:
        raise TableError(
            f"A sheet spans {rows:,} rows and {columns:,} columns, more than max_expanded_bytes allows."
        )


def _span(sheet: bytes) -> tuple[int, int]:
    """The lowest row and the rightmost column that any cell of a sheet's XML names."""
    places = _PLACE.findall(sheet)
    if not places:
        return 0, 0
    columns = {letters.upper()[:8] for letters, _ in places}
    return max(int(row[:18]) for _, row in places), max(1, *(_column_number(letters) for letters in columns))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@dataclass
class _Meter:
    """Bytes that the repeated cells of an open document fill once each stands for itself."""

    total: int = 0
    _row: int = 0
    _rows: int = 1
    _columns: int = 1
    _length: int = 0
    _in_cell: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A row or cell begins, or a text in it."""
        if name.endswith("table-row"):
            self._row, self._rows = 0, _times(attributes.get("table:number-rows-repeated"))
        elif name.endswith("table-cell"):
            self._columns = _times(attributes.get("table:number-columns-repeated"))
            self._length = (
                max(map(len, attributes.values()), default=0) if "office:value-type" in attributes else 0
            )
            self._in_cell = True

    def text(self, part: str) -> None:
        """Characters of a cell."""
        if self._in_cell:
            self._length += len(part)

    def end(self, name: str) -> None:
        """A cell or row ends: what it holds counts as often as it is repeated."""
        if name.endswith("table-cell"):
            self._row += self._columns * self._length
            self._in_cell = False
        elif name.endswith("table-row"):
            self.total += self._row * self._rows


def _times(given: str | None) -> int:
    return int(given[:9]) if given and given[:9].isdigit() else 1


def _check_shared(archive: zipfile.ZipFile, sheets: list[bytes], limit: int) -> None:
    """Shared strings that many cells point to: each cell gets its own copy in the end."""
    name = next((name for name in archive.namelist() if name.lower().endswith("sharedstrings.xml")), None)
    if name is None or not sheets:
        return
    lengths = np.array([len(item) for item in _SHARED_ITEM.split(archive.read(name))[1:]], np.int64)
    cells = sum(sheet.count(b"<v") for sheet in sheets)
    if not len(lengths) or int(lengths.max()) * cells <= limit:
        return
    for sheet in sheets:
        used = np.array(_SHARED.findall(sheet), dtype="S9").astype(np.int64)
        total = int(lengths[used[used < len(lengths)]].sum())
        if total > limit:
            raise TableError(f"The sheet's texts fill {total:,} bytes, more than max_expanded_bytes allows.")


@dataclass(frozen=True)
class ErrorCells:
    """Cells of a sheet that hold an error such as #N/A: how many, the row of the first, and the words."""

    count: int = 0
    row: int | None = None
    words: Counter[str] = field(default_factory=Counter)


def find_errors(data: bytes, sheet: str) -> ErrorCells:
    """Error cells of a sheet of an .xlsx file, which the library gives as empty; none for other files."""
    if not data.startswith(b"PK"):
        return ErrorCells()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = _part_of(archive, sheet)
            xml = archive.read(part) if part else b""
    except _DAMAGE:
        return ErrorCells()
    words: Counter[str] = Counter()
    row: int | None = None
    for found in _ERROR.finditer(xml) if b'"e"' in xml or b"'e'" in xml else ():
        value = _ERROR_VALUE.search(found[2])
        words[value[1].decode("utf-8", errors="replace") if value else "?"] += 1
        place = _PLACE.search(b" " + found[1])
        row = row or (int(place[2]) if place else None)
    return ErrorCells(words.total(), row, words)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part that holds a sheet, through the workbook's relationships."""
    parts = {name.lower().replace("\\", "/"): name for name in archive.namelist()}
    book, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return None
    entries = [_attributes(found) for found in _SHEET_ENTRY.findall(archive.read(book))]
    key = next(
        (entry.get("r:id") or entry.get("id") for entry in entries if entry.get("name") == sheet), None
    )
    targets = {
        entry.get("Id"): entry.get("Target", "")
        for entry in map(_attributes, _RELATION.findall(archive.read(relations)))
    }
    target = targets.get(key, "").replace("\\", "/")
    path = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
    return parts.get(path.lower())


def _attributes(xml: bytes) -> dict[str, str]:
    from xml.sax.saxutils import unescape

    found = _ATTRIBUTE.findall(xml)
    quotes = {"&quot;": '"', "&apos;": "'"}
    return {
        name.decode(): unescape((double or single).decode("utf-8", errors="replace"), quotes)
        for name, double, single in found
    }
