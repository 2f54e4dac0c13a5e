"""Which rows and columns the cells of an .xlsx sheet's XML take, and how long its own texts are."""

from __future__ import annotations

import re
from xml.parsers import expat

# Rows too, and numbers of any length: the library allocates whatever they say, and aborts where it cannot.
PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]+)\s*["']""")
_WITHOUT_PLACE = re.compile(rb"<(?:[\w.-]+:)?(?:row|c)(?:/?>|\s(?![^>]*\sr\s*=)(?!r\s*=))")
_PLACE_IN_A_VALUE = re.compile(rb"""=\s*(?:"[^"<>]{0,2000}\sr\s*=|'[^'<>]{0,2000}\sr\s*=)""")
_LONG_TEXT = re.compile(rb"<(?:[\w.-]+:)?(?:t|v|is)(?:\s[^>]{0,200})?>([^<]{33,})")
"""More than the digits of any number, whose cells are counted by themselves."""


def span_of(sheet: bytes) -> tuple[int, int]:
    """The lowest row and the rightmost column, from 1; a cell that does not say stands behind the last one.

    Raises:
        expat.ExpatError: the XML is not well formed, for whose end calamine 0.9 waits forever.
    """
    if _WITHOUT_PLACE.search(sheet) or _PLACE_IN_A_VALUE.search(sheet):
        return _Counting().span(sheet)
    expat.ParserCreate().Parse(sheet, True)
    places = PLACE.findall(sheet)
    if not places:
        return 0, 0
    columns = {letters.upper()[:8] for letters, _ in places}
    return max(whole(row) for _, row in places), max(1, *map(column_number, columns))


def whole(digits: bytes | str) -> int:
    """The number that digits of any count stand for, zeros in front too; beyond 18 only how large it is."""
    kept = digits.lstrip("0" if isinstance(digits, str) else b"0")  # type: ignore[arg-type]
    return int(kept[:18] or 0)


def column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def text_size(sheet: bytes) -> int:
    """Bytes of the longer texts that stand in the sheet itself."""
    return sum(found.end(1) - found.start(1) for found in _LONG_TEXT.finditer(sheet))


class _Counting:
    """Follows rows and cells one by one, which takes ten times as long as looking for places."""

    def __init__(self) -> None:
        self.row = self.column = self.rows = self.columns = 0

    def span(self, sheet: bytes) -> tuple[int, int]:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.Parse(sheet, True)
        return self.rows, self.columns

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind not in ("row", "c"):
            return
        found = PLACE.search(f' r="{attributes.get("r", "")}"'.encode("ascii", "replace"))
        if kind == "row":
            self.row, self.column = whole(found[2]) if found else self.row + 1, 0
        else:
            self.column = column_number(found[1].upper()[:8]) if found else self.column + 1
            self.row = whole(found[2]) if found else self.row
        self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
