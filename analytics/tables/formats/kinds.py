"""Which format the bytes of a table are in: decided here and nowhere else."""

from __future__ import annotations

from analytics.tables.containers import Bytes, is_workbook
from analytics.tables.formats.json_text import looks_like_json
from analytics.tables.formats.markup import markup_kind


def format_of(data: Bytes, name: str = "") -> str:
    """parquet, spreadsheet, json lines, markup or text, by the first bytes, or for JSON by the name."""
    if data[:4] == b"PAR1":
        return "parquet"
    if is_workbook(data):
        return "spreadsheet"
    if markup_kind(data):
        return "markup"
    return "json lines" if looks_like_json(data, name) else "text"
