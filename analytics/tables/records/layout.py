"""Where the table lies in a file: preamble, header, body, footer, and further tables below the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analytics.tables.options import NO_HEADER, ReadOptions
from analytics.tables.records.cell_kinds import group_of, is_nearly_number
from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.footer import end_of_body
from analytics.tables.records.head.heading import numbers_columns, type_rows
from analytics.tables.records.head.inner_commas import number_commas
from analytics.tables.records.head.names import (
    SAMPLE_COLUMNS,
    are_labels_of_groups,
    are_years_of_groups,
    has_header,
)
from analytics.tables.records.head.preamble import filled, names_below
from analytics.tables.records.head.second_row import may_be_record
from analytics.tables.records.head.units import units_of
from analytics.tables.records.records import SAMPLE_ROWS, Records, Row
from analytics.tables.records.repair import resplit

_LONGEST_HEADER = 4  # rows of names; five lines of words above numbers were records (test_reading, "about")
_MOST_PREAMBLE, _MOST_PREAMBLE_BLOCK = 60, 15  # lines of remarks above a table: more are a table of their own
_MOST_TABLES = 1000  # each costs a look at the rows below
_WIDE = 12  # columns; half as many numbers above are coordinates and such (7 of 22 in files of radiation)
_SEVERAL = 0.2  # share of records, wider than most, from which theirs is the full width
_OPENING = " \"'"
_OFTEN = 3  # rows among which one is like the header: it is a record, as no page has two rows


@dataclass(frozen=True)
class Layout:
    """Row indices into the records: header rows from ``header`` on, body from ``body`` up to ``end``.

    ``starts`` are the first rows of further tables in the body (their header rows), ``others`` their widths.
    """

    header: int
    header_rows: int
    body: int
    end: int
    width: int
    starts: tuple[int, ...] = ()
    others: tuple[int, ...] = ()


def find_layout(records: Records, *, width: int, options: ReadOptions) -> Layout:
    """Find the parts of a file whose records mostly have ``width`` cells."""
    above = rows_above(records, len(records.rows), width, options)
    end = end_of_body(records, width, options, first=above or 0)
    width = _full_width(records, width, end, first=above or 0)
    first, header_rows = find_header(records, end, width, options, above=above)
    body = first + header_rows
    starts = _table_starts(records, body, end, named=header_rows > 0)
    return Layout(first, header_rows, body, max(end, body), width, starts)


def rows_above(records: Records, end: int, width: int, options: ReadOptions) -> int | None:
    """How many rows stand above the names, where these are told by the block below; ``None`` if not."""
    if options.header is not None or width == 1 or end < 3:
        return None
    return names_below(
        records,
        width,
        end,
        names=lambda place: _is_header(records, place, end, width),
        groups=lambda place: column_groups(records.sampled(place + 1, end, width), width),
    )


def _full_width(records: Records, width: int, end: int, *, first: int = 0) -> int:
    """The usual width, or a greater one that many rows, a whole block of rows or the header have."""
    if width == 1:
        return max(1, min((len(row) for row in records.rows), default=1))
    head = records.rows[first]
    below = records.rows[first + 1 :]
    if len(head) > width and _may_be_names(head) and any(len(row) == len(head) for row in below):
        return len(head)
    sizes = [len(records.rows[i]) for i in range(first, end) if i not in records.broken]
    counts = Counter(sizes)
    enough = max(2, _SEVERAL * len(sizes))
    wider = {size for size, count in counts.items() if size > width and count >= enough}
    run = 1
    for before, size in pairwise(sizes):
        run = run + 1 if size == before else 1
        if size > width and run >= 3 and run >= 0.8 * counts[size]:
            wider.add(size)
    return max(wider, default=width)


def _may_be_names(row: list[str]) -> bool:
    return len(set(row)) == len(row) and all(group_of(cell) == "other" for cell in row)


def find_header(
    records: Records, end: int, width: int, options: ReadOptions, *, above: int | None = None
) -> tuple[int, int]:
    """(the first row of the table, how many rows from there on name its columns).

    ``above`` rows stand above the names where that is known.
    """
    if options.header is None:
        first = _first_row(records, width, end) if above is None else above
    else:
        first = max(options.header, 0)
    if first >= len(records.rows):
        first = 0
    return first, _count_header_rows(records, first, end, width, options)


def _first_row(records: Records, width: int, end: int) -> int:
    """The first row of the table: the header or, without one, the first record."""
    if width == 1:
        return 0
    groups = column_groups(records.sampled(0, end, width), width)
    first = 0
    while first < min(end - 1, _MOST_PREAMBLE) and _is_aside(records.row(first), groups):
        if _names_parted(records, first, end, width):
            return first
        first += 1
    for gap in range(first, min(first + _MOST_PREAMBLE_BLOCK, end - 2)):
        below_blank = records.lines[gap + 1] in records.after_blank or not filled(records.rows[gap])
        if below_blank and _is_preamble(records, first, gap + 1, end, width):
            return gap + 1
    return first


def _is_preamble(records: Records, first: int, header: int, end: int, width: int) -> bool:
    """Whether the rows from ``first`` on, with an empty line below, are remarks above a header."""
    above, groups = records.rows[first:header], column_groups(records.sampled(header + 1, end, width), width)
    typed = [place for place, group in enumerate(groups) if group != "other"]
    words = 2 * len(typed) > width and not any(
        own not in ("other", "empty") for i in range(first, header) for own in records.row(i).groups
    )
    if len(above) > 2 and len({len(row) for row in above}) == 1 < len(above[0]) and not words:
        return False
    if all(len(row) < width for row in above):
        return True
    kinds = (pair for i in range(first, header) for pair in zip(records.row(i).groups, groups, strict=False))
    if any(own == group != "other" for own, group in kinds):
        return False
    return _is_header(records, header, end, width)


def _is_header(records: Records, index: int, end: int, width: int) -> bool:
    """Whether the row at ``index`` names the columns of those below it."""
    row = records.row(index)
    others = records.sampled(index + 1, end, width, unlike=row.cells)
    if set(column_groups(others, width)) == {"other"}:
        every = records.sampled(index + 1, end, width)
        others = every if _comes_often(row, every) else others
    return has_header(row, others)


def _comes_often(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row comes again as often as a record does; names come again on each page at most."""
    again = sum(other.cells == row.cells for other in below)
    return again > 1 and _OFTEN * again > len(below)


