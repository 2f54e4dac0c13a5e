"""Cells of open documents that are shown with leading zeros: what a cell shows stands in the file."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from xml.parsers import expat

from analytics.tables.formats.document_check import times
from analytics.tables.formats.shown_zeros.patterns import begins_with_zero
from analytics.tables.formats.workbook_check import DAMAGE

_SHOWN = re.compile(r"(?:[^\W\d_][^\d.,]{0,11}|\()?[0-9]+(?:[ ()/-]{1,2}[0-9]+)*\)?")
_DIGIT = re.compile("[0-9]")
_MOST_REPEATED = 1000
"""Cells and rows that one element stands for; codes are not repeated so often."""


def ods_zeros(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """The zeros that show a cell of an .ods sheet (00000 for 01067) by its row and column from 1.

    Of a column, only the cells as long as one that begins with a zero.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read("content.xml") if "content.xml" in archive.namelist() else b""
    except DAMAGE:
        return {}
    shown = _Shown(sheet)
    if content:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = shown.start, shown.end
        parser.CharacterDataHandler = shown.text
        parser.Parse(content, True)
    lengths: dict[int, set[int]] = defaultdict(set)
    for (_, column), text in shown.cells.items():
        if begins_with_zero(text) and len(text) > 2:
            lengths[column].add(len(text))
    return {
        place: _DIGIT.sub("0", text) for place, text in shown.cells.items() if len(text) in lengths[place[1]]
    }


class _Shown:
    """The texts of whole digits that cells with a number show, of the sheet with this name."""

    def __init__(self, sheet: str) -> None:
        self.cells: dict[tuple[int, int], str] = {}
        self._sheet, self._here = sheet, False
        self._row = self._column = self._rows = self._columns = 0
        self._number, self._text = False, ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A sheet, row or cell begins."""
        if name == "table:table":
            self._here, self._row = attributes.get("table:name") == self._sheet, 0
        elif name == "table:table-row":
            self._column, self._rows = 0, times(attributes.get("table:number-rows-repeated"))
        elif name.endswith("table-cell"):
            self._columns = times(attributes.get("table:number-columns-repeated"))
            self._number, self._text = attributes.get("office:value-type") == "float", ""

    def text(self, part: str) -> None:
        """Characters of a cell, or between cells."""
        self._text += part if self._number else ""

    def end(self, name: str) -> None:
        """A cell or row is left; each counts as often as it is repeated."""
        if name.endswith("table-cell"):
            self._end_cell()
            self._column, self._number = self._column + self._columns, False
        elif name == "table:table-row":
            self._row += self._rows

    def _end_cell(self) -> None:
        text = self._text.strip()
        if not self._here or not self._number or not _SHOWN.fullmatch(text):
            return
        if self._rows * self._columns > _MOST_REPEATED:
            return
        for row in range(self._row + 1, self._row + self._rows + 1):
            for column in range(self._column + 1, self._column + self._columns + 1):
                self.cells[row, column] = text
