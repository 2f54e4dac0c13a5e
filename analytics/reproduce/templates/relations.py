"""Compares every two columns of a file again and writes the table of pairs. Needs Zetascope."""

from analytics.numbers import find_relations
from analytics.tables import ReadOptions, Role, column_roles, read_table, write_csv

SOURCE = "data.csv"
OPTIONS = ReadOptions()
USES: dict[str, str] = {}
SEED = 0
TARGET = "relations.csv"

frame = read_table(SOURCE, options=OPTIONS).frame
roles = column_roles(frame) | {name: Role(kind, "chosen") for name, kind in USES.items()}
found = find_relations(frame, roles=roles, seed=SEED)
for sentence in found.sentences():
    print(sentence)
write_csv(found.pairs, TARGET)
