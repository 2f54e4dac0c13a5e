"""The Text map page's long work: vectors, neighbours, map and clusters, each in the queue."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map import tag_state, topic_edits
from analytics.dashboard.pages.text_map.source import uploaded_vectors
from analytics.dashboard.parts.markdown import count
from analytics.dashboard.parts.text_maps import LAYOUT_JOB, Source
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_of, job_result
from analytics.dashboard.server.loading import import_now, shared_encoder
from analytics.progress import Progress
from analytics.text import (
    Clusters,
    DuplicateGroups,
    Encoded,
    MapParameters,
    MemoryVectors,
    Neighbors,
    Projection,
    TextColumn,
    TextEncoder,
    TopicChoices,
    TopicEdits,
    Unity,
    UnusualTexts,
    WordIndex,
    cluster,
    encode_cached,
    group_unity,
    index_words,
    near_duplicates,
    neighbor_graph,
    open_cache,
    project,
    semantic_outliers,
    similarity_floor,
    text_column,
)
from analytics.text.topics.clusters import with_min_size
from analytics.text.topics.phrases import PhraseCounts, count_phrases
from analytics.text.topics.tree import topic_tree
from analytics.text.topics.unity import unity_of_each

_TOKENS_PER_SECOND = 25_000
"""What two cores of 2024 with bfloat16 read; only the estimate before a long run uses it."""
_LONG_SECONDS = 30
_GRAPH_K = (45, 99)
# Read and mapped in about two seconds each, so they need not wait behind long jobs.
_QUICK_TEXTS = 500
_MEMORY = "zetascope_text_map_memory"


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
    tags_owner: tag_state.Owner
    tags: np.ndarray = field(repr=False)
    """(n,) object, the tag that a reader gave to each text, "" where there is none."""

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
    def rows(self) -> np.ndarray:
        """Position in the table of every point's row."""
        return self.column.rows

    def numbers_of_rows(self, rows: np.ndarray) -> np.ndarray:
        """Numbers in the file, counted from 1, of those of these rows of the table that are on the map."""
        return self.file_rows[np.isin(self.rows, rows)] + 1

    def places_of(self, numbers: np.ndarray) -> np.ndarray:
        """Places on the map of rows by their numbers in the file, counted from 1; all of them are there."""
        order = np.argsort(self.file_rows)
        return order[np.searchsorted(self.file_rows, numbers - 1, sorter=order)]


def make_map(
    dataset: DataSet, source: Source, parameters: MapParameters, topics: TopicChoices
) -> MadeMap | None:
    """Vectors, neighbours, map and clusters, each in the queue; None until all are there."""
    column = _texts_of(source, dataset)
    k = _GRAPH_K[0] if parameters.n_neighbors <= _GRAPH_K[0] + 1 else _GRAPH_K[1]
    _stop_outdated(source, k, parameters)
    if not source.uploaded:
        _announce(source, column, len(dataset.frame))
    vectors = _vectors_of(source, column, dataset)
    if vectors is None:
        return None
    quick = _is_quick(column)
    graph = job_result(
        "text_map_graph",
        (source, k),
        lambda progress: _graph(vectors, k, progress),
        label="Comparing texts",
        quick=quick,
    )
    if graph is None:
        return None
    projection = job_result(
        LAYOUT_JOB,
        (source, parameters),
        lambda progress: project(vectors, parameters=parameters, neighbors=graph, progress=progress),
        label="Drawing the map",
        quick=quick,
    )
    if projection is None:
        return None
    found = _topics_of(source, column, projection, topics)
    if found is None:
        return None
    edits = topic_edits.edits_of((source, parameters, found.choices))
    owner = (dataset.key_as_read if dataset.has_rows_of_file else dataset.key, source.column)
    tags, file_rows = tag_state.tags_of(owner), dataset.frame.index.to_numpy()[column.rows]
    return MadeMap(
        source=source,
        column=column,
        projection=projection,
        clusters=_edited(column, projection, found, edits),
        unusual=semantic_outliers(projection.neighbors),
        read_share=_read_share(source, column),
        sampled_of=len(dataset.frame),
        file_rows=file_rows,
        found=found,
        edits=edits,
        tags_owner=owner,
        tags=np.array([tags.get(number + 1, "") for number in file_rows.tolist()], dtype=object),
    )


def _topics_of(
    source: Source, column: TextColumn, projection: Projection, topics: TopicChoices
) -> Clusters | None:
    """The clusters by these choices; the tree and the phrases serve every cut."""
    quick = _is_quick(column)
    phrases = job_result(
        "text_map_phrases",
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
            "text_map_tree",
            (source, projection.parameters, space, min_size),
            lambda _: topic_tree(projection, space=space, min_size=min_size),
            label="Growing the tree of topics",
            quick=quick,
        )
        if tree is None:
            return None
    return job_result(
        "text_map_clusters",
        (source, projection.parameters, chosen),
        lambda _: cluster(projection, column.texts, choices=chosen, tree=tree, phrases=phrases),
        label="Finding topics",
        quick=quick,
    )


