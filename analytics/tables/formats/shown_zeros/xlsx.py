"""Cells of .xlsx sheets: which format each has."""

from __future__ import annotations

import io
import re
import zipfile

from analytics.tables.formats.sheet_span import PLACE, column_number
from analytics.tables.formats.shown_zeros.patterns import zeros_of
from analytics.tables.formats.workbook_check import DAMAGE, sheet_part, xml_attributes

_FORMAT = re.compile(rb"<(?:[\w.-]+:)?numFmt\s([^>]{1,2000})>")
_STYLES = re.compile(rb"<(?:[\w.-]+:)?cellXfs\b.*?</(?:[\w.-]+:)?cellXfs\s*>", re.DOTALL)
_STYLE = re.compile(rb"<(?:[\w.-]+:)?xf\s([^>]{1,2000})>")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c\s([^>]{1,200})>")


def xlsx_zeros(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """The zeros that show a cell (00000, 000-00-0000) by its row from 1 and column from 1."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name.lower(): name for name in archive.namelist()}
            styles = _styles(archive.read(parts["xl/styles.xml"])) if "xl/styles.xml" in parts else {}
            part = sheet_part(archive, sheet) if styles else None
            xml = archive.read(part) if part else b""
    except DAMAGE:
        return {}
    found = {}
    for cell in _CELL.finditer(xml):
        zeros, place = styles.get(xml_attributes(cell[1]).get("s", "")), PLACE.search(b" " + cell[1])
        if zeros and place:
            found[int(place[2]), column_number(place[1])] = zeros
    return found


def _styles(xml: bytes) -> dict[str, str]:
    """The number of a style to the zeros that it shows."""
    formats = {}
    for entry in map(xml_attributes, _FORMAT.findall(xml)):
        zeros = zeros_of(entry.get("formatCode", ""))
        if zeros:
            formats[entry.get("numFmtId")] = zeros
    block = _STYLES.search(xml)
    styles = map(xml_attributes, _STYLE.findall(block[0]) if block and formats else ())
    ids = enumerate(style.get("numFmtId") for style in styles)
    return {str(i): formats[key] for i, key in ids if key in formats}
