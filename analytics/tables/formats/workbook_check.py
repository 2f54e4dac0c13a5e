"""Workbooks before a library opens them: how far they expand, what their cells span, which hold errors."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from posixpath import normpath
from xml.parsers import expat

import numpy as np

from analytics.tables.budget import CELL, COPIES, check_span, check_texts, check_way
from analytics.tables.errors import TableError
from analytics.tables.formats.binary.old_books import checked_old_book
from analytics.tables.formats.binary.sheets import check_binary
from analytics.tables.formats.document_check import check_document
from analytics.tables.formats.kinds import BROKEN_ZIP
from analytics.tables.formats.sheet_span import PLACE, span_of, text_size
from analytics.tables.options import ReadOptions

DAMAGE = (*BROKEN_ZIP, expat.ExpatError)
"""What the standard library raises for a broken archive or sheet."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".vml")
_BINARY_BOOK, _DOCUMENT = "workbook.bin", "content.xml"
_IS_SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")
_SHARED = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>\s*<(?:[\w.-]+:)?v\s*>\s*([0-9]{1,9})""")
_SHARED_HEAD = re.compile(rb"<(?:[\w.-]{1,60}:)?sst\s[^<]*<")
_COUNT = re.compile(rb"""\s(?:uniqueC|c)ount\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_SHARED_ITEM = re.compile(rb"<(?:[\w.-]+:)?si\b")
_ERROR = re.compile(
    rb"""<(?:[\w.-]+:)?c\s([^>]{0,200}\bt\s*=\s*["']e["'][^>]{0,200})>(.{0,400}?)</(?:[\w.-]+:)?c>""",
    re.DOTALL,
)
_ERROR_VALUE = re.compile(rb"<(?:[\w.-]+:)?v>([^<]{1,20})<")
_SHEET_ENTRY = re.compile(rb"<(?:[\w.-]+:)?sheet\s([^>]{1,1000})>")
_RELATION = re.compile(rb"<(?:[\w.-]+:)?Relationship\s([^>]{1,2000})>")
_ATTRIBUTE = re.compile(rb"""([\w.:-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def damaged_workbook(problem: BaseException) -> TableError:
    """What is said of a workbook whose parts do not fit together; ``problem`` for whoever mends it."""
    reason = str(problem).rstrip(".")
    return TableError(
        "The workbook is damaged: copy or download it again, or open it in a spreadsheet program, which may "
        f"mend it, and save it anew ({reason})."
    )


def checked_workbook(data: bytes, options: ReadOptions) -> bytes:
    """The workbook made of the parts that were looked at here, so that the library opens these and no others.

    Raises:
        TableError: parts expand too far, or few cells span or repeat more than is allowed.
    """
    if not data.startswith(b"PK"):
        return checked_old_book(data, options)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(archive, options)
        _check_parts(parts, options)
    except TableError:
        raise
    except DAMAGE as problem:
        raise damaged_workbook(problem) from problem
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _parts(archive: zipfile.ZipFile, options: ReadOptions) -> dict[str, bytes]:
    """All parts but pictures, by name; of two of one name the last."""
    infos = [info for info in archive.infolist() if not info.filename.lower().endswith(_PICTURES)]
    size = sum(info.file_size for info in infos)
    if size > options.max_expanded_bytes:
        raise TableError(f"The workbook expands to {size:,} bytes, beyond max_expanded_bytes.")
    return {info.filename: _without_counts(archive.read(info)) for info in infos if not info.is_dir()}


def _without_counts(part: bytes) -> bytes:
    """Shared strings that do not say how many they are: the library allocates what they say."""
    if b"sst" not in part:
        return part
    return _SHARED_HEAD.sub(lambda head: _COUNT.sub(b"", head[0]), part)


def _check_parts(named: dict[str, bytes], options: ReadOptions) -> None:
    """Relationships may give a sheet's part any name, in any folder and case."""
    parts = list(named.values())
    sheets = [part for part in parts if b"sheetData" in part]
    for sheet in sheets:
        present = sheet.count(b"</") // 2
        check_way(present, CELL, options, what="cells")
        check_span(*span_of(sheet), options, present=present)
        if COPIES * len(sheet) > options.max_table_bytes:
            check_texts(COPIES * text_size(sheet), options)
    for name, part in named.items():
        if name == _DOCUMENT or b"document-content" in part:
            check_document(part, options)
    if any(name.endswith(_BINARY_BOOK) for name in named):
        check_binary(parts, options)
    _check_shared(parts, sheets, options)


def _check_shared(parts: list[bytes], sheets: list[bytes], options: ReadOptions) -> None:
    """Shared strings that many cells point to: each cell gets its own copy in the end."""
    lengths = np.array(
        [len(item) for part in parts for item in _SHARED_ITEM.split(part)[1:]] if sheets else [], np.int64
    )
    cells = sum(len(_IS_SHARED.findall(sheet)) for sheet in sheets) if len(lengths) else 0
    if not cells or COPIES * int(lengths.max()) * cells <= options.max_table_bytes:
        return
    for sheet in sheets:
        used = np.array(_SHARED.findall(sheet), dtype="S9").astype(np.int64)
        # Cells that point to a string in other words than usual may all mean the longest.
        others = len(_IS_SHARED.findall(sheet)) - len(used)
        told = int(lengths[used[used < len(lengths)]].sum())
        check_texts(COPIES * (told + others * int(lengths.max())), options)


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
            part = sheet_part(archive, sheet)
            xml = archive.read(part) if part else b""
    except DAMAGE:
        return ErrorCells()
    words: Counter[str] = Counter()
    row: int | None = None
    for found in _ERROR.finditer(xml) if b'"e"' in xml or b"'e'" in xml else ():
        value = _ERROR_VALUE.search(found[2])
        words[value[1].decode("utf-8", errors="replace") if value else "?"] += 1
        place = PLACE.search(b" " + found[1])
        row = row or (int(place[2]) if place else None)
    return ErrorCells(words.total(), row, words)


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part that holds a sheet, through the workbook's relationships."""
    parts = {name.lower().replace("\\", "/"): name for name in archive.namelist()}
    book, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return None
    entries = [xml_attributes(found) for found in _SHEET_ENTRY.findall(archive.read(book))]
    key = next(
        (entry.get("r:id") or entry.get("id") for entry in entries if entry.get("name") == sheet), None
    )
    targets = {
        entry.get("Id"): entry.get("Target", "")
        for entry in map(xml_attributes, _RELATION.findall(archive.read(relations)))
    }
    target = targets.get(key, "").replace("\\", "/")
    path = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
    return parts.get(path.lower())


def xml_attributes(xml: bytes) -> dict[str, str]:
    from xml.sax.saxutils import unescape

    found = _ATTRIBUTE.findall(xml)
    quotes = {"&quot;": '"', "&apos;": "'"}
    return {
        name.decode(): unescape((double or single).decode("utf-8", errors="replace"), quotes)
        for name, double, single in found
    }
