"""Delimited text to a typed frame with its report, the quick way where possible, else the careful one."""

from __future__ import annotations

import codecs
import mmap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.budget import check_unpacked
from analytics.tables.errors import TableError
from analytics.tables.formats.doubts import joined_doubts, table_doubts
from analytics.tables.formats.loaded import Loaded, with_units
from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.quick.lane import FastTable, read_fast
from analytics.tables.records.encoding import decode, read_once
from analytics.tables.records.text_lane import TextTable, read_text
from analytics.tables.report import ColumnReading, Decision
from analytics.tables.room import forget_columns
from analytics.tables.typed.convert import Converted, convert_columns
from analytics.tables.typed.known import Known
from analytics.tables.typed.marks import DECIMAL_COMMA
from analytics.tables.typed.quotes import without_bare_na
from analytics.tables.writing.defusing import count_defused, in_our_form, is_text, undo

_COMMA_NUMBER = r"^[+-]?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})$"
_HEAD = 1000  # cells: a column of such numbers shows one among these
_MAY_VOTE = ("integer", "number", "text")
_POINTED, _FEW_LETTERS = r"[0-9][.]|[.][0-9]|,[^\pL]*,", r"^[^\pL]*(?:\pL[^\pL]*){0,16}$"
"""A number may have letters for its power, its multiplier and its currency (1.5e3, 1.2 Milliarden euros)."""
_AnyTable = TypeVar("_AnyTable", FastTable, TextTable)


def read_delimited(data: Bytes, *, options: ReadOptions, name: str = "") -> Loaded:
    """The table in ``data``; ``TableError`` where there is none or a limit is passed."""
    if not data:
        raise TableError("The file is empty; give a file with at least a header.")
    loaded = _read_quickly(data, options, name) or _read_carefully(data, options, name)
    asked = table_doubts(
        loaded.frame, loaded.lines, loaded.last_line, footer=len(loaded.footer), options=options
    )
    return replace(loaded, doubts=(*loaded.doubts, *asked))


def _read_quickly(data: Bytes, options: ReadOptions, name: str) -> Loaded | None:
    fast = read_fast(data, options=options, name=name)
    return None if fast is None else _finish_fast(_without_defusing(fast, data, options), data, options, name)


def _read_carefully(data: Bytes, options: ReadOptions, name: str) -> Loaded:
    forget_columns()
    check_unpacked(len(data), options)
    decoded = read_once(decode(data[:], options=options), options)
    table = read_text(decoded, options=options, name=name)
    table = _without_defusing(table, data, options)
    typed = _type_columns(table, options, name)
    return Loaded(
        frame=typed.frame,
        doubts=(*decoded.doubts, *table.doubts, *joined_doubts(table, typed.frame, options), *typed.doubts),
        decisions=(*decoded.decisions, *table.decisions, *typed.decisions),
        readings=with_units(typed.readings, table.units),
        repairs=(*decoded.repairs, *table.repairs),
        header_row=table.header_line,
        lines=table.lines,
        preamble=table.preamble,
        footer=table.footer,
        encoding=decoded.encoding,
        delimiter=table.dialect.delimiter,
        decimal=typed.decimal,
        thousands=typed.thousands,
        quote=table.dialect.quote,
        escape=table.dialect.escape,
    )


def _without_defusing(table: _AnyTable, data: Bytes, options: ReadOptions) -> _AnyTable:
    """The table without the apostrophes by which ``write_csv`` kept spreadsheets from running its texts."""
    if options.defused is False or options.as_text or not (options.defused or _says_defused(table, data)):
        return table
    count = count_defused(table.names, table.columns)
    if not count:
        return table
    texts = "1 text that starts" if count == 1 else f"{count:,} texts that start"
    sentence = f"The apostrophe in front of {texts} like a formula was taken off."
    names = undo(pa.array(table.names, pa.large_string())).to_pylist()
    decision = Decision("defused", "True", sentence, "", ("False",))
    columns = [undo(column) for column in table.columns]
    return replace(table, names=names, columns=columns, decisions=(*table.decisions, decision))


def _says_defused(table: _AnyTable, data: Bytes) -> bool:
    dialect = table.dialect
    ours = dialect.delimiter in (",", "") and dialect.quote == '"' and not dialect.escape
    if data[len(data) - 1 :] == b"\n" or not ours or table.quoted_header is None:
        return False
    columns, header = table.columns, table.quoted_header
    if len(columns) == 1 and is_text(columns[0]):
        mask = table.quoted[0] if table.quoted else None
        columns = [without_bare_na(columns[0], mask, quoted_name=header[0])]
    return in_our_form(table.names, columns, table.quoted, header)


def _type_columns(table: TextTable, options: ReadOptions, name: str) -> Converted:
    """The columns as a typed frame, or as they stand where ``as_text`` asks for that."""
    if options.as_text:
        data = {i: column.to_pandas() for i, column in enumerate(table.columns)}
        frame = pd.DataFrame(data).astype("str")
        frame.columns = pd.Index(table.names)
        return Converted(frame, (), None, None, ())
    return convert_columns(
        table.names,
        table.columns,
        options=options,
        known=Known(
            lines=table.lines,
            quoted=table.quoted,
            quoted_header=table.quoted_header,
            texts=(name, *table.preamble, *table.footer),
        ),
    )


