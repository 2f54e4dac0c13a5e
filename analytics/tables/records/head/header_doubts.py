"""What the form of a file leaves open about its names: which row holds them, and whether any does."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.tables.options import NO_HEADER, ReadOptions
from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.head.heading import read_heading
from analytics.tables.records.head.preamble import filled
from analytics.tables.records.head.second_row import are_full_names, is_like
from analytics.tables.records.head.table_above import table_above_doubt
from analytics.tables.records.head.text_names import text_names_doubt
from analytics.tables.records.layout import Layout, continues_header
from analytics.tables.records.records import Records
from analytics.tables.report import Alternative, Doubt

_SHOWN = 3
"""Cells shown with a question."""
_FEWEST_VALUES = 2
"""Records below the first: of one text there is nothing to compare with."""
_FEWEST_UNNAMED, _MOST_BELOW, _FULL = 3, 60, 0.9
"""Columns without a name; rows below that may name more; of the cells that the fullest of them fills."""
_LONGEST_LINE = 60
"""Characters; longer lines are prose or a log, of which nobody names the only column."""


def header_doubts(records: Records, layout: Layout, options: ReadOptions) -> tuple[Doubt, ...]:
    """Questions about the row of names, which options that name a header or ask for text have answered."""
    if options.header is not None or options.header_rows is not None or options.as_text:
        return ()
    if layout.width == 1:
        return _of_a_list(records, layout)
    if not layout.header_rows:
        return ()
    above = _of_rows_above(records, layout) or table_above_doubt(records, layout)
    below = above or _of_rows_below(records, layout) or second_row_doubt(records, layout)
    return below or text_names_doubt(records, layout)


def _of_a_list(records: Records, layout: Layout) -> tuple[Doubt, ...]:
    """Whether the first of many texts, one a line, is the name of the others."""
    first, width = layout.header, 1
    body = records.sampled(first + 1, layout.end, width)
    lines = [records.row(first), *body]
    if records.dialect.delimiter or len(body) < _FEWEST_VALUES or column_groups(lines, width) != ["other"]:
        return ()
    if (
        any(len(row.values[0]) > _LONGEST_LINE for row in lines)
        or len({tuple(row.quoted) for row in lines}) > 1
    ):
        return ()
    text, line = records.row(first).values[0], records.lines[first]
    name = Alternative("The name of the column", (("header", first),), ((text, "the name"),))
    value = Alternative("The first value", (("header", NO_HEADER),), ((text, "a value"),))
    taken, other = (name, value) if layout.header_rows else (value, name)
    evidence = f"Every line is one text, and line {line:,} looks like those below it."
    return (Doubt(f"Is {text!r} the name of the column, or its first value?", evidence, taken, (other,)),)


def _of_rows_above(records: Records, layout: Layout) -> tuple[Doubt, ...]:
    """Whether the names stand in a row that was taken for a note although half of its cells are filled."""
    rows, line = records.rows, records.lines[layout.header]
    like = (i for i in range(layout.header) if len(rows[i]) == layout.width <= 2 * filled(rows[i]))
    place = next(like, None)
    if place is None:
        return ()
    above = records.lines[place]
    evidence = (
        f"Line {above:,} has {filled(rows[place]):,} of {layout.width:,} cells filled and line {line:,} "
        f"{filled(rows[layout.header]):,}; numbers, dates and such stand below line {line:,}."
    )
    taken = Alternative(f"Line {line:,}", (("header", layout.header),), _as_names(records, layout.header))
    other = Alternative(f"Line {above:,}", (("header", place),), _as_names(records, place))
    return (Doubt("Which line names the columns?", evidence, taken, (other,)),)


def _of_rows_below(records: Records, layout: Layout) -> tuple[Doubt, ...]:
    """Whether the names stand further down, where most columns have none in the row that was taken."""
    rows, head = records.rows, layout.header
    count = filled(rows[head])
    if layout.header_rows > 1 or 2 * count > layout.width or layout.width - count < _FEWEST_UNNAMED:
        return ()
    below = range(layout.body, min(layout.end - 1, layout.body + _MOST_BELOW))
    most = max((filled(rows[i]) for i in below), default=0)
    fuller = (
        i for i in below if filled(rows[i]) > max(2 * count - 1, _FULL * most) and _may_name(records, i)
    )
    place = next(fuller, None)
    if place is None:
        return ()
    line, other_line = records.lines[head], records.lines[place]
    evidence = (
        f"Line {line:,} has {count:,} of {layout.width:,} cells filled and line {other_line:,} "
        f"{filled(rows[place]):,}, all of them words."
    )
    taken = Alternative(f"Line {line:,}", (("header", head),), _as_names(records, head))
    other = Alternative(f"Line {other_line:,}", (("header", place),), _as_names(records, place))
    return (Doubt("Which line names the columns?", evidence, taken, (other,)),)


def second_row_doubt(records: Records, layout: Layout) -> tuple[Doubt, ...]:
    """Whether a row of words below complete names, above numbers, is the first record or holds names too."""
    place, width = layout.header + 1, layout.width
    if layout.header_rows not in (1, 2) or place >= min(layout.end, len(records.rows)) - 1:
        return ()
    head, row = records.row(place - 1), records.row(place)
    if "other" not in row.groups or not {"other", "empty"}.issuperset(row.groups):
        return ()
    body = records.sampled(place + 1, layout.end, width)
    groups = column_groups(body, width)
    if not are_full_names(head, row, groups) or not continues_header(row, groups, width):
        return ()
    if read_heading([head, row], groups).cut or (layout.header_rows == 1 and is_like(row, body, groups)):
        return ()
    first, second = records.lines[place - 1], records.lines[place]
    evidence = f"Line {first:,} names all columns; line {second:,} holds words only, some above numbers."
    joined = tuple((cell, "part of a name") for cell in row.values[:_SHOWN])
    alone = tuple((cell, "a value") for cell in row.values[:_SHOWN])
    names = Alternative("It names the columns too", (("header_rows", 2),), joined)
    record = Alternative("It is the first record", (("header_rows", 1),), alone)
    taken, other = (names, record) if layout.header_rows == 2 else (record, names)
    return (Doubt(f"Is line {second:,} a second row of names?", evidence, taken, (other,)),)


def _may_name(records: Records, place: int) -> bool:
    """Whether all that a row holds are different words."""
    row = records.row(place)
    cells = [value.strip() for value in row.values if value.strip()]
    return len(set(cells)) == len(cells) and set(row.groups) <= {"other", "empty"}


def _as_names(records: Records, place: int) -> tuple[tuple[str, str], ...]:
    cells: Sequence[str] = [value for value in records.row(place).values if value.strip()]
    return tuple((cell, "the name of a column") for cell in cells[:_SHOWN])
