"""What is selected and clicked on the map: kept beside the chart, so that it outlives a new colour or map."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.figures.text_map.option import INSIDE, POINTS
from analytics.text.regions import inside_box, inside_polygon

MOST_DRAWN = 100_000
_MOST_INSIDE = 20_000
_SELECTED = "zetascope_text_map_selected"
_FOCUS = "zetascope_text_map_focus"
_SEEN = "zetascope_text_map_seen"
_TURN = "zetascope_text_map_turn"


def chart_key(made: MadeMap) -> str:
    """The chart's key: the same as long as its points are, so that a drawn region survives a new colour."""
    shown = repr((made.source, made.projection.parameters, st.session_state.get(_TURN, 0)))
    return f"text_map_chart_{hashlib.sha256(shown.encode()).hexdigest()[:12]}"


def drawn_places(made: MadeMap) -> np.ndarray:
    """The points that the browser draws: all, or 100,000 evenly spread ones."""
    n = len(made.rows)
    return np.arange(n) if n <= MOST_DRAWN else np.linspace(0, n - 1, MOST_DRAWN).round().astype(np.int64)


def selected_of(made: MadeMap) -> np.ndarray | None:
    """The selected rows of the table, or None; they outlive a new colour and a new map of the same texts."""
    source, rows, _ = st.session_state.get(_SELECTED, (None, None, None))
    return rows if source == made.source and rows is not None and len(rows) else None


def inside_places(made: MadeMap) -> np.ndarray | None:
    """The points within the region drawn on this chart, or None without one or where they are too many."""
    rows = selected_of(made)
    if rows is None or not shown_by_chart(made) or len(rows) > _MOST_INSIDE:
        return None
    return np.flatnonzero(np.isin(made.rows, rows))


def shown_by_chart(made: MadeMap) -> bool:
    """Whether the chart itself dims what is not selected, because the region was drawn on it."""
    return st.session_state.get(_SELECTED, (None, None, None))[2] == chart_key(made)


def focus_of(made: MadeMap) -> int | None:
    """The point that was clicked, as a position on the map."""
    source, row = st.session_state.get(_FOCUS, (None, None))
    if source != made.source or row is None:
        return None
    found = np.flatnonzero(made.rows == row)
    return int(found[0]) if len(found) else None


def select_rows(made: MadeMap, rows: np.ndarray) -> None:
    """Make these rows of the table the selection, in place of a region on the chart."""
    _forget_region(made)
    st.session_state[_SELECTED] = (made.source, np.asarray(rows, dtype=int), "")


def clear_selection(made: MadeMap) -> None:
    """Forget the selection and the clicked text."""
    _forget_region(made)
    st.session_state.pop(_SELECTED, None)
    st.session_state.pop(_FOCUS, None)


def set_focus(made: MadeMap, place: int) -> None:
    """Show this point as if it had been clicked."""
    st.session_state[_FOCUS] = (made.source, int(made.rows[place]))


def focus_row(made: MadeMap, row: str) -> None:
    """Show the text of this row of the file, as the browser names it; what is not on the map is ignored."""
    places = np.flatnonzero(made.file_rows == int(row)) if row.isdecimal() else np.array([], int)
    if len(places):
        set_focus(made, int(places[0]))


def take_events(made: MadeMap) -> None:
    """Note what was drawn or clicked on the chart since the last run; call it before anything is drawn."""
    key = chart_key(made)
    state = st.session_state.get(key)
    if state is None:
        _begin_anew(made, key)
        return
    areas, clicked = _events(state["selection"], made)
    event = (key, json.dumps(areas), clicked)
    seen = st.session_state.get(_SEEN, (key, "[]", None))
    if event == seen:
        return
    st.session_state[_SEEN] = event
    if event[1] != seen[1]:
        _take_areas(made, areas, key)
    elif clicked is not None:
        set_focus(made, clicked)
    else:
        st.session_state.pop(_FOCUS, None)


def _begin_anew(made: MadeMap, key: str) -> None:
    """A chart that the browser has yet to draw, as after another page, knows of no region and no click."""
    st.session_state[_SEEN] = (key, "[]", None)
    rows = selected_of(made)
    if rows is not None and shown_by_chart(made):
        st.session_state[_SELECTED] = (made.source, rows, "")


def _events(selection: Any, made: MadeMap) -> tuple[list[Any], int | None]:
    """The regions drawn, and the place of the point that was clicked."""
    areas = [[area["brush_type"], area["coord_range"]] for area in selection["areas"]]
    # The points of a region are among those found, so that a click in it counts on the series over it only.
    places = inside_places(made) if areas else drawn_places(made)
    series = INSIDE if areas else POINTS
    found = [
        i for group in selection["selected"] if group["series_id"] == series for i in group["data_indices"]
    ]
    if places is None or not found or found[0] >= len(places):
        return areas, None
    return areas, int(places[found[0]])


def _take_areas(made: MadeMap, areas: list[Any], key: str) -> None:
    within = np.zeros(len(made.rows), dtype=bool)
    for kind, extent in areas:
        inside = inside_box if kind == "rect" else inside_polygon
        within |= inside(made.projection.points, extent)
    if within.any():
        st.session_state[_SELECTED] = (made.source, made.rows[within], key)
    elif shown_by_chart(made):
        st.session_state.pop(_SELECTED, None)


def _forget_region(made: MadeMap) -> None:
    """A region lives in the browser, and only a chart with a new key is without it."""
    if st.session_state.get(_SEEN, ("", "[]", None))[:2] not in {("", "[]"), (chart_key(made), "[]")}:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        st.session_state.pop(_SEEN, None)
