"""What the bytes of a file are: how they are packed, and which format the table in them has."""

from __future__ import annotations

import io
import zipfile

from analytics.tables.formats.json_text import looks_like_json
from analytics.tables.formats.markup import markup_kind
from analytics.tables.options import Bytes

_GZIP, _ZSTD, _ZIP, _BZIP2 = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"BZh"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False
    return any(name.startswith(_SPREADSHEET_PARTS) for name in names)


def is_workbook(data: Bytes) -> bool:
    """Whether the bytes are an .xls, .xlsx or .ods workbook."""
    head = data[:8]
    return head == _OLE2 or (head.startswith(b"PK") and _is_spreadsheet(data[:]))


def format_of(data: Bytes, name: str = "") -> str:
    """parquet, spreadsheet, json lines, markup or text, by the first bytes, or for JSON by the name."""
    if data[:4] == b"PAR1":
        return "parquet"
    if is_workbook(data):
        return "spreadsheet"
    if markup_kind(data):
        return "markup"
    return "json lines" if looks_like_json(data, name) else "text"
