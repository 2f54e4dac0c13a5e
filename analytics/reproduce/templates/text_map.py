"""Makes a text map again. Needs Zetascope, which wrote it.

Beside the vectors of the download it gives the very same map on the same machine; without them it encodes
again, and the last digits of vectors depend on what is encoded together.
"""

from pathlib import Path

from analytics.tables import ReadOptions, read_table, write_csv
from analytics.text import (
    MapParameters,
    TopicChoices,
    TopicEdits,
    cluster,
    load_encoder,
    map_table,
    near_duplicates,
    project,
    read_vectors,
    semantic_outliers,
    text_column,
)

SOURCE = "data.csv"
OPTIONS = ReadOptions()
COLUMN = "text"
LIMIT: int | None = None
MODEL = "all-MiniLM-L6-v2"
PARAMETERS = MapParameters()
CHOICES = TopicChoices()
EDITS = TopicEdits()
THRESHOLD = 0.95
VECTORS = "data_vectors.npy"
TARGET = "data_map.csv"

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
column = text_column(frame[COLUMN], limit=LIMIT)
saved = Path(VECTORS)
if saved.exists():
    vectors = read_vectors(saved.read_bytes(), rows=len(frame))[column.rows]
else:
    vectors = load_encoder(MODEL).encode(column.texts, role="document")
projection = project(vectors, parameters=PARAMETERS)
found = cluster(projection, column.texts, choices=CHOICES)
mapped = map_table(
    frame,
    column.rows,
    projection,
    clusters=EDITS.apply(found, column.texts, projection.vectors),
    duplicates=near_duplicates(projection.neighbors, THRESHOLD, vectors=projection.vectors),
    unusual=semantic_outliers(projection.neighbors),
)
write_csv(mapped, TARGET)
print(f"trustworthiness {projection.trustworthiness:.4f}, continuity {projection.continuity:.4f}")
