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

from analytics.tables.containers import Bytes
from analytics.tables.options import ReadOptions
from analytics.tables.quick.column_types import (
    common_type,
    count_in_text,
    inserted,
    names_within,
    typed_cells,
)
from analytics.tables.quick.odd_rows import BLANK_LINE, TooOddError, find_places, mend
from analytics.tables.quick.plain_bytes import all_crlf, count_byte, count_leading_zeros, holds_loose_quote
from analytics.tables.quick.plan import HEAD, Plan, body_start, find_plan
from analytics.tables.quick.quoting import QUOTE, as_sampled, quote_masks
from analytics.tables.records.grammar import Dialect
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
    data_start = len(_BOM) if data[:3] == _BOM else 0
    plan = find_plan(data, data_start, options=options, name=name)
    if plan is None or len(plan.names) > options.max_columns:
        return None
    body = body_start(data, data_start, plan.header_rows)
    # Nearly every file that comes this far passes the scan, so it runs beside the parser, not before it.
    with ThreadPoolExecutor(1) as pool:
        scan = pool.submit(_scan, data, plan, body)
        try:
            table, plan = _parse_either(memoryview(data)[body:], plan, options)
            found = scan.result()
            if table is not None and found.zeros and _numbers_have_zeros(table, found.zeros):
                table = _parse(memoryview(data)[body:], plan.as_text(), options)
        except (pa.ArrowInvalid, UnicodeDecodeError, TooOddError):
            return None
        return None if found.odd else table


def _parse_either(body: memoryview, plan: Plan, options: ReadOptions) -> tuple[FastTable | None, Plan]:
    """Parse by the plan or, where decimal commas did not work out, with those columns as text."""
    if plan.decimal == ",":
        try:
            return _parse(body, plan, options), plan
        except (pa.ArrowInvalid, TooOddError):
            plan = plan.with_commas_as_text()
    return _parse(body, plan, options), plan


@dataclass(frozen=True)
class _Scan:
    odd: bool
    zeros: int


def _scan(data: Bytes, plan: Plan, body: int) -> _Scan:
    """Look at all bytes: marks that need the careful way, and how many cells have leading zeros."""
    quote, quoted = plan.look.dialect.quote.encode(), plan.look.quoting is not None
    odd = data.find(b"\0") >= 0 or not (all_crlf(data) if plan.look.crlf else data.find(b"\r") < 0)
    if quoted:
        odd = odd or holds_loose_quote(memoryview(data)[body:], plan.delimiter)
    else:
        odd = odd or bool(quote and data.find(quote, body) >= 0)
    if odd or all(map(pa.types.is_string, plan.types)):
        return _Scan(odd, 0)
    return _Scan(False, count_leading_zeros(memoryview(data)[body:], plan.delimiter, quoted=quoted))


def _numbers_have_zeros(table: FastTable, zeros: int) -> bool:
    """Whether columns of numbers may hold some of the ``zeros``: not all are in text, or rows were mended."""
    return table.lines is not None or zeros > count_in_text(table.columns)


def _allows(options: ReadOptions) -> bool:
    asked = (options.table, options.escape, options.header_rows, options.skip_footer, options.na_values)
    plain = options.encoding is None or options.encoding.lower().replace("_", "-") in (
        "utf-8",
        "utf8",
        "ascii",
    )
    marks = options.decimal in (None, ".") and options.thousands is None
    return all(value is None for value in asked) and plain and marks and not options.as_text


def _parse(body: memoryview, plan: Plan, options: ReadOptions) -> FastTable | None:
    odd: list[str] = []
    table, types = _read_columns(body, plan, plan.types, odd)
    if table.num_rows > options.max_rows:
        return None
    columns, repairs, lines = list(table.columns), list(plan.repairs), None
    if plan.blank_lines:
        odd += [""] * len(BLANK_LINE.findall(body))
    if odd:
        columns, mended, lines = _with_odd_rows(body, plan, types, columns, odd)
        repairs += mended
    quoting = plan.look.quoting
    if quoting is None:
        columns = [_null_where_empty(c) if pa.types.is_string(c.type) else c for c in columns]
    elif not as_sampled(quoting, columns, count_byte(body, QUOTE)):
        return None
    # Arrow makes a row without a value of an empty line.
    if not plan.blank_lines and all(c.null_count for c in columns) and BLANK_LINE.search(body):
        if not plan.mends:
            raise TooOddError
        return _parse(body, replace(plan, blank_lines=True), options)
    if plan.header_rows and names_within(columns, plan.types):
        raise TooOddError
    header = plan.look.header
    return FastTable(
        plan.names,
        columns,
        plan.look.dialect,
        header_line=1 if header else None,
        decisions=plan.decisions,
        repairs=tuple(repairs),
        lines=lines,
        quoted=quote_masks(quoting, columns) if quoting else None,
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
            if attempt == 0 and plan.header_rows and _repeats(body, plan.look.first_line):
                raise TooOddError from error
            types = [*types]
            types[int(found[1])] = pa.string()
    raise TooOddError


def _repeats(body: memoryview, header: str) -> bool:
    return f"\n{header}\n".encode() in bytes(body)


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


def _with_odd_rows(
    body: memoryview, plan: Plan, types: list[pa.DataType], columns: list[pa.ChunkedArray], odd: list[str]
) -> tuple[list[pa.ChunkedArray], list[Repair], np.ndarray]:
    """Mend the rows that Arrow skipped and put them back where they stood; blank ones are only counted."""
    places = find_places(bytes(body), odd)
    fixed, positions, repairs = mend(places, plan)
    if fixed:
        mended = [list(cells) for cells in zip(*fixed, strict=True)]
        lenient = [common_type(kind, cells) for kind, cells in zip(types, mended, strict=True)]
        columns = columns if lenient == types else list(_read_csv(body, plan, lenient, []).columns)
        columns = [
            inserted(column, positions, typed_cells(cells, kind))
            for column, cells, kind in zip(columns, mended, lenient, strict=True)
        ]
    blank = [number for number, text in places if not text.strip()]
    total = len(columns[0]) + len(blank)
    lines = np.delete(np.arange(total, dtype=np.int64), blank) + 1 + plan.header_rows
    return columns, repairs, lines
