"""Near duplicates and unusual texts as lists, shown in part and downloaded whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map.maps import MadeMap, duplicates_of
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count

_THRESHOLD = 0.95
_THRESHOLD_KEY = "text_map_threshold"


def chosen_threshold() -> float:
    """The similarity from which texts count as the same, wherever it was chosen."""
    return float(st.session_state.get(_THRESHOLD_KEY, _THRESHOLD))


def draw_duplicates(made: MadeMap) -> None:
    """Groups of texts that say nearly the same."""
    threshold = st.slider(
        "Similarity from which texts count as the same",
        0.80,
        1.0,
        _THRESHOLD,
        0.01,
        key=_THRESHOLD_KEY,
        bind="query-params",
    )
    groups = duplicates_of(made.source, threshold, made.projection)
    st.markdown(
        f"**{count(groups.count, 'group')}** of near duplicates; **{count(groups.surplus, 'row')}** could go "
        "if one of each group stayed."
    )
    places = np.flatnonzero(groups.labels >= 0)
    places = places[np.argsort(groups.labels[places], kind="stable")]
    frame = pd.DataFrame(
        {
            "group": groups.labels[places] + 1,
            "similarity": groups.similarity[places],
            "text": [made.texts[place] for place in places],
            "row": made.file_rows[places] + 1,
        }
    )
    _draw_listing(
        frame, key="text_map_duplicates", alt="Near duplicates, group by group", name="near_duplicates"
    )


def draw_unusual(made: MadeMap) -> None:
    """Texts far from all others, in the model's space and not on the map."""
    places = made.unusual.rows(len(made.texts))
    st.caption(
        f"Mean distance to the {made.unusual.k} nearest texts, among the vectors: a point that lies "
        "alone on the map is not on this list unless it is alone in truth."
    )
    frame = pd.DataFrame(
        {
            "distance": made.unusual.distance[places],
            "text": [made.texts[place] for place in places],
            "row": made.file_rows[places] + 1,
        }
    )
    _draw_listing(
        frame, key="text_map_unusual", alt="The most unusual texts, first the farthest", name="unusual"
    )


def _draw_listing(frame: pd.DataFrame, *, key: str, alt: str, name: str) -> None:
    numbers = {
        column: st.column_config.NumberColumn(format="%.3f", help=hover("cosine"))
        for column in ("similarity", "distance")
    }
    widgets.table(frame, key=key, alt=alt, column_config=numbers)
    widgets.download(
        "This list (CSV)",
        lambda: frame,
        file_name=f"{name}.csv",
        key=f"{key}_download",
    )
