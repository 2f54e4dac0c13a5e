"""The map's files: the table, the vectors, a page that works offline, and a script."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analytics.dashboard.pages.text_map.duplicates import chosen_threshold
from analytics.dashboard.pages.text_map.known import duplicates_of
from analytics.dashboard.pages.text_map.maps import MadeMap, encoder_of
from analytics.dashboard.pages.text_map.state import selected_of
from analytics.dashboard.pages.text_map.views import colourings
from analytics.dashboard.pages.text_map.words import notes_on
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.text_map.looks import colour_by_cluster
from analytics.figures.text_map.plots import map_figure, offline_page
from analytics.figures.text_map.saved_page import saved_page
from analytics.reproduce import cleaning, map_script
from analytics.text import (
    DuplicateGroups,
    TextEncoder,
    TextReading,
    languages_of,
    map_table,
    topic_levels,
    vectors_per_row,
    write_vectors,
)

_VECTORS = {"npy": ".npy", "parquet": "Parquet", "faiss": "faiss"}


def draw_downloads(dataset: DataSet, made: MadeMap) -> None:
    """The table with the map's columns, the vectors, the map as a page, and a script."""
    stem = stem_of(dataset.name)
    # A download is made in another thread, where the session cannot be read: so it is read here.
    selected = selected_mask(dataset, made)
    encoder = None if made.source.uploaded else encoder_of(made.source)
    notes = map_notes(made)
    groups = duplicates_of(made.source, chosen_threshold(), made.projection)
    with st.container(horizontal=True):
        widgets.download_table(
            lambda: exported(dataset, made, groups, selected, encoder),
            stem=f"{stem}_map",
            key="text_map_download",
            label="Table with the map",
        )
        for form, name in _VECTORS.items():
            widgets.download(
                f"Vectors ({name})",
                partial(_vectors, dataset, made, form),
                file_name=f"{stem}_vectors.{form}",
                key=f"text_map_download_vectors_{form}",
            )
        widgets.download(
            "The map as a page (HTML)",
            lambda: map_page(dataset, made, notes, selected),
            file_name=f"{stem}_map.html",
            key="text_map_download_html",
        )
        widgets.download(
            "A script that makes it again",
            lambda: _script(dataset, made, groups.threshold, selected),
            file_name=f"{stem}_map.py",
            key="text_map_download_script",
        )
    lines = (
        "Every row of the table is in the download once and in its order; rows that are not on the map have "
        "empty cells there."
        if made.column.numbers is None
        else "The table has a line for each passage, with the number of its row and of itself there; "
        "rows without text have one line."
    )
    st.caption(
        f"{lines} It has the topics at all levels, tags, languages and shares read. The vectors file has one "
        "vector per line, zeros where there is no text. The page needs no network and has the "
        "texts, a search for words, the topics, the selection and every colour. Coordinates are stored "
        "because another machine may compute others."
    )
    text = made.source.column
    st.caption(
        plain(
            f"Other programs open the table: embedding-atlas {stem}_map.parquet --text {text!r} --x map_x "
            "--y map_y, or, of the rows on the map, datamapplot.create_plot(table[['map_x', 'map_y']]"
            ".to_numpy(), table['cluster_name'].to_numpy(), noise_label='noise').",
            width=400,
        )
    )


def exported(
    dataset: DataSet,
    made: MadeMap,
    groups: DuplicateGroups,
    selected: np.ndarray | None,
    encoder: TextEncoder | None,
) -> pd.DataFrame:
    """The whole table with what the map says; of passages, with a line for each."""
    frame, rows = made.column.lines(dataset.frame)
    return map_table(
        frame,
        rows,
        made.projection,
        clusters=made.clusters,
        duplicates=groups,
        unusual=made.unusual,
        read_share=made.read_share,
        selected=None if selected is None else np.isin(frame.index, dataset.frame.index[selected]),
        levels=topic_levels(made.projection, made.texts, choices=made.found.choices),
        languages=languages_of(made.texts).codes,
        unknown_share=np.zeros(len(made.texts)) if encoder is None else encoder.unknown_share(made.texts),
        tags=made.tags if (made.tags != "").any() else None,
    )


def _vectors(dataset: DataSet, made: MadeMap, form: str) -> bytes:
    """A vector for each line of the exported table."""
    frame, rows = made.column.lines(dataset.frame)
    return write_vectors(vectors_per_row(made.projection.vectors, rows, len(frame)), form=form)


def selected_mask(dataset: DataSet, made: MadeMap) -> np.ndarray | None:
    """Whether each row of the table is selected on the map (n,); None without a selection."""
    rows = selected_of(made)
    if rows is None:
        return None
    selected = np.zeros(len(dataset.frame), dtype=bool)
    selected[rows] = True
    return selected


def map_notes(made: MadeMap) -> list[str]:
    """What has to be known to read the map, a sentence or two each."""
    quality = made.projection.quality
    return [
        f"{count(len(made.texts), 'text')} of column {made.source.column}; near points are texts of like "
        "meaning.",
        f"{made.projection.point_trust.sentence()} {quality.sentence(len(made.texts))}",
        *notes_on(made),
    ]


def map_page(dataset: DataSet, made: MadeMap, notes: list[str], selected: np.ndarray | None) -> str:
    """The map as one page that works offline, with every column of its rows."""
    title = f"Text map of {dataset.name}"
    if made.projection.points.shape[1] == 3:
        return offline_page(_solid(made), title=title, notes=notes)
    offered = colourings(dataset, made, lambda: languages_of(made.texts).codes)
    return saved_page(
        made.projection,
        made.texts,
        made.file_rows,
        title=title,
        notes=notes,
        clusters=made.clusters,
        colourings={name: make() for name, make in offered.items()},
        others=dataset.frame.drop(columns=made.source.column).iloc[made.rows],
        selected=None if selected is None else selected[made.rows],
    )


def _solid(made: MadeMap) -> go.Figure:
    """The map in three dimensions, which turns under the pointer."""
    return map_figure(
        made.projection,
        made.texts,
        made.file_rows,
        colouring=colour_by_cluster(made.clusters),
        clusters=made.clusters,
        height=780,
    )


def _script(dataset: DataSet, made: MadeMap, threshold: float, selected: np.ndarray | None) -> str:
    source = made.source
    tagged = np.flatnonzero(made.tags != "")
    return map_script(
        file_name=dataset.name,
        column=made.source.column,
        model=made.source.model,
        parameters=made.projection.parameters,
        choices=made.found.choices,
        edits=made.edits,
        threshold=threshold,
        limit=source.limit,
        reading=TextReading(
            backend="quick" if source.quick else "auto",
            stripped=source.stripped,
            passages=source.passages,
            own=source.uploaded is not None,
            apart=source.apart,
        ),
        tags=dict(zip((made.file_rows[tagged] + 1).tolist(), made.tags[tagged].tolist(), strict=True)),
        selected=None if selected is None else dataset.row_numbers[selected],
        options=dataset.options,
        steps=cleaning(dataset.recipe, dataset.read_table),
    )
