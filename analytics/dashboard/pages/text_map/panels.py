"""What can be looked at beside the map: clusters, the selection, what was found, lists and files."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analytics.dashboard.pages.text_map import (
    duplicates,
    linked,
    lists,
    searching,
    selection,
    state,
    tags,
    topics,
)
from analytics.dashboard.pages.text_map.downloads import draw_downloads
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.pages.text_map.new_texts import draw_new_texts
from analytics.dashboard.pages.text_map.publishing import draw_publishing
from analytics.dashboard.server.datasets import DataSet
from analytics.text import Hits

Draw = Callable[[DataSet, MadeMap, Hits | None], None]


def draw_panel(dataset: DataSet, made: MadeMap, hits: Hits | None) -> None:
    """The chosen panel."""
    first = next(iter(_PANELS))
    context = get_script_run_ctx()
    selected = context is not None and context.session_state.is_new_state_value(state.PART)
    chosen = st.segmented_control(
        "Look at",
        list(_PANELS),
        # A default beside a value that a new selection has set would be logged as a contradiction.
        default=None if selected else first,
        key=state.PART,
        bind="query-params",
        label_visibility="collapsed",
    )
    _PANELS[chosen or first](dataset, made, hits)


def _draw_files(dataset: DataSet, made: MadeMap) -> None:
    draw_downloads(dataset, made)
    draw_publishing(dataset, made)


_PANELS: dict[str, Draw] = {
    "Clusters": lambda dataset, made, _hits: topics.draw_topics(dataset, made),
    state.SELECTION: lambda dataset, made, _hits: selection.draw_selection(dataset, made),
    "Columns": lambda dataset, made, _hits: linked.draw_linked(dataset, made),
    "Search": lambda _dataset, made, hits: searching.draw_hits(made, hits),
    "Tags": lambda dataset, made, _hits: tags.draw_tags(dataset, made),
    "Near duplicates": lambda dataset, made, _hits: duplicates.draw_duplicates(dataset, made),
    "Unusual": lambda dataset, made, _hits: lists.draw_unusual(dataset, made),
    "New texts": lambda _dataset, made, _hits: draw_new_texts(made),
    "Download": lambda dataset, made, _hits: _draw_files(dataset, made),
}
