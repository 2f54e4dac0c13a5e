"""A tuned encoder at work: other pages of this session open with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.dashboard.parts import links
from analytics.dashboard.server.tuned import keep_tuned

_PAGES = {"text_map": ("Text map", "scatter_plot"), "encoder_walk": ("Encoder", "conversion_path")}


def draw_use(model: Any, *, about: object, page: str) -> None:
    """Buttons that open other pages with a tuned SentenceTransformer; ``about`` says which one it is."""
    name = keep_tuned(model, about=about)
    st.caption(f"Among the models of Text map, Ask and Encoder it is **{name}**, until this session ends.")
    with st.container(horizontal=True):
        for other, (title, icon) in _PAGES.items():
            if st.button(f"{title} with it", key=f"{page}_use_{other}", icon=f":material/{icon}:"):
                links.go_to(other, model=name)
