"""Cells of .xlsx sheets whose number format shows leading zeros: 1067 as 01067, which is a code."""

from __future__ import annotations

import io
import re
import zipfile

from analytics.tables.formats.sheet_span import PLACE, column_number
from analytics.tables.formats.workbook_check import DAMAGE, sheet_part, xml_attributes

_FORMAT = re.compile(rb"<(?:[\w.-]+:)?numFmt\s([^>]{1,2000})>")
_STYLES = re.compile(rb"<(?:[\w.-]+:)?cellXfs\b.*?</(?:[\w.-]+:)?cellXfs\s*>", re.DOTALL)
_STYLE = re.compile(rb"<(?:[\w.-]+:)?xf\s([^>]{1,2000})>")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c\s([^>]{1,200})>")
_ESCAPES = re.compile(r'\[[^\[\]]*\]|\\(?=.)|"(?=.)|"$|;.*$')
"""What a format has beside what it shows: locale and colour, quotes, and what holds for other numbers."""
_ZEROS = re.compile(r"0(?:[ /-]?0){2,}")
"""Three zeros or more: 00 is written for months and minutes too."""


def zero_formats(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """The zeros that show a cell (00000, 000-00-0000) by its row from 1 and column from 1; .xlsx only."""
    if not data.startswith(b"PK"):
        return {}
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
        zeros = _ESCAPES.sub("", entry.get("formatCode", ""))
        if _ZEROS.fullmatch(zeros):
            formats[entry.get("numFmtId")] = zeros
    block = _STYLES.search(xml)
    styles = map(xml_attributes, _STYLE.findall(block[0]) if block and formats else ())
    ids = enumerate(style.get("numFmtId") for style in styles)
    return {str(i): formats[key] for i, key in ids if key in formats}


def with_zeros(number: float, zeros: str) -> str:
    """A whole number of no sign as its format shows it: 1067 by 00000 is 01067."""
    digits = list(str(int(number)).zfill(zeros.count("0")))
    tail = "".join(digits.pop() if mark == "0" else mark for mark in reversed(zeros))[::-1]
    return "".join(digits) + tail
