"""The careful way to read delimited text: every record is looked at, and every repair is written down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from analytics.tables.budget import CELL, check_lines, check_rows, check_way
from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions
from analytics.tables.records.column_groups import column_groups
from analytics.tables.records.comments import (
    Comments,
    leading_comments,
    with_commented_header,
    without_comments,
    without_mark,
    without_rows,
    without_rules,
)
from analytics.tables.records.dialect import Guess, detect_dialect
from analytics.tables.records.encoding import Decoded, require_text
from analytics.tables.records.even_words import even_words_doubt
from analytics.tables.records.footer_doubts import footer_doubts
from analytics.tables.records.grammar import Dialect, cook_all
from analytics.tables.records.head.header_doubts import header_doubts
from analytics.tables.records.head.heading import Heading, read_heading
from analytics.tables.records.head.naming import column_names
from analytics.tables.records.head.short_header import shifted, short_header_doubts, with_joined_cells
from analytics.tables.records.layout import Layout, find_layout
from analytics.tables.records.lone_name import lone_name_doubt
from analytics.tables.records.quote_marks import unwrapped
from analytics.tables.records.records import Lines, Records, Row, parse, split_lines, without
from analytics.tables.records.repair import resplit
from analytics.tables.records.rows import Joined, Mended, check_room, mend_rows
from analytics.tables.records.stacked import choose_table, further_names, stacked_doubts
from analytics.tables.records.stray_signs import without_marks, without_nul
from analytics.tables.records.trailing import without_leading, without_trailing
from analytics.tables.report import Decision, Doubt, Repair

_SEP_LINE = re.compile(r'"?sep=(.|\\t)"?[ ,;]*', re.IGNORECASE)
_FORMULA = re.compile(r'^="([^"]*)"$')
"""A name that was kept as text for spreadsheets."""
_MOST_REPAIRS = 100
_LONG_LINE = 1 << 20


@dataclass(frozen=True)
class TextTable:
    """Columns of text and how they were found; ``quoted`` as in ``cook``, ``lines`` is (rows,) int64."""

    names: list[str]
    columns: list[pa.Array]
    quoted: list[pa.Array | None] | None
    quoted_header: list[bool] | None
    lines: np.ndarray
    dialect: Dialect
    header_line: int | None
    decisions: tuple[Decision, ...]
    repairs: tuple[Repair, ...]
    preamble: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    """One per column, "" where it has none; empty where no row of the file holds units."""
    joined: tuple[Joined, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_text(decoded: Decoded, *, options: ReadOptions, name: str = "") -> TextTable:
    """Read decoded text; raises ``TableError`` where there is nothing to read or a limit is passed."""
    require_text(decoded.text)
    check_lines(max(map(decoded.text.count, "\n\r")), options)
    lines, marked = without_marks(split_lines(decoded.text))
    lines, options, said = _without_sep_line(lines, options)
    lines, bare = unwrapped(lines, options)
    comments = leading_comments(lines)
    guess, decision = _detect(comments.all_hidden(lines), options, name)
    check_way(guess.dialect.most_cells(decoded.text), CELL, options, what="cells to be read one by one")
    lines, spoiled = without_nul(lines, guess.dialect)
    repairs = (*marked, *bare, *spoiled)
    _check_line_lengths(lines, guess.dialect, options)
    comments = without_rows(comments, lines, guess.dialect, guess.width)
    records = parse(comments.hidden(lines), guess.dialect, width=guess.width)
    if not records.rows:
        raise TableError("The file holds no records; give a file with at least a header.")
    if options.skip_rows:
        gone = set(options.skip_rows)
        records = without(records, {i for i, line in enumerate(records.lines) if line in gone})
    records, more = _without_asides(records, comments, lines, guess.width)
    repairs += more
    doubts = even_words_doubt(records, guess.lines, options) or lone_name_doubt(
        records, guess.within, options
    )
    records, width, more = without_trailing(records, guess.width)
    repairs += more
    layout = find_layout(records, width=width, options=options)
    doubts += (*header_doubts(records, layout, options), *footer_doubts(records, layout, options))
    if layout.width > options.max_columns:
        raise _too_wide(layout.width, options)
    doubts += stacked_doubts(records, layout, options)
    repairs += further_names(records, layout, options)
    records, layout, chosen = choose_table(records, layout, options)
    records, layout, more_doubts = with_joined_cells(records, layout, options)
    doubts += more_doubts
    records, layout, more = without_leading(records, layout)
    repairs += more
    found = _Found(records, layout, lines, comments.texts(lines, header=records.lines[0]))
    check_room(records, layout, options)
    mended = mend_rows(records, lines, layout)
    check_rows(len(mended.rows), options, at_least=True)
    table = _text_table(found, mended, options)
    decisions = (*said, decision, *quote_decision(guess.dialect), *chosen, *table.decisions)
    told = (*table.repairs, *repairs, *mended.repairs)
    return replace(
        table,
        decisions=decisions,
        repairs=in_order(told),
        joined=mended.joined,
        doubts=(*doubts, *table.doubts),
    )


def in_order(repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """The repairs by line, many of one kind as one."""
    return tuple(sorted(_condense(repairs), key=lambda repair: repair.line or 0))


@dataclass(frozen=True)
class _Found:
    """The records of the table, where it lies in them, and the leading comments ``above``."""

    records: Records
    layout: Layout
    lines: Lines
    above: tuple[str, ...]

    @property
    def header(self) -> list[Row]:
        """The rows that name the columns."""
        return [self.records.row(i) for i in range(self.layout.header, self.layout.body)]

    @property
    def header_line(self) -> int | None:
        """The line of the first of them."""
        return self.records.lines[self.layout.header] if self.header else None

    def texts(self, first: int, end: int) -> tuple[str, ...]:
        """The lines on which the records from ``first`` up to ``end`` begin."""
        return tuple(self.lines.texts[self.records.lines[i] - 1] for i in range(first, end))


def _without_asides(
    records: Records, comments: Comments, lines: Lines, width: int
) -> tuple[Records, tuple[Repair, ...]]:
    """Records without comments and rules; in a file of one column every line but a comment is one."""
    records, repairs = without_comments(records, comments, lines, width)
    if records.dialect.delimiter == "":
        return _with_blank_cells(records), repairs
    records, more = without_rules(records)
    repairs += more
    records, more = without_mark(records, comments, lines, width)
    return with_commented_header(records, comments, lines, width), (*repairs, *more)


def _detect(lines: Lines, options: ReadOptions, name: str) -> tuple[Guess, Decision]:
    if not any(line and not line.isspace() for line in lines.texts):
        raise TableError("The file is empty; give a file with at least a header.")
    first = next(i for i, line in enumerate(lines.texts) if line.strip())
    seen = Lines(lines.texts[first:], "\n") if first and not isinstance(lines.ends, str) else lines
    return detect_dialect(seen, options=options, name=name)


def _text_table(found: _Found, mended: Mended, options: ReadOptions) -> TextTable:
    """Names and columns from the header and the mended rows, with what is to be said of them."""
    layout, records, line = found.layout, found.records, found.header_line
    preamble = (*found.above, *found.texts(0, layout.header))
    heading = _heading(found)
    given = [header_cells(row, layout.width) for row in heading.rows]
    headers = shifted(given, mended.rows, layout.width, options)
    names, repairs = column_names(headers, width=layout.width, line=line)
    cooked = cook_all(_columns(mended.rows, layout.width), records.dialect)
    return TextTable(
        names,
        [texts for texts, _ in cooked],
        _quote_masks(cooked),
        _quoted_header(found.header, layout.width),
        np.asarray(mended.numbers, np.int64),
        records.dialect,
        line,
        (
            header_decision(replace(layout, header_rows=len(heading.rows)), line, len(preamble)),
            *_line_end_decision(found.lines),
        ),
        (*repairs, *_heading_repairs(found, heading, names)),
        preamble,
        found.texts(layout.end, len(records.rows)),
        heading.units,
        doubts=short_header_doubts(records, layout, given, options, first=headers != given),
    )


def _heading(found: _Found) -> Heading:
    """The rows that name the columns, without those that hold units or types."""
    layout = found.layout
    if len(found.header) < 2:
        return Heading(found.header)
    sample = found.records.sampled(layout.body, layout.end, layout.width)
    return read_heading(found.header, column_groups(sample, layout.width))


def _heading_repairs(found: _Found, heading: Heading, names: list[str]) -> tuple[Repair, ...]:
    return heading.repairs(names, found.records.lines[found.layout.body - heading.cut]) if heading.cut else ()


def header_cells(row: Row, width: int) -> list[str]:
    """The names in a header row, whatever delimiter or quotes it was spoilt with."""
    if len(row.cells) == width - 1:
        row = Row(_with_separator(row), row.dialect)
    if len(row.cells) == width + 1 and row.cells[0].endswith(":"):  # "Data:" in front of the names
        row = Row(row.cells[1:], row.dialect)
    other = resplit(row.cells, row.dialect, width) if len(row.cells) != width else None
    names = (_FORMULA.sub(r"\1", cell.strip()) for cell in other or row.values)
    return [_without_odd_quote(name, row.dialect.quote) for name in names]


def _with_separator(row: Row) -> list[str]:
    """A header in which two quoted names stand side by side with nothing between: they are two cells."""
    quote, cells = row.dialect.quote, row.cells
    between = quote * 2
    cut = [i for i, cell in enumerate(cells) if row.quoted[i] and between in cell.strip(" ")[1:-1]]
    if not quote or len(cut) != 1:
        return cells
    first, second = cells[cut[0]].strip(" ").split(between, 1)
    return [*cells[: cut[0]], first + quote, quote + second, *cells[cut[0] + 1 :]]


def _without_odd_quote(name: str, quote: str) -> str:
    if not quote or name.count(quote) % 2 == 0:
        return name
    return name.removeprefix(quote) if name.startswith(quote) else name.removesuffix(quote)


def _columns(rows: list[list[str]], width: int) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _quote_masks(cooked: list[tuple[pa.Array, pa.Array | None]]) -> list[pa.Array | None] | None:
    masks = [mask for _, mask in cooked]
    return None if all(mask is None for mask in masks) else masks


def _quoted_header(rows: list[Row], width: int) -> list[bool] | None:
    return rows[0].quoted if len(rows) == 1 and len(rows[0].cells) == width else None


def is_sep_line(line: str) -> re.Match[str] | None:
    """The match of a line like ``sep=;``, whose first group is the delimiter."""
    return _SEP_LINE.fullmatch(line)


def _without_sep_line(lines: Lines, options: ReadOptions) -> tuple[Lines, ReadOptions, tuple[Decision, ...]]:
    """The line ``sep=;`` that spreadsheets understand is an instruction, not data."""
    found = is_sep_line(lines.texts[0]) if lines.texts else None
    if not found or options.delimiter is not None:
        return lines, options, ()
    mark = "\t" if found[1] == "\\t" else found[1]
    sentence = f"The first line says that cells are separated by “{mark}”."
    texts = ["", *lines.texts[1:]]
    return (
        replace(lines, texts=texts),
        replace(options, delimiter=mark),
        (Decision("delimiter", mark, sentence),),
    )


def _check_line_lengths(lines: Lines, dialect: Dialect, options: ReadOptions) -> None:
    if not dialect.delimiter:
        return
    for number, line in enumerate(lines.texts, 1):
        if len(line) < _LONG_LINE or (dialect.quote and dialect.quote in line):
            continue
        if line.count(dialect.delimiter) >= options.max_columns:
            raise _too_wide(line.count(dialect.delimiter) + 1, options, line=number)


def _too_wide(width: int, options: ReadOptions, line: int | None = None) -> TableError:
    return TableError(
        f"The table has {width:,} columns, more than {options.max_columns:,}; raise max_columns.", line=line
    )


def _with_blank_cells(records: Records) -> Records:
    """In a file of one column a blank line between records is a missing value."""
    inner = [number for number in records.blank_lines if records.lines[0] < number < records.lines[-1]]
    if not inner:
        return records
    merged = sorted([*zip(records.lines, records.rows, strict=True), *((number, [""]) for number in inner)])
    rows, lines = [row for _, row in merged], [number for number, _ in merged]
    return Records(rows, lines, dialect=records.dialect)


def header_decision(layout: Layout, line: int | None, above: int) -> Decision:
    """Where the names stand, and how many lines above them were left out."""
    left_out = (
        f"; {above} {'row above it is' if above == 1 else 'rows above it are'} not part of the table"
        if above
        else ""
    )
    if line is None:
        sentence = f"There is no header: the first row looks like the others{left_out}."
        return Decision("header", "-1", sentence, "", ("0",))
    rows = f"{layout.header_rows} rows from line {line:,}" if layout.header_rows > 1 else f"line {line:,}"
    return Decision("header", str(layout.header), f"The column names are in {rows}{left_out}.", "", ("-1",))


def quote_decision(dialect: Dialect) -> tuple[Decision, ...]:
    """What is said of quotes and escapes, where they are not the usual ones."""
    decisions = []
    if dialect.quote not in ('"', ""):
        decisions.append(
            Decision("quote", dialect.quote, f"Cells are quoted with {dialect.quote}", "", ('"', ""))
        )
    if dialect.escape:
        shown = "a backslash" if dialect.escape == "\\" else repr(dialect.escape)
        decisions.append(
            Decision("escape", dialect.escape, f"Quotes inside cells are marked by {shown}.", "", ("",))
        )
    return tuple(decisions)


def _line_end_decision(lines: Lines) -> tuple[Decision, ...]:
    ends = lines.describe()
    return () if ends in ("LF", "CRLF") else (Decision("line ends", ends, f"Lines end with {ends}."),)


def _condense(repairs: Sequence[Repair]) -> list[Repair]:
    """At most ``_MOST_REPAIRS`` of each kind one by one; the rest of a kind as one with a count."""
    kept: list[Repair] = []
    seen: Counter[str] = Counter()
    rest: Counter[str] = Counter()
    for repair in repairs:
        seen[repair.kind] += 1
        if seen[repair.kind] <= _MOST_REPAIRS:
            kept.append(repair)
        else:
            rest[repair.kind] += repair.count
    return kept + [
        Repair(kind, None, f"{count:,} more repairs of the kind “{kind}”", count)
        for kind, count in rest.items()
    ]
