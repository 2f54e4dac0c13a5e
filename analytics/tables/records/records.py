"""From text to records: lines are cut, quoted line breaks are joined, nothing is lost where quotes break."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analytics.tables.records.cell_kinds import group_of
from analytics.tables.records.grammar import BARE, Dialect

SAMPLE_ROWS = 200
"""Rows that are looked at cell by cell: enough for shares of three quarters, and a few milliseconds' work."""
# A run of carriage returns is looked through once, from its first, for the line feed that would end it.
_LINE_END = re.compile(r"((?<!\r)\r+\n|\r|\n)")
_RARE_ENDS = ("\u2028", "\x85", "\x1e")
_END_NAMES = {"\n": "LF", "\r\n": "CRLF", "\r": "CR", "\u2028": "U+2028", "\x85": "NEL", "\x1e": "RS"}
# Lines looked at, all quotes that stay open together: unbalanced quotes would cost the square of the file.
_LOOKAHEAD_BUDGET = 2_000_000
_SHORT_LOOKAHEAD = 50  # lines, once that is spent
_SWALLOWED, _SOUND_TO_ODD = 3, 6
"""So many lines in one cell that look like records, but for one in six, are records between stray quotes."""


@dataclass(frozen=True)
class Lines:
    """Physical lines without their ends; ``ends`` is one text where all are alike, else one per line."""

    texts: Sequence[str]
    ends: str | list[str]

    def join(self, first: int, last: int) -> str:
        """Lines ``first`` to ``last`` as one text with the line ends between them."""
        if isinstance(self.ends, str):
            return self.ends.join(self.texts[first : last + 1])
        parts = [self.texts[i] + self.ends[i] for i in range(first, last)]
        return "".join([*parts, self.texts[last]])

    def describe(self) -> str:
        """The names of the line ends that occur, most frequent first."""
        if isinstance(self.ends, str):
            return _END_NAMES[self.ends]
        kinds = Counter(filter(None, self.ends)).most_common()
        return ", ".join(_END_NAMES.get(kind, "CR CR LF") for kind, _ in kinds)


@dataclass(frozen=True)
class Row:
    """One record as people read it: the texts that its raw cells mean, which are quoted, of what kinds."""

    cells: list[str]
    dialect: Dialect

    @cached_property
    def values(self) -> list[str]:
        """The text that each cell means."""
        return self.cells if self._stands else [value for value, _ in self._read]

    @cached_property
    def quoted(self) -> list[bool]:
        """Which cells stand in quotes."""
        return [False] * len(self.cells) if self._stands else [quoted for _, quoted in self._read]

    @cached_property
    def groups(self) -> list[str]:
        """What kind of value each cell holds, as ``group_of`` says."""
        return [group_of(value) for value in self.values]

    @cached_property
    def _stands(self) -> bool:
        return self.dialect.says_what_stands(self.cells)

    @cached_property
    def _read(self) -> list[tuple[str, bool]]:
        return self.dialect.read_row(self.cells)


