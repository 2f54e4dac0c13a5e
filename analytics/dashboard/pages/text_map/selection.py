"""The selected texts: how far their place can be trusted, and which columns set them apart."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.maps import MadeMap, unity_of_places
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count
from analytics.dashboard.server.datasets import DataSet
from analytics.text import selection_differences


def draw_selected(made: MadeMap) -> None:
    """Under the map: how many texts are selected, and whether their place can be trusted."""
    rows = state.selected_of(made)
    if rows is None:
        return
    places = np.flatnonzero(np.isin(made.rows, rows))
    mean = made.projection.trust[places].mean()
    unity = unity_of_places(made.key, places.tobytes(), made.projection)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count(len(rows), 'text')} selected.** Mean trust of their places: {mean:.0%}.")
        st.button("Clear the selection", key="text_map_clear", on_click=state.clear_selection, args=(made,))
    if unity.size > 1 and not unity.is_one and unity.size < len(made.rows):
        st.warning(f"{unity.sentence()} They may have little in common.", icon=":material/warning:")
    else:
        st.caption(unity.sentence())


def draw_selection(dataset: DataSet, made: MadeMap) -> None:
    """The selected rows, and which columns set them apart."""
    rows = state.selected_of(made)
    if rows is None:
        st.info(
            "Draw a lasso or a box round some points on the map, or choose a cluster.",
            icon=":material/lasso_select:",
        )
        return
    selected = np.zeros(len(dataset.frame), dtype=bool)
    selected[rows] = True
    with widgets.errors_told():
        _draw_differences(dataset, made, selected)
    shown = dataset.frame.loc[selected]
    widgets.table(shown, key="text_map_selected_table", alt="The selected rows", numbered=True)
    widgets.download(
        "Selected rows (CSV)",
        lambda: shown,
        file_name="selection.csv",
        key="text_map_download_selection",
    )


def _draw_differences(dataset: DataSet, made: MadeMap, selected: np.ndarray) -> None:
    mapped = np.zeros(len(selected), dtype=bool)
    mapped[made.rows] = True
    kinds: dict[Hashable, str] = {
        name: role.kind for name, role in dataset.roles.items() if name != made.source.column
    }
    found = selection_differences(dataset.frame.loc[mapped], selected[mapped], kinds=kinds)
    st.markdown("**Which columns set them apart from the rest**")
    if found.empty:
        st.caption("There is no other number or category to compare.")
        return
    widgets.table(
        found[["column", "effect", "difference", "p_adjusted"]],
        key="text_map_differences",
        alt="Columns ranked by how much the selection differs from the rest",
        column_config={
            "effect": st.column_config.NumberColumn(
                format="%.2f", help="Cliff's delta for numbers (-1 to 1), Cramer's V for categories (0 to 1)."
            ),
            "p_adjusted": st.column_config.NumberColumn(
                format="%.2g",
                help="Corrected for the number of columns. The selection was made by looking, so this says "
                "where to look, not what is proved.",
            ),
        },
    )
