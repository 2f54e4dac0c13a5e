"""What is known of the mapped texts beside the map: made when it is first asked for, once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map.maps import FIRST, SAMPLED, WHOLE, MadeMap, encoder_of
from analytics.dashboard.parts.texts.text_maps import Source
from analytics.dashboard.server.jobs import job_of
from analytics.text import (
    Clusters,
    DuplicateGroups,
    Passages,
    Projection,
    TextColumn,
    Unity,
    WordIndex,
    cluster,
    cut_passages,
    group_unity,
    index_words,
    languages_of,
    near_duplicates,
    similarity_floor,
)
from analytics.text.projection import spread
from analytics.text.reading.languages import LanguageCheck, check_languages
from analytics.text.topics.phrases import PhraseCounts, count_phrases
from analytics.text.topics.tree import topic_tree
from analytics.text.topics.unity import unity_of_each

_FINER = (0.1, 0.02, 0.0)
"""Largest share of the texts in a topic, for the names at twice, four and eight times the whole."""
_MOST_CUT = 100_000  # texts: a cut of 6,000 takes 0.06 s, and nobody waits a second for names


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def unity_of(key: tuple[object, ...], _made: MadeMap) -> tuple[Unity, ...]:
    """Whether each cluster is one group among the vectors."""
    labels, projection = _made.clusters.labels, _made.projection
    groups = [np.flatnonzero(labels == label) for label in range(len(_made.clusters.sizes))]
    return unity_of_each(projection.neighbors, projection.vectors, groups)


def finer_topics(made: MadeMap) -> tuple[Clusters, ...]:
    """Finer cuts of the tree than the one shown, whose names the map has where one comes nearer."""
    if made.found.choices.method != "tree" or len(made.texts) > _MOST_CUT:
        return ()
    return _finer_topics(made.topics_key, made)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _finer_topics(key: tuple[object, ...], _made: MadeMap) -> tuple[Clusters, ...]:
    choices, projection = _made.found.choices, _made.projection
    assert choices.min_size is not None
    tree = topic_tree(projection, space=choices.space, min_size=choices.min_size)
    phrases = phrases_of(_made.source, _made.column)
    return tuple(
        cluster(projection, _made.texts, choices=replace(choices, largest=share), tree=tree, phrases=phrases)
        for share in _FINER
        if share < choices.largest
    )


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def unity_of_places(key: tuple[object, ...], places: bytes, _projection: Projection) -> Unity:
    """Whether these places of the map, int64 as bytes, are one group among the vectors."""
    rows = np.frombuffer(places, np.int64)
    return group_unity(_projection.neighbors, _projection.vectors, rows)


def languages_of_some(made: MadeMap) -> LanguageCheck:
    """The languages of some texts from all over the file, and how far the model knows their words."""
    return _languages_of_some(made.whole, made)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _languages_of_some(source: Source, _made: MadeMap) -> LanguageCheck:
    some = [_made.texts[place] for place in spread(len(_made.texts), SAMPLED).tolist()]
    return check_languages(some, encoder_of(source).unknown_share(some), model=source.model)


@st.cache_resource(scope="session", max_entries=2, show_spinner="Telling the language of every text")
def languages_of_all(source: Source, _column: TextColumn) -> np.ndarray:
    """The language of every mapped text, (n,) object."""
    return languages_of(_column.texts).codes


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def passages_of(source: Source, _column: TextColumn) -> Passages:
    """What long texts are cut into."""
    return cut_passages(_column.texts, encoder_of(source))


@st.cache_resource(scope="session", max_entries=2, show_spinner="Counting phrases")
def phrases_of(source: Source, _column: TextColumn) -> PhraseCounts:
    """The phrases of the mapped texts, as the topics' names were made of them."""
    job = job_of(f"text_map{FIRST if source.first else WHOLE}_phrases")
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
