"""Heat maps of ``figures.matrix`` in the page, and the cell that was clicked."""

from __future__ import annotations

import streamlit as st

from analytics.figures.matrix import MARKUP, SCRIPT, STYLE, HeatMap


def draw_heat_map(
    picture: HeatMap, *, key: str, alt: str, clickable: bool = False, chosen: tuple[int, int] | None = None
) -> tuple[int, int] | None:
    """Draw a heat map; returns row and column, from 0, of a cell that was clicked just now.

    ``alt`` says in words what is shown, ``chosen`` is the cell to mark.
    """
    # Registered at every run, because a new server, or a test's, starts with an empty register.
    place = st.components.v2.component("zetascope_matrix", html=MARKUP, css=STYLE, js=SCRIPT)
    data = picture.packed(alt=alt, clickable=clickable, chosen=chosen, file=key)
    clicked = place(data=data, key=key, height="content", on_cell_change=_nothing).cell
    return (int(clicked[0]), int(clicked[1])) if clicked else None


def _nothing() -> None:
    """A trigger needs a callback to be in the result; the page takes the click where it draws."""
