"""Read a table from any supported file and say how."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from analytics.tables.containers import Content, open_content
from analytics.tables.errors import TableError
from analytics.tables.formats.delimited import read_delimited
from analytics.tables.formats.json_lines import read_json
from analytics.tables.formats.kinds import format_of
from analytics.tables.formats.loaded import Loaded
from analytics.tables.formats.markup import read_markup
from analytics.tables.formats.parquet import read_parquet
from analytics.tables.formats.spreadsheet import read_spreadsheet
from analytics.tables.options import ReadOptions
from analytics.tables.report import ReadReport, Table

_READERS = {
    "parquet": read_parquet,
    "spreadsheet": read_spreadsheet,
    "json lines": read_json,
    "markup": read_markup,
}


def read_table(
    source: bytes | str | Path | BinaryIO, *, name: str | None = None, options: ReadOptions | None = None
) -> Table:
    """Read a file of any supported kind, packed or not, whatever its dialect and pollution.

    ``source`` is bytes, a path or a binary file. Every guess and every repair is in ``Table.report``.
    Raises ``TableError`` with one sentence where the file cannot be read or passes a limit.
    """
    options = ReadOptions() if options is None else options
    if not isinstance(options, ReadOptions):
        raise TableError(f"Options are ReadOptions, not {options!r}.")
    if not isinstance(name, str | None):
        raise TableError(f"The name of a file is a text, not {name!r}.")
    content = open_content(source, name=name, options=options)
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(lambda: hashlib.sha256(content.given).hexdigest())
        kind = format_of(content.data, content.name)
        loaded = _load(kind, content, options)
        report = _report(kind, content, loaded)
        return Table(loaded.frame, report, digest.result(), name or content.name, loaded.lines)


def _load(kind: str, content: Content, options: ReadOptions) -> Loaded:
    if kind == "text":  # may be mapped from the disk and larger than memory would hold twice
        return read_delimited(content.data, options=options, name=content.name)
    return _READERS[kind](content.data[:], options=options)


def _report(kind: str, content: Content, loaded: Loaded) -> ReadReport:
    rows, columns = loaded.frame.shape
    return ReadReport(
        format=loaded.format or kind,
        encoding=loaded.encoding,
        delimiter=loaded.delimiter,
        decimal=loaded.decimal,
        thousands=loaded.thousands,
        header_row=loaded.header_row,
        rows=rows,
        columns=columns,
        quote=loaded.quote,
        escape=loaded.escape,
        repairs=loaded.repairs,
        decisions=(*content.decisions, *loaded.decisions),
        column_readings=loaded.readings,
        preamble=loaded.preamble,
        footer=loaded.footer,
        doubts=loaded.doubts,
    )
