"""Lines that end, or begin, in a delimiter beyond which nothing stands: no column was meant."""

from __future__ import annotations

from dataclasses import replace

from analytics.tables.records.cell_kinds import group_of
from analytics.tables.records.layout import Layout
from analytics.tables.records.records import Records
from analytics.tables.report import Repair

_MOST_ABOVE = 400
"""Rows above the names that may be notes."""


def without_trailing(records: Records, width: int) -> tuple[Records, int, tuple[Repair, ...]]:
    """The records without empty last cells, the width that is left, and what is said of it.

    They go where no record of the usual width has anything there, the header neither: a name above nothing
    makes a column. Shorter records are left as they are; a header often ends without the delimiter.
    """
    rows, cut = records.rows, 0
    first = _below_notes(rows, width)
    while width - cut > 1 and _all_end_empty(rows[first:], width, cut):
        cut += 1
    full = [i for i, row in enumerate(rows) if len(row) == width and i >= first] if cut else []
    if len(full) < 2:
        return records, width, ()
    kept = [row[: width - cut] if i >= first and len(row) == width else row for i, row in enumerate(rows)]
    columns = "the empty last column was" if cut == 1 else f"the {cut} empty last columns were"
    detail = f"{len(full):,} lines end in a delimiter; {columns} left out, first here"
    repair = Repair("trailing delimiter", records.lines[full[0]], detail, len(full))
    return replace(records, rows=kept, _known={}), width - cut, (repair,)


def without_leading(records: Records, layout: Layout) -> tuple[Records, Layout, tuple[Repair, ...]]:
    """The table without an empty first column, where all lines begin with a delimiter, as those between bars.

    It goes where nothing stands in it, no name either; what stands above and below the table stays.
    """
    width, places = layout.width, range(layout.header, layout.end)
    rows = records.rows
    cut = {i for i in places if len(rows[i]) > 1}
    full = [i for i in cut if len(rows[i]) == width]
    parted = records.dialect.delimiter.strip(" ") and width > 2 and len(full) > 1
    if not parted or any(rows[i][0].strip() for i in cut):
        return records, layout, ()
    kept = [row[1:] if i in cut else row for i, row in enumerate(rows)]
    detail = f"{len(cut):,} lines begin with a delimiter; the empty first column was left out, first here"
    repair = Repair("leading delimiter", records.lines[min(cut)], detail, len(cut))
    return replace(records, rows=kept, _known={}), replace(layout, width=width - 1), (repair,)


def _below_notes(rows: list[list[str]], width: int) -> int:
    """The row of names, one cell short of ``width``, where a note near the top has a cell more; else 0."""
    last = max(
        (i for i, row in enumerate(rows[:_MOST_ABOVE]) if len(row) >= width and row[-1].strip()), default=-1
    )
    named = 0 <= last < len(rows) - 1 and len(rows[last + 1]) == width - 1 and all(rows[last + 1])
    return last + 1 if named and all(map(_is_word, rows[last + 1])) else 0


def _is_word(cell: str) -> bool:
    return group_of(cell) == "other"


def _all_end_empty(rows: list[list[str]], width: int, cut: int) -> bool:
    """Whether the cell before the last ``cut`` ones is empty in all rows that have it."""
    place = width - cut - 1
    return not any(len(row) > place and row[place].strip() for row in rows)
