"""Compares models on raw and scaled values again. Needs Zetascope, which wrote it."""

from typing import Any

from analytics.numbers import compare_scaling
from analytics.tables import ReadOptions, read_table

SOURCE = "data.csv"
OPTIONS = ReadOptions()
COLUMNS = ["x"]
PREDICTED: str | None = None
SETTINGS: dict[str, Any] = {}

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
summary = compare_scaling(frame[COLUMNS], PREDICTED, **SETTINGS)
print(summary)
