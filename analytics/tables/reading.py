"""Read a table from any supported file and say how."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from analytics.tables.containers import Bytes, Content, is_spreadsheet, open_content
from analytics.tables.formats.delimited import read_delimited
from analytics.tables.formats.json_lines import read_json
from analytics.tables.formats.json_text import looks_like_json
from analytics.tables.formats.markup import markup_kind, read_markup
from analytics.tables.formats.parquet import read_parquet
from analytics.tables.formats.spreadsheet import read_spreadsheet
from analytics.tables.options import ReadOptions
from analytics.tables.report import ReadReport, Table

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET = b"PAR1"


def read_table(
    source: bytes | str | Path | BinaryIO, *, name: str | None = None, options: ReadOptions | None = None
) -> Table:
    """Read a file of any supported kind, packed or not, whatever its dialect and pollution.

    ``source`` is bytes, a path or a binary file. Every guess and every repair is in ``Table.report``.
    Raises ``TableError`` with one sentence where the file cannot be read or passes a limit.
    """
    options = options or ReadOptions()
    content = open_content(source, name=name, options=options)
    with ThreadPoolExecutor(1) as pool:
        digest = pool.submit(lambda: hashlib.sha256(content.given).hexdigest())
        frame, report = _read(content, options)
        return Table(frame, report, digest.result(), name or content.name)


def format_of(data: Bytes, name: str = "") -> str:
    """parquet, spreadsheet, json lines or text, by the first bytes; the name decides only for JSON."""
    head = data[:8]
    if head.startswith(_PARQUET):
        return "parquet"
    if head == _OLE2 or (head.startswith(b"PK") and is_spreadsheet(data[:])):
        return "spreadsheet"
    if markup_kind(data):
        return "markup"
    return "json lines" if looks_like_json(data, name) else "text"


def _read(content: Content, options: ReadOptions) -> tuple[pd.DataFrame, ReadReport]:
    kind = format_of(content.data, content.name)
    if kind == "text":
        return read_delimited(content, options)
    readers = {
        "parquet": read_parquet,
        "spreadsheet": read_spreadsheet,
        "json lines": read_json,
        "markup": read_markup,
    }
    loaded = readers[kind](content.data[:], options=options)
    rows, columns = loaded.frame.shape
    report = ReadReport(
        loaded.format or kind, loaded.encoding, None, None, None, loaded.header_row, rows, columns,
        repairs=loaded.repairs,
        decisions=(*content.decisions, *loaded.decisions),
        column_readings=loaded.readings,
        preamble=loaded.preamble,
        footer=loaded.footer,
        doubts=loaded.doubts,
    )  # fmt: skip
    return loaded.frame, report
