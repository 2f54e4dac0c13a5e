"""The Text map page's long work: vectors, neighbours, map and clusters, each in the queue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map import tag_state, topic_edits
from analytics.dashboard.pages.text_map.announcing import announce
from analytics.dashboard.pages.text_map.source import uploaded_vectors
from analytics.dashboard.parts.markdown import count
from analytics.dashboard.parts.texts.text_maps import LAYOUT_JOB, Source
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_of, job_result
from analytics.dashboard.server.loading import import_now, shared_encoder
from analytics.dashboard.server.vectors_kept import vectors_kept
from analytics.progress import Progress
from analytics.text import (
    Clusters,
    Encoded,
    MapParameters,
    Neighbors,
    Projection,
    TextColumn,
    TextEncoder,
    TopicChoices,
    TopicEdits,
    UnusualTexts,
    cluster,
    cut_passages,
    encode_cached,
    encode_passages,
    neighbor_graph,
    project,
    semantic_outliers,
    strip_markup,
    text_column,
)
from analytics.text.batches import first_count
from analytics.text.projection import spread
from analytics.text.topics.clusters import with_min_size
from analytics.text.topics.phrases import count_phrases
from analytics.text.topics.tree import topic_tree
from analytics.text.vector_cache import are_known

_GRAPH_K = (45, 99)
# Read and mapped in about two seconds each, so they need not wait behind long jobs.
_QUICK_TEXTS = 500
_PASSAGES_A_ROW = 2**20  # more than a text of the longest kind has characters
SAMPLED = 300  # texts whose vectors are looked for before a first map: where all are kept, it would only cost
WHOLE, FIRST = "", "_first"
"""Work for the map of all texts, and for the first map of some."""


@dataclass(frozen=True)
class MadeMap:
    """Everything the page shows about one map."""

    source: Source
    column: TextColumn
    projection: Projection = field(repr=False)
    clusters: Clusters = field(repr=False)
    unusual: UnusualTexts = field(repr=False)
    read_share: np.ndarray = field(repr=False)
    sampled_of: int
    file_rows: np.ndarray = field(repr=False)
    """Position of every point's row in the file as it was read; rows are called by it, counted from 1."""
    found: Clusters = field(repr=False)
    """The clusters before they were edited."""
    edits: TopicEdits
    edits_key: topic_edits.Key
    tags_owner: tag_state.Owner
    tags: np.ndarray = field(repr=False)
    """(n,) object, the tag that a reader gave to each text, "" where there is none."""

    @property
    def whole(self) -> Source:
        """The texts of which these are the first or all: what a reader chose among them belongs to it."""
        return replace(self.source, first=0)

    @property
    def key(self) -> tuple[object, ...]:
        return (*self.topics_key, self.edits)

    @property
    def topics_key(self) -> tuple[object, ...]:
        """What the found clusters depend on."""
        return (self.source, self.projection.parameters, self.found.choices)

    @property
    def texts(self) -> tuple[str, ...]:
        return self.column.texts

    @property
    def noun(self) -> str:
        """What a point is."""
        return "text" if self.column.numbers is None else "passage"

    @cached_property
    def ids(self) -> np.ndarray:
        """(n,) int64, a name of every point that outlives another map: its row, and its passage there."""
        numbers = self.column.numbers
        return self.rows * _PASSAGES_A_ROW + (0 if numbers is None else numbers)

    def where(self, places: np.ndarray) -> dict[str, Any]:
        """Columns of a list: the row of the file that each of these places is of, and the passage of it."""
        found: dict[str, Any] = {"row": self.file_rows[places] + 1}
        if self.column.numbers is not None and self.column.counts is not None:
            of = zip(self.column.numbers[places], self.column.counts[places], strict=True)
            found["passage"] = [f"{number} of {many}" for number, many in of]
        return found

    @property
    def rows(self) -> np.ndarray:
        """Position in the table of every point's row."""
        return self.column.rows

    def numbers_of_rows(self, rows: np.ndarray) -> np.ndarray:
        """Numbers in the file, counted from 1, of those of these rows of the table that are on the map."""
        return np.unique(self.file_rows[np.isin(self.rows, rows)]) + 1


