"""What a look at all bytes of a large file shows: whether the quick way may read it, and what to mind."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from analytics.tables.options import Bytes
from analytics.tables.quick.glimpse import LazyLines, lazy_lines
from analytics.tables.quick.plain_bytes import (
    all_crlf,
    count_leading_marks,
    count_leading_zeros,
    first_beyond_ascii,
    holds_small_power,
    is_quoted_as,
    is_soundly_quoted,
    survey,
)
from analytics.tables.quick.plan import Plan, body_start
from analytics.tables.quick.quoting import Style
from analytics.tables.records.encoding import is_large, written_twice

_BLANKS = b" \t+"
_MARK = b"\xef\xbb\xbf"
"""A mark of byte order; within a file it stands in front of a line."""
_VANISHING = b"0" * 300
"""Digits by which a number without an exponent may be too small for a float, which ends at 5e-324."""


@dataclass(frozen=True)
class Scan:
    """The lines, ``None`` where a mark needs the careful way, and how many cells begin as no number does.

    ``powers``: some cell may have an exponent; ``long``: some line is as long as a number without one may be.
    """

    lines: LazyLines | None
    is_ascii: bool = True
    zeros: int = 0
    marks: int = 0
    powers: bool = False
    long: bool = False

    @property
    def may_vanish(self) -> bool:
        """Whether some number may be too small for a float."""
        return self.powers or self.long


def scan_bytes(data: Bytes, start: int, plan: Plan, *, ascii_asked: bool = False) -> Scan:
    """Look at all bytes; where all were to be ASCII, others need the careful way."""
    body = body_start(data, start, plan.header_rows)
    quote, quoting, above = plan.look.dialect.quote.encode(), plan.look.quoting, data[:body]
    typed = not all(map(pa.types.is_string, plan.types))
    found = survey(data, body, b"\0\x1b~\r" + quote + (_BLANKS + b"eE" if typed else b""))
    seen, ascii_only = found.seen, found.is_ascii and above.isascii()
    # Escapes and tildes may switch between alphabets, and a few letters may be UTF-8 by chance.
    tilde = (ord("~") in seen or b"~" in above) and data.find(b"~{") >= 0
    foreign = not ascii_only and (ascii_asked or not is_large(data))
    marked = not ascii_only and (
        data[start : start + 3] == _MARK
        or data.find(b"\n" + _MARK, start) >= 0
        or written_twice(first_beyond_ascii(data, start))
    )
    if tilde or 27 in seen or b"\x1b" in above or foreign or marked:
        return Scan(None)
    bare = not seen.intersection(quote)
    if (
        0 in seen
        or b"\0" in above
        or not (all_crlf(data) if plan.look.crlf else 13 not in seen and b"\r" not in above)
        or (not quoting and not bare)
    ):
        return Scan(None)
    cells = memoryview(data)[body:]
    if quoting and not (
        is_soundly_quoted(cells, plan.delimiter)
        and (quoting.style is Style.NEEDED or is_quoted_as(cells, plan.delimiter, quoting.full))
    ):
        return Scan(None)
    lines = lazy_lines(data, sorted({start, body}), found.ends, crlf=plan.look.crlf)
    if not typed:
        return Scan(lines, ascii_only)
    zeros = count_leading_zeros(cells, plan.delimiter, quoted=quoting is not None)
    blanks = seen.intersection(_BLANKS) - {ord(plan.delimiter)}
    marks = count_leading_marks(cells, plan.delimiter, quoted=quoting is not None) if blanks else 0
    powers, long = bool(seen.intersection(b"eE")), lines.longest > len(_VANISHING)
    return Scan(lines, ascii_only, zeros, marks, powers, long)


def holds_vanishing(found: Scan) -> bool:
    """Whether a number may be too small for a float: asked where floats are zero."""
    lines = found.lines
    return lines is not None and (
        (found.powers and holds_small_power(lines.data)) or (found.long and lines.data.find(_VANISHING) >= 0)
    )
