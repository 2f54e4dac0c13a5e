"""A grid of cells, as sheets, HTML tables and arrays of arrays have it, to a frame with its header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pyarrow as pa

from analytics.tables.budget import check_texts
from analytics.tables.errors import TableError
from analytics.tables.formats.doubts import table_doubts
from analytics.tables.formats.loaded import Loaded, with_units
from analytics.tables.formats.quoted_numbers import find_quoted_numbers
from analytics.tables.options import ReadOptions
from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.footer_doubts import footer_doubts
from analytics.tables.records.head.header_doubts import header_doubts
from analytics.tables.records.head.heading import Heading, read_heading
from analytics.tables.records.head.naming import column_names
from analytics.tables.records.layout import Layout, find_layout
from analytics.tables.records.records import Records
from analytics.tables.records.rows import bare_repairs
from analytics.tables.report import Decision, Doubt
from analytics.tables.typed.convert import convert_columns
from analytics.tables.typed.known import Known

S = TypeVar("S")

_LONGEST_COVER = 30
"""Lines; more may be a list, one text a row."""


@dataclass(frozen=True)
class Grid:
    """Rows of equal width as texts, "" for an empty cell, and their line or row numbers from 1.

    ``text_cells`` says which cells the source itself stores as text; ``None`` where it does not tell.
    ``places`` are the columns' numbers in the source from 1, where it counts those without a value too.
    """

    texts: list[list[str]]
    numbers: list[int]
    text_cells: list[list[bool]] | None = None
    places: list[int] | None = None

    @property
    def is_cover(self) -> bool:
        """Whether it is no more than a few lines of words, as a workbook's first sheet often is."""
        few = len(self.texts) <= _LONGEST_COVER and len(self.texts[0]) == 1
        return few and self.text_cells is not None and all(flag for (flag,) in self.text_cells)


def load_grid(grid: Grid, options: ReadOptions, *, stored: str = "stored as text") -> Loaded:
    """The grid as a frame: header, preamble and footer are found as in delimited text."""
    grid = _without_skipped(grid, options)
    texts, numbers = grid.texts, grid.numbers
    check_texts(sum(sum(map(len, row)) for row in texts), options)
    width = len(texts[0])
    gaps = [after - 1 for before, after in pairwise(numbers) if after > before + 1]
    records = Records(texts, numbers, blank_lines=gaps)
    layout = find_layout(records, width=_usual_width(texts), options=options)
    heading = _heading(records, layout)
    line = numbers[layout.header] if heading.rows else None
    names, repairs = column_names([row.cells for row in heading.rows], width=width, line=line)
    repairs = (
        (*repairs, *heading.repairs(names, numbers[layout.body - heading.cut])) if heading.cut else repairs
    )
    body = slice(layout.body, layout.end)
    columns = [_column(shown) for shown in zip(*texts[body], strict=True)] or [_column(())] * width
    lines = np.asarray(numbers[body], np.int64)
    masks: list[pa.Array] | None = None
    doubts: tuple[Doubt, ...] = ()
    if grid.text_cells is not None:
        flags = zip(*grid.text_cells[body], strict=True)
        masks = [pa.array(column, pa.bool_()) for column in flags] or [pa.array([], pa.bool_())] * width
        masks, doubts = find_quoted_numbers(
            names, columns, masks, lines=lines, options=options, stored=stored
        )
    repairs = (*repairs, *bare_repairs(records, layout))
    above, below = texts[: layout.header], texts[layout.end :]
    preamble, footer = (tuple(" ".join(filter(None, row)) for row in part) for part in (above, below))
    converted = convert_columns(
        names,
        columns,
        options=options,
        known=Known(
            lines=lines,
            quoted=masks,
            decimal="." if masks is not None else None,
            typed_source=masks is not None,
            others_bare=masks is None,
            texts=(*preamble, *footer),
        ),
    )
    decisions = (*_header_decision(layout, line), *converted.decisions)
    asked = (*header_doubts(records, layout, options), *footer_doubts(records, layout, options))
    last = int(lines[-1]) if len(lines) else None
    whole = table_doubts(converted.frame, lines, last, footer=len(below), options=options)
    every = (*asked, *doubts, *converted.doubts, *whole)
    readings = with_units(converted.readings, heading.units)
    return Loaded(converted.frame, decisions, readings, repairs, line, preamble, footer, every, lines)


def first_table(sheets: Iterable[tuple[S, Grid]]) -> tuple[S, Grid]:
    """The first of a workbook's sheets that is no cover, or the first cover where there is nothing else.

    Raises:
        TableError: there is no sheet with a value.
    """
    cover = None
    for sheet in sheets:
        if not sheet[1].is_cover:
            return sheet
        cover = cover or sheet
    if cover is None:
        raise TableError("The workbook has no cell with a value.")
    return cover


def sheet_decision(name: str, names: Sequence[str], options: ReadOptions) -> tuple[Decision, ...]:
    """Which sheet was read, where there are ``names`` of several, and that those before it have no table."""
    others = tuple(other for other in names if other != name)
    if not others:
        return ()
    before = [] if options.sheet is not None or name not in names else list(names[: names.index(name)])
    passed = f"; {' and '.join(map(repr, before))} before it {'has' if len(before) == 1 else 'have'} no table"
    sentence = f"The sheet {name!r} was read, one of {len(names)}{passed if before else ''}."
    return (Decision("sheet", name, sentence, alternatives=others),)


def _without_skipped(grid: Grid, options: ReadOptions) -> Grid:
    """The grid without the rows that were to be left out."""
    gone = set(options.skip_rows or ())
    kept = [place for place, number in enumerate(grid.numbers) if number not in gone]
    if not kept or len(kept) == len(grid.numbers):
        return grid
    flags = grid.text_cells and [grid.text_cells[place] for place in kept]
    texts, numbers = [grid.texts[place] for place in kept], [grid.numbers[place] for place in kept]
    return replace(grid, texts=texts, numbers=numbers, text_cells=flags)


def _heading(records: Records, layout: Layout) -> Heading:
    """The rows that name the columns, without those that hold units or types."""
    rows = [records.row(i) for i in range(layout.header, layout.body)]
    if len(rows) < 2:
        return Heading(rows)
    return read_heading(
        rows, column_groups(records.sampled(layout.body, layout.end, layout.width), layout.width)
    )


def _usual_width(texts: list[list[str]]) -> int:
    """The full width: empty cells at the end of a row are part of it."""
    return Counter(len(row) for row in texts).most_common(1)[0][0]


def _header_decision(layout: Layout, line: int | None) -> tuple[Decision, ...]:
    if line is None:
        return (Decision("header", "none", "There is no header row.", alternatives=("0",)),)
    text = f"The column names are in row {line}." if layout.header else ""
    return (Decision("header", str(layout.header), text, alternatives=("-1",)),) if text else ()


def _column(texts: Sequence[str]) -> pa.Array:
    return pa.array([text or None for text in texts], pa.string())
