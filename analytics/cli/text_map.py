"""``zetascope map``."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.engines import BadFiles, Connect, EngineName, Master, Memory, engine_of, map_big
from analytics.cli.files import Source, Target, check_target, progress_bar, say, write
from analytics.cli.reading import ReadAs, options_of, read_telling
from analytics.errors import ZetascopeError
from analytics.memory import give_back
from analytics.words import count

if TYPE_CHECKING:
    import numpy as np

    from analytics.text import Projection, TextColumn


def map_texts(
    source: Source,
    target: Target,
    column: Annotated[str, typer.Option(help="The column with the texts.")],
    model: Annotated[
        str, typer.Option(help="all-MiniLM-L6-v2, a local folder, or an id of the Hugging Face Hub.")
    ] = "all-MiniLM-L6-v2",
    n_neighbors: Annotated[int, typer.Option(help="Neighbours UMAP keeps, the text itself included.")] = 15,
    min_dist: Annotated[float, typer.Option(help="How near to each other UMAP may lay two texts.")] = 0.1,
    dimensions: Annotated[int, typer.Option(help="2 or 3.")] = 2,
    seed: Annotated[int, typer.Option(help="The same seed gives the same map on the same machine.")] = 42,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Map this many rows only, evenly spread; default: all. With --engine: lay so many texts out "
            "and place all others among them; default: 200,000.",
        ),
    ] = None,
    vectors: Annotated[
        Path | None, typer.Option(help="Also write the vectors here: .npy, .parquet or .faiss.")
    ] = None,
    read_as: ReadAs = [],  # noqa: B006, typer copies it
    engine: EngineName = "",
    master: Master = "",
    connect: Connect = "",
    memory: Memory = "",
    bad_files: BadFiles = "refuse",
) -> None:
    """Map the texts of a column: coordinates, trust, neighbours, clusters, duplicates and unusual texts."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # its warnings are about training
    from analytics.numbers.basics.selection import require_columns
    from analytics.text import (
        VECTOR_FORMS,
        MapParameters,
        cluster,
        map_table,
        near_duplicates,
        project,
        semantic_outliers,
        text_column,
        vectors_per_row,
        write_vectors,
    )

    parameters = MapParameters(n_neighbors=n_neighbors, min_dist=min_dist, dimensions=dimensions, seed=seed)
    big = engine_of(engine, master, connect, memory, bad_files)
    if big:
        if vectors or read_as:
            raise ZetascopeError(
                "--vectors and --read are for tables in memory: leave them out with --engine; "
                "zetascope embed writes vectors."
            )
        map_big(big, source, target, column, model=model, parameters=parameters, laid_out=limit)
        return
    check_target(target)
    form = vectors.suffix.removeprefix(".").lower() if vectors else VECTOR_FORMS[0]
    if form not in VECTOR_FORMS:
        raise ZetascopeError(f"{vectors} is none of the files for vectors: .{', .'.join(VECTOR_FORMS)}.")
    frame = read_telling(source, options_of(read_as)).frame
    require_columns(frame, [column])
    texts = text_column(frame[column], limit=limit)
    encoded, read_share = _encoded(texts.texts, model)
    give_back()  # the model, before the layout needs as much
    with progress_bar("Laying out") as progress:
        projection = project(encoded, parameters=parameters, progress=progress)
    table = map_table(
        frame,
        texts.rows,
        projection,
        clusters=cluster(projection, texts.texts),
        duplicates=near_duplicates(projection.neighbors, vectors=projection.vectors),
        unusual=semantic_outliers(projection.neighbors),
        read_share=read_share,
    )
    write(table, target)
    if vectors:
        vectors.write_bytes(write_vectors(vectors_per_row(encoded, texts.rows, len(frame)), form=form))
    _say_map(target, len(frame), texts, projection)


def _encoded(texts: "Sequence[str]", model: str) -> "tuple[np.ndarray, np.ndarray]":
    """Vectors of the texts, those known from the cache, and how much of each was read."""
    from analytics.text import encode_cached, load_encoder, open_cache

    encoder = load_encoder(model)
    with progress_bar("Reading texts") as progress:
        found = encode_cached(encoder, texts, store=open_cache(), role="document", progress=progress)
    return found.vectors, encoder.read_share(texts)


def _say_map(target: Path, rows: int, texts: "TextColumn", projection: "Projection") -> None:
    left_out = f", {rows - len(texts.rows):,} not on it" if len(texts.rows) < rows else ""
    say(
        f"{target}: {count(rows, 'row')}, {len(texts.rows):,} on the map{left_out}; trustworthiness "
        f"{projection.trustworthiness:.4f}, continuity {projection.continuity:.4f}."
    )
