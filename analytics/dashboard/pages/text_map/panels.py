"""What can be looked at below the map: clusters, the selection, what was found, lists and files."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import duplicates, lists, searching, selection, state
from analytics.dashboard.pages.text_map.downloads import draw_downloads
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.pages.text_map.new_texts import draw_new_texts
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.server.datasets import DataSet
from analytics.text import Hits

Draw = Callable[[DataSet, MadeMap, Hits | None], None]


def draw_panel(dataset: DataSet, made: MadeMap, hits: Hits | None) -> None:
    """The chosen panel."""
    first = next(iter(_PANELS))
    chosen = st.segmented_control(
        "Look at",
        list(_PANELS),
        default=first,
        key="text_map_part",
        bind="query-params",
        label_visibility="collapsed",
    )
    _PANELS[chosen or first](dataset, made, hits)


def _draw_clusters(made: MadeMap) -> None:
    """Every cluster with its words, size and most typical text; a row selects it."""
    clusters = made.clusters
    if not len(clusters.sizes):
        st.info("No group is dense enough to be a cluster.", icon=":material/scatter_plot:")
        return
    trust = made.projection.trust
    frame = pd.DataFrame(
        {
            "cluster": clusters.names,
            "texts": clusters.sizes,
            "trust": [
                trust[clusters.labels == label].mean().round(2) for label in range(len(clusters.sizes))
            ],
            "most typical": [made.texts[rows[0]] for rows in clusters.examples],
            "also typical": [" · ".join(made.texts[row] for row in rows[1:3]) for rows in clusters.examples],
        }
    )
    st.caption(
        f"HDBSCAN on the {clusters.space}, at least {clusters.min_size} texts each; "
        f"{clusters.noise_share:.0%} of the texts are noise. Choose a row to select its texts."
    )
    shown = widgets.table(
        frame,
        key="text_map_clusters_table",
        alt="Clusters with their distinguishing words",
        column_config={
            "trust": st.column_config.ProgressColumn(
                min_value=0, max_value=1, format="percent", help=hover("trustworthiness")
            )
        },
        on_select="rerun",
        selection_mode="single-row",
    )
    picked = shown["selection"]["rows"]
    if picked:
        rows = made.rows[clusters.labels == picked[0]]
        kept = state.selected_of(made)
        if kept is None or not np.array_equal(kept, rows):
            state.select_rows(made, rows)
            st.rerun()


_PANELS: dict[str, Draw] = {
    "Clusters": lambda _dataset, made, _hits: _draw_clusters(made),
    "Selection": lambda dataset, made, _hits: selection.draw_selection(dataset, made),
    "Search": lambda _dataset, made, hits: searching.draw_hits(made, hits),
    "Near duplicates": lambda dataset, made, _hits: duplicates.draw_duplicates(dataset, made),
    "Unusual": lambda _dataset, made, _hits: lists.draw_unusual(made),
    "New texts": lambda _dataset, made, _hits: draw_new_texts(made),
    "Download": lambda dataset, made, _hits: draw_downloads(dataset, made),
}
