"""From records to rows of one width: sound rows pass, the others are mended and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.tables.budget import ARISEN, NUMBER, check_table
from analytics.tables.options import ReadOptions
from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.head.preamble import filled
from analytics.tables.records.layout import Layout
from analytics.tables.records.records import Lines, Records
from analytics.tables.records.repair import Column, Fix, cut, fix_row, learn_columns, pad, resplit
from analytics.tables.report import Repair

_MOST_FIXES, _MOST_WORK = 5_000, 2_000_000
"""Rows mended with care, and the cells times ways to deal them that are tried; then rows are cut to fit."""
_COMMON_WIDTH = 0.05  # share of rows of one lesser width from which their last cells were left out on purpose
_MOST_JOINED_LINES = 20  # lines of one cell torn by line breaks; texts of more are quoted


_SHOWN = 5
"""Lines that a repair names."""


@dataclass(frozen=True)
class Joined:
    """A number put together from two cells: in which line and column (from 0), and its text."""

    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Mended:
    """Rows of one width in raw cells, the line each starts on, and what was done."""

    rows: list[list[str]]
    numbers: list[int]
    repairs: list[Repair]
    joined: tuple[Joined, ...] = ()


def mend_rows(records: Records, lines: Lines, layout: Layout) -> Mended:
    """The rows of the table, all of them ``layout.width`` cells wide."""
    repairs = [*blank_repairs(records, layout), *bare_repairs(records, layout)]
    mender = _Mender(records, lines, layout)
    mender.leave_out(_sections(records, layout))
    if not mender.run():
        return Mended(mender.rows, mender.numbers, repairs)
    kept = [i for i in range(len(mender.rows)) if i not in mender.dropped]
    rows, numbers = [mender.rows[i] for i in kept], [mender.numbers[i] for i in kept]
    return Mended(rows, numbers, [*repairs, *mender.repairs], tuple(mender.joined))


class _Mender:
    """Mends odd rows in place; rows joined to another or repeating the header end in ``dropped``."""

    def __init__(self, records: Records, lines: Lines, layout: Layout) -> None:
        body = slice(layout.body, layout.end)
        self.rows, self.numbers, self.lines = records.rows[body], records.lines[body], lines
        self.dialect, self.width = records.dialect, layout.width
        self.broken = {i - layout.body for i in records.broken}
        self.header = records.rows[layout.header] if layout.header_rows else None
        self.dropped: set[int] = set()
        self.repairs: list[Repair] = []
        self.joined: list[Joined] = []
        self.columns: list[Column] | None = None
        self.work = 0
        self.padded: set[int] = set(layout.others)

    def leave_out(self, sections: list[int]) -> None:
        """Drop the marks of sections."""
        for index in sections:
            mark = self.rows[index][0].strip()
            detail = f"{mark!r} stands alone as the mark of a section; the line was left out"
            self._note("section", index, detail)
        self.dropped.update(sections)

    def run(self) -> bool:
        """Mend every odd row; whether there were any."""
        broken, width, header = self.broken, self.width, self.header
        odd = [i for i, row in enumerate(self.rows) if len(row) != width or i in broken or row == header]
        odd = [i for i in odd if i not in self.dropped]
        if odd:
            self.padded |= _common_short_widths(self.rows, width, broken)
            self._mend(odd)
        return bool(odd or self.dropped)

    def _mend(self, odd: list[int]) -> None:
        fixes = 0
        for index in odd:
            row = self.rows[index]
            if index in self.dropped:
                continue
            if row == self.header and index:
                self._note("repeated header", index, "the header is repeated; the line was left out")
                self.dropped.add(index)
            elif len(row) == self.width and index not in self.broken:
                continue
            elif len(row) < self.width and index not in self.broken and self._may_pad(index):
                self.rows[index] = pad(row, self.width)
                self._note("short row", index, f"{len(row)} of {self.width} cells; the last are missing")
            elif fixes < _MOST_FIXES and self.work < _MOST_WORK:
                fixes += 1
                self._fix(index)
            else:
                self.rows[index] = cut(row, self.width, self.dialect)
                self._note("separator", index, "the cells were cut to fit")

    def _models(self) -> list[Column]:
        if self.columns is None:
            sound = [row for i, row in enumerate(self.rows) if i not in self.broken]
            self.columns = learn_columns(sound, self.dialect, self.width)
        return self.columns

    def _may_pad(self, index: int) -> bool:
        size = len(self.rows[index])
        near = [len(self.rows[i]) for i in (index - 1, index + 1) if 0 <= i < len(self.rows)]
        return size in self.padded or filled(self.rows[index]) == 0 or near.count(size) == len(near) == 2

    def _fix(self, index: int) -> None:
        broken = index in self.broken
        line = self.lines.texts[self.numbers[index] - 1]
        self.work += self.width * (abs(len(self.rows[index]) - self.width) + 3) ** 2
        alone = fix_row(line, self.rows[index], self.dialect, self._models(), broken=broken)
        joined, last = self._joined(index, alone)
        fix = joined or alone
        self.rows[index] = fix.cells
        self.dropped.update(range(index + 1, last + 1))
        self.joined += (Joined(self.numbers[index], column, text) for column, text in fix.numbers)
        self._note(fix.kind, index, fix.detail)

    def _joined(self, first: int, alone: Fix) -> tuple[Fix | None, int]:
        """The row with the lines below it, where a line break inside a cell has cut it."""
        cost = alone.cost
        start = self.numbers[first] - 1
        if len(self.rows[first]) >= self.width and first not in self.broken:
            return None, first
        for last in range(first + 1, min(first + _MOST_JOINED_LINES, len(self.rows))):
            row = self.rows[last]
            if (
                self.work > _MOST_WORK
                or len(row) >= self.width
                or last - first != self.numbers[last] - self.numbers[first]
            ):
                break
            self.work += self.width * (abs(len(row) - self.width) + 3) ** 2
            cost += fix_row("", row, self.dialect, self._models(), broken=False).cost
            text = self.lines.join(start, start + last - first)
            cells = self.dialect.split(text)
            if len(cells) >= self.width or self._splits_otherwise(text):
                fix = fix_row(text, cells, self.dialect, self._models(), broken=True)
                if fix.cost < cost:
                    detail = f"a line break inside a cell; the lines to {self.numbers[last]:,} were joined"
                    return Fix(fix.cells, "line break", detail, fix.cost), last
        return None, first

    def _splits_otherwise(self, text: str) -> bool:
        row = resplit([text], self.dialect, self.width)
        return row is not None

    def _note(self, kind: str, index: int, detail: str) -> None:
        self.repairs.append(Repair(kind, self.numbers[index], detail))


def check_room(records: Records, layout: Layout, options: ReadOptions) -> None:
    """Raise ``TableError`` where rows that end early would take more than is allowed once filled up."""
    rows, width = layout.end - layout.body, layout.width
    sizes = list(map(len, records.rows[layout.body : layout.end]))
    arisen = sum(width - size for size in sizes if size < width)
    check_table(rows, width, options, size=(rows * width - arisen) * NUMBER + arisen * ARISEN)


def _sections(records: Records, layout: Layout) -> list[int]:
    """The rows of the body, from 0, that hold one word where all columns hold numbers, dates and such.

    Whole records stand around each: pieces of a record that line breaks tore are no marks.
    """
    rows, width, body, end = records.rows, layout.width, layout.body, layout.end
    found = (
        [i for i in range(body, end) if len(rows[i]) == 1 and _stands_alone(rows, i, body, end, width)]
        if width > 1
        else []
    )
    if not found or "other" in column_groups(records.sampled(body, end, width), width):
        return []
    return [i - body for i in found if records.row(i).groups[0] == "other" and i not in records.broken]


def _stands_alone(rows: Sequence[list[str]], index: int, first: int, end: int, width: int) -> bool:
    """Whether the rows around one are of full width."""
    return (
        index + 1 < end
        and len(rows[index + 1]) == width
        and (index == first or len(rows[index - 1]) == width)
    )


def _common_short_widths(rows: list[list[str]], width: int, broken: set[int]) -> set[int]:
    """Widths below the full one that occur so often that the last cells were left out on purpose."""
    counts = Counter(len(row) for i, row in enumerate(rows) if i not in broken)
    return {size for size, count in counts.items() if size < width and is_common(count, len(rows))}


def is_common(count: int, rows: int) -> bool:
    """Whether so many of the rows have one width that it is no accident."""
    return count >= max(3, _COMMON_WIDTH * rows)


def blank_repairs(records: Records, layout: Layout) -> list[Repair]:
    """One repair for all empty lines in the table."""
    if layout.end <= layout.header or layout.width == 1:
        return []
    first, last = records.lines[layout.header], records.lines[layout.end - 1]
    inner = [number for number in records.blank_lines if first < number < last]
    what = "an empty line was" if len(inner) == 1 else f"{len(inner):,} empty lines were"
    return [Repair("empty line", inner[0], f"{what} left out, first here", len(inner))] if inner else []


def bare_repairs(records: Records, layout: Layout) -> list[Repair]:
    """One repair for all lines below the table that hold nothing but delimiters."""
    if layout.width == 1:
        return []
    places = range(layout.end, len(records.rows))
    bare = [int(records.lines[i]) for i in places if not filled(records.rows[i])]
    if not bare:
        return []
    if len(bare) == 1:
        return [Repair("bare line", bare[0], "nothing but delimiters, below the table: no row")]
    shown = ", ".join(f"{number:,}" for number in bare[:_SHOWN]) + (", ..." if len(bare) > _SHOWN else "")
    detail = f"{len(bare):,} lines of nothing but delimiters, below the table: no rows (lines {shown})"
    return [Repair("bare line", bare[0], detail, len(bare))]
