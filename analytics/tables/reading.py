"""Read a table from any supported file and say how."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from analytics.apart import Limits
from analytics.tables.containers import Content, bytes_of, unpack
from analytics.tables.errors import TableError
from analytics.tables.formats.asked.mixed import mixed_quantities
from analytics.tables.formats.delimited import read_delimited
from analytics.tables.formats.json_lines import read_json
from analytics.tables.formats.kinds import format_of
from analytics.tables.formats.loaded import Loaded
from analytics.tables.formats.markup import read_markup
from analytics.tables.formats.parquet import read_parquet
from analytics.tables.formats.spreadsheet import read_spreadsheet, sheet_names
from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.report import ReadReport, Table
from analytics.tables.sending import list_sheets_apart, read_apart

_READERS = {
    "parquet": read_parquet,
    "spreadsheet": read_spreadsheet,
    "json lines": read_json,
    "markup": read_markup,
}
_WITHOUT_LINES = ("parquet", "json lines")
"""Formats in which nothing is left out by its line."""


def read_table(
    source: bytes | str | Path | BinaryIO,
    *,
    name: str | None = None,
    options: ReadOptions | None = None,
    isolated: bool | Limits = False,
) -> Table:
    """Read a file of any supported kind, packed or not, whatever its dialect and pollution.

    ``source`` is bytes, a path or a binary file. Every guess and every repair is in ``Table.report``. With
    ``isolated`` the file is read in a process of its own within these limits (``True``: the usual ones), so
    that no file can end or fill this one; that costs some milliseconds, and a second for the first file.
    Raises ``TableError`` with one sentence where the file cannot be read or passes a limit.
    """
    options = ReadOptions() if options is None else options
    if not isinstance(options, ReadOptions):
        raise TableError(f"Options are ReadOptions, not {options!r}.")
    if not isinstance(name, str | None):
        raise TableError(f"The name of a file is a text, not {name!r}.")
    if isolated:
        limits = isolated if isinstance(isolated, Limits) else Limits()
        return read_apart(source, name=name, options=options, limits=limits)
    given, found = bytes_of(source, options)
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(lambda: hashlib.sha256(given).hexdigest())
        table = read_given(given, name=name or found, options=options)
        return replace(table, sha256=digest.result(), name=name or table.name)


def list_sheets(source: bytes | str | Path | BinaryIO, *, isolated: bool | Limits = False) -> list[str]:
    """Names of a workbook's visible sheets in order; of all if none is visible; none for other files.

    Raises:
        TableError: the workbook is damaged or protected, or there is no such file.
    """
    given, _ = bytes_of(source, ReadOptions())
    if isolated:
        return list_sheets_apart(given, limits=isolated if isinstance(isolated, Limits) else Limits())
    return sheet_names(given[:])


def read_given(given: Bytes, *, name: str, options: ReadOptions) -> Table:
    """The table in what a file holds, unpacked where need be; ``sha256`` is left empty."""
    content = unpack(given, name=name, options=options)
    kind = format_of(content.data, content.name)
    loaded = _load(kind, content, options)
    return Table(loaded.frame, _report(kind, content, loaded), "", content.name, loaded.lines)


def _load(kind: str, content: Content, options: ReadOptions) -> Loaded:
    if kind == "text":  # may be mapped from the disk and larger than memory would hold twice
        return read_delimited(content.data, options=options, name=content.name)
    if options.skip_rows and kind in _WITHOUT_LINES:
        raise TableError(f"Rows of {kind} have no lines to be left out by; leave skip_rows empty.")
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
        decisions=(*content.decisions, *loaded.decisions, *mixed_quantities(loaded.frame)),
        column_readings=loaded.readings,
        preamble=loaded.preamble,
        footer=loaded.footer,
        doubts=loaded.doubts,
    )
