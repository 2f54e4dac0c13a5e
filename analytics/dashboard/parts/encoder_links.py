"""The way from other pages to a place on the Encoder page."""

from __future__ import annotations

from typing import Any

import streamlit as st

LONGEST_TEXT = 20_000
FIRST_VIEW, PAIR_VIEW = "Step by step", "Two texts"
_NEXT = "encoder_walk_next"


def open_later(**choices: Any) -> None:
    """Set ``text``, ``other``, ``view``, ``stage``, ``layer`` or ``head`` in the Encoder page's next run.

    Other pages call it and then switch here: ``open_later(text=row_text)``.
    """
    st.session_state[_NEXT] = {**st.session_state.get(_NEXT, {}), **choices}


def take_later() -> dict[str, Any]:
    """What ``open_later`` asked for since the page was drawn last."""
    return st.session_state.pop(_NEXT, {})


def draw_links(text: str, neighbor: str | None = None, *, key: str) -> None:
    """Buttons that open the Encoder page with a text, and with it and its neighbour."""
    with st.container(horizontal=True):
        if st.button("How did it become a vector?", key=f"{key}_walk", icon=":material/conversion_path:"):
            open_later(text=text[:LONGEST_TEXT], view=FIRST_VIEW)
            st.switch_page("pages/encoder_walk.py")
        if neighbor is not None and st.button(
            "Why is its nearest text similar?", key=f"{key}_pair", icon=":material/compare_arrows:"
        ):
            open_later(text=text[:LONGEST_TEXT], other=neighbor[:LONGEST_TEXT], view=PAIR_VIEW)
            st.switch_page("pages/encoder_walk.py")
