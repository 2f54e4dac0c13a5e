"""Makes a text map again. Needs Zetascope, which wrote it.

Beside the vectors of the download it gives the very same map on the same machine; without them it encodes
again, and the last digits of vectors depend on what is encoded together.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from analytics.tables import ReadOptions, read_table, write_csv
from analytics.text import (
    MapParameters,
    TextReading,
    TopicChoices,
    TopicEdits,
    cluster,
    cut_passages,
    encode_passages,
    languages_of,
    load_encoder,
    map_table,
    near_duplicates,
    project,
    read_vectors,
    semantic_outliers,
    strip_markup,
    text_column,
    topic_levels,
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
READING = TextReading()
TAGS: dict[int, str] = {}
SELECTED: tuple[int, ...] | None = None
VECTORS = "data_vectors.npy"
TARGET = "data_map.csv"

table = read_table(SOURCE, options=OPTIONS)
frame = table.frame
column = text_column(frame[COLUMN], limit=LIMIT)
if READING.stripped:
    column = replace(column, texts=strip_markup(column.texts).texts)
encoder = load_encoder(MODEL, backend=READING.backend)
if READING.apart:
    column = column.cut(cut_passages(column.texts, encoder))
texts = column.texts
frame, rows = column.lines(frame)
saved = Path(VECTORS)
if saved.exists():
    vectors = read_vectors(saved.read_bytes(), rows=len(frame))[rows]
elif READING.passages:
    vectors = encode_passages(encoder, cut_passages(texts, encoder), store=None).vectors
else:
    vectors = encoder.encode(texts, role="document")
guide = None if PARAMETERS.guided_by is None else frame[PARAMETERS.guided_by].iloc[rows].tolist()
projection = project(vectors, parameters=PARAMETERS, guide=guide)
found = cluster(projection, texts, choices=CHOICES)
numbers = frame.index.to_numpy() + 1
everything = READING.passages or READING.apart or READING.own
mapped = map_table(
    frame,
    rows,
    projection,
    clusters=EDITS.apply(found, texts, projection.vectors),
    levels=topic_levels(projection, texts, choices=CHOICES),
    duplicates=near_duplicates(projection.neighbors, THRESHOLD, vectors=projection.vectors),
    unusual=semantic_outliers(projection.neighbors),
    read_share=np.ones(len(texts)) if everything else encoder.read_share(texts),
    unknown_share=np.zeros(len(texts)) if READING.own else encoder.unknown_share(texts),
    languages=languages_of(texts).codes,
    tags=[TAGS.get(int(number), "") for number in numbers[rows]] if TAGS else None,
    selected=None if SELECTED is None else np.isin(numbers, SELECTED),
)
write_csv(mapped, TARGET)
print(f"trustworthiness {projection.trustworthiness:.4f}, continuity {projection.continuity:.4f}")
