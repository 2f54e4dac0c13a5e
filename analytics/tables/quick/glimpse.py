"""The lines of a large file as the careful way sees them, cut one by one as they are asked for.

By it the quick way asks the careful way's own functions about dialect and layout: they look at the same lines
and give the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np

from analytics.tables.options import Bytes
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.records import SAMPLE_ROWS, Records, Row

_DIFFERENCES = 1 << 14
"""Lines measured at once, whose lengths stay in the cache."""


@dataclass(frozen=True)
class LazyLines(Sequence[str]):
    """Lines of UTF-8 without their ends, decoded when looked at: line i begins at ``starts[i]`` (n + 1,).

    Lines that begin with ``hidden``, the mark of comments, are shown empty.
    """

    data: Bytes
    starts: np.ndarray
    crlf: bool
    hidden: str = ""

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        line = str(self.data[self.starts[index] : self.starts[index + 1] - 1], "utf-8")
        if self.hidden and line.lstrip(' \t"').startswith(self.hidden):
            return ""
        return line.removesuffix("\r") if self.crlf else line

    @property
    def longest(self) -> int:
        """Bytes of the longest line."""
        parts = (self.starts[i : i + _DIFFERENCES + 1] for i in range(0, len(self), _DIFFERENCES))
        return max((int(np.diff(part).max()) for part in parts), default=0)

    def without(self, mark: str) -> LazyLines:
        """The same lines with those hidden that begin with ``mark``."""
        return replace(self, hidden=mark)


def lazy_lines(data: Bytes, starts: Sequence[int], ends: Sequence[np.ndarray], *, crlf: bool) -> LazyLines:
    """The lines that begin at ``starts`` or behind ``ends`` (in parts); the last may lack its line end."""
    every = np.concatenate([np.array(starts, np.int64), *ends, np.array([len(data)], np.int64)])
    every[len(starts) :] += 1
    return LazyLines(data, every[:-1] if every[-2] >= len(data) else every, crlf)


class _LazyRows(Sequence[list[str]]):
    """The raw cells of the lines with the given numbers (from 1)."""

    def __init__(self, lines: LazyLines, dialect: Dialect, numbers: np.ndarray) -> None:
        self._lines, self._dialect, self._numbers = lines, dialect, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> list[str]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[str]]: ...
    def __getitem__(self, index: int | slice) -> list[str] | list[list[str]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        line, dialect = self._lines[int(self._numbers[index]) - 1], self._dialect
        quoted = dialect.split_quoted(line) if dialect.quote and dialect.quote in line else None
        return quoted or dialect.split(line)


class Glimpse(Records):
    """Records that all have one width, but for the lines ``odd``; the lines ``blank`` hold none. From 0.

    Sampling then needs no look at the rows that are not sampled.
    """

    def __init__(self, lines: LazyLines, dialect: Dialect, *, odd: list[int], blank: list[int]) -> None:
        super().__init__([], [], blank_lines=[number + 1 for number in blank], dialect=dialect)
        numbers = np.arange(1, len(lines) + 1)
        numbers = np.delete(numbers, blank) if blank else numbers
        self.rows = _LazyRows(lines, dialect, numbers)  # type: ignore[assignment]
        self.lines = numbers  # type: ignore[assignment]
        self.odd = np.searchsorted(numbers, np.array(sorted(odd), np.int64) + 1)

    def below_blank(self) -> list[int]:
        """The records right below an empty line."""
        found = np.searchsorted(self.lines, sorted(self.after_blank))
        return [i for i in found.tolist() if i < len(self.rows) and int(self.lines[i]) in self.after_blank]

    def sampled(
        self,
        first: int,
        end: int,
        width: int,
        *,
        unlike: list[str] | None = None,  # noqa: ARG002
        most: int = SAMPLE_ROWS,
    ) -> list[Row]:
        """As ``Records.sampled``; ``unlike`` is the header, which no row below it may repeat here."""
        odd = int(np.count_nonzero((self.odd >= first) & (self.odd < end)))
        size = max(0, min(end, len(self.rows)) - first - odd)
        sound = range(0, size, max(1, size // most))
        return [row for row in map(self.row, self.places(sound, first)) if len(row.cells) == width]

    def places(self, sound: Sequence[int], first: int) -> list[int]:
        """Where among all records the given ones stand, counted from ``first`` on without the odd ones."""
        wanted = np.asarray(sound, np.int64) + first
        for place in self.odd[self.odd >= first]:  # each moves the sound rows behind it on by one
            wanted += wanted >= place
        return wanted.tolist()
