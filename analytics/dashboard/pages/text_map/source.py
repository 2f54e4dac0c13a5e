"""What is mapped and how: the choice of column, amount, model, vectors, map and clusters."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.texts.models import ask_for_model
from analytics.dashboard.parts.texts.text_maps import Source
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.opening import open_vectors
from analytics.errors import ZetascopeError
from analytics.retrieval.tuning.columns import likely_text_columns
from analytics.text import MapParameters, TopicChoices
from analytics.text.model_files import PACKAGED_NAME
from analytics.text.topics.clusters import LARGEST, default_min_size
from analytics.text.umap_learn import METRICS

SAMPLE_ROWS = 20_000
_MORE_DIMENSIONS = ("5", "10", "20", "50")
_NO_GUIDE = "no column"
_METHODS = {"density": "tree", "k-means": "k-means", "communities (Leiden)": "leiden"}
_CUTS = {"all": 1.0, "50%": 0.5, "25%": LARGEST, "10%": 0.1, "5%": 0.05, "2%": 0.02, "finest": 0.0}
_FIRST_CUT = "25%"
_LEFT = {"as found": 1.0, "20%": 0.2, "10%": 0.1, "5%": 0.05, "none": 0.0}
_VECTORS = "zetascope_text_map_vectors"


def without_sentences(dataset: DataSet) -> str:
    """Why there is no map yet: nothing to read, or columns that only may hold texts."""
    if not _offered(dataset):
        return "This data set has no column of sentences. A map needs texts."
    return (
        "Zetascope found no column of sentences: the values of every column are short, or repeat as "
        "categories do. If one holds texts, choose it and map it all the same."
    )


def choose_source(dataset: DataSet, *, place: DeltaGenerator) -> Source | None:
    """Draw the choice of column and amount; None where the table has nothing to read.

    ``place`` is for what is to be known of a model before it is fetched.
    """
    texts = dataset.columns("text")
    offered = _offered(dataset)
    if not offered:
        return None
    column = widgets.choose_one("Text column", offered, key="text_map_column")
    if len(texts) > 1 and column == offered[0]:
        st.caption(f"The longest of {len(texts)} columns of sentences.")
    if not texts and not st.toggle("Map this column all the same", key="text_map_anyway"):
        return None
    n = len(dataset.frame)
    amount = _choose_amount(n)
    model = ask_for_model(
        PACKAGED_NAME,
        key="text_map_model",
        about="A sentence-transformers model's id on the Hugging Face Hub. Code from there is never run.",
        place=place,
    )
    return Source(dataset.key, column, amount, model, _uploaded(dataset))


def _offered(dataset: DataSet) -> list[str]:
    return likely_text_columns(dataset.frame, {name: role.kind for name, role in dataset.roles.items()})


def _choose_amount(n: int) -> int | None:
    if n <= SAMPLE_ROWS:
        return None
    amounts = [amount for amount in (SAMPLE_ROWS, 50_000, 100_000) if amount < n]
    words = {f"a sample of {amount:,}": amount for amount in amounts} | {f"all {n:,}": None}
    chosen = widgets.choose_one(
        "How many rows",
        list(words),
        key="text_map_amount",
        help="Evenly spread over the file. The map draws up to a million points; the download always has "
        "every row.",
    )
    return words[chosen]


def choose_parameters(dataset: DataSet) -> MapParameters:
    """Draw the map's settings."""
    method = widgets.choose_one(
        "Method",
        ["UMAP", "PCA", "umap-learn"],
        key="text_map_method",
        help="UMAP keeps neighbours together and bends the rest; PCA is a plain shadow of the vectors. "
        "umap-learn is the reference UMAP: it offers other distances, a column as a guide, densities and "
        "more dimensions. Its first map after a start compiles for about half a minute, later ones take "
        "about twice as long as UMAP here.",
    ).lower()
    learn = method == "umap-learn"
    dimensions = widgets.choose_one(
        "Dimensions",
        ["2", "3", *(_MORE_DIMENSIONS if learn else ())],
        key="text_map_dimensions",
        help="Of more than 3, the picture shows the two widest directions; topics by density and the "
        "downloaded table have them all."
        if learn
        else None,
    )
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
    parameters = MapParameters(method, int(neighbors), float(min_dist), int(dimensions), int(seed))
    return _with_learned(dataset, parameters) if learn else parameters


def _with_learned(dataset: DataSet, parameters: MapParameters) -> MapParameters:
    """The settings that umap-learn alone has."""
    metric = widgets.choose_one(
        "Distance",
        list(METRICS),
        key="text_map_metric",
        help="Between vectors, for the map only: search, neighbours and trust go by the cosine.",
    )
    guides = dataset.columns("category")
    guide = widgets.choose_one(
        "Guided by",
        [_NO_GUIDE, *guides],
        key="text_map_guide",
        help="Texts with the same value of this column are drawn together. The map then shows what you told "
        "it: it is no evidence that the values differ in meaning.",
    )
    density = st.toggle(
        "Keep densities (densMAP)",
        key="text_map_density",
        bind="query-params",
        help="Groups that are dense among the vectors are dense on the map too.",
    )
    chosen = guide if guide in guides else None
    return replace(parameters, metric=metric, guided_by=chosen, density=density)


