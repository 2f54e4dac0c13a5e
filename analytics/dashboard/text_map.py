"""The Text map page's own pieces: what to map, the long work, and the answer in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from analytics.dashboard import widgets
from analytics.dashboard.datasets import DataSet, open_next
from analytics.dashboard.jobs import job_result
from analytics.dashboard.settings import read_settings
from analytics.dashboard.text import count, plain
from analytics.errors import ZetascopeError
from analytics.text import (
    Clusters,
    DuplicateGroups,
    MapParameters,
    MemoryVectors,
    Neighbors,
    Projection,
    TextColumn,
    UnusualTexts,
    WordIndex,
    cluster,
    encode_cached,
    index_words,
    near_duplicates,
    neighbor_graph,
    open_cache,
    project,
    semantic_outliers,
    text_column,
)
from analytics.text.clusters import default_min_size
from analytics.text.models import PACKAGED_NAME

Progress = Callable[[int, int], None]

SAMPLE_ROWS = 20_000
TOKENS_PER_SECOND = 25_000
"""What two cores of 2024 with bfloat16 read; only the estimate before a long run uses it."""
LONG_SECONDS = 30
GRAPH_K = (45, 99)
# Read and mapped in about two seconds each, so they need not wait behind long jobs.
QUICK_TEXTS = 500
_VECTORS = "zetascope_text_map_vectors"
_MEMORY = "zetascope_text_map_memory"


@dataclass(frozen=True)
class Source:
    """Which texts are mapped, and how their vectors are made; hashable, so that it names its results."""

    data_key: str
    column: str
    limit: int | None
    model: str
    uploaded: str | None = None


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
    seconds_note: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        return (self.source, self.projection.parameters, self.clusters.space, self.clusters.min_size)

    @property
    def texts(self) -> tuple[str, ...]:
        return self.column.texts

    @property
    def rows(self) -> np.ndarray:
        """Row number in the table of every point."""
        return self.column.rows


def choose_source(dataset: DataSet) -> Source | None:
    """Draw the choice of column and amount; None where the table has nothing to read."""
    texts = dataset.columns("text")
    others = dataset.columns("category", "identifier")
    if not texts + others:
        return None
    column = widgets.choose_one("Text column", texts + others, key="text_map_column")
    if not texts and not st.toggle("Map this column all the same", key="text_map_anyway"):
        return None
    n = len(dataset.frame)
    return Source(dataset.key, column, _choose_amount(n), _choose_model(), _uploaded(dataset))


def offer_sample() -> None:
    """What to do with a table that has no column of sentences."""
    st.info("This data set has no column of sentences. A map needs texts.", icon=":material/notes:")
    st.button("Open the sample of opinions", on_click=open_next, args=("opinions",), type="primary")


def _choose_amount(n: int) -> int | None:
    if n <= SAMPLE_ROWS:
        return None
    amounts = [amount for amount in (SAMPLE_ROWS, 50_000, 100_000) if amount < n]
    words = {f"a sample of {amount:,}": amount for amount in amounts} | {f"all {n:,}": None}
    chosen = widgets.choose_one(
        "How many rows",
        list(words),
        key="text_map_amount",
        help="Evenly spread over the file. A browser draws 100,000 points smoothly; the download always has "
        "every row.",
    )
    return words[chosen]


def _choose_model() -> str:
    if not read_settings().hub:
        return PACKAGED_NAME
    name = st.text_input(
        "Model",
        PACKAGED_NAME,
        key="text_map_model",
        bind="query-params",
        help="A sentence-transformers model's id on the Hugging Face Hub. Code from there is never run.",
    ).strip()
    # A folder of this server is nobody's business.
    return name if name.count("/") <= 1 and not name.startswith((".", "/", "~")) else PACKAGED_NAME


def choose_parameters() -> MapParameters:
    """Draw the map's settings."""
    method = widgets.choose_one(
        "Method",
        ["UMAP", "PCA"],
        key="text_map_method",
        help="UMAP keeps neighbours together and bends the rest; PCA is a plain shadow of the vectors.",
    )
    dimensions = widgets.choose_one("Dimensions", ["2", "3"], key="text_map_dimensions")
    neighbors = st.slider(
        "Neighbours per text",
        2,
        100,
        15,
        key="text_map_neighbors",
        bind="query-params",
        help="Few show fine detail, many the overall arrangement.",
    )
    min_dist = st.slider(
        "Least distance",
        0.0,
        1.0,
        0.1,
        0.05,
        key="text_map_min_dist",
        bind="query-params",
        help="Small packs like texts tightly, large spreads them out.",
    )
    seed = st.number_input("Seed", 0, 2**31, 42, key="text_map_seed", bind="query-params")
    return MapParameters(method.lower(), int(neighbors), float(min_dist), int(dimensions), int(seed))


def choose_clusters(n: int) -> tuple[str, int]:
    """Draw the cluster settings: what is clustered, and the smallest cluster."""
    space = widgets.choose_one(
        "Find clusters on",
        ["map", "vectors"],
        key="text_map_space",
        help="On the map, clusters are what the eye sees. On the vectors, they are the densest groups of the "
        "model's own space, and many more texts belong to none.",
    )
    usual = default_min_size(n)
    smallest = st.number_input(
        "Smallest cluster",
        2,
        5_000,
        None,
        key="text_map_min_size",
        bind="query-params",
        placeholder=f"automatic: {usual}",
    )
    return space, int(smallest) if smallest else usual


