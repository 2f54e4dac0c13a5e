"""Where the table lies in a file: preamble, header, body, footer, and further tables below the first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from analytics.tables.options import NO_HEADER, ReadOptions
from analytics.tables.records.cell_kinds import NUMERIC, TYPED, kind_of
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.records import Records
from analytics.tables.records.repair import resplit

SAMPLE_ROWS, SAMPLE_COLUMNS, LONGEST_HEADER, MOST_PREAMBLE, MOST_PREAMBLE_BLOCK = 200, 300, 4, 60, 15
_MOST_TABLES = 1000
_NOTE = re.compile(
    r"\s*(?:(?:sources?|notes?|footnotes?|remarks?|copyright|quelle|fuente)\b|[©*†(#]|--)", re.IGNORECASE
)
_OPENING = " \"'"
_EMPTY = ('""', "''")
_DIGITS, _CAPITALS, _LETTERS = re.compile(r"\d+"), re.compile(r"[A-Z]+"), re.compile(r"[^\W\dA-Z_]+")
_DECIMAL = re.compile(r"\d+\.\d+")


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


def find_layout(records: Records, dialect: Dialect, *, width: int, options: ReadOptions) -> Layout:
    """Find the parts of a file whose records mostly have ``width`` cells."""
    rows = records.rows
    end = _end_of_body(records, dialect, width, options)
    width = _full_width(records, width, end)
    first = _first_row(records, dialect, width, end) if options.header is None else max(options.header, 0)
    if first >= len(rows):
        first = 0
    header_rows = _count_header_rows(records, dialect, first, end, width, options)
    body = first + header_rows
    starts = _table_starts(records, dialect, body, end, named=header_rows > 0)
    return Layout(first, header_rows, body, max(end, body), width, starts)


def _full_width(records: Records, width: int, end: int) -> int:
    """The usual width, or a greater one that many rows, a whole block of rows or the header have."""
    if width == 1:
        return max(1, min((len(row) for row in records.rows), default=1))
    head = records.rows[0]
    if len(head) > width and _may_be_names(head) and any(len(row) == len(head) for row in records.rows[1:]):
        return len(head)
    sizes = [len(row) for i, row in enumerate(records.rows[:end]) if i not in records.broken]
    counts = Counter(sizes)
    wider = {size for size, count in counts.items() if size > width and count >= max(2, 0.2 * len(sizes))}
    run = 1
    for before, size in pairwise(sizes):
        run = run + 1 if size == before else 1
        if size > width and run >= 3 and run >= 0.8 * counts[size]:
            wider.add(size)
    return max(wider, default=width)


def _may_be_names(row: list[str]) -> bool:
    return len(set(row)) == len(row) and all(group_of(cell) == "other" for cell in row)


def filled(row: Sequence[str]) -> int:
    """Number of cells that are not blank; quotes around nothing are blank too."""
    return sum(1 for cell in row if cell and not cell.isspace() and cell not in _EMPTY)


def _first_row(records: Records, dialect: Dialect, width: int, end: int) -> int:
    """The first row of the table: the header or, without one, the first record."""
    rows = records.rows
    if width == 1:
        return 0
    groups = column_groups(rows[:end], dialect, width)
    first = 0
    while first < min(end - 1, MOST_PREAMBLE) and _is_aside(rows[first], dialect, width, groups):
        first += 1
    blanks = _after_blank(records)
    for gap in range(first, min(first + MOST_PREAMBLE_BLOCK, end - 2)):
        if records.lines[gap + 1] in blanks and _is_preamble(
            rows[first:end], gap + 1 - first, dialect, groups
        ):
            return gap + 1
    return first


def _is_preamble(rows: list[list[str]], size: int, dialect: Dialect, groups: list[str]) -> bool:
    """Whether the first ``size`` rows, with an empty line below, are remarks above a header."""
    width, above = len(groups), rows[:size]
    if size > 2 and len({len(row) for row in above}) == 1 < len(above[0]):
        return False
    if all(len(row) < width for row in above):
        return True
    matches = (
        group_of(dialect.value(c)) == g != "other" for row in above for c, g in zip(row, groups, strict=False)
    )
    return not any(matches) and has_header(rows[size], rows[size + 1 :], dialect, width)


def _after_blank(records: Records) -> set[int]:
    return {line + 1 for line in records.blank_lines}


def _is_aside(row: list[str], dialect: Dialect, width: int, groups: list[str]) -> bool:
    """Whether a row above the table is a title or a remark and not a record."""
    count = filled(row)
    if count > 1 and not (len(row) <= width // 2 and len(row) < width):
        return False
    if len(row) > width:
        return False
    text = next((dialect.value(cell) for cell in row if cell.strip()), "")
    if count == 1 and len(row) == width:
        return width > 2 and bool(row[0].strip()) and group_of(text) == "other"
    if resplit(row, dialect, width) is not None:
        return False
    return not (groups[0] != "other" and group_of(dialect.value(row[0])) == groups[0])


def _end_of_body(records: Records, dialect: Dialect, width: int, options: ReadOptions) -> int:
    """One past the last record; the rows beyond are notes."""
    rows = records.rows
    if options.skip_footer is not None:
        return max(0, len(rows) - options.skip_footer)
    end = len(rows)
    if width == 1:
        return end
    groups = column_groups(rows, dialect, width)
    blanks = _after_blank(records)
    while end > 1 and _is_note(rows[end - 1], dialect, width, groups, records, end - 1, blanks):
        end -= 1
    while 1 < end < len(rows) and not filled(rows[end - 1]):
        end -= 1
    return end


def _is_note(
    row: list[str],
    dialect: Dialect,
    width: int,
    groups: list[str],
    records: Records,
    index: int,
    blanks: set[int],
) -> bool:
    text = dialect.value(row[0])
    if len(row) == width and filled(row) > 1:
        noted = _NOTE.match(text) is not None and records.lines[index] in blanks
        return noted and any(
            group_of(dialect.value(c)) == "other" != g for c, g in zip(row, groups, strict=True)
        )
    if len(row) > width or (len(row) == width and not row[0].strip()):
        return False
    if (groups[0] != "other" and group_of(text) == groups[0]) or _fits_otherwise(row, dialect, groups):
        return False
    words = len(text.split())
    if len(row) == width or filled(row) > 1:
        odd = words >= 4 or (groups[0] != "other" and group_of(text) == "other")
        return (width > 2 and odd) if len(row) == width else _NOTE.match(text) is not None
    return (
        _NOTE.match(text) is not None or records.lines[index] in blanks or words >= 3 or groups[0] != "other"
    )


def _fits_otherwise(row: list[str], dialect: Dialect, groups: list[str]) -> bool:
    """Whether the row is a record written with another delimiter: its parts are of the columns' kinds."""
    parts = resplit(row, dialect, len(groups))
    if parts is None:
        return False
    typed = [(group_of(part), group) for part, group in zip(parts, groups, strict=True) if group != "other"]
    return sum(own in (group, "missing", "empty") for own, group in typed) >= max(1, 0.7 * len(typed))


