"""What is selected and clicked on the map: kept beside the chart, so that it outlives a new colour or map."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.figures.text_map.option import INSIDE, POINTS
from analytics.figures.text_map.point_layer import MOST_DRAWN
from analytics.text.regions import inside_box, inside_polygon

_MOST_BY_ECHARTS = 100_000
_WITHOUT_WEBGL = "zetascope_text_map_without_webgl"
_MOST_INSIDE = 20_000
_SELECTED = "zetascope_text_map_selected"
_FOCUS = "zetascope_text_map_focus"
_SEEN = "zetascope_text_map_seen"
_TURN = "zetascope_text_map_turn"
_LIST = "zetascope_text_map_list"
PART = "text_map_part"
"""Key of the choice of what stands beside the map."""
SELECTION = "Selection"
COMBINE = "text_map_combine"
_ALONE = "replaces it"
COMBINED: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    _ALONE: lambda _before, now: now,
    "is added": np.union1d,
    "is taken away": np.setdiff1d,
    "is crossed with it": np.intersect1d,
}
"""What a new selection does to the one before it."""


def chart_key(made: MadeMap) -> str:
    """The chart's key: the same as long as its points are, so that a drawn region survives a new colour."""
    return f"text_map_chart_{_hashed(made.whole, made.projection.parameters, st.session_state.get(_TURN, 0))}"


def series_key(made: MadeMap) -> str:
    """What a first map of some texts and the map of all have in common, and no other map."""
    return _hashed(made.whole, replace(made.projection.parameters, first=0))


def _hashed(*of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()[:12]


def lacks_webgl() -> bool:
    """Whether the browser said that it cannot draw the map's own layer."""
    return _WITHOUT_WEBGL in st.session_state


def note_no_webgl() -> None:
    """Callback: the browser has no WebGL, so ECharts draws from now on."""
    st.session_state[_WITHOUT_WEBGL] = True


def most_drawn() -> int:
    """How many points the browser draws at most."""
    return _MOST_BY_ECHARTS if lacks_webgl() else MOST_DRAWN


def drawn_places(made: MadeMap) -> np.ndarray:
    """The points that the browser draws: all, or as many as it can, evenly spread."""
    n, most = len(made.rows), most_drawn()
    return np.arange(n) if n <= most else np.linspace(0, n - 1, most).round().astype(np.int64)


def selected_of(made: MadeMap) -> np.ndarray | None:
    """The selected rows of the table, or None; they outlive a new colour and a new map of the same texts."""
    source, rows, _ = st.session_state.get(_SELECTED, (None, None, None))
    return rows if source == made.whole and rows is not None and len(rows) else None


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
    source, point = st.session_state.get(_FOCUS, (None, None))
    if source != made.whole or point is None:
        return None
    found = np.flatnonzero(made.ids == point)
    return int(found[0]) if len(found) else None


def select_rows(made: MadeMap, rows: np.ndarray) -> None:
    """Join these rows of the table with the selection as the reader chose; no region is shown then."""
    _forget_region(made)
    before = selected_of(made)
    how = st.session_state.get(COMBINE) or _ALONE
    rows = np.unique(np.asarray(rows, dtype=int))  # passages of a text share its row
    _keep_selection(made, rows if before is None else COMBINED[how](before, rows), "")


def select_region(made: MadeMap, corners: Sequence[Sequence[float]]) -> None:
    """Select the points within a region drawn on the map, by its corners in the map's numbers."""
    within = inside_polygon(made.projection.points, corners)
    if within.any():
        select_rows(made, made.rows[within])


def _keep_selection(made: MadeMap, rows: np.ndarray, key: str) -> None:
    """What it is stands beside the map by itself."""
    st.session_state[_SELECTED] = (made.whole, rows, key)
    if len(rows):
        st.session_state[PART] = SELECTION


def clear_selection(made: MadeMap) -> None:
    """Forget the selection and the clicked text."""
    _forget_region(made)
    st.session_state.pop(_SELECTED, None)
    st.session_state.pop(_FOCUS, None)


def read(made: MadeMap, places: np.ndarray, at: int, what: str) -> None:
    """Open the text ``at`` of a list of places; next and previous then go through the list."""
    st.session_state[_LIST] = (made.whole, made.ids[places], what)
    set_focus(made, int(places[at]))


def list_of(made: MadeMap) -> tuple[np.ndarray, str] | None:
    """The places of the list that a text was opened from, in its order, and what they are."""
    source, points, what = st.session_state.get(_LIST, (None, None, ""))
    if source != made.whole or points is None:
        return None
    order = np.argsort(made.ids)
    found = np.minimum(np.searchsorted(made.ids, points, sorter=order), len(order) - 1)
    places = order[found]
    return places[made.ids[places] == points], what


def close_text() -> None:
    """No text is open any more."""
    st.session_state.pop(_FOCUS, None)
    st.session_state.pop(_LIST, None)


def set_focus(made: MadeMap, place: int) -> None:
    """Show this point as if it had been clicked."""
    st.session_state[_FOCUS] = (made.whole, int(made.ids[place]))


def focus_row(made: MadeMap, row: str) -> None:
    """Show the text of this row of the file, as the browser names it; what is not on the map is ignored."""
    places = np.flatnonzero(made.file_rows == int(row)) if row.isdecimal() else np.array([], int)
    if len(places):
        set_focus(made, int(places[0]))


def take_events(made: MadeMap) -> None:
    """Where ECharts draws: note what was drawn or clicked on it since the last run.

    Call it before anything is drawn.
    """
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
        st.session_state[_SELECTED] = (made.whole, rows, "")


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
    if within.any() and _combines(made):
        select_rows(made, made.rows[within])
    elif within.any():
        _keep_selection(made, np.unique(made.rows[within]), key)
    elif shown_by_chart(made):
        st.session_state.pop(_SELECTED, None)


def _combines(made: MadeMap) -> bool:
    """Whether a region is joined with what is selected: the chart, which knows regions only, shows none."""
    return selected_of(made) is not None and (st.session_state.get(COMBINE) or _ALONE) != _ALONE


def _forget_region(made: MadeMap) -> None:
    """A region lives in the browser, and only a chart with a new key is without it."""
    if st.session_state.get(_SEEN, ("", "[]", None))[:2] not in {("", "[]"), (chart_key(made), "[]")}:
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        st.session_state.pop(_SEEN, None)
