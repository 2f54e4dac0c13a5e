"""Reading, describing and writing tables."""

from analytics.tables.column_detail import ColumnDetail, ValueCounts, count_values, detail_column
from analytics.tables.columns import Role, column_roles, number_columns
from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions
from analytics.tables.profile import ColumnProfile, Histogram, TableProfile, profile_table
from analytics.tables.reading import list_sheets, read_table
from analytics.tables.records.encoding import ENCODINGS
from analytics.tables.report import Alternative, ColumnReading, Decision, Doubt, ReadReport, Repair, Table
from analytics.tables.typed.retype import read_again
from analytics.tables.writing.writing import Written, write_csv, write_parquet

__all__ = [
    "ENCODINGS",
    "Alternative",
    "ColumnDetail",
    "ColumnProfile",
    "ColumnReading",
    "Decision",
    "Doubt",
    "Histogram",
    "ReadOptions",
    "ReadReport",
    "Repair",
    "Role",
    "Table",
    "TableError",
    "TableProfile",
    "ValueCounts",
    "Written",
    "column_roles",
    "count_values",
    "detail_column",
    "list_sheets",
    "number_columns",
    "profile_table",
    "read_again",
    "read_table",
    "write_csv",
    "write_parquet",
]