def _finish_fast(fast: FastTable, data: Bytes, options: ReadOptions, name: str) -> Loaded | None:
    """Numbers go straight to pandas; columns of text are typed from all their cells.

    ``None`` where those would choose another decimal mark than the numbers have: then all are to vote.
    """
    texts = [i for i, column in enumerate(fast.columns) if pa.types.is_string(column.type)]
    floats = sum(pa.types.is_floating(column.type) for column in fast.columns)
    comma = fast.decimal == ","
    known = Known(
        lines=fast.lines,
        quoted=[fast.quoted[i] for i in texts] if fast.quoted else None,
        quoted_header=[fast.quoted_header[i] for i in texts] if fast.quoted_header else None,
        decimal="," if comma else None,
        others_bare=len(texts) < len(fast.names),
        texts=(name, *fast.footer),
        points=0 if comma else floats,  # Arrow made no float where points might set thousands apart
    )
    names, columns = [fast.names[i] for i in texts], [fast.columns[i] for i in texts]
    if floats and not comma and any(map(_holds_comma_numbers, columns)):
        return None
    typed = convert_columns(names, columns, options=options, known=known)
    if floats and not comma and typed.decimal == ",":
        return None
    readings = dict(zip(texts, typed.readings, strict=True))
    if comma and any(readings[i].kind in _MAY_VOTE and _shows_point(fast.columns[i]) for i in texts):
        return None
    _forget_pages(data)
    numbers = [i for i in range(len(fast.names)) if i not in readings]
    readings |= {i: _number_reading(fast.names[i], fast.columns[i]) for i in numbers}
    with ThreadPoolExecutor(2) as pool:
        arrays = dict(zip(numbers, pool.map(partial(_take_numbers, fast.columns), numbers), strict=True))
    series = {name: arrays[i] if i in arrays else typed.frame[name] for i, name in enumerate(fast.names)}
    frame = pd.DataFrame(series, copy=False)
    commas = (DECIMAL_COMMA,) if comma else ()
    return Loaded(
        frame=frame,
        decisions=(_encoding_decision(data, fast, options), *fast.decisions, *commas, *typed.decisions),
        readings=tuple(readings[i] for i in range(len(fast.names))),
        repairs=fast.repairs,
        footer=fast.footer,
        header_row=fast.header_line,
        lines=fast.lines,
        encoding=options.encoding or "utf-8",
        delimiter=fast.dialect.delimiter,
        decimal=typed.decimal or (fast.decimal if floats else None),
        thousands=typed.thousands,
        quote=fast.dialect.quote,
        escape="",
        doubts=(*fast.doubts, *typed.doubts),
    )


def _holds_comma_numbers(column: pa.ChunkedArray) -> bool:
    """Whether the first cells say that this file has both decimal marks, so that all columns are to vote."""
    return bool(pc.any(pc.match_substring_regex(column.slice(0, _HEAD), _COMMA_NUMBER)).as_py())


def _shows_point(column: pa.ChunkedArray) -> bool:
    """Whether some cell may ask for a decimal point: it has one, or several commas."""
    pointed = column.filter(pc.match_substring_regex(column, _POINTED))
    return bool(pc.any(pc.match_substring_regex(pointed, _FEW_LETTERS)).as_py())


def _encoding_decision(data: Bytes, fast: FastTable, options: ReadOptions) -> Decision:
    """What ``decode`` says of UTF-8."""
    if options.encoding is not None:
        asked = options.encoding
        return Decision("encoding", asked, f"The text was read as {asked}, as asked.")
    evidence = "all bytes are plain ASCII" if fast.is_ascii else "all bytes are valid UTF-8"
    evidence = "a byte order mark says so" if data[:3] == codecs.BOM_UTF8 else evidence
    return Decision("encoding", "utf-8", f"The text is utf-8: {evidence}.", evidence)


def _take_numbers(columns: list[pa.ChunkedArray], index: int) -> Any:
    """The column as an array; its place is emptied, so that the whole table is never held twice."""
    column, columns[index] = columns[index], pa.chunked_array([], pa.null())
    return _number_array(column)


def _number_array(column: pa.ChunkedArray) -> np.ndarray | pd.api.extensions.ExtensionArray:
    """int64, Int64 where whole numbers are missing, or float64 with NaN for missing."""
    if pa.types.is_integer(column.type) and column.null_count:
        return pd.Int64Dtype().__from_arrow__(column)  # type: ignore[attr-defined]
    if column.num_chunks == 1 and not column.null_count and column.chunk(0).buffers()[1].is_mutable:
        chunk = column.chunk(0)  # gathered in memory that may be written to
        array = np.frombuffer(chunk.buffers()[1], column.type.to_pandas_dtype())
        return array[chunk.offset : chunk.offset + len(chunk)]
    # numpy asks for huge pages, Arrow's own conversion does not: half its time would go into page faults.
    array = np.empty(len(column), dtype=column.type.to_pandas_dtype())
    start = 0
    for chunk in column.chunks:
        array[start : start + len(chunk)] = chunk.to_numpy(zero_copy_only=False)
        start += len(chunk)
    return array


def _forget_pages(data: Bytes) -> None:
    """A mapped file that has been parsed need not stay in memory while the columns are copied."""
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        data.madvise(mmap.MADV_DONTNEED)


def _number_reading(name: str, column: pa.ChunkedArray) -> ColumnReading:
    whole = pa.types.is_integer(column.type)
    return ColumnReading(name, "integer" if whole else "number", "Whole numbers." if whole else "Numbers.")