def _edited(column: TextColumn, projection: Projection, found: Clusters, edits: TopicEdits) -> Clusters:
    job = job_of("text_map_phrases")
    return edits.apply(found, column.texts, projection.vectors, phrases=job.result if job else None)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def unity_of(key: tuple[object, ...], _made: MadeMap) -> tuple[Unity, ...]:
    """Whether each cluster is one group among the vectors."""
    labels, projection = _made.clusters.labels, _made.projection
    groups = [np.flatnonzero(labels == label) for label in range(len(_made.clusters.sizes))]
    return unity_of_each(projection.neighbors, projection.vectors, groups)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def unity_of_places(key: tuple[object, ...], places: bytes, _projection: Projection) -> Unity:
    """Whether these places of the map, int64 as bytes, are one group among the vectors."""
    rows = np.frombuffer(places, np.int64)
    return group_unity(_projection.neighbors, _projection.vectors, rows)


def _stop_outdated(source: Source, k: int, parameters: MapParameters) -> None:
    """Cancel work for an earlier choice: it would hold its place in the queue though nobody wants it."""
    wanted = {
        "text_map_vectors": None if source.uploaded else source,
        "text_map_graph": (source, k),
        LAYOUT_JOB: (source, parameters),
    }
    for slot, key in wanted.items():
        job = job_of(slot)
        if job is not None and job.key != key:
            job.cancelled.set()


def _announce(source: Source, column: TextColumn, rows: int) -> None:
    """Before long work: how long it will take, roughly, and what all rows would take."""
    job = job_of("text_map_vectors")
    if job is not None and job.key == source and job.state == "done":
        return
    seconds = sum(min(len(text) / 4 + 2, 256) for text in column.texts) / _TOKENS_PER_SECOND
    if source.limit:
        st.caption(
            f"{rows:,} rows are many: {source.limit:,} of them, evenly spread, are mapped. Reading these "
            f"takes about {_duration(seconds)} on two cores, all of them about "
            f"{_duration(seconds * rows / source.limit)}. You can choose more under How many rows."
        )
    elif seconds > _LONG_SECONDS:
        st.caption(
            f"{count(len(column.texts), 'text')}: reading them for the first time takes about "
            f"{_duration(seconds)} on two cores. You can cancel; what is read by then is kept."
        )


def _duration(seconds: float) -> str:
    return f"{max(seconds, 1):,.0f} s" if seconds < 90 else f"{seconds / 60:,.0f} min"


def _graph(vectors: np.ndarray, k: int, progress: Progress) -> Neighbors:
    if len(vectors) < 2:
        return Neighbors(np.zeros((len(vectors), 0), np.int64), np.zeros((len(vectors), 0), np.float32))
    return neighbor_graph(vectors, k=k, progress=progress)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _texts_of(source: Source, _dataset: DataSet) -> TextColumn:
    return text_column(_dataset.frame[source.column], limit=source.limit)


def _is_quick(column: TextColumn) -> bool:
    """Whether each of the steps takes a moment only."""
    return len(column.texts) <= _QUICK_TEXTS


def _vectors_of(source: Source, column: TextColumn, dataset: DataSet) -> np.ndarray | None:
    if source.uploaded:
        return uploaded_vectors()[dataset.frame.index.to_numpy()[column.rows]]
    store = open_cache() or st.session_state.setdefault(_MEMORY, MemoryVectors())
    encoder = encoder_of(source)

    def read(progress: Progress) -> Encoded:
        import_now("sentence_transformers")
        return encode_cached(encoder, column.texts, store=store, role="document", progress=progress)

    encoded = job_result(
        "text_map_vectors",
        source,
        read,
        label="Reading texts",
        quick=_is_quick(column),
    )
    return None if encoded is None else encoded.vectors


def encoder_of(source: Source) -> TextEncoder:
    """The server's one encoder of this name."""
    return shared_encoder(source.model)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _read_share(source: Source, _column: TextColumn) -> np.ndarray:
    if source.uploaded:
        return np.ones(len(_column.texts))
    return encoder_of(source).read_share(_column.texts)


@st.cache_resource(scope="session", max_entries=2, show_spinner="Counting phrases")
def phrases_of(source: Source, _column: TextColumn) -> PhraseCounts:
    """The phrases of the mapped texts, as the topics' names were made of them."""
    job = job_of("text_map_phrases")
    return job.result if job and job.key == source and job.result else count_phrases(_column.texts)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def words_of(source: Source, _column: TextColumn) -> WordIndex:
    """The words of the mapped texts, for search."""
    return index_words(_column.texts)


@st.cache_resource(scope="session", max_entries=2, show_spinner="Measuring what nonsense reaches")
def floor_of(source: Source, _vectors: np.ndarray, _column: TextColumn) -> float:
    """The similarity that nonsense queries reach among the mapped texts."""
    encoder = encoder_of(source)
    return similarity_floor(lambda queries: encoder.encode(queries, role="query"), _vectors, _column.texts)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def duplicates_of(source: Source, threshold: float, _projection: Projection) -> DuplicateGroups:
    """Groups of near duplicates at a threshold."""
    return near_duplicates(_projection.neighbors, threshold, vectors=_projection.vectors)
