"""The Data page's rows: all of them, searched, filtered and in order, a page at a time."""

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data import filters
from analytics.dashboard.parts import grid, long_tables, widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.recipe import AllOf, Condition, Drop, Keep, Shows
from analytics.rows import ShownCells, SortKey, in_order, matching

_SEARCH, _WHERE, _SORT, _PINNED = "data_search", "data_search_in", "data_sort", "data_pinned"
_EVERYWHERE = "any column"
_AT_FIRST = 10_000
"""Rows that are put in order at first: a hundred pages, in a tenth of the time that all of millions take."""


def draw_rows(dataset: DataSet) -> None:
    """The grid with its search, filter and order, and what can be done with the rows that are left."""
    st.subheader("Rows", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        searched = _draw_search(dataset)
        sort = long_tables.sort_keys([str(name) for name in dataset.frame.columns], key=_SORT)
    box = st.expander("Filter", icon=":material/filter_alt:", key="data_filter", expanded=False)
    with box:
        filtered = filters.chosen_filter(dataset)
    where = _joined(searched, filtered)
    with widgets.errors_told():
        _draw_found(dataset, where, sort)


def _draw_search(dataset: DataSet) -> Condition | None:
    columns = [str(name) for name in dataset.frame.columns]
    text = st.text_input(
        "Search",
        key=_SEARCH,
        type="search",
        bind="query-params",
        icon=":material/search:",
        placeholder="part of any cell",
        width=260,
        help="As the cells are shown; letters of either case are the same.",
    )
    where = widgets.choose_one("in", [_EVERYWHERE, *columns], key=_WHERE, width=190)
    if not text or not text.strip():
        return None
    return Shows(text.strip(), () if where == _EVERYWHERE else (str(where),))


def _joined(*parts: Condition | None) -> Condition | None:
    given = tuple(part for part in parts if part is not None)
    return AllOf(given) if len(given) > 1 else given[0] if given else None


def _draw_found(dataset: DataSet, where: Condition | None, sort: tuple[SortKey, ...]) -> None:
    places = _matching(dataset.key, where, dataset.frame)

    def rows(start: int, stop: int) -> np.ndarray:
        if not sort or start >= stop:
            return places[start:stop]
        first = _AT_FIRST if stop <= _AT_FIRST else None
        return _in_order(dataset.key, where, sort, first, dataset.frame, places)[start:stop]

    total = len(dataset.frame)
    said = f"**{grid.found_words(len(places), total)}**"
    st.markdown(f"{said} where {grid.told(where.sentence())}" if where else said)
    listing = grid.Listing(
        key="data_rows",
        total=len(places),
        rows=rows,
        cells=_cells(dataset.key, dataset.frame),
        numbers=dataset.row_numbers,
        lines=dataset.table.lines,
        asked=(dataset.key, where, sort),
    )
    if len(places):
        grid.draw_listing(listing, alt=f"Rows of {dataset.name}", pinned=_pinned(dataset), sort=_SORT)
    else:
        st.info("No row is like this.", icon=":material/search_off:")
    _draw_uses(dataset, listing, where, places, sort)


def _pinned(dataset: DataSet) -> str | None:
    """The column that stays in view."""
    if st.session_state.get(_PINNED) not in (None, *dataset.frame.columns):
        st.session_state[_PINNED] = None  # a step took it out or renamed it
    return st.session_state.get(_PINNED)


def _draw_uses(
    dataset: DataSet,
    listing: grid.Listing,
    where: Condition | None,
    places: np.ndarray,
    sort: tuple[SortKey, ...],
) -> None:
    """Keep or drop these rows, take them away, copy this page."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if where is not None and 0 < listing.total < len(dataset.frame):
            _draw_steps(dataset, where, listing.total)
        left = f"{stem_of(dataset.name)}{'_filtered' if where else ''}"
        # Made outside of the session, which the cached functions belong to.
        widgets.download_table(
            lambda: dataset.frame.iloc[in_order(dataset.frame, places, sort)], stem=left, key="data"
        )
        copy = st.popover("Copy", icon=":material/content_copy:", on_change="rerun", key="data_copy")
        if copy.open:
            with copy:
                _draw_copy(listing)
        st.selectbox(
            "Keep in view",
            [str(name) for name in dataset.frame.columns],
            index=None,
            key=_PINNED,
            bind="query-params",
            placeholder="no column",
            width=190,
        )
    st.caption(
        "In the CSV, and in what is copied, text that a spreadsheet would run as a formula (= + - @) gets an "
        "apostrophe; numbers stay."
    )
    if dataset.sample:
        st.caption(f"Source: {plain(dataset.sample.credit)}. Licence: {plain(dataset.sample.licence)}.")


def _draw_copy(listing: grid.Listing) -> None:
    start = grid.start_of(listing)
    places = listing.rows(start, min(start + grid.PAGE, listing.total))
    st.caption("This page of rows with tabs between its cells, to be pasted into a spreadsheet.")
    st.code(grid.copied(listing.cells, places), language=None, height=240)


def _draw_steps(dataset: DataSet, where: Condition, found: int) -> None:
    for label, step, icon in (("Keep these rows", Keep, "check"), ("Drop these rows", Drop, "delete")):
        st.button(
            label,
            key=f"data_rows_{step.__name__.lower()}",
            icon=f":material/{icon}:",
            help=f"A step of the recipe: no page sees {'the others' if step is Keep else 'them'} then.",
            on_click=_take_step,
            args=(dataset, step(where)),
        )


def _take_step(dataset: DataSet, step: Keep | Drop) -> None:
    """Callback: the step, and nothing asked any more, since it would find all rows or none."""
    datasets.add_steps(dataset, step)
    st.session_state[_SEARCH] = ""
    filters.clear_filter(dataset)


@st.cache_resource(scope="session", max_entries=4, show_spinner="Looking through all rows")
def _matching(key: str, where: Condition | None, _frame: pd.DataFrame) -> np.ndarray:
    """Places of the rows; shared between reruns."""
    return matching(_frame, where)


@st.cache_resource(scope="session", max_entries=4, show_spinner="Putting the rows in order")
def _in_order(
    key: str,
    where: Condition | None,
    sort: tuple[SortKey, ...],
    first: int | None,
    _frame: pd.DataFrame,
    _places: np.ndarray,
) -> np.ndarray:
    return in_order(_frame, _places, sort, first=first)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _cells(key: str, _frame: pd.DataFrame) -> ShownCells:
    return ShownCells.of(_frame)
