"""The way from other pages to a place on the Encoder page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.dashboard.parts import links

LONGEST_TEXT = 20_000
FIRST_VIEW, PAIR_VIEW = "Step by step", "Two texts"
NAME = "encoder_walk"


def open_later(**choices: Any) -> None:
    """Set ``text``, ``other``, ``view``, ``stage``, ``layer`` or ``head`` in the Encoder page's next run."""
    links.set_next(NAME, **choices)


def draw_links(text: str, neighbor: str | None = None, *, key: str) -> None:
    """Buttons that open the Encoder page with a text, and with it and its neighbour."""
    with st.container(horizontal=True):
        if st.button("How did it become a vector?", key=f"{key}_walk", icon=":material/conversion_path:"):
            links.go_to(NAME, text=text[:LONGEST_TEXT], view=FIRST_VIEW)
        if neighbor is not None and st.button(
            "Why is its nearest text similar?", key=f"{key}_pair", icon=":material/compare_arrows:"
        ):
            links.go_to(NAME, text=text[:LONGEST_TEXT], other=neighbor[:LONGEST_TEXT], view=PAIR_VIEW)
