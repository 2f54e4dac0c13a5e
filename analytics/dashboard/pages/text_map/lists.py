"""Lists of texts, shown in part and downloaded whole: here the unusual ones."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover


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
    draw_listing(
        frame, key="text_map_unusual", alt="The most unusual texts, first the farthest", name="unusual"
    )


def draw_listing(frame: pd.DataFrame, *, key: str, alt: str, name: str) -> None:
    """A list of texts with its download."""
    numbers = {
        column: st.column_config.NumberColumn(format="%.3f", help=hover("cosine"))
        for column in ("similarity", "worst pair", "distance")
    }
    widgets.table(frame, key=key, alt=alt, column_config=numbers)
    widgets.download(
        "This list (CSV)",
        lambda: frame,
        file_name=f"{name}.csv",
        key=f"{key}_download",
    )
