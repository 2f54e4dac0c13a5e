"""The reading pane: one text in full, its row, its true neighbours, and the way to the next."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.maps import MadeMap, encoder_of
from analytics.dashboard.pages.text_map.passages import draw_passage
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import named, plain
from analytics.dashboard.parts.texts.encoder_links import draw_links
from analytics.dashboard.parts.texts.marked_text import marked_html
from analytics.dashboard.server.datasets import DataSet
from analytics.text import Hits, marked_spans, search

_MOST_LIKE = 30
_MOST_SHOWN = 50_000  # characters of one text: the browser lays out no more in a moment
_NUMBERS = {
    column: st.column_config.NumberColumn(format="%.3f", help=hover("cosine"))
    for column in ("similarity", "worst pair", "distance")
} | {"word match": st.column_config.NumberColumn(format="%.2f")}


def draw_reading(
    dataset: DataSet, made: MadeMap, hits: Hits | None, passed: np.ndarray | None
) -> Hits | None:
    """The text that was opened, wherever that was; gives what is most like it where that is asked for.

    ``passed`` (n,) bool are the points that pass the filters; None is no filter.
    """
    focus = state.focus_of(made)
    places, what = _list_of(made, hits, focus, passed)
    if focus is None:
        _invite(made, places, what)
        return None
    with st.container(border=True):
        _draw_steps(made, places, what, focus)
        st.html(_in_full(dataset, made, focus))
        draw_passage(made, focus)
        _draw_place(made, focus)
        _draw_row(dataset, made, focus)
        return _draw_neighbors(made, focus)


def _list_of(
    made: MadeMap, hits: Hits | None, focus: int | None, passed: np.ndarray | None
) -> tuple[np.ndarray, str]:
    """The texts that next and previous go through: the list one was opened from, else what is shown."""
    selected = state.selected_of(made)
    offered = [state.list_of(made)]
    if hits is not None and hits.alike.any():
        offered.append((hits.rows[hits.alike], "found"))
    if selected is not None:
        offered.append((np.flatnonzero(np.isin(made.rows, selected)), "selected"))
    if passed is not None and passed.any():
        offered.append((np.flatnonzero(passed), "that pass the filters"))
    for one in offered:
        if one and (focus is None or focus in one[0]):
            return one
    return np.arange(len(made.rows)), "on the map"


def _invite(made: MadeMap, places: np.ndarray, what: str) -> None:
    flat = made.projection.points.shape[1] == 2
    region = (
        "the lasso and the box above it select, Ctrl and the wheel zoom"
        if flat
        else "drag to turn it, the wheel zooms; there is no lasso"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Read the {len(places):,} {what}",
            key="text_map_read",
            icon=":material/menu_book:",
            on_click=state.read,
            args=(made, places, 0, what),
            help="One after the other; the map shows where each lies.",
        )
        st.caption(f"Or click a point of the map; {region}.")


def _draw_steps(made: MadeMap, places: np.ndarray, what: str, focus: int) -> None:
    at = int(np.flatnonzero(places == focus)[0])
    st.markdown(f"**Row {made.file_rows[focus] + 1:,}**, {at + 1:,} of {len(places):,} {what}")
    with st.container(horizontal=True, gap="small"):
        for label, icon, to in (("Previous", "arrow_back", at - 1), ("Next", "arrow_forward", at + 1)):
            st.button(
                label,
                key=f"text_map_{label.lower()}",
                icon=f":material/{icon}:",
                on_click=state.read,
                args=(made, places, to, what),
                disabled=not 0 <= to < len(places),
            )
        st.button("Close", key="text_map_close", icon=":material/close:", on_click=state.close_text)


def _in_full(dataset: DataSet, made: MadeMap, focus: int) -> str:
    """The whole text as it is in the file, as HTML with nothing in it live; words of the query are marked."""
    cell = dataset.frame[made.source.column].iloc[int(made.rows[focus])]
    text = str(cell) if made.source.stripped else made.texts[focus]
    shown = text[:_MOST_SHOWN]
    spans = marked_spans(shown, str(st.session_state.get("text_map_query") or ""))
    row = f"Text of row {made.file_rows[focus] + 1:,}"
    more = "" if len(text) <= _MOST_SHOWN else f"\n(The first {_MOST_SHOWN:,} of {len(text):,} characters.)"
    return (
        f'<div class="zetascope-reading" dir="auto" tabindex="0" role="region" aria-label="{row}">'
        f"{marked_html(shown, spans)}{more}</div>"
    )


def _draw_place(made: MadeMap, focus: int) -> None:
    trust = made.projection.point_trust
    cluster = plain(made.clusters.name_of(made.clusters.labels[focus]))
    st.caption(
        f"{cluster} · the map keeps {trust.kept[focus]:.0%} of its {trust.k} true neighbours and tore "
        f"{trust.torn[focus]:.0%} away{_how_read(made, focus)}"
    )


def _how_read(made: MadeMap, focus: int) -> str:
    """How much of the text the model read, and of how many tokens it knew nothing."""
    if made.source.uploaded:
        return ""
    unknown = float(encoder_of(made.source).unknown_share([made.texts[focus]])[0])
    said = f" · {made.read_share[focus]:.0%} of it was read"
    return f"{said}, {unknown:.0%} of the tokens are unknown to the model" if unknown else said


def _draw_row(dataset: DataSet, made: MadeMap, focus: int) -> None:
    """Every other column of the row."""
    row = dataset.frame.iloc[int(made.rows[focus])].drop(made.source.column)
    if row.empty:
        return
    cells = ["" if pd.isna(value) is True else named(value) for value in row]
    widgets.table(
        pd.DataFrame({"column": row.index.map(str), "value": cells}),
        key="text_map_row",
        alt="All other columns of the row",
    )


def _draw_neighbors(made: MadeMap, focus: int) -> Hits | None:
    neighbors = made.projection.neighbors.nearest(10)
    near = neighbors.indices[focus]
    reach = np.linalg.norm(made.projection.points[near] - made.projection.points[focus], axis=1)
    with st.expander("The truly nearest texts", expanded=False):
        draw_list(
            made,
            pd.DataFrame(
                {
                    "similarity": 1 - neighbors.distances[focus],
                    "text": [made.texts[place] for place in near],
                    **made.where(near),
                    "distance on the map": reach,
                }
            ),
            near,
            what="nearest",
            key="text_map_neighbors_table",
            alt="The ten truly nearest texts",
            height=250,
        )
    draw_links(made.texts[focus], made.texts[near[0]] if len(near) else None, key="text_map_focus")
    if st.toggle(f"Show the {_MOST_LIKE} texts most like it", key="text_map_like"):
        return search(made.projection.vectors[focus], made.projection.vectors, k=_MOST_LIKE, without=focus)
    return None


def draw_list(
    made: MadeMap,
    frame: pd.DataFrame,
    places: np.ndarray,
    *,
    what: str,
    key: str,
    alt: str,
    **options: Any,
) -> None:
    """A list of texts; a chosen one is opened beside the map, and next and previous go through the list.

    ``places`` (m,) on the map are those of the frame's rows; ``what`` ends "3 of 30 ...".
    """
    widgets.table(
        frame,
        key=key,
        alt=alt,
        column_config=_NUMBERS,
        on_select=partial(_open_picked, made, places, what, key),
        selection_mode="single-row",
        **options,
    )


def _open_picked(made: MadeMap, places: np.ndarray, what: str, key: str) -> None:
    """Callback of a list: the row that was chosen."""
    picked = st.session_state[key]["selection"]["rows"]
    if picked and picked[0] < len(places):
        state.read(made, places, picked[0], what)