def _names_parted(records: Records, index: int, end: int, width: int) -> bool:
    """Whether a row names columns of numbers that decimal commas have parted in all rows below."""
    row, below = records.rows[index], records.rows[index + 1]
    if records.dialect.delimiter != "," or len(below) != width or len(row) < 2 or not _may_be_names(row):
        return False
    rows = [other.values for other in records.sampled(index + 1, end, width)]
    return bool(number_commas(rows, width - len(row)))


def _is_aside(row: Row, groups: list[str]) -> bool:
    """Whether a row above the table is a title or a remark and not a record."""
    size, width, count = len(row.cells), len(groups), filled(row.cells)
    if count > 1 and not (size <= width // 2 and size < width):
        return False
    if size > width:
        return False
    if width >= _WIDE and 2 * size <= width:
        return True
    if count == 1 and size == width:
        kind = next(kind for cell, kind in zip(row.cells, row.groups, strict=True) if cell.strip())
        return width > 2 and bool(row.cells[0].strip()) and kind == "other"
    if resplit(row.cells, row.dialect, width) is not None:
        return False
    return not (groups[0] != "other" and row.groups[0] == groups[0])


def _count_header_rows(records: Records, first: int, end: int, width: int, options: ReadOptions) -> int:
    if options.header == NO_HEADER or first >= len(records.rows):
        return 0
    if options.header_rows is not None:
        return min(options.header_rows, end - first)
    if options.header is None and not _begins_names(records, first, end, width):
        return 0
    count = 1
    while count <= _LONGEST_HEADER and first + count < end - 1:
        header, row, below = (records.row(i) for i in (first, first + count, first + count + 1))
        if row.quoted == below.quoted and row.quoted != header.quoted:
            break
        body = records.sampled(first + count + 1, min(end, first + count + 1 + 4 * SAMPLE_ROWS), width)
        groups = column_groups(body, width, most=SAMPLE_COLUMNS)
        unnamed = not any(records.rows[i][0].strip() for i in range(first, first + count))
        last = _last_header_rows(row, below, groups, width, unnamed=unnamed) or numbers_columns(row, body)
        if last:
            return count + last
        named = continues_header(row, groups, width) and not may_be_record(header, row, body, groups)
        if not named and not are_years_of_groups(header, row, below):
            break
        count += 1
    # Words in ever more lines are records about the table and no names.
    return count if count <= _LONGEST_HEADER else 1


def _begins_names(records: Records, first: int, end: int, width: int) -> bool:
    """Whether a row names columns, alone or as the names of groups above the row that does."""
    if _is_header(records, first, end, width):
        return True
    grouped = first + 2 < end and are_labels_of_groups(records.row(first), records.row(first + 1))
    return grouped and _is_header(records, first + 1, end, width)


def _last_header_rows(row: Row, below: Row, groups: list[str], width: int, *, unnamed: bool) -> int:
    """How many rows, from ``row`` on, end the header: types, the name of an index, units; 0 for none.

    ``unnamed`` says whether the rows above have no name for the first column.
    """
    typed = any(group != "other" for group in groups[1:])
    if _is_index_name(row, groups) or (unnamed and typed and _is_index_name(row, ["index", *groups[1:]])):
        return 1
    if units_of(row.values[:SAMPLE_COLUMNS], groups):
        return 1 + continues_header(below, groups, width)
    return type_rows(row, below)


def _is_index_name(row: Row, groups: Sequence[str]) -> bool:
    """Whether a row below the header names nothing but the first column, as pandas names an index.

    A word stands above dates or numbers, and above all other columns there is nothing.
    """
    first = row.groups[0] == "other" and groups[0] != "other" and len(groups) > 1
    return first and len(row.cells) >= len(groups) and filled(row.cells) == 1


def continues_header(row: Row, groups: Sequence[str], width: int) -> bool:
    """Whether a row below the header names columns too: where the body has numbers or dates it has words."""
    if len(row.cells) != width or any(map(is_nearly_number, row.values[:SAMPLE_COLUMNS])):
        return False
    words = []
    for value, own, group in zip(row.values[:SAMPLE_COLUMNS], row.groups, groups, strict=False):
        if own == "empty" or (group == own == "other"):
            continue
        if own != "other":
            return False
        words.append(value)
    typed = sum(group != "other" for group in groups)
    # A single word above numbers is a second name only in a row that names most columns, and with letters:
    # else it is a record of a list of settings (name, value, and nothing for unit and error), or digits.
    named = len(words) == 1 and any(map(str.isalpha, words[0]))
    return len(words) > 1 or (named and typed <= 2 and 2 * filled(row.cells) > width)


def _table_starts(records: Records, body: int, end: int, *, named: bool) -> tuple[int, ...]:
    """First rows of further tables: after a blank line, at a new, lasting width or, below a table with names,
    at words in the columns of numbers and dates; always names above numbers or dates."""
    rows, blanks = records.rows, records.after_blank
    starts: list[int] = []
    seen = {len(row) for row in rows[max(0, body - 1) : body + 1]}
    typed = typed_places(records, body, end) if named else []
    for index in range(body + 1, end - 1):
        width, gap = len(rows[index]), records.lines[index] in blanks
        fresh = width not in seen and width == len(rows[index + 1])
        seen.add(width)
        apart = gap or fresh or (_begin_as_words(rows[index], typed) and are_words(records, index, body))
        if width < 2 or not apart or len(starts) > _MOST_TABLES:
            continue
        following = rows[index + 1 : index + 1 + SAMPLE_ROWS]
        run = next((n for n, row in enumerate(following) if len(row) != width), len(following))
        if run >= (1 if gap else 3) and _names(records, index, index + 1 + run):
            starts.append(index)
            typed = typed_places(records, index + 1, end) if named else []
    return tuple(starts)


def typed_places(records: Records, first: int, end: int) -> list[int]:
    """The columns of numbers, dates and such in the first rows of a table, where it has two or more."""
    if end - first <= 2:
        return []
    width = len(records.rows[first])
    groups = column_groups(records.sampled(first, min(end, first + SAMPLE_ROWS), width), width)
    places = [place for place, group in enumerate(groups) if group != "other"]
    return places if len(places) > 1 else []


def _begin_as_words(row: list[str], typed: list[int]) -> bool:
    """A quick look, for every row of a file: whether letters stand first in the ``typed`` columns too."""
    return (
        bool(typed)
        and len(row) > typed[-1]
        and all(row[place].lstrip(_OPENING)[:1].isalpha() for place in typed)
    )


def are_words(records: Records, index: int, body: int) -> bool:
    """Whether a row that is not the header again has different words in all of its cells."""
    if records.rows[index] == records.rows[body - 1]:
        return False
    row = records.row(index)
    cells = [value.strip() for value in row.values]
    return len(set(cells)) == len(cells) and all(
        len(cell) < 60 and group == "other" for cell, group in zip(cells, row.groups, strict=True)
    )


def holds_words_only(row: Row) -> bool:
    """Whether a row may name the columns of a further table."""
    return all(group in ("other", "empty") for group in row.groups)


def _names(records: Records, index: int, end: int) -> bool:
    """Whether a row within the data holds words only, some of them above numbers or dates."""
    row = records.row(index)
    if not holds_words_only(row):
        return False
    width = len(row.cells)
    groups = column_groups(records.sampled(index + 1, end, width), width)
    above = any(cell and group != "other" for cell, group in zip(row.cells, groups, strict=True))
    return above and _is_header(records, index, end, width)
