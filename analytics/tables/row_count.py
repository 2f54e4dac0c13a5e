"""Rows of text that is being unpacked are counted as it comes, so that a limit of rows ends the unpacking."""

from __future__ import annotations

import re

import numpy as np

from analytics.tables.budget import check_rows
from analytics.tables.options import ReadOptions

_LF, _CR, _QUOTE, _BRACE = b'\n\r"{'
_NOT_LINES = (b"PAR1", b"PK", b"\xd0\xcf\x11\xe0", b"[", b"<")
"""What begins with these has rows that are no lines."""
_OBJECT_LINE = re.compile(rb"\{[^\n]*\}[ \t]*\r?\n")
_OTHER_LINES = 1000
"""Lines above and below a table, more than any file has."""


class RowCount:
    """Counts lines outside quotes that hold something, or objects on lines of their own."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._rows, self._inside, self._last = 0, 0, _LF
        self._counts, self._objects = True, False
        self._first = True

    def take(self, part: bytes) -> None:
        """The next piece of the text; raises ``TableError`` once there are too many rows."""
        if self._first:
            self._look(part)
        # Apostrophes may be quotes too, and letters most often: then the reader has to tell.
        self._counts = self._counts and b"'" not in part
        if self._counts and part:
            self._rows += self._objects_in(part) if self._objects else self._lines_in(part)
            check_rows(self._rows - _OTHER_LINES, self._options, at_least=True)

    def _look(self, part: bytes) -> None:
        self._first = False
        start = part[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
        self._objects = bool(_OBJECT_LINE.match(start))
        told = start.startswith(_NOT_LINES) or (start.startswith(b"{") and not self._objects)
        self._counts = not told and b"\0" not in part[:4096]

    def _objects_in(self, part: bytes) -> int:
        first = self._last == _LF and part[0] == _BRACE
        self._last = part[-1]
        return part.count(b"\n{") + first

    def _lines_in(self, part: bytes) -> int:
        """Ends of lines that are not empty, outside an even number of quotes."""
        marks = np.frombuffer(part, np.uint8)
        ends = (marks == _LF) | (marks == _CR)
        before = np.concatenate(([self._last in (_LF, _CR)], ends[:-1]))
        found = ends & ~before
        if b'"' in part:
            inside = (np.cumsum(marks == _QUOTE) + self._inside) & 1
            self._inside = int(inside[-1])
            found &= inside == 0
        elif self._inside:
            found[:] = False
        self._last = part[-1]
        return int(found.sum())