def choose_topics(n: int) -> TopicChoices:
    """Draw how topics are found: the method, and what it needs to know of ``n`` texts."""
    method = _METHODS[
        widgets.choose_one(
            "Find topics by",
            list(_METHODS),
            key="text_map_topics",
            help="Density makes a tree of topics within topics, cut where you choose, and leaves texts "
            "out that lie between. K-means makes as many as you say, of about the same spread. Leiden finds "
            "communities on the graph of nearest neighbours.",
        )
    ]
    if method == "k-means":
        groups = st.number_input(
            "How many topics", 1, max(1, min(n, 500)), min(20, n), key="text_map_groups", bind="query-params"
        )
        return TopicChoices(method=method, groups=int(groups), min_size=default_min_size(n))
    space = "map"
    if method == "tree":
        space = widgets.choose_one(
            "Density of",
            ["map", "vectors"],
            key="text_map_space",
            help="On the map, topics are what the eye sees. On the vectors, they are the densest groups of "
            "the model's own space, and many more texts belong to none.",
        )
    usual = default_min_size(n)
    smallest = st.number_input(
        "Smallest topic",
        2,
        5_000,
        None,
        key="text_map_min_size",
        bind="query-params",
        placeholder=f"automatic: {usual}",
    )
    return TopicChoices(method=method, space=space, min_size=int(smallest) if smallest else usual)


def choose_fineness(choices: TopicChoices) -> TopicChoices:
    """Draw the slider from coarse to fine, where the method has one, and how many texts stay in no topic."""
    if choices.method == "tree":
        largest = st.select_slider(
            "Coarse to fine: largest topic",
            list(_CUTS),
            _FIRST_CUT,
            key="text_map_fineness",
            bind="query-params",
            help="One tree of topics within topics is cut into the coarsest with at most this share of the "
            "texts. A topic that nothing divides stays, however large.",
        )
        choices = replace(choices, largest=_CUTS[largest])
    elif choices.method == "leiden":
        resolution = st.slider(
            "Coarse to fine: resolution",
            0.1,
            8.0,
            1.0,
            0.1,
            key="text_map_resolution",
            bind="query-params",
            help="More makes more and smaller topics.",
        )
        choices = replace(choices, resolution=float(resolution))
    if choices.method == "k-means":
        return choices
    left = st.select_slider(
        "Texts in no topic",
        list(_LEFT),
        next(iter(_LEFT)),
        key="text_map_noise",
        bind="query-params",
        help="Texts between the topics can join the one whose mean is most similar, the likest first, until "
        "at most this share is left.",
    )
    return replace(choices, most_noise=_LEFT[left])


def take_vectors(dataset: DataSet) -> None:
    """Draw the upload of vectors made elsewhere, one per row of the file as it was read."""
    file = st.file_uploader(
        "Vectors made elsewhere",
        type=["npy", "parquet", "faiss"],
        key="text_map_upload",
        help="One vector per row of the file: a .npy file, a Parquet file with a list column, or a flat "
        "index of faiss. Search by meaning needs vectors of this page's own model.",
    )
    if file is None:
        st.session_state.pop(_VECTORS, None)
        return
    data = file.getvalue()
    owner, rows = _rows_of(dataset)
    name = f"{owner}:{blake2b(data, digest_size=16).hexdigest()}"
    if st.session_state.get(_VECTORS, ("",))[0] == name:
        return
    try:
        st.session_state[_VECTORS] = (name, open_vectors(data, rows=rows))
    except ZetascopeError as error:
        st.session_state.pop(_VECTORS, None)
        st.error(plain(error, width=400), icon=":material/error:")


def _rows_of(dataset: DataSet) -> tuple[str, int]:
    """What vectors made elsewhere belong to, and how many there must be: one per row of the file.

    The frame's index says which rows of it are left. Rows that a step made have vectors of their own.
    """
    if dataset.has_rows_of_file:
        return dataset.key_as_read, len(dataset.read_table.frame)
    return dataset.key, len(dataset.frame)


def _uploaded(dataset: DataSet) -> str | None:
    name = st.session_state.get(_VECTORS, ("",))[0]
    return name if name.startswith(f"{_rows_of(dataset)[0]}:") else None


def uploaded_vectors() -> np.ndarray:
    """The vectors that ``take_vectors`` took, by the frame's index."""
    return st.session_state[_VECTORS][1]
