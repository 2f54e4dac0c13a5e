"""Compares every two columns of a file again and writes the table of pairs. Needs Zetascope."""

from collections.abc import Hashable

from analytics.numbers import find_relations
from analytics.tables import ReadOptions, Role, read_table, write_csv

SOURCE = "data.csv"
OPTIONS = ReadOptions()
ROLES: dict[str, str] = {}
SEED = 0
TARGET = "relations.csv"

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
roles: dict[Hashable, Role] = {name: Role(kind, "as it was used") for name, kind in ROLES.items()}
found = find_relations(frame, roles=roles, seed=SEED)
for sentence in found.sentences():
    print(sentence)
write_csv(found.pairs, TARGET)
