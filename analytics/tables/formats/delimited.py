"""Delimited text to a typed frame with its report, the quick way where possible, else the careful one."""

from __future__ import annotations

import mmap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.tables.containers import Bytes, Content
from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions
from analytics.tables.quick.lane import FastTable, read_fast
from analytics.tables.records.encoding import decode
from analytics.tables.records.text_lane import TextTable, read_text
from analytics.tables.report import ColumnReading, Decision, ReadReport
from analytics.tables.typed.convert import Converted, convert_columns
from analytics.tables.typed.known import Known
from analytics.tables.typed.marks import DECIMAL_COMMA
from analytics.tables.typed.quotes import without_bare_na
from analytics.tables.writing.defusing import count_defused, in_our_form, undo

AnyTable = TypeVar("AnyTable", FastTable, TextTable)


def read_delimited(content: Content, options: ReadOptions) -> tuple[pd.DataFrame, ReadReport]:
    """The table in ``content.data``; ``TableError`` where there is none or a limit is passed."""
    if not content.data:
        raise TableError("The file is empty; give a file with at least a header.")
    fast = read_fast(content.data, options=options, name=content.name)
    if fast is not None:
        return _finish_fast(_without_defusing(fast, content.data, options), content, options)
    decoded = decode(content.data[:], options=options)
    table = read_text(decoded, options=options, name=content.name)
    table = _without_defusing(table, content.data, options)
    typed = _type_columns(table, options)
    report = ReadReport(
        format="text",
        encoding=decoded.encoding,
        delimiter=table.dialect.delimiter,
        decimal=typed.decimal,
        thousands=typed.thousands,
        header_row=table.header_line,
        rows=len(typed.frame),
        columns=typed.frame.shape[1],
        quote=table.dialect.quote,
        escape=table.dialect.escape,
        repairs=(*decoded.repairs, *table.repairs),
        decisions=(*content.decisions, *decoded.decisions, *table.decisions, *typed.decisions),
        column_readings=typed.readings,
        preamble=table.preamble,
        footer=table.footer,
        doubts=(*decoded.doubts, *typed.doubts),
    )
    return typed.frame, report


def _without_defusing(table: AnyTable, data: Bytes, options: ReadOptions) -> AnyTable:
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


def _says_defused(table: AnyTable, data: Bytes) -> bool:
    dialect = table.dialect
    ours = dialect.delimiter in (",", "") and dialect.quote == '"' and not dialect.escape
    if data[len(data) - 1 :] == b"\n" or not ours or table.quoted_header is None:
        return False
    columns, header = table.columns, table.quoted_header
    if len(columns) == 1:
        mask = table.quoted[0] if table.quoted else None
        columns = [without_bare_na(columns[0], mask, quoted_name=header[0])]
    return in_our_form(table.names, columns, table.quoted, header)


def _type_columns(table: TextTable, options: ReadOptions) -> Converted:
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
        known=Known(lines=table.lines, quoted=table.quoted, quoted_header=table.quoted_header),
    )


def _finish_fast(fast: FastTable, content: Content, options: ReadOptions) -> tuple[pd.DataFrame, ReadReport]:
    """Numbers go straight to pandas; columns of text are typed from all their cells."""
    texts = [i for i, column in enumerate(fast.columns) if pa.types.is_string(column.type)]
    typed_floats = any(pa.types.is_floating(column.type) for column in fast.columns)
    known = Known(
        lines=fast.lines,
        quoted=[fast.quoted[i] for i in texts] if fast.quoted else None,
        quoted_header=[fast.quoted_header[i] for i in texts] if fast.quoted_header else None,
        decimal=fast.decimal if typed_floats else None,
        others_bare=len(texts) < len(fast.names),
    )
    names, columns = [fast.names[i] for i in texts], [fast.columns[i] for i in texts]
    typed = convert_columns(names, columns, options=options, known=known)
    readings = dict(zip(texts, typed.readings, strict=True))
    _forget_pages(content.data)
    numbers = [i for i in range(len(fast.names)) if i not in readings]
    readings |= {i: _number_reading(fast.names[i], fast.columns[i]) for i in numbers}
    with ThreadPoolExecutor(2) as pool:
        arrays = dict(zip(numbers, pool.map(partial(_take_numbers, fast.columns), numbers), strict=True))
    series = {name: arrays[i] if i in arrays else typed.frame[name] for i, name in enumerate(fast.names)}
    frame = pd.DataFrame(series, copy=False)
    evidence = "all bytes are plain ASCII" if fast.is_ascii else "all bytes are valid UTF-8"
    encoding = Decision("encoding", "utf-8", f"The text is utf-8: {evidence}.", evidence)
    commas = (DECIMAL_COMMA,) if fast.decimal == "," else ()
    report = ReadReport(
        format="text",
        encoding="utf-8",
        delimiter=fast.dialect.delimiter,
        decimal=typed.decimal or fast.decimal,
        thousands=typed.thousands,
        header_row=fast.header_line,
        rows=len(frame),
        columns=frame.shape[1],
        quote=fast.dialect.quote,
        escape="",
        repairs=fast.repairs,
        decisions=(*content.decisions, encoding, *fast.decisions, *commas, *typed.decisions),
        column_readings=tuple(readings[i] for i in range(len(fast.names))),
        doubts=typed.doubts,
    )
    return frame, report


def _take_numbers(columns: list[pa.ChunkedArray], index: int) -> Any:
    """The column as an array; its place is emptied, so that the whole table is never held twice."""
    column, columns[index] = columns[index], pa.chunked_array([], pa.null())
    return number_array(column)


def number_array(column: pa.ChunkedArray) -> np.ndarray | pd.api.extensions.ExtensionArray:
    """int64, Int64 where whole numbers are missing, or float64 with NaN for missing."""
    if pa.types.is_integer(column.type) and column.null_count:
        return pd.Int64Dtype().__from_arrow__(column)  # type: ignore[attr-defined]
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