def column_groups(
    rows: list[list[str]], dialect: Dialect, width: int, *, most: int | None = None
) -> list[str]:
    """What most filled cells of each column are, number, date, clock, span, moment, boolean, address or
    other; of the first ``most`` columns where that is given."""
    body = [row for row in rows if len(row) == width]
    step = max(1, len(body) // SAMPLE_ROWS)
    return [
        _dominant([dialect.value(cell) for cell in column])
        for column in islice(zip(*body[::step], strict=True), most)
    ] or ["other"] * width


def group_of(cell: str) -> str:
    """The kind of a cell with all numbers taken together and everything untyped as "other"."""
    kind = kind_of(cell)
    if kind in ("empty", "missing"):
        return kind
    return "number" if kind in NUMERIC else kind if kind in TYPED else "other"


def _dominant(cells: list[str]) -> str:
    groups = list(map(group_of, cells))
    if len(set(groups)) == 1:
        return "other" if groups[0] in ("empty", "missing") else groups[0]
    counts = Counter(groups)
    total = sum(count for group, count in counts.items() if group not in ("empty", "missing"))
    for group, count in counts.items():
        if group not in ("empty", "missing", "other") and count >= 0.75 * total:
            return group
    return "other"


def _count_header_rows(
    records: Records, dialect: Dialect, first: int, end: int, width: int, options: ReadOptions
) -> int:
    rows = records.rows
    if options.header == NO_HEADER or first >= len(rows):
        return 0
    if options.header_rows is not None:
        return min(options.header_rows, end - first)
    if options.header is None and not has_header(rows[first], rows[first + 1 : end], dialect, width):
        return 0
    count = 1
    while count <= LONGEST_HEADER and first + count < end - 1:
        header, row, body = rows[first], rows[first + count], rows[first + count + 1 : end]
        if _quoted_like(row, body[0], dialect) and not _quoted_like(row, header, dialect):
            break
        if not _continues_header(row, body, dialect, width):
            break
        count += 1
    # Words in ever more lines are records about the table and no names.
    return count if count <= LONGEST_HEADER else 1


def _quoted_like(row: list[str], other: list[str], dialect: Dialect) -> bool:
    return list(map(dialect.is_quoted, row)) == list(map(dialect.is_quoted, other))


def has_header(row: list[str], body: list[list[str]], dialect: Dialect, width: int) -> bool:
    """Whether ``row`` names the columns of ``body`` and is not one of its records."""
    cells = [dialect.value(cell).strip() for cell in row][:SAMPLE_COLUMNS]
    named = [cell for cell in cells if cell]
    alike = [other for other in body if len(other) == width and other != row]
    alike = alike[:: max(1, len(alike) // SAMPLE_ROWS)]
    votes = -1.0 * (len(named) - len(set(named)) > 0.3 * len(named)) - 0.25 * (len(cells) - len(named) > 1)
    if not alike:
        return bool(named) and all(group_of(cell) == "other" for cell in named)
    for index, cell in enumerate(cells[:width]):
        column = [other[index] for other in alike]
        by_quotes = _quote_vote(row[index], column, dialect)
        votes += by_quotes or _vote(cell, [dialect.value(raw).strip() for raw in column])
    rising = _rises(cells) and sum(_rises([dialect.value(c) for c in other]) for other in alike) < 0.2 * len(
        alike
    )
    return votes > 0 or rising


def _quote_vote(cell: str, column: list[str], dialect: Dialect) -> float:
    """A name is often quoted unlike the values below it."""
    quoted = [dialect.is_quoted(raw) for raw in column if raw]
    if not cell or not quoted or not dialect.quote or any(quoted) != all(quoted):
        return 0.0
    return 2.0 if dialect.is_quoted(cell) != quoted[0] and (len(quoted) > 1 or quoted[0]) else 0.0


def _vote(cell: str, column: list[str]) -> float:
    """How much one cell speaks for being the name of its column (positive) or a value in it."""
    group, own = _dominant(column), group_of(cell)
    if own == "empty":
        return 0.0
    if group != "other":
        sure = own == "other" and len(column) > 2 and all(group_of(value) == group for value in column)
        return -1.0 if own in (group, "missing") else 2.5 if sure else 1.0
    values = [value for value in column if value]
    if not values:
        return 0.1 if own == "other" else -0.1
    if cell in values:
        return -1.0 if len(values) > 2 else -0.3
    return -0.5 if own != "other" else _vote_by_form(cell, values)


def _vote_by_form(cell: str, values: list[str]) -> float:
    """How unlike the values of a column of text its name looks."""
    form, count = Counter(map(_form, values)).most_common(1)[0]
    if len(values) > 2 and "9" in form and count >= 0.6 * len(values):
        return -0.75 if _form(cell) == form else 0.5
    lengths = {len(value) for value in values}
    vote = 0.5 if len(values) > 2 and len(lengths) == 1 and len(cell) not in lengths else 0.25
    return vote - 0.5 * (len(cell) > 80)


def _form(value: str) -> str:
    """The value with runs of digits as 9, of small letters as a and of capitals as A."""
    return _LETTERS.sub("a", _CAPITALS.sub("A", _DIGITS.sub("9", value[:60])))


def _rises(cells: list[str]) -> bool:
    """Years, sizes or other numbers that go up below a first word, as names of columns may."""
    kinds = [kind_of(cell) for cell in cells]
    numbers = [
        float(cell)
        for cell, kind in zip(cells, kinds, strict=True)
        if kind == "integer" or _DECIMAL.fullmatch(cell)
    ]
    return (
        len(numbers) >= 3
        and kinds[0] in ("empty", "code", "words")
        and all(a < b for a, b in pairwise(numbers))
    )


def _continues_header(row: list[str], body: list[list[str]], dialect: Dialect, width: int) -> bool:
    """Whether a row below the header names columns too: where the body has numbers or dates it has words."""
    if len(row) != width:
        return False
    words = 0
    groups = column_groups(body[: 4 * SAMPLE_ROWS], dialect, width, most=SAMPLE_COLUMNS)
    for cell, group in zip(row[:SAMPLE_COLUMNS], groups, strict=False):
        own = group_of(dialect.value(cell).strip())
        if own == "empty" or (group == own == "other"):
            continue
        if own != "other":
            return False
        words += 1
    typed = sum(group != "other" for group in groups)
    return words > 0 and (words > 1 or typed <= 2)


def _table_starts(records: Records, dialect: Dialect, body: int, end: int, *, named: bool) -> tuple[int, ...]:
    """First rows of further tables: after a blank line, at a new, lasting width or, below a table with names,
    at words in the columns of numbers and dates; always names above numbers or dates."""
    rows, blanks = records.rows, _after_blank(records)
    starts: list[int] = []
    seen = {len(row) for row in rows[max(0, body - 1) : body + 1]}
    typed = _typed_places(rows[body:end], dialect) if named else []
    for index in range(body + 1, end - 1):
        width, gap = len(rows[index]), records.lines[index] in blanks
        fresh = width not in seen and width == len(rows[index + 1])
        seen.add(width)
        apart = gap or fresh or (rows[index] != rows[body - 1] and _are_words(rows[index], typed, dialect))
        if width < 2 or not apart or len(starts) > _MOST_TABLES:
            continue
        following = rows[index + 1 : index + 1 + SAMPLE_ROWS]
        run = next((n for n, row in enumerate(following) if len(row) != width), len(following))
        if run >= (1 if gap else 3) and _names(rows[index], following[:run], dialect):
            starts.append(index)
            typed = _typed_places(rows[index + 1 : end], dialect) if named else []
    return tuple(starts)


def _typed_places(rows: list[list[str]], dialect: Dialect) -> list[int]:
    """The columns of numbers, dates and such in the first rows of a table, where it has two or more."""
    width = len(rows[0]) if rows else 0
    groups = column_groups(rows[:SAMPLE_ROWS], dialect, width) if len(rows) > 2 else []
    places = [place for place, group in enumerate(groups) if group != "other"]
    return places if len(places) > 1 else []


def _are_words(row: list[str], typed: list[int], dialect: Dialect) -> bool:
    """Whether a row has different words in all of its cells, those of the ``typed`` columns too."""
    if (
        not typed
        or len(row) <= typed[-1]
        or not all(row[place].lstrip(_OPENING)[:1].isalpha() for place in typed)
    ):
        return False
    cells = [dialect.value(cell).strip() for cell in row]
    return len(set(cells)) == len(cells) and all(len(c) < 60 and group_of(c) == "other" for c in cells)


def _names(row: list[str], body: list[list[str]], dialect: Dialect) -> bool:
    """Whether a row within the data holds words only, some of them above numbers or dates."""
    if any(group_of(dialect.value(cell)) not in ("other", "empty") for cell in row):
        return False
    groups = column_groups(body, dialect, len(row))
    above = any(cell and group != "other" for cell, group in zip(row, groups, strict=True))
    return above and has_header(row, body, dialect, len(row))
