"""Questions to all bytes of a large file, asked in steps that stay in cache."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from analytics.tables.containers import Bytes

_STEP = 1 << 19


def _steps(data: Bytes | memoryview, overlap: int) -> Iterator[np.ndarray]:
    every = np.frombuffer(data, np.uint8)
    for start in range(0, len(every), _STEP):
        yield every[start : start + _STEP + overlap]


def count_byte(data: Bytes | memoryview, mark: bytes) -> int:
    """How often one byte occurs."""
    return sum(int(np.count_nonzero(part == mark[0])) for part in _steps(data, 0))


def all_crlf(data: Bytes) -> bool:
    """Whether CR and LF occur only as pairs."""
    if data[:1] == b"\n" or data[len(data) - 1 :] == b"\r":
        return False
    return not any(((part[:-1] == 13) != (part[1:] == 10)).any() for part in _steps(data, 1))


def count_leading_zeros(data: Bytes | memoryview, delimiter: str, *, quoted: bool) -> int:
    """How many cells start with 0 and another digit; a minus and, if ``quoted``, a quote may stand before."""
    every, edges = np.frombuffer(data, np.uint8), delimiter.encode() + b"\n"
    signs = b'-"' if quoted else b"-"
    first = rb'"?-?0[0-9]' if quoted else b"-?0[0-9]"
    count = int(re.match(first, every[:4].tobytes()) is not None)
    for start in range(1, len(every) - 1, _STEP):
        after = every[start + 1 : start + 1 + _STEP]
        before = every[start - 1 : start - 1 + len(after)]
        found = before == edges[0]
        for mark in edges[1:] + signs:
            found |= before == mark
        found &= every[start : start + len(after)] == ord("0")
        found &= (after - ord("0")) < 10
        if found.any():
            places = np.flatnonzero(found) + start
            for mark in signs:
                places -= (every[places - 1] == mark) & (places > 1)
            count += int(np.count_nonzero(np.isin(every[places - 1], [*edges])))
    return count


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
