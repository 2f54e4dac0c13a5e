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
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from analytics.tables.budget import NUMBER, check_rows, check_table
from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.quick.checks import Checked, check
from analytics.tables.quick.column_types import (
    LEADING_MARK,
    LEADING_ZERO,
    common_type,
    count_in_text,
    holds_doubtful_floats,
    inserted,
    typed_cells,
)
from analytics.tables.quick.glimpse import LazyLines, lazy_lines
from analytics.tables.quick.odd_rows import BLANK_LINE, TooOddError, find_places, mend
from analytics.tables.quick.plain_bytes import (
    all_crlf,
    count_leading_marks,
    count_leading_zeros,
    holds_loose_quote,
    holds_text_after_nothing,
    is_ascii,
    is_quoted_as,
)
from analytics.tables.quick.plan import HEAD, Plan, body_start, find_plan
from analytics.tables.quick.quoting import Style, begin_with_quotes, quote_masks
from analytics.tables.records.encoding import is_large
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.rows import blank_repairs
from analytics.tables.records.text_lane import header_decision, in_order, quote_decision
from analytics.tables.report import Decision, Repair

SMALLEST = 1 << 20
"""Bytes from which a plan, a scan of all bytes and Arrow's threads pay; below, the careful way is as fast."""
_BLOCK = 1 << 21
"""Bytes that Arrow parses at once; 1 M x 20 takes as much processor time from half to four times as many."""
_MOST_ODD_ROWS = 1000
"""Rows of another width; each is found again by a search through all bytes."""
_MOST_RETRIES = 4
"""Times that a column turns out to be text; each costs a whole parse."""
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


def read_fast(data: Bytes, *, options: ReadOptions, name: str = "") -> FastTable | None:
    """Read ``data`` as UTF-8 with one plain dialect, or ``None`` where the careful way is needed."""
    if len(data) < SMALLEST or not _allows(options) or b"\0" in data[:HEAD]:
        return None
    start = len(_BOM) if data[:3] == _BOM else 0
    try:
        plan = find_plan(data, start, options=options, name=name)
        if plan is None or len(plan.names) > options.max_columns:
            return None
        body = memoryview(data)[body_start(data, start, plan.header_rows) :]
        # Nearly every file that comes this far passes the scan, so it runs beside the parser, not before it.
        with ThreadPoolExecutor(1) as pool:
            scan = pool.submit(_scan, data, start, plan)
            parsed = _parse_either(body, plan, options)
            found = scan.result()
        if found.lines is None:
            return None
        if (found.zeros and found.zeros > count_in_text(parsed.columns, LEADING_ZERO)) or (
            found.marks and found.marks > count_in_text(parsed.columns, LEADING_MARK)
        ):
            parsed = _parse(body, plan.as_text(), options)
        checked = check(found.lines, parsed.columns, parsed.plan, parsed.places, options, name=name)
        return _finished(body, parsed, checked, is_ascii=found.is_ascii)
    except (pa.ArrowInvalid, UnicodeDecodeError, TooOddError):
        return None


def _parse_either(body: memoryview, plan: Plan, options: ReadOptions) -> _Parsed:
    """Parse by the plan or, where decimal commas did not work out, with those columns as text."""
    if plan.decimal == ",":
        try:
            return _parse(body, plan, options)
        except (pa.ArrowInvalid, TooOddError):
            plan = plan.with_commas_as_text()
    return _parse(body, plan, options)


@dataclass(frozen=True)
class _Scan:
    """The lines, ``None`` where a mark needs the careful way, and how many cells begin as no number does."""

    lines: LazyLines | None
    is_ascii: bool = True
    zeros: int = 0
    marks: int = 0


def _scan(data: Bytes, start: int, plan: Plan) -> _Scan:
    """Look at all bytes."""
    body = body_start(data, start, plan.header_rows)
    quote, quoting = plan.look.dialect.quote.encode(), plan.look.quoting
    # Escapes and tildes may switch between alphabets, and a few letters may be UTF-8 by chance.
    ascii_only = is_ascii(data)
    tilde = data.find(b"~", data.find(b"~") + 1 or len(data)) >= 0 and data.find(b"~{") >= 0
    if tilde or data.find(b"\x1b") >= 0 or not (ascii_only or is_large(data)):
        return _Scan(None)
    odd = (
        data.find(b"\0") >= 0
        or _repeats_header(data, start, body, plan)
        or not (all_crlf(data) if plan.look.crlf else data.find(b"\r") < 0)
    )
    cells = memoryview(data)[body:]
    if quoting:
        odd = (
            odd
            or holds_loose_quote(cells, plan.delimiter)
            or holds_text_after_nothing(cells, plan.delimiter)
            or (quoting.style is not Style.NEEDED and not is_quoted_as(cells, plan.delimiter, quoting.full))
        )
    else:
        odd = odd or bool(quote and data.find(quote, body) >= 0)
    if odd:
        return _Scan(None)
    lines = lazy_lines(data, start, crlf=plan.look.crlf)
    if all(map(pa.types.is_string, plan.types)):
        return _Scan(lines, ascii_only)
    zeros = count_leading_zeros(cells, plan.delimiter, quoted=quoting is not None)
    marks = count_leading_marks(cells, plan.delimiter, quoted=quoting is not None)
    return _Scan(lines, ascii_only, zeros, marks)


def _repeats_header(data: Bytes, start: int, body: int, plan: Plan) -> bool:
    """Whether the line of names stands again among the rows, where no column of numbers would choke on it."""
    typed = [name for name, kind in zip(plan.names, plan.types, strict=True) if not pa.types.is_string(kind)]
    if not plan.header_rows or not all(name[:1].isdigit() for name in typed):
        return False
    line = b"\n" + data[start:body].rstrip(b"\r\n").rpartition(b"\n")[2]
    ends = (line + b"\n", line + b"\r\n")
    return any(data.find(end, body - 1) >= 0 for end in ends) or data[-len(line) :] == line


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


