"""Whether what stands above the names is no note but a table of its own, which the file's largest hides."""

from __future__ import annotations

from analytics.tables.options import ReadOptions
from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.head.names import has_header
from analytics.tables.records.head.preamble import filled
from analytics.tables.records.layout import Layout, find_layout
from analytics.tables.records.records import Records
from analytics.tables.report import Alternative, Doubt

_FEWEST_ROWS = 2
"""Below names: one row of words above another with a number is a remark more often than a table."""
_SHOWN = 3
"""Cells shown with the question."""
_ATTRIBUTE = (":", "=")
"""What ends the name of a setting, as ``Device:``."""


def table_above_doubt(records: Records, layout: Layout) -> tuple[Doubt, ...]:
    """Whether rows that were taken for notes are names above numbers or dates, as a table has them."""
    ends = ((i, _end_of_table(records, i, layout.header)) for i in range(layout.header))
    found, end = next((one for one in ends if one[1]), (0, 0))
    if not end or not _can_be_read(records, layout, found):
        return ()
    first, last, below = records.lines[found], records.lines[end - 1], records.lines[layout.header]
    names, record = records.row(found).values[:_SHOWN], records.row(found + 1).values[:_SHOWN]
    evidence = (
        f"Line {first:,} looks like names of the {end - found - 1:,} rows below it; the table that was read "
        f"begins in line {below:,}."
    )
    cells = list(zip(names, record, strict=False))
    left = tuple((f"{name}: {cell}", "left out, as a note") for name, cell in cells)
    read = tuple((f"{name}: {cell}", cell) for name, cell in cells)
    taken = Alternative(f"Notes above the table of line {below:,}", (("header", layout.header),), left)
    other = Alternative(f"The table from line {first:,}", (("header", found), ("table", 0)), read)
    return (Doubt(f"Are lines {first:,} to {last:,} a table of their own?", evidence, taken, (other,)),)


def _can_be_read(records: Records, layout: Layout, first: int) -> bool:
    """Whether the table from ``first`` on, asked for, is told again from what stands below it."""
    return bool(find_layout(records, width=layout.width, options=ReadOptions(header=first)).starts)


def _end_of_table(records: Records, first: int, end: int) -> int:
    """The row below a table whose names stand at ``first``, or 0 where they name nothing."""
    row = records.row(first)
    width, last = len(row.cells), first + 1
    while last < end and len(records.rows[last]) == width and records.lines[last] not in records.after_blank:
        last += 1
    body = [records.row(i) for i in range(first + 1, last)]
    if width < 2 or len(body) < _FEWEST_ROWS or filled(row.cells) < width:
        return 0
    if any(value.strip().endswith(_ATTRIBUTE) for other in (row, *body) for value in other.values):
        return 0
    typed = any(group != "other" for group in column_groups(body, width))
    return last if typed and has_header(row, body) else 0
