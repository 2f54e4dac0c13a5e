"""A map as a short script that makes it again."""

from dataclasses import fields

from analytics.tables import ReadOptions
from analytics.text.projection import MapParameters


def map_script(
    *,
    file_name: str,
    column: str,
    model: str,
    parameters: MapParameters,
    space: str,
    min_size: int,
    limit: int | None = None,
    options: ReadOptions | None = None,
) -> str:
    """Python that reads ``file_name``, maps its text column and writes the table with the map's columns.

    Beside the vectors of the download (``..._vectors.npy``) it gives the very same map on the same machine;
    without them it encodes again, and the last digits of vectors depend on what is encoded together.
    """
    stem = file_name.rsplit(".", 1)[0]
    settings = ", ".join(f"{item.name}={getattr(parameters, item.name)!r}" for item in fields(parameters))
    return f'''"""Makes a text map again. Needs Zetascope. Written by Zetascope."""

from pathlib import Path

from analytics.tables import ReadOptions, read_table, write_csv
from analytics.text import (
    cluster, load_encoder, map_table, near_duplicates, project, read_vectors, semantic_outliers, text_column,
)

frame = read_table({file_name!r}, options={_written(options)}).frame
column = text_column(frame[{column!r}], limit={limit!r})
saved = Path({f"{stem}_vectors.npy"!r})
if saved.exists():
    vectors = read_vectors(saved.read_bytes(), rows=len(frame))[column.rows]
else:
    vectors = load_encoder({model!r}).encode(column.texts, role="document")
projection = project(vectors, {settings})
table = map_table(
    frame,
    column.rows,
    projection,
    clusters=cluster(projection, column.texts, space={space!r}, min_size={min_size!r}),
    duplicates=near_duplicates(projection.neighbors),
    unusual=semantic_outliers(projection.neighbors),
)
write_csv(table, {f"{stem}_map.csv"!r})
print(f"trustworthiness {{projection.trustworthiness:.4f}}, continuity {{projection.continuity:.4f}}")
'''


def _written(options: ReadOptions | None) -> str:
    """The call that makes these options, without what is left at its default."""
    if options is None:
        return "ReadOptions()"
    usual = ReadOptions()
    changed = [
        f"{item.name}={getattr(options, item.name)!r}"
        for item in fields(options)
        if getattr(options, item.name) != getattr(usual, item.name)
    ]
    return f"ReadOptions({', '.join(changed)})"
