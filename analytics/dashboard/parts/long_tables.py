"""Tables of more rows than are sent at once: searched and put in order as a whole, shown a page at a time."""

import pandas as pd
import streamlit as st

from analytics.dashboard.parts.markdown import count
from analytics.recipe import Shows
from analytics.rows import SortKey, in_order, matching


def page_of(frame: pd.DataFrame, *, key: str, rows: int) -> pd.DataFrame:
    """The page of ``rows`` rows that is chosen above the table; the frame's columns have different names."""
    named = frame.set_axis([str(name) for name in frame.columns], axis=1)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            "Search all rows",
            key=f"{key}_search",
            type="search",
            icon=":material/search:",
            placeholder="part of any cell",
            width=260,
        )
        sort = sort_keys(list(named.columns), key=f"{key}_sort")
    searched = (text or "").strip()
    places = in_order(named, matching(named, Shows(searched) if searched else None), sort)
    pages = max(1, -(-len(places) // rows))
    if st.session_state.get(f"{key}_number", 1) > pages:
        st.session_state[f"{key}_number"] = 1
    number = st.pagination(pages, key=f"{key}_number") if pages > 1 else 1
    start = (number - 1) * rows
    shown = frame.iloc[places[start : start + rows]]
    if searched:
        st.caption(f"{len(places):,} of {count(len(frame), 'row')} found.")
    if len(shown):
        st.caption(f"Rows {start + 1:,} to {start + len(shown):,} of {len(places):,}.")
    return shown


def sort_keys(columns: list[str], *, key: str) -> tuple[SortKey, ...]:
    """The columns to sort all rows by, each in either way."""
    offered = [SortKey(name, descending) for name in columns for descending in (False, True)]
    kept = st.session_state.get(key, [])
    st.session_state[key] = [one for one in kept if one in offered]
    return tuple(
        st.multiselect(
            "Sort by",
            offered,
            key=key,
            format_func=lambda one: one.sentence(),
            persist_state="session",
            placeholder="order of the table",
            help="Several columns: the first one counts most.",
        )
    )
