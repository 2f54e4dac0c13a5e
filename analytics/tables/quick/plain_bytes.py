"""Questions to all bytes of a large file, asked in steps that stay in cache."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from analytics.tables.options import Bytes

_STEP = 1 << 19


def _steps(data: Bytes | memoryview, overlap: int) -> Iterator[np.ndarray]:
    every = np.frombuffer(data, np.uint8)
    for start in range(0, len(every), _STEP):
        yield every[start : start + _STEP + overlap]


def places_of(data: Bytes | memoryview, mark: bytes) -> np.ndarray:
    """Where one byte stands (n,)."""
    found = [np.flatnonzero(part == mark[0]) + i * _STEP for i, part in enumerate(_steps(data, 0))]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def all_crlf(data: Bytes) -> bool:
    """Whether CR and LF occur only as pairs."""
    if data[:1] == b"\n" or data[len(data) - 1 :] == b"\r":
        return False
    return not any(((part[:-1] == 13) != (part[1:] == 10)).any() for part in _steps(data, 1))


def count_leading_zeros(data: Bytes | memoryview, delimiter: str, *, quoted: bool) -> int:
    """How many cells start with 0 and another digit or, as hexadecimal ones, an x.

    A minus and, if ``quoted``, a quote may stand before.
    """
    every, edges = np.frombuffer(data, np.uint8), delimiter.encode() + b"\n"
    signs = b'-"' if quoted else b"-"
    first = rb'"?-?0[0-9xX]' if quoted else b"-?0[0-9xX]"
    count = int(re.match(first, every[:4].tobytes()) is not None)
    for start in range(1, len(every) - 1, _STEP):
        after = every[start + 1 : start + 1 + _STEP]
        before = every[start - 1 : start - 1 + len(after)]
        # Three comparisons leave few cells: all signs and the comma come before the point in ASCII.
        found = every[start : start + len(after)] == ord("0")
        found &= after >= ord("0")
        found &= (before < ord(".")) | (before == edges[0]) if edges[0] >= ord(".") else before < ord(".")
        places = np.flatnonzero(found) + start
        if len(places):
            after, before = every[places + 1], every[places - 1]
            digit = ((after - ord("0")) < 10) | ((after | 32) == ord("x"))
            places = places[digit & np.isin(before, [*edges, *signs])]
            for mark in signs:
                places -= (every[places - 1] == mark) & (places > 1)
            count += int(np.count_nonzero(np.isin(every[places - 1], [*edges])))
    return count


def count_leading_marks(data: Bytes | memoryview, delimiter: str, *, quoted: bool) -> int:
    """How many cells start with a blank, a tab or a plus, which Arrow passes over before a number.

    If ``quoted``, a quote may stand before.
    """
    edges = (ord(delimiter), 10)
    marks = [mark for mark in b" \t+" if mark != edges[0]]
    head = bytes(data[:2]).removeprefix(b'"') if quoted else bytes(data[:1])
    count = int(head[:1] != b"" and head[0] in marks)
    for part in _steps(data, 2):
        # All marks and the quote come before the comma in ASCII, digits and letters after it: few cells pass.
        before, first = part[:-2], part[1:-1]
        places = np.flatnonzero((first < ord(",")) & ((before == edges[0]) | (before == edges[1])))
        if quoted:
            places = places + (first[places] == ord('"'))
        count += int(np.isin(part[1:][places], marks).sum())
    return count


def is_ascii(data: Bytes | memoryview) -> bool:
    """Whether all bytes are below 128."""
    return not any(len(part) and part.max() > 127 for part in _steps(data, 0))


def holds_loose_quote(data: Bytes | memoryview, delimiter: str) -> bool:
    """Whether a quote stands between other characters, where readers do not agree on what it means."""
    mark, quote, cr, lf = ord(delimiter), 34, 13, 10
    for part in _steps(data, 2):
        places = np.flatnonzero(part[1:-1] == quote) + 1
        before, after = part[places - 1], part[places + 1]
        inside = (before != mark) & (before != lf) & (before != quote)
        if (inside & (after != mark) & (after != cr) & (after != lf) & (after != quote)).any():
            return True
    return False


def holds_text_after_nothing(data: Bytes | memoryview, delimiter: str) -> bool:
    """Whether text follows two quotes at the start of a cell (``""a``): readers do not agree on it either."""
    mark, quote = ord(delimiter), 34
    sound = (mark, quote, 13, 10)
    if bytes(data[:2]) == b'""' and len(data) > 2 and data[2] not in sound:
        return True
    for part in _steps(data, 3):
        places = np.flatnonzero((part[1:-2] == quote) & (part[2:-1] == quote))
        before, after = part[places], part[places + 3]
        if (((before == mark) | (before == 10)) & ~np.isin(after, sound)).any():
            return True
    return False


def is_quoted_as(data: Bytes | memoryview, delimiter: str, quoted: Sequence[bool]) -> bool:
    """Whether in each record the cells of the ``quoted`` columns, and no others, are in quotes or empty.

    Every record has one cell for each column, on one line, and no quote is loose.
    """
    mark, quote, cr, lf = ord(delimiter), 34, 13, 10
    wanted, seen, inside = np.array(quoted), 1, 0
    if len(data) and data[0] not in (mark, cr, lf) and (data[0] == quote) != wanted[0]:
        return False
    for part in _steps(data, 1):
        within = part[:_STEP]
        # Only whether it is odd counts.
        opened = np.cumsum(within == quote, dtype=np.uint8) + np.uint8(inside)
        ends = np.flatnonzero(((within == mark) | (within == lf)) & (opened & 1 == 0))
        first = part[ends[ends < len(part) - 1] + 1]
        columns = np.arange(seen, seen + len(first)) % len(wanted)
        filled = (first != mark) & (first != cr) & (first != lf)
        if (filled & ((first == quote) != wanted[columns])).any():
            return False
        seen, inside = (seen + len(ends)) % len(wanted), int(opened[-1] & 1)
    return True
