"""Readers of typed formats, each giving a ``Loaded``."""

from analytics.tables.json_lines import read_json_lines
from analytics.tables.loaded import Loaded
from analytics.tables.parquet import read_parquet
from analytics.tables.spreadsheet import list_sheets, read_spreadsheet

__all__ = ["Loaded", "list_sheets", "read_json_lines", "read_parquet", "read_spreadsheet"]
