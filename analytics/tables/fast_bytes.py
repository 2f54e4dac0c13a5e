"""Questions to all bytes of a large file, asked in steps that stay in cache."""

from __future__ import annotations

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


def has_leading_zero(data: Bytes, delimiter: str) -> bool:
    """Whether any cell starts with 0 and another digit; in steps that stay in cache."""
    mark = ord(delimiter)
    for part in _steps(data, 2):
        before, here, after = part[:-2], part[1:-1], part[2:]
        edge = before == 10
        edge |= before == mark
        edge &= here == 48
        edge &= after >= 48
        edge &= after <= 57
        if edge.any():
            return True
    return False


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
