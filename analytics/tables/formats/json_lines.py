"""Reading JSON: lines of objects, and documents in which the table lies under keys."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

from analytics.blocks import blocks
from analytics.tables.budget import ARISEN, NUMBER, check_rows, check_table, check_unpacked
from analytics.tables.errors import TableError
from analytics.tables.formats.grid import Grid, load_grid
from analytics.tables.formats.json_shapes import Records, Rows, find_table
from analytics.tables.formats.json_text import (
    DEEPEST,
    JsonText,
    check_depth,
    check_values,
    depth_of,
    json_text,
)
from analytics.tables.formats.json_values import Number, Parser, values_of, written
from analytics.tables.formats.loaded import Loaded
from analytics.tables.formats.quoted_numbers import find_quoted_numbers
from analytics.tables.options import ReadOptions
from analytics.tables.records.head.naming import column_names
from analytics.tables.report import Decision, Repair
from analytics.tables.typed.arrow_frames import typed_arrow
from analytics.tables.typed.convert import convert_columns
from analytics.tables.typed.known import Known
from analytics.tables.typed.retype import frame_of, retype
from analytics.words import count

_BLOCK = 1 << 20
_POWER = re.compile(r"[eE](?=[0-9])")
_TOLD = 1_000
"""Lines left out that are told one by one: of two million each would be 300 bytes, here and for who asked."""
_KEY, _KEY_WITH_ESCAPES = re.compile(rb'"([^"]*+)"\s*+:'), re.compile(rb'"((?:[^"\\]|\\.)*+)"\s*+:')
_NEEDS_CARE = re.compile(
    rb'^(?:\xef\xbb\xbf|\s*\[)|[:\[{]\s*[\[{]|": ?-?[0-9]{16}|(?<!:)(?<!: )null|\\u[dD][89a-fA-F]'
    rb'|:\s*"[-+(.]?[0-9]'
    rb"|:\s*-?[0-9.]+[eE]|:\s*-?(?:NaN|Infinity)"
)
"""A byte order mark, nested values, integers that a float would round, halves of characters, numbers in
quotes, powers of ten, what JSON does not have, or null in place of an object, at which Arrow's reader (26.0)
ends the process when no object stands before it in its block; deep nesting ends it too."""


def read_json(data: bytes, *, options: ReadOptions) -> Loaded:
    """One row per object; one level of nested objects as columns ``a.b``, deeper values as JSON text.

    A string stays a string unless it is an ISO date.

    Raises:
        TableError: there is no table in it, it nests too deep, or the table passes a limit.
    """
    table = _read_at_once(data, options)
    if table is not None:
        _check(table.num_rows, table.num_columns, options, present=table.num_rows * table.num_columns)
        names, repairs = column_names([table.column_names], width=table.num_columns, line=None)
        typed = [typed_arrow(name, column) for name, column in zip(names, table.columns, strict=True)]
        frame = frame_of(names, typed, rows=table.num_rows)
        frame, readings = retype(frame, tuple(column.reading for column in typed), options)
        lines = _lines_of_objects(data, table.num_rows)
        return Loaded(frame, (), readings, repairs, encoding="utf-8", lines=lines)
    check_unpacked(len(data), options)
    source = json_text(data, options)
    check_values(source.text, options)
    return _with_source(_read_carefully(source.text, options), source)


def _with_source(loaded: Loaded, source: JsonText) -> Loaded:
    decoded = source.decoded
    plain = decoded.encoding == "utf-8" and not decoded.repairs
    return replace(
        loaded,
        repairs=(*source.repairs, *loaded.repairs),
        decisions=loaded.decisions if plain else (*decoded.decisions, *loaded.decisions),
        doubts=(*decoded.doubts, *loaded.doubts),
        encoding=decoded.encoding,
    )


def _read_at_once(data: bytes, options: ReadOptions) -> pa.Table | None:
    """Arrow's reader, if every line has the types of the first ones and nothing needs care."""
    if options.encoding not in (None, "utf-8") or _NEEDS_CARE.search(data) or not _is_plain(data):
        return None
    if b"\n" not in data.strip():  # one object may be a table by its keys
        return None
    check_rows(data.count(b"\n{"), options, at_least=True)
    if not _keys_meet(data, options):
        return None
    try:
        table = pj.read_json(
            pa.BufferReader(data), read_options=pj.ReadOptions(block_size=max(_BLOCK, _longest(data)))
        )
    except pa.ArrowException:
        return None
    nested = any(pa.types.is_nested(kind) or pa.types.is_timestamp(kind) for kind in table.schema.types)
    return None if nested or not table.num_columns else table


def _is_plain(data: bytes) -> bool:
    """Whether the first line is an object and all is UTF-8, which Arrow does not look at."""
    try:
        return _is_object(data.lstrip()[:_BLOCK].partition(b"\n")[0].decode()) and bool(data.decode())
    except UnicodeDecodeError:
        return False


def _longest(data: bytes) -> int:
    """A block size that holds the first line twice."""
    return 2 * (data.find(b"\n") + 1)


