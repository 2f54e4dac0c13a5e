"""``zetascope map``."""

import os
from collections.abc import Mapping
from dataclasses import replace
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
    import pandas as pd

    from analytics.text import MapParameters, Projection, TextColumn, TextReading
    from analytics.text.map_table import ReadTexts

_LONG: Mapping[str, dict[str, bool]] = {
    "beginning": {},
    "whole": {"passages": True},
    "passages": {"apart": True},
}


def map_texts(
    source: Source,
    target: Target,
    column: Annotated[str, typer.Option(help="The column with the texts.")],
    model: Annotated[
        str, typer.Option(help="all-MiniLM-L6-v2, a local folder, or an id of the Hugging Face Hub.")
    ] = "all-MiniLM-L6-v2",
    method: Annotated[
        str,
        typer.Option(
            help="umap, pca, or umap-learn: the reference UMAP, which --metric, --guided-by, --density and "
            "more than 3 dimensions need. It compiles for half a minute first."
        ),
    ] = "umap",
    n_neighbors: Annotated[int, typer.Option(help="Neighbours UMAP keeps, the text itself included.")] = 15,
    min_dist: Annotated[float, typer.Option(help="How near to each other UMAP may lay two texts.")] = 0.1,
    dimensions: Annotated[int, typer.Option(help="2 or 3; by umap-learn up to 50.")] = 2,
    metric: Annotated[
        str, typer.Option(help="cosine, correlation, euclidean, manhattan or chebyshev, by umap-learn.")
    ] = "cosine",
    guided_by: Annotated[
        str | None, typer.Option(help="A column whose values should lie together, by umap-learn.")
    ] = None,
    density: Annotated[
        bool, typer.Option("--density", help="Keep densities (densMAP), by umap-learn.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same map on the same machine.")] = 42,
    long: Annotated[
        str,
        typer.Option(
            help="What is read of texts longer than the model takes: their beginning; whole, as the mean of "
            "their passages; or passages, each a point and a line of its own."
        ),
    ] = "beginning",
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Weights of 8 bits: about twice as fast; how well they agree is told."),
    ] = False,
    strip: Annotated[
        bool, typer.Option("--strip", help="Leave out HTML, addresses and quoted mail before texts are read.")
    ] = False,
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
    """Map the texts of a column: coordinates, trust, neighbours, topics, duplicates, languages, odd texts.

    The map and the table are those of the Text map page with the same choices.
    """
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # its warnings are about training
    from analytics.text import VECTOR_FORMS, MapParameters, TextReading, text_column

    parameters = MapParameters(
        method, n_neighbors, min_dist, dimensions, seed, metric=metric, density=density, guided_by=guided_by
    )
    parameters.check()
    if long not in _LONG:
        raise ZetascopeError(f"--long {long} is not known: choose {', '.join(_LONG)}.")
    reading = TextReading(backend="quick" if quick else "auto", stripped=strip, **_LONG[long])
    big = engine_of(engine, master, connect, memory, bad_files)
    if big:
        for_memory = {"--vectors": vectors, "--read": read_as, "--strip": strip, "--long": _LONG[long]}
        for option in (option for option, given in for_memory.items() if given):
            raise ZetascopeError(f"{option} is for tables in memory: leave it out with --engine.")
        map_big(
            big, source, target, column, model=model, backend=reading.backend, parameters=parameters,
            laid_out=limit,
        )  # fmt: skip
        return
    check_target(target)
    form = vectors.suffix.removeprefix(".").lower() if vectors else VECTOR_FORMS[0]
    if form not in VECTOR_FORMS:
        raise ZetascopeError(f"{vectors} is none of the files for vectors: .{', .'.join(VECTOR_FORMS)}.")
    frame = read_telling(source, options_of(read_as)).frame
    from analytics.numbers.basics.selection import require_columns

    require_columns(frame, [column, *([guided_by] if guided_by else [])])
    texts = text_column(frame[column], limit=limit)
    read = _read(texts, model, reading)
    give_back()  # the model, before the layout needs as much
    lines, rows = read.column.lines(frame)
    projection = _laid_out(lines, rows, read, parameters)
    write(_table(lines, rows, read, projection), target)
    if vectors:
        _write_vectors(vectors, read, rows, len(lines), form=form)
    _say_map(target, frame, texts, read, projection)


