"""The Text map page: a map of meaning, what is read of it, and an honest account of where it lies."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.pages.text_map import (
    linked,
    maps,
    panels,
    reading,
    searching,
    selection,
    state,
    text_choices,
    views,
    words,
)
from analytics.dashboard.pages.text_map import source as text_map_source
from analytics.dashboard.parts import choices, links, widgets
from analytics.dashboard.parts.texts.no_texts import offer_opinions
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.loading import shared_encoder
from analytics.text import warm_up
from analytics.text.model_files import PACKAGED_NAME

_STYLE = Path(__file__).parent / "assets" / "stage.css"
_MAP_AND_PANE = (11, 8)


@dataclass(frozen=True)
class _Places:
    """Where the page's parts stand, in whatever order they are drawn."""

    answer: DeltaGenerator
    source: DeltaGenerator
    search: DeltaGenerator
    colour: DeltaGenerator
    more: DeltaGenerator
    legend: DeltaGenerator
    map: DeltaGenerator
    fineness: DeltaGenerator
    reading: DeltaGenerator
    panel: DeltaGenerator

    @classmethod
    def laid_out(cls) -> "_Places":
        answer = st.container()
        with st.container(horizontal=True, vertical_alignment="top", key="text_map_controls"):
            source, search = st.container(width=170), st.container(width=280)
            colour = st.container(width=170)
            more = st.container(horizontal=True, width="content", key="text_map_more")
            legend = st.container(horizontal=True, vertical_alignment="bottom", width="content")
        with st.container(key="text_map_stage"):
            left, right = st.columns(_MAP_AND_PANE, gap="medium")
        with right:
            fineness = st.container(horizontal=True)
            read, panel = st.container(), st.container()
        with left:
            shown = st.container(key="text_map_view")
        return cls(answer, source, search, colour, more, legend, shown, fineness, read, panel)


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    st.html(_STYLE)
    links.take_next("text_map")
    places = _Places.laid_out()
    with places.source:
        source = text_map_source.choose_source(dataset, place=places.answer)
    if not source:
        with places.answer:
            offer_opinions(text_map_source.without_sentences(dataset))
        return
    with choices.belonging_to(f"{dataset.table.sha256} {source.column}", scope="text_map column"):
        _draw_map_of(dataset, source, places)


def _draw_map_of(dataset: DataSet, source: text_map_source.Source, places: _Places) -> None:
    made = None
    with places.more:
        filters = st.popover("Filter, size", icon=":material/filter_alt:")
        settings = st.popover("Settings", icon=":material/tune:")
    with settings:
        columns = views.choose_pointed(dataset, source.column)
        parameters = text_map_source.choose_parameters(dataset)
        topics = text_map_source.choose_topics(source.limit or len(dataset.frame))
        source = text_choices.choose_reading(dataset, source)
        text_map_source.take_vectors(dataset)
    with places.fineness:
        topics = text_map_source.choose_fineness(topics)
    with places.answer, widgets.errors_told():
        if text_choices.told_agreement(dataset, source):
            made = maps.make_map(dataset, source, parameters, topics)
    if made:
        _draw_made(dataset, made, places, filters, columns)


def _draw_made(
    dataset: DataSet, made: maps.MadeMap, places: _Places, filters: DeltaGenerator, columns: pd.DataFrame
) -> None:
    state.take_events(made)
    with places.colour:
        colouring = views.choose_colour(dataset, made)
    with places.legend:
        pointed = views.draw_legend(colouring)
    with places.search:
        hits = searching.search_box(made)
    with filters:
        passed = views.choose_filter(dataset, made)
        passed = _both(_both(passed, pointed), linked.passed_of(dataset, made))
        views.offer_passed(made, passed)
        sizes = views.choose_sizes(dataset, made)
    if hits is not None and passed is not None:
        hits = hits.only(passed[hits.rows])
    with places.reading:
        alike = reading.draw_reading(dataset, made, hits, passed)
    with places.answer:
        words.draw_answer(made)
        text_choices.warn_of_languages(made)
    with places.map:
        views.draw_map(made, colouring, sizes, alike or hits, passed, columns)
        selection.draw_selected(made)
    with places.panel:
        panels.draw_panel(dataset, made, hits)
    with st.expander("How this is computed", icon=":material/functions:"):
        words.draw_method(made)


def _both(one: np.ndarray | None, other: np.ndarray | None) -> np.ndarray | None:
    """Points (n,) bool that pass both filters; None is no filter."""
    return other if one is None else one if other is None else one & other


def prepare() -> None:
    """Load the packaged model, compile what maps need, and load the libraries of clusters and search."""
    warm_up(shared_encoder(PACKAGED_NAME))
