"""Pictures that answer the pointer by themselves: our own SVG, placed in the page without a frame."""

from __future__ import annotations

import streamlit as st

# The SVG's own style does the work; it is text made by analytics.figures, with every token escaped.
_PLACE_SVG = (
    "export default ({data, parentElement}) => { parentElement.querySelector('div').innerHTML = data }"
)


def draw_svg(svg: str, *, key: str) -> None:
    """Draw an SVG made by this package; texts inside must have been escaped by the one who made it."""
    # Registered at every run, because a new server, or a test's, starts with an empty register.
    place = st.components.v2.component("zetascope_svg", html="<div></div>", js=_PLACE_SVG)
    place(data=svg, key=key, height="content")