def make_map(
    dataset: DataSet, source: Source, parameters: MapParameters, topics: TopicChoices
) -> MadeMap | None:
    """Vectors, neighbours, map and clusters, each in the queue; None until a map is there.

    Of many texts a few make a first map within seconds; the others are read behind it and join them.
    """
    column = _points_of(source, texts_of(source, dataset))
    if column is None:
        return None
    first = 0 if source.uploaded else first_count(column.texts)
    if first and parameters.method == "umap":
        parameters = replace(parameters, first=first)
    _stop_outdated(source, parameters)
    early = replace(source, first=first)
    made = None
    if first and not _is_drawn(source, parameters) and _begins_with(early, source, column):
        some = column.only(spread(len(column.texts), first))
        made = _map_of(dataset, early, some, replace(parameters, first=0), topics, slot=FIRST)
        if made is None:
            return None
    whole = _map_of(dataset, source, column, parameters, topics, slot=WHOLE)
    if whole is None and made is not None:
        st.caption(
            f"Below is a first map of {count(len(made.texts), made.noun)}, evenly spread over the file. The "
            f"other {len(column.texts) - len(made.texts):,} join it when they are read."
        )
    return whole or made


def _begins_with(early: Source, source: Source, column: TextColumn) -> bool:
    """Whether a first map is worth it, and still is once it was begun."""
    begun = job_of(f"text_map{FIRST}_vectors")
    if begun is not None and begun.key == early:
        return True
    return not _is_read(source) and not _is_known(source, column)


def _is_drawn(source: Source, parameters: MapParameters) -> bool:
    job = job_of(f"{LAYOUT_JOB}{WHOLE}")
    return job is not None and job.key == (source, parameters) and job.state == "done"


def _is_known(source: Source, column: TextColumn) -> bool:
    """Whether the vectors are kept from before, as far as texts from all over the file tell."""
    some = [column.texts[place] for place in spread(len(column.texts), SAMPLED).tolist()]
    return are_known(encoder_of(source), some, store=vectors_kept(), role="document")


def _is_read(source: Source) -> bool:
    job = job_of(f"text_map{WHOLE}_vectors")
    return job is not None and job.key == source and job.state == "done"


def _map_of(
    dataset: DataSet,
    source: Source,
    column: TextColumn,
    parameters: MapParameters,
    topics: TopicChoices,
    *,
    slot: str,
) -> MadeMap | None:
    """One map from its vectors on; ``slot`` keeps its work apart from that of another."""
    k = _GRAPH_K[0] if parameters.n_neighbors <= _GRAPH_K[0] + 1 else _GRAPH_K[1]
    if not source.uploaded and not source.first and not _is_read(source):
        announce(source, column, len(dataset.frame), encoder_of(source))
    vectors = _vectors_of(source, column, dataset)
    if vectors is None:
        return None
    quick = _is_quick(source, column)
    graph = job_result(
        f"text_map{slot}_graph",
        (source, k),
        lambda progress: _graph(vectors, k, progress),
        label="Comparing texts",
        quick=quick,
    )
    if graph is None:
        return None
    projection = job_result(
        f"{LAYOUT_JOB}{slot}",
        (source, parameters),
        lambda progress: project(
            vectors,
            parameters=parameters,
            neighbors=graph,
            guide=_guide_of(dataset, column, parameters),
            progress=progress,
        ),
        label="Drawing the map",
        quick=quick,
    )
    if projection is None:
        return None
    found = _topics_of(source, column, projection, topics, slot=slot)
    if found is None:
        return None
    edits_key = topic_edits.key_of(dataset, source, parameters, found)
    edits = topic_edits.edits_of(edits_key, found)
    owner = (dataset.key_as_read if dataset.has_rows_of_file else dataset.key, source.column)
    tags, file_rows = tag_state.tags_of(owner), dataset.frame.index.to_numpy()[column.rows]
    return MadeMap(
        source=source,
        column=column,
        projection=projection,
        clusters=_edited((source, parameters, found.choices), edits, slot, column, projection, found),
        unusual=semantic_outliers(projection.neighbors),
        read_share=_read_share(source, column),
        sampled_of=len(dataset.frame),
        file_rows=file_rows,
        found=found,
        edits=edits,
        edits_key=edits_key,
        tags_owner=owner,
        tags=np.array([tags.get(number + 1, "") for number in file_rows.tolist()], dtype=object),
    )


def _guide_of(dataset: DataSet, column: TextColumn, parameters: MapParameters) -> list[object] | None:
    """The values that umap-learn is to lay together, one for each point."""
    name = parameters.guided_by
    return None if name is None else dataset.frame[name].iloc[column.rows].tolist()