@dataclass(frozen=True)
class _Parsed:
    """Columns of the rows with the right number of cells; ``places`` (row from 0, text) of all others.

    ``plan`` is what it came to in the end.
    """

    plan: Plan
    columns: list[pa.ChunkedArray]
    places: list[tuple[int, str]]


def _parse(body: memoryview, plan: Plan, options: ReadOptions) -> _Parsed:
    odd: list[str] = []
    table, types = _read_columns(body, plan, plan.types, odd)
    # Some of the rows may turn out to be none; so many more are too many in any case.
    check_rows(table.num_rows - _MOST_ODD_ROWS, options, at_least=True)
    if table.num_rows > options.max_rows:
        raise TooOddError
    check_table(table.num_rows, table.num_columns, options, size=table.num_rows * table.num_columns * NUMBER)
    columns = list(table.columns)
    doubtful = [i for i, column in enumerate(columns) if holds_doubtful_floats(column)]
    if doubtful:
        types = [pa.string() if i in doubtful else kind for i, kind in enumerate(types)]
        columns = list(_read_columns(body, plan, types, odd)[0].columns)
    if plan.blank_lines:
        odd += [""] * len(BLANK_LINE.findall(body))
    if plan.look.quoting is None:
        columns = [_null_where_empty(c) if pa.types.is_string(c.type) else c for c in columns]
    elif begin_with_quotes(columns):
        raise TooOddError
    # Arrow makes a row without a value of an empty line.
    if not plan.blank_lines and all(c.null_count for c in columns) and BLANK_LINE.search(body):
        if not plan.mends:
            raise TooOddError
        return _parse(body, replace(plan, blank_lines=True), options)
    return _Parsed(plan, columns, find_places(bytes(body), odd) if odd else [])


def _finished(body: memoryview, parsed: _Parsed, checked: Checked, *, is_ascii: bool) -> FastTable:
    """The table with its odd rows mended and put back, and what the careful way would say of it."""
    plan, records, layout = parsed.plan, checked.records, checked.layout
    columns, repairs = parsed.columns, [*plan.repairs, *blank_repairs(records, layout)]
    if len(records.odd):
        mended, more = mend(records, layout.body, layout.width)
        columns = _with_rows(body, plan, columns, mended, records.odd - layout.body)
        repairs += more
    header = plan.look.header
    line = 1 if header else None
    return FastTable(
        plan.names,
        columns,
        records.dialect,
        header_line=line,
        is_ascii=is_ascii,
        decisions=(checked.decision, *quote_decision(records.dialect), header_decision(layout, line, 0)),
        repairs=in_order(repairs),
        lines=np.asarray(records.lines[layout.body :], np.int64),
        quoted=quote_masks(plan.look.quoting, columns) if plan.look.quoting else None,
        quoted_header=header.quoted if header else None,
        decimal=plan.decimal,
    )


def _read_columns(
    body: memoryview, plan: Plan, types: list[pa.DataType], odd: list[str]
) -> tuple[pa.Table, list[pa.DataType]]:
    """Parse; a column with a cell that is not a number after all becomes text and all is parsed again."""
    for attempt in range(_MOST_RETRIES + 1):
        odd.clear()
        try:
            return _read_csv(body, plan, types, odd), types
        except pa.ArrowInvalid as error:
            found = _BAD_COLUMN.search(str(error))
            if found is None or "onversion" not in str(error) or attempt == _MOST_RETRIES:
                raise
            types = [*types]
            types[int(found[1])] = pa.string()
    raise TooOddError


def _read_csv(body: memoryview, plan: Plan, types: list[pa.DataType], odd: list[str]) -> pa.Table:
    keys = [str(number) for number in range(len(types))]

    def skip(row: pa_csv.InvalidRow) -> str:
        if len(odd) >= _MOST_ODD_ROWS or not plan.mends:
            return "error"
        odd.append(row.text.rstrip("\n"))
        return "skip"

    return pa_csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        read_options=pa_csv.ReadOptions(column_names=keys, block_size=_BLOCK),
        parse_options=pa_csv.ParseOptions(
            delimiter=plan.delimiter,
            quote_char='"' if plan.look.quoting else False,
            invalid_row_handler=skip,
            ignore_empty_lines=plan.blank_lines,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict(zip(keys, types, strict=True)),
            null_values=[""],
            strings_can_be_null=plan.look.quoting is not None,
            quoted_strings_can_be_null=False,
            decimal_point=plan.decimal,
        ),
        # Arrow's default pool spends nearly as long on fresh pages as on parsing.
        memory_pool=pa.system_memory_pool(),
    )


def _null_where_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _with_rows(
    body: memoryview, plan: Plan, columns: list[pa.ChunkedArray], rows: list[list[str]], places: np.ndarray
) -> list[pa.ChunkedArray]:
    """The columns with further rows at ``places``; those of numbers become text where a new cell is none."""
    types = [column.type for column in columns]
    cells = [list(column) for column in zip(*rows, strict=True)]
    lenient = [common_type(kind, column) for kind, column in zip(types, cells, strict=True)]
    if lenient != types:
        columns = list(_read_csv(body, plan, lenient, []).columns)
        columns = [_null_where_empty(c) if pa.types.is_string(c.type) else c for c in columns]
    before = (places - np.arange(len(places))).tolist()
    return [
        inserted(column, before, typed_cells(new, kind))
        for column, new, kind in zip(columns, cells, lenient, strict=True)
    ]
