"""The quick way to read large, regular files: Arrow parses typed columns straight from the bytes.

It is taken only where a look at the head, the middle and the end finds one plain dialect, and a scan of
all bytes finds no loose quotes, mixed line ends or NUL bytes. Where numbers have leading zeros, all columns
are parsed as text and typed from their cells. In files without quotes and CRLF, rows that do not have the
right number of cells are mended one by one. All else that is irregular goes the careful way.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from analytics.tables.containers import Bytes
from analytics.tables.options import ReadOptions
from analytics.tables.quick.column_types import (
    arrow_type,
    common_type,
    count_in_text,
    has_commas,
    inserted,
    names_within,
    typed_cells,
)
from analytics.tables.quick.plain_bytes import all_crlf, count_byte, count_leading_zeros, holds_loose_quote
from analytics.tables.quick.quoting import QUOTE, Quoting, Style, as_sampled, find_quoting, quote_masks
from analytics.tables.records.dialect import detect_dialect
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.layout import find_layout
from analytics.tables.records.naming import column_names
from analytics.tables.records.records import Lines, Records, parse
from analytics.tables.records.repair import fix_row, learn_columns
from analytics.tables.records.rows import empty_line_repair
from analytics.tables.report import Decision, Repair
from analytics.tables.typed.codes import stays_plain

SMALLEST, HEAD, BLOCK, MOST_ODD_ROWS, MOST_RETRIES = 1 << 20, 1 << 14, 1 << 21, 1000, 4
_BLANK_LINE = re.compile(rb"(?:\n|\A)(?=\r?\n)")
_BAD_COLUMN = re.compile(r"column #(\d+)")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FastTable:
    """Columns as Arrow arrays, numbers typed and all else text (bare empty cells null)."""

    names: list[str]
    columns: list[pa.ChunkedArray]
    dialect: Dialect
    header_line: int | None
    decisions: tuple[Decision, ...]
    repairs: tuple[Repair, ...]
    lines: np.ndarray | None
    is_ascii: bool = True
    quoted: list[np.ndarray | None] | None = None
    quoted_header: list[bool] | None = None
    decimal: str = "."


@dataclass(frozen=True)
class _Plan:
    dialect: Dialect
    names: list[str]
    header: str
    header_rows: int
    types: list[pa.DataType]
    sample: Records
    decisions: tuple[Decision, ...]
    repairs: tuple[Repair, ...]
    crlf: bool = False
    quoting: Quoting | None = None
    quoted_header: list[bool] | None = None
    decimal: str = "."
    blank_lines: bool = False

    @property
    def mends(self) -> bool:
        """Whether odd rows may be mended on the way."""
        return not self.crlf and self.quoting is None and self.decimal == "."


def read_fast(data: Bytes, *, options: ReadOptions, name: str = "") -> FastTable | None:
    """Read ``data`` as UTF-8 with one plain dialect, or ``None`` where the careful way is needed."""
    if len(data) < SMALLEST or not _allows(options) or b"\0" in data[:HEAD]:
        return None
    data_start = len(_BOM) if data[:3] == _BOM else 0
    plan = _plan(data, data_start, options, name)
    if plan is None or len(plan.names) > options.max_columns:
        return None
    body = _body_start(data, data_start, plan.header_rows)
    # Nearly every file that comes this far passes the scan, so it runs beside the parser, not before it.
    with ThreadPoolExecutor(1) as pool:
        scan = pool.submit(_scan, data, plan, body)
        try:
            table, plan = _parse_either(memoryview(data)[body:], plan, options)
            found = scan.result()
            if table is not None and found.zeros and _numbers_have_zeros(table, found.zeros):
                table = _parse(memoryview(data)[body:], _as_text(plan), options)
        except (pa.ArrowInvalid, UnicodeDecodeError, _TooOddError):
            return None
        return None if found.odd else table


def _parse_either(body: memoryview, plan: _Plan, options: ReadOptions) -> tuple[FastTable | None, _Plan]:
    """Parse by the plan or, where decimal commas did not work out, with those columns as text."""
    if plan.decimal == ",":
        try:
            return _parse(body, plan, options), plan
        except (pa.ArrowInvalid, _TooOddError):
            plan = _commas_as_text(plan)
    return _parse(body, plan, options), plan


def _body_start(data: Bytes, start: int, header_rows: int) -> int:
    return data.find(b"\n", start) + 1 if header_rows else start


@dataclass(frozen=True)
class _Scan:
    odd: bool
    zeros: int


def _scan(data: Bytes, plan: _Plan, body: int) -> _Scan:
    """Look at all bytes: marks that need the careful way, and how many cells have leading zeros."""
    delimiter, quote = plan.dialect.delimiter, plan.dialect.quote.encode()
    odd = data.find(b"\0") >= 0 or not (all_crlf(data) if plan.crlf else data.find(b"\r") < 0)
    if plan.quoting is not None:
        odd = odd or holds_loose_quote(memoryview(data)[body:], delimiter)
    else:
        odd = odd or bool(quote and data.find(quote, body) >= 0)
    if odd or all(map(pa.types.is_string, plan.types)):
        return _Scan(odd, 0)
    quoted = plan.quoting is not None
    return _Scan(False, count_leading_zeros(memoryview(data)[body:], delimiter, quoted=quoted))


def _numbers_have_zeros(table: FastTable, zeros: int) -> bool:
    """Whether columns of numbers may hold some of the ``zeros``: not all are in text, or rows were mended."""
    return table.lines is not None or zeros > count_in_text(table.columns)


def _commas_as_text(plan: _Plan) -> _Plan:
    types = [pa.string() if pa.types.is_floating(kind) else kind for kind in plan.types]
    return replace(plan, types=types, decimal=".")


def _as_text(plan: _Plan) -> _Plan:
    return replace(plan, types=[pa.string()] * len(plan.types), decimal=".")


def _allows(options: ReadOptions) -> bool:
    asked = (options.table, options.escape, options.header_rows, options.skip_footer, options.na_values)
    plain = options.encoding is None or options.encoding.lower().replace("_", "-") in (
        "utf-8",
        "utf8",
        "ascii",
    )
    marks = options.decimal in (None, ".") and options.thousands is None
    return (
        all(value is None for value in asked)
        and not options.missing_words
        and plain
        and marks
        and not options.as_text
    )


def _plan(data: Bytes, start: int, options: ReadOptions, name: str) -> _Plan | None:
    """Dialect, names and types from lines of the head, the middle and the end."""
    crlf = data.find(b"\r\n", start, start + HEAD) >= 0
    lines = _sampled_lines(data, start, crlf)
    if lines is None or not lines.texts[0].strip():
        return None
    guess, decision = detect_dialect(lines, options=options, name=name)
    dialect = guess.dialect
    if len(dialect.delimiter) != 1 or not dialect.delimiter.isascii() or dialect.runs or dialect.skip_space:
        return None
    records = parse(lines, dialect, width=guess.width)
    odd = sum(len(row) != guess.width for row in records.rows)
    layout = find_layout(records, dialect, width=guess.width, options=options)
    regular = layout.header == 0 and layout.header_rows <= 1 and layout.end == len(records.rows)
    regular = regular and len(records.rows) == len(lines.texts)
    if odd > 2 or not regular or records.broken or records.blank_lines or layout.starts or dialect.escape:
        return None
    header = records.rows[: layout.header_rows]
    if any(len(row) != layout.width for row in header) or layout.width != guess.width:
        return None
    rows = [row for row in records.rows[layout.header_rows :] if len(row) == layout.width]
    quoting = None
    # Quotes round the names alone, as some writers put them, do not make it a quoted file.
    if dialect.quote and data.find(dialect.quote.encode(), _body_start(data, start, len(header))) >= 0:
        quoting = find_quoting(header[0] if header else [], list(zip(*rows, strict=True)), dialect)
        if quoting is None or dialect.quote.encode() != QUOTE or layout.width < 2:
            return None
    return _typed_plan(lines.texts[0], header, rows, dialect, decision, options, crlf=crlf, quoting=quoting)


def _typed_plan(
    first: str, header: list[list[str]], rows: list[list[str]], dialect: Dialect, decision: Decision,
    options: ReadOptions, *, crlf: bool, quoting: Quoting | None,
) -> _Plan:  # fmt: skip
    """Names from the header, and for each column the type that its sampled cells allow."""
    values = [[dialect.value(cell) for cell in row] for row in header]
    names, repairs = column_names(values, width=len(rows[0]), line=1 if header else None)
    asked = dict(options.column_types)
    every = quoting is not None and quoting.style is Style.ALL
    types = [
        pa.string()
        if title in asked or not stays_plain(title, cells)
        else arrow_type(list(map(dialect.value, cells)) if every else cells)
        for title, cells in zip(names, zip(*rows, strict=True), strict=True)
    ]
    decimal = "."
    if options.decimal is None and dialect.delimiter != "," and pa.float64() not in types and not every:
        types = [
            pa.float64() if kind == pa.string() and title not in asked and has_commas(cells) else kind
            for title, kind, cells in zip(names, types, zip(*rows, strict=True), strict=True)
        ]
        decimal = "," if pa.float64() in types else "."
    sentence = (
        "The column names are in line 1."
        if header
        else "There is no header: the first row looks like the others."
    )
    found = (decision, Decision("header", "0" if header else "-1", sentence, "", ("-1" if header else "0",)))
    marked = [dialect.is_quoted(cell) for cell in header[0]] if header else None
    return _Plan(
        dialect, names, first, len(header), types, Records(rows, []), found, repairs, crlf, quoting, marked,
        decimal,
    )  # fmt: skip


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


class _TooOddError(Exception):
    """Too many rows need mending for the quick way."""


def _parse(body: memoryview, plan: _Plan, options: ReadOptions) -> FastTable | None:
    odd: list[str] = []
    table, types = _read_columns(body, plan, plan.types, odd)
    if table.num_rows > options.max_rows:
        return None
    columns, repairs, lines = list(table.columns), list(plan.repairs), None
    if plan.blank_lines:
        odd += [""] * len(_BLANK_LINE.findall(body))
    if odd:
        columns, repairs, lines = _with_odd_rows(body, plan, types, columns, odd)
    if plan.quoting is None:
        columns = [_null_where_empty(c) if pa.types.is_string(c.type) else c for c in columns]
    elif not as_sampled(plan.quoting, columns, count_byte(body, QUOTE)):
        return None
    # Arrow makes a row without a value of an empty line.
    if not plan.blank_lines and all(c.null_count for c in columns) and _BLANK_LINE.search(body):
        if not plan.mends:
            raise _TooOddError
        return _parse(body, replace(plan, blank_lines=True), options)
    if plan.header_rows and names_within(columns, plan.types):
        raise _TooOddError
    masks = quote_masks(plan.quoting, columns) if plan.quoting else None
    header_line = 1 if plan.header_rows else None
    return FastTable(
        plan.names, columns, plan.dialect, header_line, plan.decisions, tuple(repairs), lines,
        quoted=masks, quoted_header=plan.quoted_header, decimal=plan.decimal,
    )  # fmt: skip


def _read_columns(
    body: memoryview, plan: _Plan, types: list[pa.DataType], odd: list[str]
) -> tuple[pa.Table, list[pa.DataType]]:
    """Parse; a column with a cell that is not a number after all becomes text and all is parsed again."""
    for attempt in range(MOST_RETRIES + 1):
        odd.clear()
        try:
            return _read_csv(body, plan, types, odd), types
        except pa.ArrowInvalid as error:
            found = _BAD_COLUMN.search(str(error))
            if found is None or "onversion" not in str(error) or attempt == MOST_RETRIES:
                raise
            if attempt == 0 and plan.header_rows and _repeats(body, plan.header):
                raise _TooOddError from error
            types = [*types]
            types[int(found[1])] = pa.string()
    raise _TooOddError


def _repeats(body: memoryview, header: str) -> bool:
    return f"\n{header}\n".encode() in bytes(body)


def _read_csv(body: memoryview, plan: _Plan, types: list[pa.DataType], odd: list[str]) -> pa.Table:
    keys = [str(number) for number in range(len(types))]

    def skip(row: pa_csv.InvalidRow) -> str:
        if len(odd) >= MOST_ODD_ROWS or not plan.mends:
            return "error"
        odd.append(row.text.rstrip("\n"))
        return "skip"

    return pa_csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        read_options=pa_csv.ReadOptions(column_names=keys, block_size=BLOCK),
        parse_options=pa_csv.ParseOptions(
            delimiter=plan.dialect.delimiter,
            quote_char='"' if plan.quoting else False,
            invalid_row_handler=skip,
            ignore_empty_lines=plan.blank_lines,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict(zip(keys, types, strict=True)),
            null_values=[""],
            strings_can_be_null=plan.quoting is not None,
            quoted_strings_can_be_null=False,
            decimal_point=plan.decimal,
        ),
        # Arrow's default pool spends nearly as long on fresh pages as on parsing.
        memory_pool=pa.system_memory_pool(),
    )


def _null_where_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _with_odd_rows(
    body: memoryview, plan: _Plan, types: list[pa.DataType], columns: list[pa.ChunkedArray], odd: list[str]
) -> tuple[list[pa.ChunkedArray], list[Repair], np.ndarray]:
    """Mend the rows that Arrow skipped and put them back where they stood; blank ones are only counted."""
    places = sorted(_places(bytes(body), odd))
    total = len(columns[0]) + len(places)
    blank = [number for number, text in places if not text.strip()]
    models = learn_columns(plan.sample.rows, plan.dialect, len(types))
    repairs, fixed, positions = list(plan.repairs), [], []
    for earlier, (number, text) in enumerate(places):
        if text.strip():
            fix = fix_row(text, plan.dialect.split(text), plan.dialect, models, broken=False)
            repairs.append(Repair(fix.kind, number + 1 + plan.header_rows, fix.detail))
            fixed.append([plan.dialect.value(cell) for cell in fix.cells])
            positions.append(number - earlier)
    if blank:
        repairs.append(empty_line_repair([number + 1 + plan.header_rows for number in blank]))
    if fixed:
        mended = [list(cells) for cells in zip(*fixed, strict=True)]
        lenient = [common_type(kind, cells) for kind, cells in zip(types, mended, strict=True)]
        columns = columns if lenient == types else list(_read_csv(body, plan, lenient, []).columns)
        columns = [
            inserted(column, positions, typed_cells(cells, kind))
            for column, cells, kind in zip(columns, mended, lenient, strict=True)
        ]
    lines = np.delete(np.arange(total, dtype=np.int64), blank) + 1 + plan.header_rows
    return columns, repairs, lines


def _places(data: bytes, odd: list[str]) -> list[tuple[int, str]]:
    """(zero-based row, text) of each odd row, found again in the bytes; equal rows one after the other."""
    places = [(found.end(), "") for found in _BLANK_LINE.finditer(data)] if "" in odd else []
    after = dict.fromkeys(odd, 0)
    for text in filter(None, odd):
        line = text.encode()
        at = data.find(line, after[text])
        while at >= 0 and not _is_whole_line(data, at, at + len(line)):
            at = data.find(line, at + 1)
        if at < 0:
            raise _TooOddError
        after[text] = at + len(line)
        places.append((at, text))
    if len(places) != len(odd):
        raise _TooOddError
    return [(data.count(b"\n", 0, at), text) for at, text in places]


def _is_whole_line(data: bytes, start: int, end: int) -> bool:
    return (start == 0 or data[start - 1] == 10) and (end == len(data) or data[end] == 10)
