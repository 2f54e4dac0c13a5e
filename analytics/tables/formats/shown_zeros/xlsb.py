"""Cells of .xlsb sheets: which format each has ([MS-XLSB])."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from posixpath import normpath

from analytics.tables.formats.binary.sheets import records
from analytics.tables.formats.shown_zeros.patterns import zeros_of
from analytics.tables.formats.workbook_check import DAMAGE, xml_attributes

_ROW, _CELLS = 0, (2, 5, 9)
"""A row begins; cells with a number, short or whole, typed in or made by a formula."""
_FORMAT, _STYLE, _STYLES, _STYLES_END, _SHEET = 44, 47, 617, 618, 156
_RELATION = re.compile(rb"<(?:[\w.-]+:)?Relationship\s([^>]{1,2000})>")


def xlsb_zeros(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """The zeros that show a cell (00000, 000-00-0000) by its row from 1 and column from 1."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name.lower(): name for name in archive.namelist()}
            if "xl/styles.bin" not in parts or "xl/workbook.bin" not in parts:
                return {}
            shown = _styles(archive.read(parts["xl/styles.bin"]))
            part = parts.get(_part(archive, parts, sheet)) if shown else None
            return _cells(archive.read(part), shown) if part else {}
    except (*DAMAGE, struct.error):
        return {}


def _part(archive: zipfile.ZipFile, parts: dict[str, str], sheet: str) -> str:
    """The part that holds a sheet, through the workbook's relationships."""
    key = None
    for kind, body in _bodies(archive.read(parts["xl/workbook.bin"])):
        if kind == _SHEET:
            relation, place = _text(body, 8)
            key = relation if _text(body, place)[0] == sheet else key
    relations = _RELATION.findall(archive.read(parts["xl/_rels/workbook.bin.rels"]))
    targets = {entry.get("Id"): entry.get("Target", "") for entry in map(xml_attributes, relations)}
    target = targets.get(key, "").replace("\\", "/")
    return (target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")).lower()


def _styles(part: bytes) -> dict[int, str]:
    """The number of a style to the zeros that it shows."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    within = False
    for kind, body in _bodies(part):
        within = (within or kind == _STYLES) and kind != _STYLES_END
        if kind == _FORMAT:
            zeros = zeros_of(_text(body, 2)[0])
            formats |= {struct.unpack_from("<H", body)[0]: zeros} if zeros else {}
        elif kind == _STYLE and within:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    return {i: formats[style] for i, style in enumerate(styles) if style in formats}


def _cells(part: bytes, shown: dict[int, str]) -> dict[tuple[int, int], str]:
    found, row = {}, 0
    for kind, body in _bodies(part):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
        elif kind in _CELLS:
            column, style = struct.unpack_from("<2I", body)
            if style & 0xFFFFFF in shown:
                found[row, column + 1] = shown[style & 0xFFFFFF]
    return found


def _bodies(part: bytes) -> Iterator[tuple[int, bytes]]:
    return ((kind, part[place : place + size]) for kind, place, size in records(part))


def _text(body: bytes, place: int) -> tuple[str, int]:
    """A text with its length in front, and the place behind it; lengths of all ones are no text."""
    size = struct.unpack_from("<I", body, place)[0]
    size = 0 if size == 0xFFFFFFFF else size
    end = place + 4 + 2 * size
    return body[place + 4 : end].decode("utf-16-le", "replace"), end
