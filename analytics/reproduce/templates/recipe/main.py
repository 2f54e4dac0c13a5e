"""Reads a file and takes the steps of its recipe with pandas. Reading needs Zetascope, which wrote it."""

from analytics.tables import ReadOptions, read_table, write_csv

SOURCE = "data.csv"
OPTIONS = ReadOptions()
TARGET = "cleaned.csv"

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
write_csv(frame, TARGET)