def _read(texts: "TextColumn", model: str, reading: "TextReading") -> "ReadTexts":
    """The texts as they are read, vectors that are known from the cache; says what is in doubt."""
    from analytics.text import load_encoder, open_cache
    from analytics.text.map_table import read_texts
    from analytics.text.quick import measured_agreement
    from analytics.text.reading.languages import warning_of_some

    encoder = load_encoder(model, backend=reading.backend)
    if reading.backend == "quick":
        with progress_bar("Comparing quick with exact vectors") as progress:
            agreement = measured_agreement(load_encoder(model), encoder, texts.texts, progress=progress)
        say(agreement.sentence())
    with progress_bar("Reading texts") as progress:
        read = read_texts(texts, encoder, reading=reading, store=open_cache(), progress=progress)
    doubt = warning_of_some(read.column.texts, read.unknown_share, model=model)
    if doubt:
        say(doubt, error=True)
    return read


def _laid_out(
    lines: "pd.DataFrame", rows: "np.ndarray", read: "ReadTexts", parameters: "MapParameters"
) -> "Projection":
    """The map; of many texts some are laid out first, as on the page, so that both are the same."""
    from analytics.text import project
    from analytics.text.batches import first_count

    if parameters.method == "umap":
        parameters = replace(parameters, first=first_count(read.column.texts))
    guide = None if parameters.guided_by is None else lines[parameters.guided_by].iloc[rows].tolist()
    with progress_bar("Laying out") as progress:
        return project(read.vectors, parameters=parameters, guide=guide, progress=progress)


def _table(
    lines: "pd.DataFrame", rows: "np.ndarray", read: "ReadTexts", projection: "Projection"
) -> "pd.DataFrame":
    """Every line with what the map says of it, as the page's download has it."""
    from analytics.text import (
        TopicChoices,
        cluster,
        languages_of,
        map_table,
        near_duplicates,
        semantic_outliers,
        topic_levels,
    )
    from analytics.text.topics.clusters import with_min_size
    from analytics.text.topics.phrases import count_phrases
    from analytics.text.topics.tree import topic_tree

    texts = read.column.texts
    choices = with_min_size(TopicChoices(), len(texts))
    assert choices.min_size is not None
    phrases = count_phrases(texts)
    tree = topic_tree(projection, space=choices.space, min_size=choices.min_size)
    return map_table(
        lines,
        rows,
        projection,
        clusters=cluster(projection, texts, choices=choices, tree=tree, phrases=phrases),
        duplicates=near_duplicates(projection.neighbors, vectors=projection.vectors),
        unusual=semantic_outliers(projection.neighbors),
        read_share=read.read_share,
        levels=topic_levels(projection, texts, choices=choices, tree=tree, phrases=phrases),
        languages=languages_of(texts).codes,
        unknown_share=read.unknown_share,
    )


def _write_vectors(target: Path, read: "ReadTexts", rows: "np.ndarray", lines: int, *, form: str) -> None:
    from analytics.text import vectors_per_row, write_vectors

    target.write_bytes(write_vectors(vectors_per_row(read.vectors, rows, lines), form=form))


def _say_map(
    target: Path, frame: "pd.DataFrame", texts: "TextColumn", read: "ReadTexts", projection: "Projection"
) -> None:
    missing = len(frame) - len(texts.rows)
    left_out = f", {missing:,} not on it" if missing else ""
    passages = "" if read.column.numbers is None else f" as {count(len(read.column.texts), 'passage')}"
    say(
        f"{target}: {count(len(frame), 'row')}, {len(texts.rows):,} on the map{passages}{left_out}; "
        f"trustworthiness {projection.trustworthiness:.4f}, continuity {projection.continuity:.4f}."
    )