@dataclass
class Records:
    """Raw cells of every non-empty record; ``lines`` are 1-based; ``broken`` are rows with unsound quotes.

    What a record means is asked by ``row``, which keeps the answer for whoever asks next.
    """

    rows: list[list[str]]
    lines: list[int]
    broken: set[int] = field(default_factory=set)
    blank_lines: list[int] = field(default_factory=list)
    dialect: Dialect = BARE
    _known: dict[int, Row] = field(default_factory=dict, repr=False, compare=False)

    def row(self, index: int) -> Row:
        """What the record at ``index`` means."""
        if index not in self._known:
            self._known[index] = Row(self.rows[index], self.dialect)
        return self._known[index]

    def sampled(self, first: int, end: int, width: int, *, unlike: list[str] | None = None) -> list[Row]:
        """About ``SAMPLE_ROWS`` of the records from ``first`` to ``end`` with ``width`` cells, evenly."""
        rows, places = self.rows, range(first, min(end, len(self.rows)))
        fitting = [i for i in places if len(rows[i]) == width and rows[i] != unlike]
        return [self.row(i) for i in fitting[:: max(1, len(fitting) // SAMPLE_ROWS)]]

    @cached_property
    def after_blank(self) -> frozenset[int]:
        """The lines below an empty one."""
        return frozenset(line + 1 for line in self.blank_lines)


def without(records: Records, gone: Collection[int]) -> Records:
    """The records but for those at the given places."""
    kept = [i for i in range(len(records.rows)) if i not in gone]
    return Records(
        [records.rows[i] for i in kept],
        [records.lines[i] for i in kept],
        {new for new, old in enumerate(kept) if old in records.broken},
        records.blank_lines,
        records.dialect,
    )


def split_lines(text: str) -> Lines:
    """Cut at LF, CRLF or CR, mixed or not; at rarer marks only where none of these occurs."""
    returns = text.count("\r")
    if not returns:
        end = "\n" if "\n" in text else next((mark for mark in _RARE_ENDS if mark in text), "\n")
        return _uniform(text, end)
    if returns == text.count("\r\n") == text.count("\n"):
        return _uniform(text, "\r\n")
    if "\n" not in text:
        return _uniform(text, "\r")
    parts = _LINE_END.split(text)
    texts, ends = parts[0::2], [*parts[1::2], ""]
    if texts[-1] == "":
        texts.pop(), ends.pop()
    return Lines(texts, ends)


def _uniform(text: str, end: str) -> Lines:
    texts = text.split(end)
    if texts[-1] == "":
        texts.pop()
    return Lines(texts, end)


def parse(lines: Lines, dialect: Dialect, *, width: int | None = None) -> Records:
    """All records of ``lines``. ``width`` is the number of cells expected; it settles doubtful quotes."""
    if not dialect.quote or not any(dialect.quote in line for line in lines.texts):
        return _parse_plain(lines, dialect)
    return _Parser(lines, dialect, width).run()


def _parse_plain(lines: Lines, dialect: Dialect) -> Records:
    split = dialect.split
    if dialect.escape and any(dialect.escape in line for line in lines.texts):
        split = lambda line: dialect.split_quoted(line) or dialect.split(line)  # noqa: E731
    numbered = [(number, line) for number, line in enumerate(lines.texts, 1) if line and not line.isspace()]
    blank = []
    if len(numbered) < len(lines.texts):
        blank = [number for number, line in enumerate(lines.texts, 1) if not line or line.isspace()]
        if "\t" in dialect.delimiter or dialect.delimiter == " ":
            kept = {n for n in blank if dialect.delimiter in lines.texts[n - 1] and not dialect.runs}
            blank = [n for n in blank if n not in kept]
            numbered = [(n, line) for n, line in enumerate(lines.texts, 1) if line.strip() or n in kept]
    rows, places = [split(line) for _, line in numbered], [number for number, _ in numbered]
    return Records(rows, places, set(), blank, dialect)


class _Parser:
    """Walks over the lines once; a record with open quotes looks ahead for the line that closes them."""

    def __init__(self, lines: Lines, dialect: Dialect, width: int | None) -> None:
        self.lines, self.dialect, self.width = lines, dialect, width
        self.records = Records([], [], dialect=dialect)
        self.budget = _LOOKAHEAD_BUDGET

    def run(self) -> Records:
        texts, quote, dialect, records = self.lines.texts, self.dialect.quote, self.dialect, self.records
        escape = dialect.escape or quote
        position = 0
        while position < len(texts):
            line = texts[position]
            following = position + 1
            if quote in line or escape in line:
                cells = dialect.split_quoted(line)
                if cells is None:
                    cells, following = self._join(position)
                if cells is None:
                    records.broken.add(len(records.rows))
                    cells = dialect.split(line)
            elif not line or (line.isspace() and dialect.delimiter not in line):
                records.blank_lines.append(following)
                position = following
                continue
            else:
                cells = dialect.split(line)
            records.rows.append(cells)
            records.lines.append(position + 1)
            position = following
        return records

    def _join(self, first: int) -> tuple[list[str] | None, int]:
        """Cells of the record from line ``first`` on and the line after it, if its quotes close in order."""
        dialect, texts = self.dialect, self.lines.texts
        if not dialect.leaves_open(texts[first], inside=False):
            return None, first + 1
        reach = len(texts) if self.budget > 0 else first + _SHORT_LOOKAHEAD
        for last in range(first + 1, min(len(texts), reach)):
            line = texts[last]
            still_open = True if dialect.quote not in line else dialect.leaves_open(line, inside=True)
            if still_open is None:
                break
            if not still_open:
                cells = dialect.split_quoted(self.lines.join(first, last))
                if cells is not None and self._plausible(cells, first, last):
                    return cells, last + 1
                break
        else:
            last = len(texts)
        self.budget -= last - first
        return None, first + 1

    def _plausible(self, cells: list[str], first: int, last: int) -> bool:
        if self.width is None:
            return True
        between = self.lines.texts[first + 1 : last + 1]
        if len(cells) != self.width:
            return not any(len(self.dialect.split(line)) == self.width for line in between)
        inner = between[:-1]
        if self.width < 3 or len(inner) < _SWALLOWED:
            return True
        odd = sum(len(self.dialect.split(line)) != self.width for line in inner)
        return odd > len(inner) // _SOUND_TO_ODD
