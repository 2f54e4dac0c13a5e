"""The tuned encoder at work: other pages of this session open with it."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard.parts import links
from analytics.dashboard.server.tuned import keep_tuned
from analytics.retrieval.tuning.prediction import Predictions

_PAGES = {"text_map": ("Text map", "scatter_plot"), "encoder_walk": ("Encoder", "conversion_path")}


def draw_use(made: Predictions, *, about: object) -> None:
    """Buttons that open other pages with it; nothing where the encoder was left as it is."""
    if made.fitted.tuned is None:
        return
    name = keep_tuned(made.fitted.tuned, about=about)
    st.caption(f"Among the models of Text map, Ask and Encoder it is **{name}**, until this session ends.")
    with st.container(horizontal=True):
        for page, (title, icon) in _PAGES.items():
            if st.button(f"{title} with it", key=f"classify_use_{page}", icon=f":material/{icon}:"):
                links.go_to(page, model=name)