def _topics_of(
    source: Source, column: TextColumn, projection: Projection, topics: TopicChoices, *, slot: str
) -> Clusters | None:
    """The clusters by these choices; the tree and the phrases serve every cut."""
    quick = _is_quick(source, column)
    phrases = job_result(
        f"text_map{slot}_phrases",
        source,
        lambda _: count_phrases(column.texts),
        label=f"Counting phrases of {count(len(column.texts), 'text')}",
        quick=quick,
    )
    if phrases is None:
        return None
    chosen = with_min_size(topics, len(column.texts))
    assert chosen.min_size is not None
    space, min_size, tree = chosen.space, chosen.min_size, None
    if chosen.method == "tree":
        tree = job_result(
            f"text_map{slot}_tree",
            (source, projection.parameters, space, min_size),
            lambda _: topic_tree(projection, space=space, min_size=min_size),
            label="Growing the tree of topics",
            quick=quick,
        )
        if tree is None:
            return None
    return job_result(
        f"text_map{slot}_clusters",
        (source, projection.parameters, chosen),
        lambda _: cluster(projection, column.texts, choices=chosen, tree=tree, phrases=phrases),
        label="Finding topics",
        quick=quick,
    )


@st.cache_resource(scope="session", max_entries=4, show_spinner="Changing topics")
def _edited(
    key: tuple[object, ...],
    edits: TopicEdits,
    slot: str,
    _column: TextColumn,
    _projection: Projection,
    _found: Clusters,
) -> Clusters:
    job = job_of(f"text_map{slot}_phrases")
    return edits.apply(_found, _column.texts, _projection.vectors, phrases=job.result if job else None)


def _stop_outdated(source: Source, parameters: MapParameters) -> None:
    """Cancel work for an earlier choice: it would hold its place in the queue though nobody wants it."""
    for slot in (WHOLE, FIRST):
        for step in (f"text_map{slot}_vectors", f"text_map{slot}_graph", f"{LAYOUT_JOB}{slot}"):
            job = job_of(step)
            if job is None:
                continue
            of, how = job.key if isinstance(job.key, tuple) else (job.key, None)
            ours = replace(of, first=0) == source and (
                not isinstance(how, MapParameters) or replace(how, first=parameters.first) == parameters
            )
            if not ours:
                job.cancelled.set()


def _graph(vectors: np.ndarray, k: int, progress: Progress) -> Neighbors:
    if len(vectors) < 2:
        return Neighbors(np.zeros((len(vectors), 0), np.int64), np.zeros((len(vectors), 0), np.float32))
    return neighbor_graph(vectors, k=k, progress=progress)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def texts_of(source: Source, _dataset: DataSet) -> TextColumn:
    """The whole texts that a source names, as they are read."""
    column = text_column(_dataset.frame[source.column], limit=source.limit)
    if source.stripped:
        column = replace(column, texts=strip_markup(column.texts).texts)
    return column


def _points_of(source: Source, column: TextColumn) -> TextColumn | None:
    """What becomes a point each: the texts, or the passages of them, which are cut in the queue."""
    if not source.apart or source.uploaded:
        return column
    return job_result(
        "text_map_passages",
        source,
        lambda progress: column.cut(cut_passages(column.texts, encoder_of(source), progress=progress)),
        label="Cutting long texts into passages",
        quick=_is_quick(source, column),
    )


def _is_quick(source: Source, column: TextColumn) -> bool:
    """Whether each of the steps takes a moment only: a first map must not wait behind long jobs."""
    return bool(source.first) or len(column.texts) <= _QUICK_TEXTS


def _vectors_of(source: Source, column: TextColumn, dataset: DataSet) -> np.ndarray | None:
    if source.uploaded:
        return uploaded_vectors()[dataset.frame.index.to_numpy()[column.rows]]
    store, encoder = vectors_kept(), encoder_of(source)

    def read(progress: Progress) -> Encoded:
        import_now("sentence_transformers")
        if not source.passages:
            return encode_cached(encoder, column.texts, store=store, role="document", progress=progress)
        cut = cut_passages(column.texts, encoder)
        return encode_passages(encoder, cut, store=store, role="document", progress=progress)

    encoded = job_result(
        f"text_map{FIRST if source.first else WHOLE}_vectors",
        source,
        read,
        label="Reading the first texts" if source.first else "Reading texts",
        quick=_is_quick(source, column),
    )
    return None if encoded is None else encoded.vectors


def encoder_of(source: Source) -> TextEncoder:
    """The server's one encoder of this name."""
    return shared_encoder(source.model, "quick") if source.quick else shared_encoder(source.model)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _read_share(source: Source, _column: TextColumn) -> np.ndarray:
    if source.uploaded or source.passages or source.apart:
        return np.ones(len(_column.texts))
    return encoder_of(source).read_share(_column.texts)
