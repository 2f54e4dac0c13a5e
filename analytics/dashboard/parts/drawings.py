"""Pictures that answer the pointer by themselves: our own SVG, placed in the page without a frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.figures.svg import standing_alone

# The SVG's own style does the drawing; it is text made by analytics.figures, with every token escaped.
_ASSETS = Path(__file__).parent / "assets"
STYLE = (_ASSETS / "drawing.css").read_text()
REACHING = (_ASSETS / "reaching.js").read_text()
"""Keyboard, pointer and hints of every picture of our own; what draws one stands behind it."""
_SCRIPT = REACHING + (_ASSETS / "drawing.js").read_text()
_CLICKS = (_ASSETS / "clicks.js").read_text()


def draw_svg(svg: str, *, key: str, on_pick: Callable[[str], None] | None = None) -> None:
    """Draw an SVG, or HTML, made by this package; who made it has escaped the texts inside.

    ``on_pick`` gets the ``data-pick`` of an element that was clicked, before the page runs again.
    """
    # Registered at every run, because a new server, or a test's, starts with an empty register.
    place = st.components.v2.component(
        "zetascope_svg", html="<div class='drawing'></div>", css=STYLE, js=_SCRIPT
    )
    _mount(place, svg, key, on_pick)


def download_svg(label: str, svg: str, *, file_name: str, key: str) -> None:
    """Offer a drawn picture as a file of its own."""
    widgets.download(label, lambda: standing_alone(svg), file_name=file_name, key=key)


def watch_clicks(within: str, *, key: str, on_pick: Callable[[str], None]) -> None:
    """Hear of clicks on the plotly chart inside the container with the key ``within``.

    For charts in three dimensions, of which Streamlit passes no clicks on. ``on_pick`` gets the point's
    ``customdata``, one value, before the page runs again.
    """
    place = st.components.v2.component("zetascope_clicks", html="<i></i>", js=_CLICKS)
    _mount(place, within, key, on_pick)


def _mount(place: Any, data: str, key: str, on_pick: Callable[[str], None] | None) -> None:
    if on_pick is None:
        place(data=data, key=key, height="content")
        return

    def picked() -> None:
        pick = st.session_state[key].get("pick")
        if pick is not None:
            on_pick(str(pick))

    place(data=data, key=key, height="content", on_pick_change=picked)
