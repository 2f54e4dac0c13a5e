"""Reading, describing and writing tables."""

from analytics.tables.columns import Role, column_roles, number_columns
from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions
from analytics.tables.reading import read_table
from analytics.tables.report import ColumnReading, Decision, ReadReport, Repair, Table

__all__ = [
    "ColumnReading",
    "Decision",
    "ReadOptions",
    "ReadReport",
    "Repair",
    "Role",
    "Table",
    "TableError",
    "column_roles",
    "number_columns",
    "read_table",
]
