"""The lines of a file that hold bytes beyond ASCII: enough of them to tell its encoding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

# Begins at line starts only: from anywhere, a long line of plain ASCII would take quadratic time.
_NON_ASCII_LINES = re.compile(rb"(?<![^\n\r])[^\n\r\x80-\xff]*[\x80-\xff][^\n\r]*")
_ENDS = re.compile(rb"[\r\n]")
_MOST_BYTES, _MOST_LINES, _LONGEST = 1 << 13, 200, 2000
_CUTS = bytes(range(0x20, 0x30))
"""Blank, comma, slash and so on are no part of a longer character in any encoding of East Asia."""


@dataclass(frozen=True)
class Sample:
    """Lines of bytes without their ends, and their line numbers from 1."""

    parts: tuple[bytes, ...]
    lines: tuple[int, ...]

    def joined(self) -> bytes:
        """The lines as one text."""
        return b"\n".join(self.parts)

    def decoded(self, encoding: str) -> list[str]:
        """The lines read in an encoding; what is not valid in it stands as U+FFFD."""
        return [part.decode(encoding, errors="replace") for part in self.parts]


def take_sample(data: bytes) -> Sample:
    """The first lines with bytes beyond ASCII, and the first line for each such byte wherever it stands."""
    spans: dict[int, tuple[int, int]] = {}
    size = 0
    for found in islice(_NON_ASCII_LINES.finditer(data), _MOST_LINES):
        spans[found.start()] = found.span()
        size += found.end() - found.start()
        if size > _MOST_BYTES:
            break
    for byte in range(0x80, 0x100):
        place = data.find(byte)
        if place >= 0 and not any(start <= place < end for start, end in spans.values()):
            start = max(data.rfind(b"\n", 0, place), data.rfind(b"\r", 0, place)) + 1
            end = _ENDS.search(data, place)
            spans[start] = (start, end.start() if end else len(data))
    ordered = sorted(spans.values())
    return Sample(tuple(_cut(data, *span) for span in ordered), _numbers(data, ordered))


def _numbers(data: bytes, spans: list[tuple[int, int]]) -> tuple[int, ...]:
    """Line numbers of sorted places; a lone CR ends a line where the file has no LF."""
    end = b"\n" if b"\n" in data else b"\r"
    numbers, line, last = [], 1, 0
    for start, _ in spans:
        line += data.count(end, last, start)
        numbers.append(line)
        last = start
    return tuple(numbers)


def _cut(data: bytes, start: int, end: int) -> bytes:
    """A line, or where it is very long the part around its first byte beyond ASCII."""
    if end - start <= _LONGEST:
        return data[start:end]
    first = next(i for i in range(start, end) if data[i] > 0x7F)
    part = data[max(start, first - 100) : min(end, first + _LONGEST)]
    kept = part.rstrip(bytes(range(0x30, 0x100)))
    return kept if any(byte > 0x7F for byte in kept) else part
