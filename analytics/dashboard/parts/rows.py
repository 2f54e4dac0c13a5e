"""One row of the open data set: found by its name or its number, called by its name."""

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts.markdown import count, named, plain
from analytics.dashboard.server.datasets import DataSet

_SEARCHED = 6  # columns that name rows, likeliest first; further ones hardly tell them apart
_MOST_FOUND = 50  # more than anyone reads through: a longer name finds fewer


def name_columns(dataset: DataSet) -> list[str]:
    """Columns that tell rows apart for a reader, likeliest first."""
    return [*dataset.columns("identifier"), *dataset.columns("category", "text", "time")]


def name_of_row(dataset: DataSet, row: int) -> str:
    """The row by the first column that names it, with its number, counted from 1."""
    names, number = name_columns(dataset), f"row {dataset.row_numbers[row]:,}"
    if not names:
        return number
    value = dataset.frame[names[0]].iloc[row]
    return number if pd.isna(value) is True else f"{named(value)} ({number})"


def rows_named(dataset: DataSet, text: str) -> list[int]:
    """Positions of rows that go by ``text``: those that are called just so first, then those that hold it."""
    wanted = text.strip().casefold()
    if not wanted:
        return []
    exact: list[int] = []
    holding: list[int] = []
    for name in name_columns(dataset)[:_SEARCHED]:
        column = dataset.frame[name]
        distinct = {one: named(one).casefold() for one in column.dropna().unique() if np.isscalar(one) or one}
        for rows, fits in (
            (exact, [one for one, said in distinct.items() if said == wanted]),
            (holding, [one for one, said in distinct.items() if wanted in said and said != wanted]),
        ):
            if fits:
                rows += np.flatnonzero(column.isin(fits).to_numpy()).tolist()
    return list(dict.fromkeys([*exact, *holding]))


def choose_row(dataset: DataSet, *, key: str, first: int = 0) -> int:
    """A row's position; shown and kept in the link by its number in the file, counted from 1."""
    numbers = dataset.row_numbers
    least, most, usual = int(numbers[0]), int(numbers[-1]), int(numbers[first])
    if not least <= st.session_state.get(key, usual) <= most:
        del st.session_state[key]
    if name_columns(dataset):
        _draw_search(dataset, key)
    chosen = int(
        st.number_input("Row", least, most, value=usual, key=key, bind="query-params", help="Counted from 1.")
    )
    place = int(np.searchsorted(numbers, chosen))
    if numbers[place] != chosen:
        st.caption(f"The recipe leaves row {chosen:,} out: this is row {numbers[place]:,}.")
    return place


def _draw_search(dataset: DataSet, key: str) -> None:
    """A name to look for; the first row that goes by it is taken, and the others are offered."""
    asked, picked = f"{key}_name", f"{key}_found"

    def look() -> None:
        found = rows_named(dataset, st.session_state[asked])
        if found:
            st.session_state[key] = int(dataset.row_numbers[found[0]])
        st.session_state[picked] = found[0] if found else None

    st.text_input(
        "Find a row by name",
        key=asked,
        on_change=look,
        placeholder=plain(_example(dataset), width=30),
        help="Looks into the columns that name rows: identifiers, categories, texts, dates.",
    )
    text = st.session_state.get(asked) or ""
    found = rows_named(dataset, text) if text.strip() else []
    if text.strip() and not found:
        st.caption(f"No row goes by the name {plain(text, width=60)}.")
    if len(found) < 2:
        return

    def take() -> None:
        st.session_state[key] = int(dataset.row_numbers[st.session_state[picked]])

    offered = found[:_MOST_FOUND]
    if st.session_state.get(picked) not in offered:
        st.session_state[picked] = offered[0]
    st.selectbox(
        f"{count(len(found), 'row')} found"
        + (f", the first {_MOST_FOUND} here" if len(found) > len(offered) else ""),
        offered,
        key=picked,
        format_func=lambda row: name_of_row(dataset, row),
        on_change=take,
    )


def _example(dataset: DataSet) -> str:
    """What a name looks like here."""
    values = dataset.frame[name_columns(dataset)[0]].dropna()
    return named(values.iloc[0]) if len(values) else ""
