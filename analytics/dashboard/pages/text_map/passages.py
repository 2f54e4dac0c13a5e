"""Where each point is a passage: which of its text it is, and the way through the whole of that text."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.parts.markdown import count


def draw_passage(made: MadeMap, focus: int) -> None:
    """Under an open passage: its number, and a button that reads its text from the first passage on."""
    numbers, counts = made.column.numbers, made.column.counts
    if numbers is None or counts is None or counts[focus] == 1:
        return
    row = made.rows[focus]
    places = np.flatnonzero(made.rows == row)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Passage {numbers[focus]:,} of {counts[focus]:,} of its text.")
        st.button(
            f"Read its {count(len(places), 'passage')}",
            key="text_map_read_passages",
            icon=":material/article:",
            on_click=state.read,
            args=(made, places, 0, f"passages of row {made.file_rows[focus] + 1:,}"),
        )
        st.button(
            "Select its text",
            key="text_map_select_text",
            icon=":material/select_all:",
            on_click=state.select_rows,
            args=(made, np.array([row])),
            help="All its passages: what is selected are always whole texts.",
        )
