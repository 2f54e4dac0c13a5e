"""Which cells of a workbook of any kind are shown with leading zeros."""

from __future__ import annotations

from analytics.tables.formats.shown_zeros.ods import ods_zeros
from analytics.tables.formats.shown_zeros.xls import xls_zeros
from analytics.tables.formats.shown_zeros.xlsb import xlsb_zeros
from analytics.tables.formats.shown_zeros.xlsx import xlsx_zeros


def shown_zeros(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """What a cell's format shows, each digit a 0 (00000, 000-00-0000), by its row and column from 1."""
    if not data.startswith(b"PK"):
        return xls_zeros(data, sheet)
    return xlsx_zeros(data, sheet) or xlsb_zeros(data, sheet) or ods_zeros(data, sheet)
