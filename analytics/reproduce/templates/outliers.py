"""Searches a file for outliers again, prints the reasons and applies the decisions. Needs Zetascope."""

from analytics.numbers import find_outliers
from analytics.numbers.outliers.decisions import Decisions, apply_decisions, decisions_table
from analytics.tables import ReadOptions, read_table, write_csv

SOURCE = "data.csv"
OPTIONS = ReadOptions()
METHODS = ["modified_zscore"]
THRESHOLDS: dict[str, float] = {}
COLUMNS = ["x"]
BY: list[str] = []
SEED = 0
DECISIONS = "{}"
TARGET = "decided.csv"

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
lines = None if table.lines is None else table.lines[frame.index]
report = find_outliers(frame, methods=METHODS, thresholds=THRESHOLDS, columns=COLUMNS, by=BY, seed=SEED)
reasons = report.reasons
print(reasons.set_axis(reasons.index + 1).rename_axis("row").to_string())

decisions = Decisions.from_json(DECISIONS)
decided = apply_decisions(frame, report, decisions)
write_csv(decided, TARGET)
decided_rows = decisions_table(report, decisions, lines=lines)
if len(decided_rows):
    write_csv(decided_rows, "decisions.csv")
