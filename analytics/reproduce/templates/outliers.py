"""Searches a file for outliers again, prints the reasons and applies the decisions. Needs Zetascope."""

from analytics.numbers import find_in_time, find_outliers, ranking
from analytics.numbers.outliers.decisions import Decisions, apply_decisions, decisions_table
from analytics.tables import ReadOptions, read_table, write_csv

SOURCE = "data.csv"
OPTIONS = ReadOptions()
METHODS = ["modified_zscore"]
THRESHOLDS: dict[str, float] = {}
COLUMNS = ["x"]
OTHERS: list[str] = []
LABEL: list[str] = []
IN_TIME: list[tuple[str, str, int | None]] = []
RANKING = "data_outliers.csv"
BY: list[str] = []
SEED = 0
DECISIONS = "{}"
TARGET = "decided.csv"

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
lines = None if table.lines is None else table.lines[frame.index]
report = find_outliers(
    frame,
    methods=METHODS,
    thresholds=THRESHOLDS,
    columns=COLUMNS,
    others=OTHERS,
    label=LABEL,
    by=BY,
    seed=SEED,
)
ranked = ranking(report, lines=lines)
ranked["row"] = frame.index[ranked["row"] - 1] + 1
print(ranked.to_string(index=False))
write_csv(ranked, RANKING)
for column, time, period in IN_TIME:
    for finding in find_in_time(frame, column, time=time, period=period).found:
        print(finding.sentence)

decisions = Decisions.from_json(DECISIONS)
decided = apply_decisions(frame, report, decisions)
write_csv(decided, TARGET)
decided_rows = decisions_table(report, decisions, lines=lines)
if len(decided_rows):
    write_csv(decided_rows, "decisions.csv")
