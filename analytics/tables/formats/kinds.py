"""What the bytes of a file are: how they are packed, and which format the table in them has."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

from analytics.tables.errors import TableError
from analytics.tables.formats.binary.container import MAGIC
from analytics.tables.formats.json_text import looks_like_json
from analytics.tables.formats.markup import markup_kind
from analytics.tables.formats.no_tables import named_no_table
from analytics.tables.options import Bytes

_GZIP, _ZSTD, _ZIP, _BZIP2 = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"BZh"
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, LookupError, ValueError,
    ArithmeticError, RuntimeError
)  # fmt: skip
"""What Python's reader of zips raises for one that is broken, each way of packing its own."""
_SPREADSHEET_PARTS = ("xl/", "content.xml", "mimetype", "[Content_Types].xml")


def compression_of(data: Bytes) -> str | None:
    """gzip, zstd, bz2 or zip by the first bytes; ``None`` for anything else and for spreadsheets."""
    head = data[:10]
    for magic, kind in ((_GZIP, "gzip"), (_ZSTD, "zstd"), (_ZIP, "zip")):
        if head.startswith(magic):
            return None if kind == "zip" and _is_spreadsheet(data[:]) else kind
    return "bz2" if head.startswith(_BZIP2) and head[4:] == b"1AY&SY" else None


def _is_spreadsheet(data: bytes) -> bool:
    """Whether a zip holds the parts of an .xlsx or .ods workbook."""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except BROKEN_ZIP:
        return False
    return any(name.startswith(_SPREADSHEET_PARTS) for name in names)


def is_workbook(data: Bytes) -> bool:
    """Whether the bytes are an .xls, .xlsx or .ods workbook."""
    head = data[:8]
    return head == MAGIC or (head.startswith(b"PK") and _is_spreadsheet(data[:]))


def format_of(data: Bytes, name: str = "") -> str:
    """parquet, spreadsheet, json lines, markup or text, by the first bytes, or for JSON by the name.

    Raises:
        TableError: the first bytes are those of a file without a table that could be read.
    """
    what = named_no_table(data)
    if what:
        raise TableError(f"The file is {what}, not a table; export the table as CSV or Excel.")
    if data[:4] == b"PAR1":
        return "parquet"
    if is_workbook(data):
        return "spreadsheet"
    if markup_kind(data):
        return "markup"
    return "json lines" if looks_like_json(data, name) else "text"
