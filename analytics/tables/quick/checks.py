"""Whether the careful way would see in a parsed file what the quick way planned for; if not, it reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.options import ReadOptions
from analytics.tables.quick.glimpse import Glimpse, LazyLines
from analytics.tables.quick.odd_rows import TooOddError
from analytics.tables.quick.plan import Plan
from analytics.tables.records.comments import (
    RULES_WITHIN,
    begins_with,
    is_rule,
    leading_comments,
    may_be_comment,
    without_rows,
)
from analytics.tables.records.dialect import detect_dialect
from analytics.tables.records.footer import end_of_body
from analytics.tables.records.head.header_doubts import second_row_doubt
from analytics.tables.records.head.preamble import filled
from analytics.tables.records.head.text_names import text_names_doubt
from analytics.tables.records.layout import (
    Layout,
    are_words,
    find_header,
    holds_words_only,
    rows_above,
    typed_places,
)
from analytics.tables.records.records import Lines
from analytics.tables.records.rows import is_common
from analytics.tables.records.text_lane import is_sep_line
from analytics.tables.report import Decision, Doubt

_HEAD_LINES = 300
"""Lines among which comments on top of a file must end."""
_MOST_CANDIDATES = 1000
"""Rows that are looked at one by one because they may name a further table."""
_RULE_AROUND = r"^[+][-=_+:|~ ]*$"
_WORD = "^[ \"']*\\pL"


@dataclass(frozen=True)
class Checked:
    """The records as the careful way sees them, where the table lies, and what is said of its delimiter."""

    records: Glimpse
    layout: Layout
    decision: Decision
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Marks:
    """What is said of the delimiter, and with what a comment begins."""

    delimiter: Decision
    comment: str


def check(
    lines: LazyLines, columns: Sequence[pa.ChunkedArray], plan: Plan, places: Sequence[tuple[int, str]],
    options: ReadOptions, *, marks: Marks,
) -> Checked:  # fmt: skip
    """Ask the careful way's functions; raises ``TooOddError`` where they say something else than the plan.

    ``columns`` are of the sound rows, ``places`` (row from 0 below the header, text) of the others, and
    ``marks`` what ``check_dialect`` said.
    """
    width, header = plan.look.width, plan.header_rows
    if header + len(columns[0]) + len(places) != len(lines):  # an open quote has swallowed lines
        raise TooOddError
    blank = [number + header for number, text in places if _is_blank(text, plan.delimiter)]
    odd = [number + header for number, text in places if not _is_blank(text, plan.delimiter)]
    records = Glimpse(lines, plan.look.dialect, odd=odd, blank=blank)
    end = end_of_body(records, width, options)
    above = rows_above(records, end, width, options)
    below = range(end, len(records.rows))
    if any(filled(records.rows[i]) for i in below) or (records.odd >= end).any():
        raise TooOddError
    if find_header(records, end, width, options, above=above) != (0, header):
        raise TooOddError
    layout = Layout(0, header, header, max(end, header), width)
    asks = options.header is None
    if asks and second_row_doubt(records, layout):
        raise TooOddError
    for edge in (0, -1):  # each line begins or ends in a delimiter
        named = plan.look.header is not None and plan.look.header.cells[edge].strip()
        if not named and columns[edge].null_count == len(columns[edge]):
            raise TooOddError
    if width == 1 and _holds_blanks(columns[0]):  # a line of blanks is no row
        raise TooOddError
    _check_odd_rows(records, marks.comment, width)
    _check_rules(records, columns)
    _check_further_tables(records, columns, plan)
    return Checked(records, layout, marks.delimiter, text_names_doubt(records, layout) if asks else ())


def _is_blank(text: str, delimiter: str) -> bool:
    return not text.strip() and delimiter not in text


def _holds_blanks(column: pa.ChunkedArray) -> bool:
    texts = pa.types.is_string(column.type)
    return texts and bool(pc.any(pc.equal(pc.utf8_trim_whitespace(column), "")).as_py())


def check_dialect(lines: LazyLines, plan: Plan, options: ReadOptions, *, name: str) -> Marks:
    """What the lines that the careful way samples say, which needs no columns; ``TooOddError`` as below."""
    head = Lines(lines[:_HEAD_LINES], "\n")
    comments = leading_comments(head)
    seen = lines.without(comments.mark) if comments.count else lines
    guess, decision = detect_dialect(Lines(seen, "\n"), options=options, name=name)
    comments = without_rows(comments, head, guess.dialect, guess.width)
    alike = not comments.mark and may_be_comment(head.texts[0]) and len(lines) > _HEAD_LINES
    if comments.count or alike or is_sep_line(head.texts[0]):
        raise TooOddError
    if guess.lines or (guess.dialect, guess.width) != (plan.look.dialect, plan.look.width):
        raise TooOddError
    return Marks(decision, comments.mark or "#")


def _check_odd_rows(records: Glimpse, mark: str, width: int) -> None:
    """Rows of another width are mended here only where each stands alone and tells of nothing else."""
    odd = records.odd.tolist()
    rows = [records.rows[i] for i in odd]
    sizes = Counter(map(len, rows))
    usual = any(is_common(count, len(records.rows)) for count in sizes.values())
    wider = any(size > width and count > 1 for size, count in sizes.items()) and len(records.rows) < 100
    neighbours = any(i + 1 in odd for i in odd)
    aside = any(begins_with(row[0], mark) or not filled(row) or len(row) == 1 for row in rows)
    if usual or wider or neighbours or aside:
        raise TooOddError


def _check_rules(records: Glimpse, columns: Sequence[pa.ChunkedArray]) -> None:
    """No line of dashes near the top or, as around printed tables, anywhere."""
    near = any(is_rule(records.rows[i], i) for i in range(min(RULES_WITHIN, len(records.rows))))
    first = columns[0]
    drawn = pa.types.is_string(first.type) and pc.any(pc.match_substring_regex(first, _RULE_AROUND)).as_py()
    if near or drawn:
        raise TooOddError


def _check_further_tables(records: Glimpse, columns: Sequence[pa.ChunkedArray], plan: Plan) -> None:
    """No row may be the header again or name a further table."""
    header, words = plan.look.header, []
    if header is not None:
        names = zip(columns, header.values, strict=True)
        alike = records.places(_rows_where([partial(_says, column, name) for column, name in names]), 1)
        if any(records.rows[i] == header.cells for i in alike):
            raise TooOddError
        typed = [columns[i] for i in typed_places(records, 1, len(records.rows))]
        if all(pa.types.is_string(column.type) for column in typed):  # those of numbers hold no words
            words = records.places(_rows_where([partial(_begins_as_word, column) for column in typed]), 1)
    below = (holds_words_only(records.row(i)) for i in records.below_blank())
    if any(below) or any(are_words(records, i, 1) for i in words):
        raise TooOddError


def _says(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """Where a cell may be written as the name is."""
    if pa.types.is_string(column.type):  # a cell without a name may be null, or empty in quotes
        return pc.fill_null(pc.equal(column, name), not name)
    if not name:
        return pc.is_null(column)
    try:
        number = pa.scalar(float(name), pa.float64()).cast(column.type)
    except (ValueError, pa.ArrowInvalid):
        return pa.chunked_array([pa.repeat(False, len(column))])
    return pc.fill_null(pc.equal(column, number), False)


def _begins_as_word(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.match_substring_regex(column, _WORD), False)


def _rows_where(tests: list[Callable[[], pa.ChunkedArray]]) -> list[int]:
    """The rows that pass all tests, one of each column."""
    found, count = None, 0
    for test in tests:
        found = test() if found is None else pc.and_(found, test())
        count = pc.sum(found).as_py() or 0
        if not count:
            break
    if count > _MOST_CANDIDATES:
        raise TooOddError
    return pc.indices_nonzero(found).to_pylist() if count else []
