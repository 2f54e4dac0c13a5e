"""Compares every two columns of a file again and writes the table of pairs. Needs Zetascope."""

from analytics.numbers import find_relations
from analytics.recipe import Recipe
from analytics.tables import ReadOptions, Role, column_roles, read_table, write_csv

SOURCE = "data.csv"
OPTIONS = ReadOptions()
RECIPE = "{}"
USES: dict[str, str] = {}
SEED = 0
TARGET = "relations.csv"

made = Recipe.from_json(RECIPE).apply(read_table(SOURCE, options=OPTIONS))
uses = made.uses | USES
roles = column_roles(made.frame) | {name: Role(kind, "chosen") for name, kind in uses.items()}
found = find_relations(made.frame, roles=roles, seed=SEED)
for sentence in found.sentences():
    print(sentence)
write_csv(found.pairs, TARGET)
