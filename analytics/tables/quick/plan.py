"""What a look at the head, the middle and the end of a large file shows, and how it is to be parsed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.quick.column_types import arrow_type, has_commas
from analytics.tables.quick.quoting import QUOTE, Quoting, Style, find_quoting
from analytics.tables.records.dialect import Guess, detect_dialect
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.head.naming import column_names
from analytics.tables.records.head.preamble import filled
from analytics.tables.records.layout import Layout, find_layout
from analytics.tables.records.records import Lines, Records, Row, parse
from analytics.tables.records.text_lane import header_cells
from analytics.tables.report import Repair
from analytics.tables.typed.codes import TWO_NAMES, stays_plain

HEAD = 1 << 14
"""Bytes looked at in the head, and half as many in the middle and at the end: enough lines for a dialect."""
_DIALECT_LINES = 60
"""Lines that a first guess at the dialect is made from; the careful way's look at more must agree with it."""
_MOST_ODD_SAMPLED = 2
"""Rows of another width among the looked at lines; with more the careful way mends better, by all of them."""


@dataclass(frozen=True)
class Look:
    """The looked at lines of a file in one plain dialect: a header or none, and rows of one width."""

    dialect: Dialect
    header: Row | None
    rows: list[Row]
    crlf: bool
    quoting: Quoting | None

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.rows[0].cells)


@dataclass(frozen=True)
class Plan:
    """How to parse: a name and a type per column; ``repairs`` are of the names."""

    look: Look
    names: list[str]
    types: list[pa.DataType]
    repairs: tuple[Repair, ...]
    decimal: str = "."
    blank_lines: bool = False

    @property
    def delimiter(self) -> str:
        """What stands between two cells."""
        return self.look.dialect.delimiter

    @property
    def header_rows(self) -> int:
        """1 or 0."""
        return int(self.look.header is not None)

    @property
    def mends(self) -> bool:
        """Whether odd rows may be mended on the way."""
        return not self.look.crlf and self.look.quoting is None and self.decimal == "."

    def with_commas_as_text(self) -> Plan:
        """The same where decimal commas did not work out."""
        types = [pa.string() if pa.types.is_floating(kind) else kind for kind in self.types]
        return replace(self, types=types, decimal=".")

    def as_text(self) -> Plan:
        """The same with all columns as text."""
        return replace(self, types=[pa.string()] * len(self.types), decimal=".")


def find_plan(data: Bytes, start: int, *, options: ReadOptions, name: str) -> Plan | None:
    """Dialect, names and types from lines of the head, the middle and the end; ``None`` if irregular."""
    crlf = data.find(b"\r\n", start, start + HEAD) >= 0
    lines = _sampled_lines(data, start, crlf)
    if lines is None or not lines.texts[0].strip():
        return None
    guess, _ = detect_dialect(_few(lines), options=options, name=name)
    dialect = guess.dialect
    if len(dialect.delimiter) != 1 or not dialect.delimiter.isascii() or dialect.runs or dialect.skip_space:
        return None
    records = parse(lines, dialect, width=guess.width)
    layout = find_layout(records, width=guess.width, options=options)
    header = records.row(0) if layout.header_rows else None
    body = range(layout.header_rows, layout.end)
    rows = [records.row(i) for i in body if len(records.rows[i]) == guess.width]
    if not rows or not _is_regular(records, layout, guess) or len(records.rows) < len(lines.texts):
        return None
    quoting = None
    # Quotes round the names alone, as some writers put them, do not make it a quoted file.
    if dialect.quote and data.find(dialect.quote.encode(), body_start(data, start, layout.header_rows)) >= 0:
        quoting = find_quoting(header, rows)
        if quoting is None or dialect.quote.encode() != QUOTE or layout.width < 2:
            return None
        # Arrow takes an empty cell for quoted where the file ends in it and the one before is quoted.
        if data[len(data) - 1 :] == dialect.delimiter.encode():
            return None
    return _typed(Look(dialect, header, rows, crlf, quoting), options)


def _is_regular(records: Records, layout: Layout, guess: Guess) -> bool:
    """Whether the looked at records are one table, from its first line to its last, in sound quotes."""
    rows = records.rows
    if layout.header or layout.header_rows > 1 or layout.starts or any(map(filled, rows[layout.end :])):
        return False
    if layout.width != guess.width or (layout.header_rows and len(rows[0]) != guess.width):
        return False
    if layout.header_rows and 2 * filled(rows[0]) <= guess.width:  # a doubt that the careful way asks about
        return False
    odd = sum(len(row) != guess.width for row in rows)
    return odd <= _MOST_ODD_SAMPLED and not (records.broken or records.blank_lines or guess.dialect.escape)


def body_start(data: Bytes, start: int, header_rows: int) -> int:
    """Where the first row begins."""
    return data.find(b"\n", start) + 1 if header_rows else start


def _sampled_lines(data: Bytes, start: int, crlf: bool) -> Lines | None:
    """Whole lines of three places; ``None`` where they are not UTF-8 or too long."""
    half, end = len(data) // 2, len(data)
    texts: list[str] = []
    for first, last in ((start, start + HEAD), (half, half + HEAD // 2), (end - HEAD // 2, end)):
        lower = first if first == start else data.find(b"\n", first, last) + 1
        upper = last if last == end else data.rfind(b"\n", first, last)
        if upper < lower or (lower == 0 and first != start):
            return None
        try:
            part = str(data[lower:upper], "utf-8").removesuffix("\n")
        except UnicodeDecodeError:
            return None
        texts += (line.removesuffix("\r") for line in part.split("\n")) if crlf else part.split("\n")
    return Lines(texts, "\n")


def _few(lines: Lines) -> Lines:
    """The first lines and as many of the others."""
    half = _DIALECT_LINES // 2
    rest = lines.texts[half:]
    return Lines([*lines.texts[:half], *rest[:: max(1, len(rest) // half)]], "\n")


def _typed(look: Look, options: ReadOptions) -> Plan:
    """Names from the header, and for each column the type that its sampled cells allow."""
    headers = [header_cells(look.header, look.width)] if look.header else []
    names, repairs = column_names(headers, width=look.width, line=1 if look.header else None)
    types, decimal = _types(look, names, options)
    return Plan(look, names, types, repairs, decimal)


def _types(look: Look, names: list[str], options: ReadOptions) -> tuple[list[pa.DataType], str]:
    """(a type per column, the decimal mark)."""
    asked = dict(options.column_types)
    every = look.quoting is not None and look.quoting.style is Style.ALL
    columns = list(zip(*(row.values if every else row.cells for row in look.rows), strict=True))
    types = [
        pa.string() if title in asked or not stays_plain(title, cells) else arrow_type(cells)
        for title, cells in zip(names, columns, strict=True)
    ]
    if options.decimal is not None or look.dialect.delimiter == "," or pa.float64() in types or every:
        return types, "."
    types = [
        pa.float64()
        if kind == pa.string() and title not in asked and not TWO_NAMES.search(title) and has_commas(cells)
        else kind
        for title, kind, cells in zip(names, types, columns, strict=True)
    ]
    return types, "," if pa.float64() in types else "."