def _check(rows: int, columns: int, options: ReadOptions, *, present: int) -> None:
    """Raise ``TableError`` for a table beyond the limits, of whose cells so many stand in the file."""
    check_rows(rows, options)
    if columns > options.max_columns:
        raise TableError(f"The file has {columns:,} columns; the limit is {options.max_columns:,}.")
    arisen = max(0, rows * columns - present)
    check_table(rows, columns, options, size=present * NUMBER + arisen * ARISEN)


def _keys_meet(data: bytes, options: ReadOptions) -> bool:
    """Whether there are so few different keys that each may be a column of all lines, as Arrow makes them."""
    lines = data.count(b"\n") + 1
    pattern = _KEY_WITH_ESCAPES if b"\\" in data else _KEY
    keys: set[bytes] = set()
    cells = 0
    for part in blocks(len(data), _BLOCK):
        found = pattern.findall(data, part.start, part.stop)
        keys.update(found)
        cells += len(found)
        if len(keys) > options.max_columns:
            return False
    arisen = max(0, len(keys) * lines - cells)
    return cells * NUMBER + arisen * ARISEN <= options.max_table_bytes


def _lines_of_objects(data: bytes, rows: int) -> np.ndarray | None:
    """The line of each object (rows,), where there is one to a line."""
    if data.count(b"\n") + (not data.endswith(b"\n")) == rows:
        return np.arange(1, rows + 1)
    filled = [number for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
    return np.asarray(filled, np.int64) if len(filled) == rows else None


def _read_carefully(text: str, options: ReadOptions) -> Loaded:
    """Line by line where lines are objects, else as one document or a row of values."""
    parser = Parser()
    first = next((line for line in text.split("\n", 20)[:20] if line.strip()), "")
    if text.lstrip()[:1] == "{" and _is_object(first) and "\n" in text.strip():
        return _from_lines(text, parser, options)
    check_depth(text)
    try:
        spans = list(values_of(text))
    except ValueError as problem:
        return _from_broken(text, parser, problem, options)
    if not spans:
        raise TableError("The JSON file is empty; there is no row in it.")
    values = [parser.parse(text[start:end], 1) for start, end in spans]
    if len(values) == 1:
        document = values[0]
        found = find_table(document, text[spans[0][0] :], options)
        offset = text.count("\n", 0, spans[0][0])
        if isinstance(found, Records):
            found = replace(found, lines=[line + offset for line in found.lines])
        loaded = _load(found, parser, options)
        return replace(loaded, format="json")
    return replace(_from_values(text, values, spans, parser, options), format="json")


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _from_values(
    text: str, values: list[Any], spans: list[tuple[int, int]], parser: Parser, options: ReadOptions
) -> Loaded:
    """Several values one after the other, such as objects over several lines each."""
    lines, line, last = [], 1, 0
    for start, _ in spans:
        line += text.count("\n", last, start)
        last = start
        lines.append(line)
    if all(isinstance(value, list) for value in values):
        return _load(Rows(values), parser, options)
    kept = [i for i, value in enumerate(values) if isinstance(value, dict)]
    bad = tuple(
        Repair("bad JSON", lines[i], "left out, not a JSON object")
        for i, value in enumerate(values)
        if not isinstance(value, dict)
    )
    if not kept:
        raise TableError("The file holds no JSON object; give a list of objects, or one object per line.")
    loaded = _load(Records([values[i] for i in kept], [lines[i] for i in kept]), parser, options)
    return replace(loaded, repairs=(*bad, *loaded.repairs))


def _from_broken(text: str, parser: Parser, problem: ValueError, options: ReadOptions) -> Loaded:
    """What is no JSON as a whole may still have lines that are objects."""
    starts = [line.lstrip()[:1] == "{" for line in text.split("\n", 200)[:200] if line.strip()]
    if text.lstrip()[:1] != "[" and sum(starts) > 0:
        try:
            return _from_lines(text, parser, options)
        except TableError:
            if _lines_of_one_object(text):
                raise
    # Without ``msg`` it is valid JSON with a number of more digits than Python makes one of.
    why = getattr(problem, "msg", "one of its numbers has more than 4,300 digits")
    raise TableError(
        f"The file is no valid JSON: {why}; no JSON object was found to read.",
        line=getattr(problem, "lineno", None),
    ) from problem


def _lines_of_one_object(text: str) -> bool:
    return "\n" not in text.strip()


def _from_lines(text: str, parser: Parser, options: ReadOptions) -> Loaded:
    objects: list[dict[str, Any]] = []
    lines: list[int] = []
    bad: list[Repair] = []
    check_rows(text.count("\n{"), options, at_least=True)
    more = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        record = _object_in(line, number, parser)
        if isinstance(record, dict):
            objects.append(record)
            lines.append(number)
        elif len(bad) < _TOLD:
            bad.append(Repair("bad JSON", number, f"left out, {record}"))
        else:
            more += 1
    if more:
        bad.append(Repair("bad JSON", None, f"left out, as the lines before: {more:,} more", more))
    if not objects:
        check_depth(text)
        raise TableError(
            "The file is damaged or cut short, or no JSON: copy or download it again. Its text is no JSON as "
            "a whole, and no line of it is an object.",
            line=bad[0].line if bad else 1,
        )
    loaded = _load(Records(objects, lines), parser, options)
    return replace(loaded, repairs=(*bad, *loaded.repairs))


def _object_in(line: str, number: int, parser: Parser) -> dict[str, Any] | str:
    """The object of a line, or why it is left out."""
    if depth_of(line) > DEEPEST:
        return f"nested deeper than {DEEPEST} levels"
    try:
        record = parser.parse(line.strip().removesuffix(","), number)
    except (ValueError, RecursionError) as problem:
        return f"not JSON: {problem}"
    return record if isinstance(record, dict) else "not a JSON object"


def _load(found: Records | Rows, parser: Parser, options: ReadOptions) -> Loaded:
    loaded = _load_records(found, options) if isinstance(found, Records) else _load_rows(found, options)
    return replace(
        loaded,
        decisions=(*found.decisions, *loaded.decisions),
        repairs=(*parser.repairs(), *loaded.repairs),
    )


def _load_rows(found: Rows, options: ReadOptions) -> Loaded:
    """Lists as rows; their first may be the header."""
    width = max((len(row) for row in found.rows), default=0)
    if not width:
        raise TableError("The lists in the JSON are empty; there is no row in it.")
    _check(len(found.rows), width, options, present=sum(map(len, found.rows)))
    rows = found.rows
    if found.names is not None:
        rows, options = [list(found.names), *rows], replace(options, header=0, header_rows=1)
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    texts = [["" if value is None else _shown(value) for value in row] for row in padded]
    flags = [[_is_text(value) for value in row] for row in padded]
    return load_grid(Grid(texts, list(range(1, len(rows) + 1)), flags), options, stored="in quotes")


def _load_records(found: Records, options: ReadOptions) -> Loaded:
    rows = [_flat(row) for row in found.rows]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    if not keys:
        raise TableError("The objects in the JSON have no keys; there is no column in it.")
    _check(len(rows), len(keys), options, present=sum(map(len, rows)))
    lines = np.asarray(found.lines or range(1, len(rows) + 1), np.int64)
    names, repairs = column_names([keys], width=len(keys), line=None)
    cells = [_column(row.get(key) for row in rows) for key in keys]
    columns = [texts for texts, _ in cells]
    masks, doubts = find_quoted_numbers(
        names, columns, [quoted for _, quoted in cells], lines=lines, options=options
    )
    converted = convert_columns(
        names,
        columns,
        options=options,
        known=Known(lines=lines, quoted=masks, decimal=".", typed_source=True),
    )
    every = (*doubts, *converted.doubts)
    decisions = (*_nested(names, ([row.get(key) for row in rows] for key in keys)), *converted.decisions)
    return Loaded(converted.frame, decisions, converted.readings, repairs, doubts=every, lines=lines)


def _nested(names: Sequence[str], columns: Iterable[Sequence[Any]]) -> tuple[Decision, ...]:
    """What is said of columns whose cells hold lists or objects."""
    found = {}
    for name, values in zip(names, columns, strict=True):
        cells = sum(isinstance(value, list | dict) for value in values)
        if cells:
            found[name] = cells
    if not found:
        return ()
    shown = ", ".join(f"{name} ({count(cells, 'cell')})" for name, cells in list(found.items())[:5])
    more = f" and {count(len(found) - 5, 'more column')}" if len(found) > 5 else ""
    return (Decision("nested", "", f"Lists and objects within cells are kept as JSON text: {shown}{more}."),)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the keys of nested objects beside its own, as ``a.b``, where no name is taken twice."""
    if not any(isinstance(value, dict) for value in row.values()):
        return row
    made: dict[str, Any] = {}
    for key, value in row.items():
        inner = {f"{key}.{name}": item for name, item in value.items()} if isinstance(value, dict) else {}
        if inner and not (inner.keys() & row.keys()) and not (inner.keys() & made.keys()):
            made |= inner
        else:
            made[key] = value
    return made


def _column(values: Iterable[Any]) -> tuple[pa.Array, pa.Array]:
    """Cells as text, and which of them were strings or nested rather than numbers and truth values."""
    every: Sequence[Any] = list(values)
    texts = [None if value is None else _shown(value) for value in every]
    return pa.array(texts, pa.string()), pa.array([_is_text(value) for value in every], pa.bool_())


def _shown(value: Any) -> str:
    """A value as a text that reads back as what it is: 1e3 is a number here, and in a text may be a code."""
    if isinstance(value, Number) and _POWER.search(value) and math.isfinite(float(value)):
        return _POWER.sub("e+", value)
    return str(value) if isinstance(value, str) else written(value)


def _is_text(value: Any) -> bool:
    return value is not None and not isinstance(value, Number | bool)
