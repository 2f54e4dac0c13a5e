"""Reading JSON lines: one object per line, keys may be missing, a bad line costs only itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

from analytics.tables.errors import TableError
from analytics.tables.formats.loaded import Loaded
from analytics.tables.options import ReadOptions
from analytics.tables.records.naming import column_names
from analytics.tables.report import Repair
from analytics.tables.typed.arrow_frames import typed_arrow
from analytics.tables.typed.convert import convert_columns
from analytics.tables.typed.retype import frame_of, retype

_BLOCK = 1 << 20
_ABSENT = object()
_NEEDS_CARE = re.compile(rb'^\xef\xbb\xbf|": ?\[|": ?-?[0-9]{16}|(?<!:)(?<!: )null')
"""A byte order mark, lists, integers that a float would round, or null in place of an object, at which
Arrow's reader (26.0) ends the process when no object stands before it in its block."""


def read_json_lines(data: bytes, *, options: ReadOptions) -> Loaded:
    """One row per object; nested values as JSON text, a string stays a string unless it is an ISO date.

    Raises:
        TableError: no line is an object, or the table passes a limit.
    """
    table = _read_at_once(data, options)
    if table is None:
        return _read_line_by_line(data, options)
    _check(table.num_rows, table.num_columns, options)
    names, repairs = column_names([table.column_names], width=table.num_columns, line=None)
    typed = [typed_arrow(name, column) for name, column in zip(names, table.columns, strict=True)]
    frame = frame_of(names, typed, rows=table.num_rows)
    frame, readings = retype(frame, tuple(column.reading for column in typed), options)
    return Loaded(frame, (), readings, repairs)


def _read_at_once(data: bytes, options: ReadOptions) -> pa.Table | None:
    """Arrow's reader, if every line has the types of the first ones and nothing needs care."""
    if options.encoding not in (None, "utf-8") or _NEEDS_CARE.search(data):
        return None
    try:
        table = pj.read_json(
            pa.BufferReader(data), read_options=pj.ReadOptions(block_size=max(_BLOCK, _longest(data)))
        )
    except pa.ArrowException:
        return None
    nested = any(pa.types.is_nested(kind) or pa.types.is_timestamp(kind) for kind in table.schema.types)
    return None if nested or not table.num_columns else table


def _longest(data: bytes) -> int:
    """A block size that holds the first line twice."""
    return 2 * (data.find(b"\n") + 1)


def _check(rows: int, columns: int, options: ReadOptions) -> None:
    for count, limit, what in ((rows, options.max_rows, "rows"), (columns, options.max_columns, "columns")):
        if count > limit:
            raise TableError(f"The file has more than {limit:,} {what}, which is the limit.")


def _read_line_by_line(data: bytes, options: ReadOptions) -> Loaded:
    objects, lines, bad = _parse(data, options)
    if not objects:
        raise TableError(
            "No line of the file is a JSON object; give one object per line.", line=bad[0].line if bad else 1
        )
    keys = list(dict.fromkeys(key for record in objects for key in record))
    _check(len(objects), len(keys), options)
    names, repairs = column_names([keys], width=len(keys), line=None)
    cells = [_column(record.get(key, _ABSENT) for record in objects) for key in keys]
    converted = convert_columns(
        names,
        [texts for texts, _ in cells],
        options=options,
        lines=np.asarray(lines, np.int64),
        quoted=[quoted for _, quoted in cells],
        decimal=options.decimal or ".",
        typed_source=True,
    )
    return Loaded(converted.frame, converted.decisions, converted.readings, (*bad, *repairs))


def _parse(data: bytes, options: ReadOptions) -> tuple[list[dict[str, Any]], list[int], list[Repair]]:
    objects: list[dict[str, Any]] = []
    lines: list[int] = []
    bad: list[Repair] = []
    text = data.decode(options.encoding or "utf-8-sig", errors="replace")
    replaced = text.count("\ufffd") - data.count("\ufffd".encode())
    if replaced > 0 and options.encoding is None:
        bad.append(Repair("encoding", None, "bytes that are not UTF-8 stand as \ufffd", replaced))
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as problem:
            bad.append(Repair("bad JSON", number, f"left out, not JSON: {problem}"))
            continue
        if isinstance(record, dict):
            objects.append(record)
            lines.append(number)
        else:
            bad.append(Repair("bad JSON", number, "left out, not a JSON object"))
    return objects, lines, bad


def _column(values: Iterable[Any]) -> tuple[pa.Array, pa.Array]:
    """Cells as text, and which of them were strings or nested rather than numbers and truth values."""
    texts: list[str | None] = []
    quoted: list[bool] = []
    for value in values:
        bare = value is _ABSENT or value is None or isinstance(value, bool | int | float)
        quoted.append(not bare)
        if value is _ABSENT or value is None:
            texts.append(None)
        elif isinstance(value, str):
            texts.append(value)
        else:
            texts.append(json.dumps(value, ensure_ascii=False))
    return pa.array(texts, pa.string()), pa.array(quoted, pa.bool_())
