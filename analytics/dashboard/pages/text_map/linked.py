"""Columns beside the map: a range or a bar that is chosen filters the map and the lists of texts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import blake2b

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.text_map.linked import Bins, bins_of, linked_figure

_CHOSEN = "zetascope_text_map_linked"
_TURN = "zetascope_text_map_linked_turn"
_COLUMNS = "text_map_linked"
_AT_FIRST = 2
_MOST_OFFERED = 200

Choice = tuple[int, ...]
"""The first and the last bin of what has an order, else all the bins that are chosen; () is no choice."""


def passed_of(dataset: DataSet, made: MadeMap, *, but: str | None = None) -> np.ndarray | None:
    """Points (n,) bool in what is chosen of every column (``but`` one); None where nothing is chosen."""
    passed: np.ndarray | None = None
    for name, chosen in _chosen(made).items():
        if name != but and name in _offered(dataset, made):
            inside = _bins(dataset, name).holds(chosen)[made.rows]
            passed = inside if passed is None else passed & inside
    return passed


def draw_linked(dataset: DataSet, made: MadeMap) -> None:
    """The chosen columns as bars of all texts, with those that the other columns and the selection leave."""
    offered = _offered(dataset, made)
    if not offered:
        st.info("There is no other column of numbers, dates or categories.", icon=":material/bar_chart:")
        return
    names = widgets.choose_columns("Columns", offered, key=_COLUMNS, default=offered[:_AT_FIRST])
    _draw_left(dataset, made)
    for name in names:
        _draw_column(dataset, made, name)


def _draw_left(dataset: DataSet, made: MadeMap) -> None:
    """How many texts are left, and what can be done with them."""
    passed = passed_of(dataset, made)
    if passed is None:
        st.caption(
            "Drag over a range, click a bar, or choose below it: the map and the lists then show these texts "
            "only. Grey bars are all texts, the others those that the other columns and the selection leave."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{int(passed.sum()):,} of {count(len(passed), made.noun)}** left.")
        st.button(
            "Select them",
            key="text_map_linked_select",
            icon=":material/select_all:",
            on_click=state.select_rows,
            args=(made, made.rows[passed]),
            disabled=not passed.any(),
        )
        st.button("Show all", key="text_map_linked_clear", on_click=_show_all, args=(made,))


def _draw_column(dataset: DataSet, made: MadeMap, name: str) -> None:
    bins, chosen = _bins(dataset, name), _chosen(made).get(name, ())
    if not bins.labels:
        return
    mapped = Bins(bins.codes[made.rows], bins.labels, bins.ordered)
    # A region drawn on a chart, and a slider's place, stay in the browser: those with a new key are without.
    turn = st.session_state.get(_TURN, 0)
    key = f"text_map_linked_{blake2b(name.encode(), digest_size=6).hexdigest()}_{turn}"
    st.markdown(f"**{plain(name, width=60)}**")
    widgets.chart(
        linked_figure(mapped, _left(dataset, made, name), chosen),
        key=key,
        alt=f"Texts by {name}: all, and those that are left",
        select=("points", "box") if bins.ordered else "points",
        on_select=partial(_take_chart, made, name, bins.ordered, key),
    )
    if bins.ordered:
        _draw_range(made, name, bins, chosen, key)
    else:
        _draw_values(made, name, bins, chosen, key)


def _left(dataset: DataSet, made: MadeMap, name: str) -> np.ndarray:
    """Points (n,) bool that the other columns and the selection leave."""
    others, rows = passed_of(dataset, made, but=name), state.selected_of(made)
    left = np.ones(len(made.rows), dtype=bool) if others is None else others
    return left if rows is None else left & np.isin(made.rows, rows)


def _draw_range(made: MadeMap, name: str, bins: Bins, chosen: Choice, at: str) -> None:
    if len(bins.labels) < 2:
        return
    key = f"{at}_range"
    st.select_slider(
        f"Range of {plain(name, width=60)}",
        range(len(bins.labels)),
        chosen or (0, len(bins.labels) - 1),
        key=key,
        format_func=lambda place: bins.labels[place],
        on_change=_take_range,
        args=(made, name, len(bins.labels), key),
        label_visibility="collapsed",
    )


def _draw_values(made: MadeMap, name: str, bins: Bins, chosen: Choice, at: str) -> None:
    key = f"{at}_values"
    st.multiselect(
        f"Values of {plain(name, width=60)}",
        sorted({*range(min(len(bins.labels), _MOST_OFFERED)), *chosen}),
        default=list(chosen),
        key=key,
        format_func=lambda place: bins.labels[place],
        on_change=_take_values,
        args=(made, name, key),
        placeholder=f"Values, {len(bins.labels):,} of them",
        label_visibility="collapsed",
    )


def _take_range(made: MadeMap, name: str, bins: int, key: str) -> None:
    first, last = st.session_state[key]
    _keep(made, name, () if (first, last) == (0, bins - 1) else (first, last))


def _take_values(made: MadeMap, name: str, key: str) -> None:
    _keep(made, name, tuple(st.session_state[key]))


def _take_chart(made: MadeMap, name: str, ordered: bool, key: str) -> None:
    """What was dragged over, or the bar that was clicked: one that was chosen already is no longer."""
    points = st.session_state[key]["selection"]["points"]
    places = sorted({int(point["customdata"][0]) for point in points})
    if not places:
        return
    before = _chosen(made).get(name, ())
    if ordered:
        _keep(made, name, (places[0], places[-1]))
    else:
        _keep(made, name, tuple(sorted(set(before) ^ set(places))))
    _begin_anew()


def _show_all(made: MadeMap) -> None:
    _keep_all(made, {})
    _begin_anew()


def _begin_anew() -> None:
    """Draw charts and sliders that know of nothing but what is chosen now."""
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _chosen(made: MadeMap) -> Mapping[str, Choice]:
    """What is chosen of each column, for these texts."""
    owner, chosen = st.session_state.get(_CHOSEN, (None, {}))
    return chosen if owner == (made.source.data_key, made.source.column) else {}


def _keep(made: MadeMap, name: str, choice: Choice) -> None:
    others = {column: chosen for column, chosen in _chosen(made).items() if column != name}
    _keep_all(made, {**others, name: choice} if choice else others)


def _keep_all(made: MadeMap, chosen: Mapping[str, Choice]) -> None:
    st.session_state[_CHOSEN] = ((made.source.data_key, made.source.column), dict(chosen))


def _offered(dataset: DataSet, made: MadeMap) -> list[str]:
    return [name for name in dataset.columns("category", "number", "time") if name != made.source.column]


def _bins(dataset: DataSet, name: str) -> Bins:
    """The bins of all rows of the file, so that they are the same for a first map and for the whole."""
    return _made_bins(dataset.key, name, dataset.roles[name].kind, dataset.frame[name])


@st.cache_resource(scope="session", max_entries=16, show_spinner=False)
def _made_bins(key: str, name: str, kind: str, _column: pd.Series) -> Bins:
    return bins_of(_column, kind=kind)
