"""A grid over all rows of a table: asked for in order, shown a page at a time, never cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from analytics.dashboard.parts.buttons import Action, draw_actions
from analytics.dashboard.parts.markdown import count, plain
from analytics.rows import ShownCells, SortKey
from analytics.tables.writing.defusing import defuse

PAGE = 100
"""Rows of a page: few enough to be sent at once and read through."""
_HEIGHT, _ROW, _HEADER = 460, 35, 37  # pixels: a dozen rows in view, Streamlit's own row and header
_WITHOUT_SEARCH = """<style>.st-key-{key} [data-testid="stElementToolbarButton"]:has([aria-label^="Search"])
{{display: none}}</style>"""
"""The table's own search sees one page only, and would say that there is nothing."""


@dataclass(frozen=True)
class Listing:
    """Rows to show. ``rows(start, stop)`` gives the places of those rows in their order.

    ``numbers`` and ``lines`` (n,) are the number of each row of the table, from 1, and its line in the file.
    """

    key: str
    total: int
    rows: Callable[[int, int], np.ndarray] = field(repr=False)
    cells: ShownCells = field(repr=False)
    numbers: np.ndarray = field(repr=False)
    lines: np.ndarray | None = field(default=None, repr=False)
    asked: object = None
    """What was asked for: another question begins with its first page."""


def draw_listing(listing: Listing, *, alt: str, pinned: str | None = None, sort: str = "") -> None:
    """One page of rows and the way to the others. ``sort``: key of the ``sort_keys`` that a click changes."""
    start = _start(listing)
    stop = min(start + PAGE, listing.total)
    places = listing.rows(start, stop)
    shown = listing.cells.page(places)
    shown.index = _index(listing, places)
    key = f"{listing.key}_page"
    st.html(_WITHOUT_SEARCH.format(key=key))
    st.dataframe(
        shown,
        key=key,
        alt=alt,
        height=min(_HEIGHT, _HEADER + _ROW * max(1, len(shown))),
        column_config=_columns(listing, pinned),
        placeholder="missing",
        on_select=lambda: _sorted_by_click(key, sort),
        selection_mode="single-column",
    )
    _draw_pager(listing, start, stop)


def _index(listing: Listing, places: np.ndarray) -> pd.Index:
    numbers = listing.numbers[places]
    if listing.lines is None:
        return pd.Index(numbers, name="row")
    return pd.MultiIndex.from_arrays([numbers, listing.lines[places]], names=["row", "line"])


def _columns(listing: Listing, pinned: str | None) -> dict[Any, Any]:
    """Numbers and dates stand at the right, and one column may stay in view.

    Columns are named by their place, because the index may bear the same names.
    """
    first = 1 if listing.lines is None else 2
    return {
        first + place: st.column_config.TextColumn(
            alignment="left" if listing.cells.is_text(name) else "right",
            pinned=name == pinned or None,
        )
        for place, name in enumerate(listing.cells.columns)
    }


def _sorted_by_click(key: str, sort: str) -> None:
    """Callback: sort by the column that was clicked: ascending, descending, then no longer.

    The browser tells the second click on a column as the end of its selection.
    """
    columns = st.session_state[key]["selection"]["columns"]
    clicked = columns[0] if columns else st.session_state.get(f"{key}_clicked")
    st.session_state[f"{key}_clicked"] = clicked
    if not sort or clicked is None:
        return
    now = next((one for one in st.session_state.get(sort, []) if one.column == clicked), None)
    after = SortKey(clicked, now is not None)
    st.session_state[sort] = [] if now and now.descending else [after]


def start_of(listing: Listing) -> int:
    """The first row in view, as it was chosen for this question."""
    asked, start = st.session_state.get(_state(listing), (None, 0))
    return start if asked == listing.asked else 0


def _start(listing: Listing) -> int:
    """The first row in view, which is now the one that was asked for, if any."""
    start = start_of(listing)
    wanted = st.session_state.pop(f"{listing.key}_wanted", None)
    if wanted is not None:
        found = np.flatnonzero(listing.numbers[listing.rows(0, listing.total)] == wanted)
        if len(found):
            start = int(found[0])
        else:
            st.warning(f"Row {wanted:,} is not among these rows.", icon=":material/search_off:")
    start = max(0, min(start, listing.total - 1))
    _move(listing, start)
    return start


def _state(listing: Listing) -> str:
    return f"{listing.key}_at"


def _move(listing: Listing, start: int) -> None:
    st.session_state[_state(listing)] = (listing.asked, start)


def _draw_pager(listing: Listing, start: int, stop: int) -> None:
    last = max(0, (listing.total - 1) // PAGE * PAGE)
    moves = (
        ("First", "first_page", 0, start > 0),
        ("Previous", "chevron_left", max(0, start - PAGE), start > 0),
        ("Next", "chevron_right", stop, stop < listing.total),
        ("Last", "last_page", last, stop < listing.total),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        draw_actions(
            *(
                Action(label, f"{listing.key}_{label.lower()}", icon, possible, _move, (listing, to))
                for label, icon, to, possible in moves
            )
        )
        if len(listing.numbers) > PAGE:
            _draw_way_to_row(listing)
        if listing.total:
            st.caption(f"Rows {start + 1:,} to {stop:,} of {listing.total:,}")


def _draw_way_to_row(listing: Listing) -> None:
    key = f"{listing.key}_go"
    st.number_input(
        "Go to row",
        min_value=1,
        value=None,
        step=1,
        key=key,
        width=150,
        placeholder="its number",
        on_change=_want,
        args=(listing.key, key),
    )


def _want(key: str, number: str) -> None:
    """Callback: show the row of this number first, if it is there."""
    st.session_state[f"{key}_wanted"] = st.session_state[number]


def found_words(found: int, rows: int) -> str:
    """``1,612 of 1,704 rows``."""
    return f"{found:,} of {count(rows, 'row')}" if found != rows else count(rows, "row")


def copied(cells: ShownCells, places: np.ndarray) -> str:
    """Cells of these rows with tabs between them; what a spreadsheet would run is defused, as in a CSV."""
    columns = [
        (defuse(column.texts(places))[0] if column.quoted else column.texts(places)).fill_null("")
        for column in cells.columns.values()
    ]
    flat = [pc.replace_substring_regex(texts, r"[\t\r\n]+", " ") for texts in columns]
    names = defuse(pa.array(list(cells.columns), pa.large_string()))[0]
    header = "\t".join(pc.replace_substring_regex(names, r"[\t\r\n]+", " ").to_pylist())
    rows = pc.binary_join_element_wise(*flat, pa.scalar("\t", pa.large_string())) if flat else pa.array([])
    return "\n".join([header, *rows.to_pylist()])


def told(sentence: str) -> str:
    """A condition in words, harmless and not too long."""
    return plain(sentence, width=300)