def make_map(
    dataset: DataSet, source: Source, parameters: MapParameters, clustering: tuple[str, int]
) -> MadeMap | None:
    """Vectors, neighbours, map and clusters, each in the queue; None until all are there."""
    column = _texts_of(source, dataset)
    _announce(source, column)
    vectors = _vectors_of(source, column)
    if vectors is None:
        return None
    quick = len(column.texts) <= QUICK_TEXTS
    k = GRAPH_K[0] if parameters.n_neighbors <= GRAPH_K[0] + 1 else GRAPH_K[1]
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
        "text_map_layout",
        (source, parameters),
        lambda progress: _project(vectors, graph, parameters, progress),
        label="Drawing the map",
        quick=quick,
    )
    if projection is None:
        return None
    clusters = job_result(
        "text_map_clusters",
        (source, parameters, clustering),
        lambda _: cluster(projection, column.texts, space=clustering[0], min_size=clustering[1]),
        label="Finding clusters",
        quick=quick,
    )
    if clusters is None:
        return None
    return MadeMap(
        source=source,
        column=column,
        projection=projection,
        clusters=clusters,
        unusual=semantic_outliers(projection.neighbors),
        read_share=_read_share(source, column),
        sampled_of=len(dataset.frame),
    )


def _graph(vectors: np.ndarray, k: int, progress: Progress) -> Neighbors:
    if len(vectors) < 2:
        return Neighbors(np.zeros((len(vectors), 0), np.int64), np.zeros((len(vectors), 0), np.float32))
    return neighbor_graph(vectors, k=k, progress=progress)


def _project(
    vectors: np.ndarray, graph: Neighbors, parameters: MapParameters, progress: Progress
) -> Projection:
    return project(
        vectors,
        method=parameters.method,
        n_neighbors=parameters.n_neighbors,
        min_dist=parameters.min_dist,
        dimensions=parameters.dimensions,
        seed=parameters.seed,
        neighbors=graph,
        progress=progress,
    )


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _texts_of(source: Source, _dataset: DataSet) -> TextColumn:
    return text_column(_dataset.frame[source.column], limit=source.limit)


def _vectors_of(source: Source, column: TextColumn) -> np.ndarray | None:
    if source.uploaded:
        return st.session_state[_VECTORS][1][column.rows]
    store = open_cache() or st.session_state.setdefault(_MEMORY, MemoryVectors())
    encoder = encoder_of(source)
    encoded = job_result(
        "text_map_vectors",
        source,
        lambda progress: encode_cached(
            encoder, column.texts, store=store, role="document", progress=progress
        ),
        label="Reading texts",
        quick=len(column.texts) <= QUICK_TEXTS,
    )
    return None if encoded is None else encoded.vectors


def encoder_of(source: Source):  # type: ignore[no-untyped-def]
    """The server's one encoder of this name."""
    from analytics.dashboard.encoder_walk import shared_encoder

    return shared_encoder(source.model)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _read_share(source: Source, _column: TextColumn) -> np.ndarray:
    if source.uploaded:
        return np.ones(len(_column.texts))
    return encoder_of(source).read_share(_column.texts)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def words_of(source: Source, _column: TextColumn) -> WordIndex:
    """The words of the mapped texts, for search."""
    return index_words(_column.texts)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def duplicates_of(source: Source, threshold: float, _neighbors: Neighbors) -> DuplicateGroups:
    """Groups of near duplicates at a threshold."""
    return near_duplicates(_neighbors, threshold)


def _announce(source: Source, column: TextColumn) -> None:
    """Before long work: how long it will take, roughly."""
    tokens = sum(min(len(text) / 4 + 2, 256) for text in column.texts)
    seconds = tokens / TOKENS_PER_SECOND
    if seconds > LONG_SECONDS and not source.uploaded:
        st.caption(
            f"{count(len(column.texts), 'text')}: reading them for the first time takes about "
            f"{seconds / 60:,.0f} min on two cores. You can cancel; what is read by then is kept."
        )


def take_vectors(dataset: DataSet) -> None:
    """Draw the upload of vectors made elsewhere, one per row of the table."""
    from hashlib import blake2b

    from analytics.text import read_vectors

    file = st.file_uploader(
        "Vectors made elsewhere",
        type=["npy", "parquet"],
        key="text_map_upload",
        help="One vector per row of the table: a .npy file, or a Parquet file with a list column. Search by "
        "meaning needs vectors of this page's own model.",
    )
    if file is None:
        st.session_state.pop(_VECTORS, None)
        return
    data = file.getvalue()
    name = f"{dataset.key}:{blake2b(data, digest_size=16).hexdigest()}"
    if st.session_state.get(_VECTORS, ("",))[0] == name:
        return
    try:
        st.session_state[_VECTORS] = (name, read_vectors(data, rows=len(dataset.frame)))
    except ZetascopeError as error:
        st.session_state.pop(_VECTORS, None)
        st.error(plain(error, width=400), icon=":material/error:")


def _uploaded(dataset: DataSet) -> str | None:
    name = st.session_state.get(_VECTORS, ("",))[0]
    return name if name.startswith(f"{dataset.key}:") else None
