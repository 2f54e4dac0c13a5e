"""Several tables one below the other: all of their rows, or one of them, and a doubt."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from analytics.tables.errors import TableError
from analytics.tables.options import ALL_TABLES, ReadOptions
from analytics.tables.records.layout import Layout, find_layout
from analytics.tables.records.records import Records, without
from analytics.tables.report import Alternative, Decision, Doubt, Repair

_OFFERED, _SHOWN = 4, 3
"""Tables that a question offers, and cells of each that it shows."""


def further_names(records: Records, layout: Layout, options: ReadOptions) -> tuple[Repair, ...]:
    """What is said of the lines of names that are left out where the rows of all tables are kept."""
    if not _keeps_all(options):
        return ()
    detail = "the names of a further table; the line was left out"
    return tuple(Repair("further table", records.lines[start], detail) for start in layout.starts)


def choose_table(
    records: Records, layout: Layout, options: ReadOptions
) -> tuple[Records, Layout, tuple[Decision, ...]]:
    """The rows of all tables or of the one asked for, where they lie, and what is said of them.

    Raises:
        TableError: there is no such table.
    """
    if not layout.starts:
        return records, layout, ()
    starts = (layout.header, *layout.starts)
    where = ", ".join(f"{records.lines[start]:,}" for start in starts[:8])
    choices = tuple(str(number) for number in range(len(starts)))
    told = f"The file seems to hold {len(starts)} tables, from lines {where}"
    if _keeps_all(options):
        sentence = f"{told}; their rows are kept one below the other, without the later names."
        decision = Decision("table", "all", sentence, "", choices)
        widths = tuple(len(records.rows[start]) for start in layout.starts)
        all_rows = replace(layout, starts=(), others=widths, end=layout.end - len(layout.starts))
        return without(records, set(layout.starts)), all_rows, (decision,)
    if options.table is None or options.table >= len(starts):
        raise TableError(f"There is no table {options.table}; the file holds tables 0 to {len(starts) - 1}.")
    first = starts[options.table]
    last = starts[options.table + 1] if options.table + 1 < len(starts) else layout.end
    chosen = Records(
        records.rows[first:last],
        records.lines[first:last],
        {i - first for i in records.broken if first <= i < last},
        [n for n in records.blank_lines if records.lines[first] < n < records.lines[last - 1]],
        records.dialect,
    )
    width = Counter(map(len, chosen.rows)).most_common(1)[0][0]
    single = find_layout(chosen, width=width, options=replace(options, skip_footer=0))
    sentence = f"{told}; number {options.table} is shown, as asked."
    return chosen, replace(single, starts=()), (Decision("table", str(options.table), sentence, "", choices),)


def stacked_doubts(records: Records, layout: Layout, options: ReadOptions) -> tuple[Doubt, ...]:
    """Whether tables with other names than the first one's belong in its columns."""
    if options.table is not None or not layout.starts:
        return ()
    starts = (layout.header, *layout.starts)
    names = [[value.strip() for value in records.row(start).values] for start in starts]
    if all(row == names[0] for row in names):
        return ()
    lines = ", ".join(f"{records.lines[start]:,}" for start in starts[:8])
    evidence = f"Names stand in lines {lines}, and they are not the same."
    below = tuple((name, first) for name, first in zip(names[1], names[0], strict=False))[:_SHOWN]
    taken = Alternative("All rows, under the first names", (("table", ALL_TABLES),), below)
    others = tuple(
        Alternative(
            f"The table from line {records.lines[start]:,}",
            (("table", number),),
            tuple((name, name) for name in names[number][:_SHOWN]),
        )
        for number, start in enumerate(starts[:_OFFERED])
    )
    return (Doubt(f"Are the {len(starts):,} tables of the file one?", evidence, taken, others),)


def _keeps_all(options: ReadOptions) -> bool:
    return options.table is None or options.table == ALL_TABLES
