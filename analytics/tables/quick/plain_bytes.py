"""Questions to all bytes of a large file, asked in steps that stay in cache."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.tables.options import Bytes

_STEP = 1 << 19
_ALL = np.arange(256, dtype=np.uint8)
_LF = 10
_BEYOND = re.compile(rb"[\x80-\xff]+")
_PLAIN = range(ord(","), ord("D") + 1)
"""Bytes that no question is about: digits, signs and delimiters, up to the E of exponents."""
_BYTE_OF = np.uint64(0x0001020304050607)
"""Times a word with one byte of 1, it has the number of that byte at its top."""


def _steps(data: Bytes | memoryview, overlap: int) -> Iterator[np.ndarray]:
    every = np.frombuffer(data, np.uint8)
    for start in range(0, len(every), _STEP):
        yield every[start : start + _STEP + overlap]


@dataclass(frozen=True)
class Survey:
    """Which of the bytes sought occur, whether all are below 128, and where line feeds stand (in parts)."""

    seen: frozenset[int]
    is_ascii: bool
    ends: list[np.ndarray]


def survey(data: Bytes, start: int, sought: bytes) -> Survey:
    """What occurs from ``start`` on. Each step is brought from memory once and answers from the cache.

    Where there are digits, points, commas and ends of lines only, as in most of a table of numbers, two
    comparisons answer everything.
    """
    every, left, is_ascii = np.frombuffer(data, np.uint8), set(sought), True
    plain, ends = not left.intersection(_PLAIN), list[np.ndarray]()
    for first in range(start, len(every), _STEP):
        part = every[first : first + _STEP]
        places = flat_places((part - _PLAIN[0]) >= len(_PLAIN)) if plain else None
        plain = places is not None and bool((part[places] == _LF).all())
        if places is None or not plain:
            end = first + len(part)
            is_ascii = is_ascii and bool(part.max() < 128)
            left -= {byte for byte in left if data.find(bytes([byte]), first, end) >= 0}
            places = flat_places(part == _LF)
        places += first
        ends.append(places)
    return Survey(frozenset(sought) - left, is_ascii, ends)


def first_beyond_ascii(data: Bytes, start: int) -> str:
    """The first letters beyond ASCII that stand together, "" where there are none."""
    every = np.frombuffer(data, np.uint8)
    for first in range(start, len(every), _STEP):
        part = every[first : first + _STEP]
        if part.max() >= 128:
            place = first + int((part >= 128).argmax())
            found = _BEYOND.match(data, place)
            return str(found[0], "utf-8", errors="replace") if found else ""
    return ""


def flat_places(found: np.ndarray) -> np.ndarray:
    """Where flags are set (n,): of few among many, as line ends are, in half the time of ``flatnonzero``."""
    size = len(found) // 8 * 8
    words = found[:size].view("<u8")
    few = np.flatnonzero(words != 0)
    marks = words[few]
    if (marks & (marks - np.uint64(1))).any():  # two in one word
        return np.flatnonzero(found)
    places = few * 8 + ((marks * _BYTE_OF) >> np.uint64(56)).astype(np.int64)
    return np.concatenate([places, np.flatnonzero(found[size:]) + size]) if size < len(found) else places


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


def holds_small_power(data: Bytes | memoryview) -> bool:
    """Whether an exponent of -100 or less may stand somewhere."""
    for part in _steps(data, 4):
        places = np.flatnonzero(((part[:-4] | 32) == ord("e")) & (part[1:-3] == ord("-")))
        digits = part[places[:, None] + np.arange(2, 5)] - ord("0") < 10
        if digits.all(axis=1).any():
            return True
    return False


def is_soundly_quoted(data: Bytes | memoryview, delimiter: str) -> bool:
    """Whether each quote opens a cell, closes one or is doubled in one: readers do not agree on any other."""
    every, quote = np.frombuffer(data, np.uint8), ord('"')
    before_open = np.isin(_ALL, [ord(delimiter), ord("\n"), quote])
    behind_close = np.isin(_ALL, [ord(delimiter), ord("\n"), ord("\r"), quote])
    inside = 0
    for start in range(0, len(every), _STEP):
        places = np.flatnonzero(every[start : start + _STEP] == quote) + start
        opened, closed = places[inside::2], places[1 - inside :: 2]
        if not (before_open[every[opened - 1]] | (opened == 0)).all():
            return False
        last = len(every) - 1
        if not (behind_close[every[np.minimum(closed + 1, last)]] | (closed == last)).all():
            return False
        inside = (inside + len(places)) % 2
    return not inside


def is_quoted_as(data: Bytes | memoryview, delimiter: str, quoted: Sequence[bool]) -> bool:
    """Whether in each record the cells of the ``quoted`` columns, and no others, are in quotes or empty.

    Every record has one cell for each column, on one line, and quotes are sound.
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
