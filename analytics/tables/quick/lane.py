"""The quick way to read large, regular files: Arrow parses typed columns straight from the bytes.

It is taken only where a look at the head, the middle and the end finds one plain dialect, and a scan of
all bytes finds no loose quotes, mixed line ends or NUL bytes. Where numbers have leading zeros, all columns
are parsed as text and typed from their cells. In files without quotes and CRLF, rows that do not have the
right number of cells are mended one by one. All else that is irregular goes the careful way.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.errors import LimitError, TableError
from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.quick.arrow_pieces import read_columns, read_pieces
from analytics.tables.quick.checks import Checked, Marks, check, check_dialect
from analytics.tables.quick.column_types import (
    LEADING_MARK,
    LEADING_ZERO,
    common_type,
    count_in_text,
    holds_zeros,
    inserted,
    typed_cells,
)
from analytics.tables.quick.odd_rows import BLANK_LINE, TooOddError, find_places, mend
from analytics.tables.quick.plan import HEAD, Plan, body_start, find_plan
from analytics.tables.quick.quoting import begin_with_quotes, fill_late, quote_masks
from analytics.tables.quick.scan import Scan, holds_vanishing, scan_bytes
from analytics.tables.records.encoding import require_text
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.rows import bare_repairs, blank_repairs
from analytics.tables.records.text_lane import header_decision, in_order, quote_decision
from analytics.tables.report import Decision, Doubt, Repair

SMALLEST = 1 << 18
"""Bytes from which a plan, a scan of all bytes and Arrow's threads pay: 800 kB of numbers take half the time
of the careful way, 80 kB three quarters, but at what is handed over one has looked in vain."""
_TOLD_BY = 1 << 14
"""Bytes that hold the 4,096 characters by which text is told from what is none."""
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
    footer: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_fast(data: Bytes, *, options: ReadOptions, name: str = "") -> FastTable | None:
    """Read ``data`` as UTF-8 with one plain dialect, or ``None`` where the careful way is needed."""
    if len(data) < SMALLEST or not _allows(options) or b"\0" in data[:HEAD]:
        return None
    start = len(_BOM) if data[:3] == _BOM else 0
    try:
        require_text(str(data[start : start + _TOLD_BY], "utf-8", errors="replace"))
        plan = find_plan(data, start, options=options, name=name)
        if plan is None or len(plan.names) > options.max_columns:
            return None
        body = memoryview(data)[body_start(data, start, plan.header_rows) :]
        # Nearly every file that comes this far passes the scan, so it runs beside the parser, not before it.
        with ThreadPoolExecutor(1) as pool:
            scan = pool.submit(scan_bytes, data, start, plan, ascii_asked=_encoding(options) == "ascii")
            marks = pool.submit(lambda: _marks(scan.result(), plan, options, name))
            try:
                parsed = _parse_either(body, plan, options)
            except LimitError:
                if scan.result().lines is not None:
                    raise
                return None
            found, said = scan.result(), marks.result()
        if found.lines is None or said is None:
            return None
        if _hides_text(found, parsed):
            parsed = _parse(body, plan.as_text(), options)
        checked = check(found.lines, parsed.columns, parsed.plan, parsed.places, options, marks=said)
        footer = tuple(found.lines[line - 1] for line in checked.records.lines[checked.layout.end :])
        table = _finished(body, parsed, checked, options, is_ascii=found.is_ascii)
        return replace(table, footer=footer) if footer else table
    except LimitError:
        raise
    except (pa.ArrowInvalid, UnicodeDecodeError, TooOddError, TableError):
        return None


def _marks(found: Scan, plan: Plan, options: ReadOptions, name: str) -> Marks | None:
    return None if found.lines is None else check_dialect(found.lines, plan, options, name=name)


def _hides_text(found: Scan, parsed: _Parsed) -> bool:
    """Whether numbers were made of cells that the careful way keeps as text: 007, +4915, 1e-400."""
    return (
        (found.zeros > 0 and found.zeros > count_in_text(parsed.columns, LEADING_ZERO))
        or (found.marks > 0 and found.marks > count_in_text(parsed.columns, LEADING_MARK))
        or (found.may_vanish and any(map(holds_zeros, parsed.columns)) and holds_vanishing(found))
    )


def _parse_either(body: memoryview, plan: Plan, options: ReadOptions) -> _Parsed:
    """Parse by the plan or, where decimal commas did not work out, with those columns as text."""
    if plan.decimal == ",":
        try:
            return _parse(body, plan, options)
        except (pa.ArrowInvalid, TooOddError):
            plan = plan.with_commas_as_text()
    return _parse(body, plan, options)


def _encoding(options: ReadOptions) -> str:
    return (options.encoding or "").lower().replace("_", "-")


def _allows(options: ReadOptions) -> bool:
    rows = (options.table, options.header_rows, options.skip_footer, options.skip_rows or None)
    asked = (*rows, options.comma_cells, options.escape, options.na_values)
    plain = _encoding(options) in ("", "utf-8", "utf8", "ascii")
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
    read = read_columns(body, plan, plan.types, odd, options=options)
    if read.doubtful:
        types = [pa.string() if i in read.doubtful else kind for i, kind in enumerate(read.types)]
        read = read_columns(body, plan, types, odd, options=options)
    columns = read.columns
    if plan.blank_lines:
        odd += [""] * len(BLANK_LINE.findall(body))
    if plan.look.quoting is None:
        columns = [_null_where_empty(c) if pa.types.is_string(c.type) else c for c in columns]
    elif begin_with_quotes(columns) or fill_late(plan.look.quoting, columns):
        raise TooOddError
    # Arrow makes a row without a value of an empty line.
    if not plan.blank_lines and all(c.null_count for c in columns) and BLANK_LINE.search(body):
        if not plan.mends:
            raise TooOddError
        return _parse(body, replace(plan, blank_lines=True), options)
    return _Parsed(plan, columns, find_places(bytes(body), odd) if odd else [])


def _finished(
    body: memoryview, parsed: _Parsed, checked: Checked, options: ReadOptions, *, is_ascii: bool
) -> FastTable:
    """The table with its odd rows mended and put back, and what the careful way would say of it."""
    plan, records, layout = parsed.plan, checked.records, checked.layout
    below = len(records.rows) - layout.end  # lines of nothing but delimiters
    columns = [column[: len(column) - below] for column in parsed.columns] if below else parsed.columns
    repairs = [*plan.repairs, *blank_repairs(records, layout), *bare_repairs(records, layout)]
    if len(records.odd):
        mended, more = mend(records, layout.body, layout.width)
        columns = _with_rows(body, plan, columns, mended, records.odd - layout.body, options)
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
        lines=np.asarray(records.lines[layout.body : layout.end], np.int64),
        quoted=quote_masks(plan.look.quoting, columns) if plan.look.quoting else None,
        quoted_header=header.quoted if header else None,
        decimal=plan.decimal,
        doubts=checked.doubts,
    )


def _null_where_empty(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _with_rows(
    body: memoryview,
    plan: Plan,
    columns: list[pa.ChunkedArray],
    rows: list[list[str]],
    places: np.ndarray,
    options: ReadOptions,
) -> list[pa.ChunkedArray]:
    """The columns with further rows at ``places``; those of numbers become text where a new cell is none."""
    types = [column.type for column in columns]
    cells = [list(column) for column in zip(*rows, strict=True)]
    lenient = [common_type(kind, column) for kind, column in zip(types, cells, strict=True)]
    if lenient != types:
        columns = read_pieces(body, plan, lenient, [], options=options).columns
        columns = [_null_where_empty(c) if pa.types.is_string(c.type) else c for c in columns]
    before = (places - np.arange(len(places))).tolist()
    return [
        inserted(column, before, typed_cells(new, kind))
        for column, new, kind in zip(columns, cells, lenient, strict=True)
    ]
