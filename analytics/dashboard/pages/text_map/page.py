"""The Text map page: a map of meaning, and an honest account of where it lies."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.pages.text_map import maps, panels, searching, selection, state, views, words
from analytics.dashboard.pages.text_map import source as text_map_source
from analytics.dashboard.parts import choices, widgets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.loading import shared_encoder
from analytics.text import warm_up
from analytics.text.model_files import PACKAGED_NAME


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    answer, controls = st.columns([7, 3], gap="medium")
    with controls:
        source = text_map_source.choose_source(dataset)
    if not source:
        with answer:
            text_map_source.offer_sample()
        return
    with choices.belonging_to(f"{dataset.table.sha256} {source.column}", scope="text_map column"):
        _draw_map_of(dataset, source, answer, controls)


def _draw_map_of(
    dataset: DataSet, source: text_map_source.Source, answer: DeltaGenerator, controls: DeltaGenerator
) -> None:
    made = None
    with controls:
        look = st.container()
        fineness = st.container()
        with st.popover("Settings", icon=":material/tune:", width="stretch"):
            parameters = text_map_source.choose_parameters()
            topics = text_map_source.choose_topics(source.limit or len(dataset.frame))
            text_map_source.take_vectors(dataset)
        with fineness:
            topics = text_map_source.choose_fineness(topics)
        detail = st.container()
    with answer, widgets.errors_told():
        made = maps.make_map(dataset, source, parameters, topics)
    if made:
        _draw_made(dataset, made, answer, look, detail)


def _draw_made(
    dataset: DataSet,
    made: maps.MadeMap,
    answer: DeltaGenerator,
    look: DeltaGenerator,
    detail: DeltaGenerator,
) -> None:
    state.take_events(made)
    with look:
        colouring = views.choose_colour(dataset, made)
        hits = searching.search_box(made)
        with st.popover("Filter, size", icon=":material/filter_alt:", width="stretch"):
            passed = views.choose_filter(dataset, made)
            sizes = views.choose_sizes(dataset, made)
    with detail:
        hits = views.draw_focus(made) or hits
    with answer:
        words.draw_answer(made)
        views.draw_map(made, colouring, sizes, hits, passed)
        selection.draw_selected(made)
    panels.draw_panel(dataset, made, hits)
    with st.expander("How this is computed", icon=":material/functions:"):
        words.draw_method(made)


def prepare() -> None:
    """Load the packaged model, compile what maps need, and load the libraries of clusters and search."""
    warm_up(shared_encoder(PACKAGED_NAME))
