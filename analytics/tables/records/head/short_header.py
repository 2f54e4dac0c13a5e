"""Headers with fewer names than records have cells: which cells have no name, or which make one number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from analytics.tables.options import ReadOptions
from analytics.tables.records.cell_kinds import group_of
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.head.naming import column_names
from analytics.tables.records.layout import Layout
from analytics.tables.records.records import Records
from analytics.tables.report import Alternative, Doubt
from analytics.words import count

_WHOLE, _BEHIND = re.compile(r"[+-]?\d+"), re.compile(r"\d+")
_THOUSANDS_BEHIND, _BEFORE_THOUSANDS = re.compile(r"\d{3}"), re.compile(r"[+-]?[1-9]\d{0,2}")
_SHOWN = 3
"""Records shown with a question."""
_MOST_COMMAS, _MOST_WAYS = 6, 2
"""Commas of one record that may be within numbers, and ways to choose them that are offered: with more,
nothing tells which."""


@dataclass(frozen=True)
class ShortHeader:
    """``names`` above records of ``width`` cells (rows of values), and which cell is taken to have none."""

    names: list[str]
    rows: list[list[str]]
    width: int
    line: int
    first: bool
    dialect: Dialect

    @property
    def lacking(self) -> int:
        """How many names there are too few."""
        return self.width - len(self.names)

    @property
    def is_plain(self) -> bool:
        """Whether the first cells are row names beyond doubt, as R writes them: quoted or counted, and no
        number is cut by a comma."""
        if not self.first or self.commas():
            return False
        texts = [row[0] for row in self.rows]
        counted = texts == [str(number) for number in range(1, len(texts) + 1)]
        words = all(group_of(text) == "other" for text in texts)
        return counted or (words and self.dialect.delimiter in "\t " and len(self.names) > 1)

    def commas(self) -> list[tuple[int, ...]]:
        """The ways to choose as many cells as names are lacking, from 1, that a decimal comma parted from
        the cell before."""
        if self.dialect.delimiter != "," or not 0 < self.lacking <= _MOST_COMMAS:
            return []
        columns = list(zip(*self.rows, strict=True))
        places = [
            place
            for place, (left, right) in enumerate(pairwise(columns), 2)
            if all(map(_WHOLE.fullmatch, left)) and all(map(_BEHIND.fullmatch, right))
        ]
        if len(places) > 2 * _MOST_COMMAS:
            return []
        ways = (way for way in combinations(places, self.lacking) if all(b - a > 1 for a, b in pairwise(way)))
        found = list(ways)
        return found if len(found) <= _MOST_WAYS else []


def shifted(
    headers: list[list[str]], rows: list[list[str]], width: int, options: ReadOptions
) -> list[list[str]]:
    """The header with "" above row names: R writes none there, the header is one short and they differ.

    Where most lines begin with a bare number and end in a delimiter, it is the last column's that lacks.
    """
    if len(headers) != 1 or len(headers[0]) != width - 1 or options.unnamed == "last":
        return headers
    if options.unnamed == "first":
        return [["", *headers[0]]]
    if not len({row[0] for row in rows}) == len(rows) > 1:
        return headers
    ended = sum(not row[-1].strip() and group_of(row[0]) == "number" for row in rows)
    return headers if 2 * ended >= len(rows) else [["", *headers[0]]]


def with_joined_cells(records: Records, layout: Layout, options: ReadOptions) -> tuple[Records, Layout]:
    """The records with the cells put together that ``comma_cells`` ask for, and so many columns fewer."""
    places = sorted({place for place in options.comma_cells or () if 1 < place <= layout.width}, reverse=True)
    if not places:
        return records, layout
    rows = list(records.rows)
    for i in range(layout.body, layout.end):
        if len(rows[i]) == layout.width:
            rows[i] = _joined(rows[i], places)
    return replace(records, rows=rows, _known={}), replace(layout, width=layout.width - len(places))


def _joined(row: list[str], places: Sequence[int]) -> list[str]:
    row = list(row)
    for place in places:  # from the last to the first
        row[place - 2 : place] = [",".join(cell.strip() for cell in row[place - 2 : place])]
    return row


def short_header_doubts(
    records: Records, layout: Layout, headers: list[list[str]], options: ReadOptions, *, first: bool
) -> tuple[Doubt, ...]:
    """Which cells have no name where names are lacking; ``first``: the first is taken to have none."""
    asked = options.unnamed is not None or options.comma_cells is not None
    if asked or options.as_text or len(headers) != 1:
        return ()
    rows = [row.values for row in records.sampled(layout.body, layout.end, layout.width)]
    names, line = headers[0], records.lines[layout.header]
    short = ShortHeader(names, rows, layout.width, line, first, records.dialect)
    if not all(names) or not 0 < short.lacking < layout.width or not rows or short.is_plain:
        return ()
    if not any(row[-1].strip() for row in rows):  # delimiters at the end, which are told
        return ()
    doubt = _doubt(short, records, layout)
    return (doubt,) if doubt.alternatives else ()


def _doubt(short: ShortHeader, records: Records, layout: Layout) -> Doubt:
    names, lacking, mark = short.names, short.lacking, short.dialect.delimiter
    places = [i for i in range(layout.body, layout.end) if len(records.rows[i]) == short.width][:_SHOWN]
    rows = [records.row(i).values for i in places]
    ending = "The last cells have no name" if lacking > 1 else "The last cell has no name"
    left = [_reading(ending, (("unnamed", "last"),), [*names, *[""] * lacking], rows, mark)]
    if lacking == 1:
        left.append(
            _reading("The first cells are row names", (("unnamed", "first"),), ["", *names], rows, mark)
        )
    taken = left.pop(int(short.first))
    lines = ", ".join(f"{records.lines[i]:,}" for i in places)
    named = count(len(names), "name")
    evidence = f"Line {short.line:,} has {named}, lines {lines} have {short.width:,} cells each."
    left += [one for way in short.commas() for one in _comma_readings(short, way, rows)]
    return Doubt("Which cells of the records have no name?", evidence, taken, tuple(left))


def _comma_readings(short: ShortHeader, way: tuple[int, ...], rows: list[list[str]]) -> list[Alternative]:
    """The records with these cells put together, as decimals and, where they may be, as thousands."""
    every = [row[place - 2 : place] for row in short.rows for place in way]
    joined = [_joined(row, way[::-1]) for row in rows]
    of = ", ".join(short.names[place - 2 - before] for before, place in enumerate(way))
    marks = [(",", ".", f"All have names: a comma in {of} is the decimal mark")]
    if all(_BEFORE_THOUSANDS.fullmatch(one) and _THOUSANDS_BEHIND.fullmatch(two) for one, two in every):
        marks.append((".", "", f"All have names: a comma in {of} parts thousands"))
    made = []
    for decimal, shown, label in marks:
        texts = [[cell.replace(",", shown) for cell in row] for row in joined]
        changes = (("delimiter", ","), ("comma_cells", way), ("decimal", decimal))
        made.append(_reading(label, changes, short.names, rows, ",", texts))
    return made


def _reading(
    label: str,
    changes: tuple[tuple[str, object], ...],
    names: list[str],
    rows: list[list[str]],
    mark: str,
    values: list[list[str]] | None = None,
) -> Alternative:
    """What stands under which name in each of the rows shown."""
    full, _ = column_names([names], width=len(names), line=None)
    shown = [
        (mark.join(row), ", ".join(f"{name} = {value}" for name, value in zip(full, own, strict=True)))
        for row, own in zip(rows, values or rows, strict=True)
    ]
    return Alternative(label, changes, tuple(shown))
