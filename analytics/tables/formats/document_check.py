"""Open documents before a library opens them: how large their repeated cells and rows make a sheet."""

from __future__ import annotations

from xml.parsers import expat

from analytics.tables.budget import ARISEN, COPIES, check_sheets, check_table, check_texts
from analytics.tables.formats.sheet_span import whole
from analytics.tables.options import ReadOptions


def check_document(content: bytes, options: ReadOptions) -> None:
    """Raise ``TableError`` where a sheet is too large once each repeated cell stands for itself.

    Expat's errors where the document is not well formed.
    """
    meter = _Meter(options)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = meter.start, meter.end
    parser.CharacterDataHandler = meter.text
    parser.Parse(content, True)


class _Meter:
    """Rows, columns and bytes of a sheet; those that are empty count once something follows them."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._cells = self._largest = 0
        self._new_sheet()

    def _new_sheet(self) -> None:
        self._rows = self._width = self._bytes = self._empty_rows = 0
        self._new_row({})

    def _new_row(self, attributes: dict[str, str]) -> None:
        self._times = times(attributes.get("table:number-rows-repeated"))
        self._columns = self._row_bytes = self._empty = 0
        self._new_cell({})

    def _new_cell(self, attributes: dict[str, str]) -> None:
        self._across = times(attributes.get("table:number-columns-repeated"))
        self._filled = "office:value-type" in attributes or "table:formula" in attributes
        self._length = max(map(len, attributes.values()), default=0) if self._filled else 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A row or cell begins, or a text in it."""
        if name.endswith("table-row"):
            self._new_row(attributes)
        elif name.endswith("table-cell"):
            self._new_cell(attributes)
        elif name == "text:s":
            self._length += COPIES * times(attributes.get("text:c"))

    def text(self, part: str) -> None:
        """Characters of a cell, or between cells."""
        self._length += len(part)

    def end(self, name: str) -> None:
        """What a cell or row holds counts as often as it is repeated."""
        if name.endswith("table-cell"):
            self._end_cell()
        elif name.endswith("table-row"):
            self._end_row()
        elif name == "table:table":
            cells = self._rows * self._width
            self._cells, self._largest = self._cells + cells, max(self._largest, cells)
            check_sheets(self._cells, self._largest, self._options)
            self._new_sheet()

    def _end_cell(self) -> None:
        if self._filled or self._length:
            self._columns += self._empty + self._across
            self._row_bytes += (1 + COPIES * (self._across - 1)) * self._length
            self._empty = 0
        else:
            self._empty += self._across
        self._new_cell({})

    def _end_row(self) -> None:
        if not self._columns:
            self._empty_rows += self._times
            return
        self._rows += self._empty_rows + self._times
        self._empty_rows = 0
        self._width = max(self._width, self._columns)
        self._bytes += (1 + COPIES * (self._times - 1)) * self._row_bytes
        check_texts(self._bytes, self._options, at_least=True, what="Repeated cells")
        cells = self._rows * self._width
        check_table(self._rows, self._width, self._options, size=cells * ARISEN, what="sheet")


def times(given: str | None) -> int:
    """How often a cell or row is repeated, a plus in front too, as the library reads it."""
    digits = (given or "").removeprefix("+")
    return whole(digits) if digits.isascii() and digits.isdigit() else 1
