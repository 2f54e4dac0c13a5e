"""Lines that end in a delimiter behind which nothing stands: no column was meant."""

from __future__ import annotations

from dataclasses import replace

from analytics.tables.records.records import Records
from analytics.tables.report import Repair


def without_trailing(records: Records, width: int) -> tuple[Records, int, tuple[Repair, ...]]:
    """The records without empty last cells, the width that is left, and what is said of it.

    They go where no record of the usual width has anything there, the header neither: a name above nothing
    makes a column. Shorter records are left as they are; a header often ends without the delimiter.
    """
    rows, cut = records.rows, 0
    while width - cut > 1 and _all_end_empty(rows, width, cut):
        cut += 1
    full = [i for i, row in enumerate(rows) if len(row) == width] if cut else []
    if len(full) < 2:
        return records, width, ()
    kept = [row[: width - cut] if len(row) == width else row for row in rows]
    columns = "the empty last column was" if cut == 1 else f"the {cut} empty last columns were"
    detail = f"{len(full):,} lines end in a delimiter; {columns} left out, first here"
    repair = Repair("trailing delimiter", records.lines[full[0]], detail, len(full))
    return replace(records, rows=kept, _known={}), width - cut, (repair,)


def _all_end_empty(rows: list[list[str]], width: int, cut: int) -> bool:
    """Whether the cell before the last ``cut`` ones is empty in all rows that have it."""
    place = width - cut - 1
    return not any(len(row) > place and row[place].strip() for row in rows)
