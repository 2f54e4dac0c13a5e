"""The open data set's texts as vectors: neighbours before and after a change, and a path on their map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.texts.text_maps import made_layout
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.loading import shared_encoder
from analytics.figures.walks import encoder_walk as figures
from analytics.progress import Progress
from analytics.text import Projection, encode_cached, open_cache, project, search, text_column
from analytics.text.neighbors import SAME
from analytics.transformer.encoder.trace import EncoderTrace

_MOST_TEXTS = 5000
_NEIGHBORS = 10
_TEXT_SAMPLE = "opinions"


@dataclass(frozen=True)
class OpenTexts:
    """Texts of a column of the open data with their unit vectors (n, d)."""

    key: tuple[str, str, str]
    texts: tuple[str, ...]
    vectors: np.ndarray


def open_texts(dataset: DataSet, model: str) -> OpenTexts | None:
    """The open texts as vectors; draws what stands in the way and gives None until they are there."""
    if made := _made_map(dataset, model):
        return made.texts
    columns = dataset.columns("text")
    if not columns:
        _offer_texts(dataset)
        return None
    column = widgets.choose_one("Neighbours among", columns, key="encoder_walk_corpus", width=260)
    key = (dataset.key, column, model)
    series, encoder = dataset.frame[column], shared_encoder(model)

    def work(progress: Progress) -> OpenTexts:
        texts = text_column(series).texts[:_MOST_TEXTS]
        encoded = encode_cached(encoder, texts, store=open_cache(), progress=progress)
        return OpenTexts(key, texts, encoded.vectors)

    found = job_result("encoder_walk_texts", key, work, label="Encoding the open texts")
    if found and len(found.texts) == _MOST_TEXTS:
        st.caption(f"The first {_MOST_TEXTS:,} texts of the column take part.")
    return found


@dataclass(frozen=True)
class _OpenMap:
    """The open texts and their map."""

    texts: OpenTexts
    projection: Projection


def _made_map(dataset: DataSet, model: str) -> _OpenMap | None:
    """The flat map this session has made of the open data on the Text map page, or None."""
    made = made_layout(dataset.key, model)
    if made is None or made[1].points.shape[1] != 2:
        return None
    source, projection = made
    texts = text_column(dataset.frame[source.column], limit=source.limit).texts
    return _OpenMap(OpenTexts((dataset.key, source.column, model), texts, projection.vectors), projection)


def _offer_texts(dataset: DataSet) -> None:
    st.info(
        f"{plain(dataset.name)} has no column of text, so there are no neighbours to show here.",
        icon=":material/info:",
    )
    if _TEXT_SAMPLE in datasets.samples():
        title = datasets.title_of(_TEXT_SAMPLE)
        st.button(
            f"Open {title}",
            key="encoder_walk_open_sample",
            on_click=datasets.open_next,
            args=(_TEXT_SAMPLE,),
        )


def draw_neighbors(
    found: OpenTexts, before: np.ndarray, after: np.ndarray, *, names: tuple[str, str]
) -> None:
    """Ten nearest open texts of two vectors, side by side, with what only one of them has."""
    lists = [search(vector, found.vectors, _NEIGHBORS) for vector in (before, after)]
    shared = len(set(lists[0].rows.tolist()) & set(lists[1].rows.tolist()))
    st.markdown(f"**{shared} of {len(lists[0].rows)}** nearest texts are the same.")
    if any(len(hits.rows) and 1 - hits.similarity[0] < SAME for hits in lists):
        st.caption("A cosine of 1.000 is this very text, which is among them.")
    columns = st.columns(2)
    for side, (place, name, hits) in enumerate(zip(columns, names, lists, strict=True)):
        other = set(lists[1 - side].rows.tolist())
        frame = pd.DataFrame(
            {
                "cosine": hits.similarity,
                "text": [found.texts[row] for row in hits.rows],
                "in both": [row in other for row in hits.rows.tolist()],
            }
        )
        with place:
            st.caption(name)
            widgets.table(
                frame,
                key=f"encoder_walk_neighbors_{side}",
                alt=f"Ten nearest texts, {name}",
                column_config={"cosine": st.column_config.NumberColumn(format="%.3f", help=hover("cosine"))},
            )


def draw_layers(trace: EncoderTrace, dataset: DataSet, model: str) -> None:
    """The text's path through the layers: how it nears its end, and on the map of the open texts."""
    st.markdown(
        "After each layer the tokens can be pooled as the last ones are. Early layers were never trained to "
        "give sentence vectors: the path shows where the text moves, not what an early layer means."
    )
    figure = figures.layer_cosines(trace.layer_vectors)
    widgets.chart(figure, key="encoder_walk_layer_cosines", alt="Cosine of each layer to the final vector")
    found = open_texts(dataset, model)
    if found is None:
        return
    if found.vectors.shape[1] != trace.layer_vectors.shape[1]:
        st.info("This model changes the width after its pooling, so its layers cannot be placed on the map.")
        return
    made = _made_map(dataset, model)
    projection = made.projection if made else _map_of(found)
    if projection is None:
        return
    path, percentile = projection.transform(trace.layer_vectors)
    figure = figures.layer_path(projection.points, path, found.texts)
    alt = f"The text after each of {len(path) - 1} layers on the map of {len(found.texts)} open texts"
    widgets.chart(figure, key="encoder_walk_path", alt=alt)
    far = [str(layer) for layer, value in enumerate(percentile) if value > 99]
    said = ""
    if far:
        said = (
            f" After layer {', '.join(far)} the text lies farther from all open texts than 99% of them lie "
            "from each other: its place there means little."
        )
    st.caption(
        f"Map of {count(len(found.texts), 'text')}, trustworthiness {projection.trustworthiness:.2f}. A map "
        f"can only place a new vector near its nearest texts.{said}"
    )


def _map_of(found: OpenTexts) -> Projection | None:
    def work(progress: Progress) -> Projection:
        return project(found.vectors, progress=progress)

    return job_result("encoder_walk_map", found.key, work, label="Laying out the map")
