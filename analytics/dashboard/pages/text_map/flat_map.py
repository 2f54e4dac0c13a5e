"""The flat map in the page: our own layer of points, or ECharts where the browser has no WebGL."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.known import finer_topics
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.figures.text_map import point_layer
from analytics.figures.text_map.hover import hover_text, hover_texts, with_columns, with_values
from analytics.figures.text_map.looks import Colouring, Emphasis
from analytics.figures.text_map.option import map_option
from analytics.figures.text_map.plots import HEIGHT


def draw_flat(
    made: MadeMap,
    colouring: Colouring,
    *,
    sizes: np.ndarray | None,
    emphasis: Emphasis,
    columns: pd.DataFrame,
    alt: str,
) -> None:
    """The map; a lasso or box selects, a click opens a text, the pointer shows it with these ``columns``."""
    if state.lacks_webgl():
        _draw_echarts(made, colouring, sizes, emphasis, columns, alt)
    else:
        _draw_layer(made, colouring, sizes, emphasis, columns, alt)


def _draw_layer(
    made: MadeMap,
    colouring: Colouring,
    sizes: np.ndarray | None,
    emphasis: Emphasis,
    columns: pd.DataFrame,
    alt: str,
) -> None:
    key, places = state.chart_key(made), state.drawn_places(made)
    texts = None
    if point_layer.texts_fit(len(places), columns.shape[1]):
        texts = with_values(hover_of(made, columns), colouring)[places].tolist()
    # First, so that the points are on their way while their look is made. Between two runs in which they are
    # the same, Streamlit sends no more than their hash.
    _component("points", "mountStock")(
        data=point_layer.stock(made.projection.points[places], texts, key=key), key=f"{key}_points"
    )
    if texts is None:
        _draw_pointed(made, colouring, columns, places, key)
    look = point_layer.look(
        made.projection,
        key=key,
        colouring=colouring,
        drawn=places,
        alt=alt,
        height=HEIGHT,
        emphasis=emphasis,
        levels=[made.clusters, *finer_topics(made)],
        sizes=sizes,
        clearable=state.selected_of(made) is not None,
        series=state.series_key(made),
    )
    at = f"{key}_layer"
    _component("layer", "mountMap", html=point_layer.MARKUP, css=point_layer.STYLE)(
        data=look,
        key=at,
        height="content",
        on_pick_change=partial(_take_pick, made, places, at),
        on_area_change=partial(_take_area, made, at),
        on_clear_change=partial(state.clear_selection, made),
        on_absent_change=state.note_no_webgl,
    )


def _component(name: str, mount: str, *, html: str = "<i></i>", css: str | None = None) -> Any:
    # Registered at every run, because a new server, or a test's, starts with an empty register.
    script = f"{point_layer.SCRIPT}\nexport default {mount}\n"
    return st.components.v2.component(f"zetascope_map_{name}", html=html, css=css, js=script)


@st.fragment
def _draw_pointed(
    made: MadeMap, colouring: Colouring, columns: pd.DataFrame, places: np.ndarray, key: str
) -> None:
    """Of many points the browser asks for the text of the one under the pointer; nothing else runs then."""
    at = f"{key}_pointed"
    asked = (st.session_state.get(at) or {}).get("ask")
    text = ""
    if asked is not None and 0 <= int(asked) < len(places):
        place = int(places[int(asked)])
        said = hover_text(made.projection, made.texts, made.file_rows, made.clusters, place)
        told = with_columns(np.array([said], dtype=object), columns.iloc[made.rows[[place]]])
        text = str(with_values(told, colouring, np.array([place]))[0])
    _component("pointed", "mountPointed")(
        data={"id": key, "place": asked, "text": text}, key=at, on_ask_change=_nothing
    )


def _nothing() -> None:
    """A trigger needs a callback to be in the state; the fragment takes it where it draws."""


def _take_pick(made: MadeMap, places: np.ndarray, at: str) -> None:
    picked = st.session_state[at].get("pick")
    if picked is not None and 0 <= int(picked) < len(places):
        state.set_focus(made, int(places[int(picked)]))


def _take_area(made: MadeMap, at: str) -> None:
    corners = st.session_state[at].get("area")
    if corners:
        state.select_region(made, corners)


def _draw_echarts(
    made: MadeMap,
    colouring: Colouring,
    sizes: np.ndarray | None,
    emphasis: Emphasis,
    columns: pd.DataFrame,
    alt: str,
) -> None:
    option = map_option(
        made.projection,
        colouring=colouring,
        hover=hover_of(made, columns),
        drawn=state.drawn_places(made),
        emphasis=emphasis,
        clusters=made.clusters,
        sizes=sizes,
        inside=state.inside_places(made),
    )
    st.echarts_chart(option, key=state.chart_key(made), height=HEIGHT, alt=alt, on_select="rerun")


def hover_of(made: MadeMap, columns: pd.DataFrame) -> np.ndarray:
    """What the pointer shows over every point, (n,) object: ``columns`` of the table below its text."""
    return with_columns(_hover_of(made.key, made), columns.iloc[made.rows])


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _hover_of(key: tuple[object, ...], _made: MadeMap) -> np.ndarray:
    return hover_texts(_made.projection, _made.texts, _made.file_rows, _made.clusters)
