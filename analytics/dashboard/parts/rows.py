"""One row of the open data set: found by its name or its number, called by its name."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts.markdown import count, named, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers.basics.measurements import not_measured
from analytics.words import neutral

_SEARCHED = 6  # columns that name rows, likeliest first; further ones hardly tell them apart
_NAME = re.compile(r"(?:^|[_\W])(?:name|names|title|titel|bezeichnung|nom|nombre)$|[a-z]Name$", re.IGNORECASE)
"""Columns that by their own name are names come first."""
_NAMES_ROWS = 0.95
"""Of the rows with a name, at least so many must have one of their own for the columns to name rows."""
_TRIED = 6  # columns beside the first that are tried: the likeliest come first
_LOOKED_AT = 100_000  # rows: names of more take longer to tell apart than a page may
_MOST_FOUND = 50  # more than anyone reads through: a longer name finds fewer


@dataclass(frozen=True)
class RowNames:
    """Columns that rows are called by, at most two of them, and all that may name them, likeliest first."""

    called_by: tuple[str, ...]
    offered: tuple[str, ...]


def row_names(dataset: DataSet) -> RowNames:
    """What rows are called by on every page: by names first, with a second column where one is not enough."""
    return _row_names(dataset.key, dataset)


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def _row_names(key: str, _dataset: DataSet) -> RowNames:
    frame = _dataset.frame
    names = [*_dataset.columns("identifier"), *_dataset.columns("category", "text", "time")]
    names = sorted(names, key=lambda name: not _NAME.search(name))
    numbers = {str(name): what for name, what in not_measured(frame, _dataset.columns("number")).items()}
    offered = (*names, *numbers)
    if not names or _apart(frame[names[:1]]):
        return RowNames(tuple(names[:1]), offered)
    keys, years = ([name for name, what in numbers.items() if what == kind] for kind in ("codes", "years"))
    beside = list(dict.fromkeys([*keys, *_dataset.columns("time"), *years, *names[1:]]))[:_TRIED]
    for other in beside:
        if other != names[0] and _apart(frame[[names[0], other]]):
            return RowNames((names[0], other), offered)
    alone = next((name for name in names[1:] if _apart(frame[[name]])), names[0])
    return RowNames((alone,), offered)


def _apart(frame: pd.DataFrame) -> bool:
    """Whether nearly all rows have a name of their own, by the first of them."""
    known = frame.head(_LOOKED_AT).dropna()
    return len(known) > 0 and len(known.drop_duplicates()) >= _NAMES_ROWS * len(known)


def name_columns(dataset: DataSet) -> list[str]:
    """Columns that tell rows apart for a reader, those that rows are called by first."""
    found = row_names(dataset)
    return list(dict.fromkeys([*found.called_by, *found.offered]))


def name_of_row(dataset: DataSet, row: int) -> str:
    """The row by what it is called, with its number, counted from 1."""
    values = [dataset.frame[name].iloc[row] for name in row_names(dataset).called_by]
    known = ", ".join(named(value) for value in values if pd.isna(value) is not True)
    number = f"row {dataset.row_numbers[row]:,}"
    if known == str(dataset.row_numbers[row]):
        return number  # an Id that counts the rows would say it twice
    return f"{known} ({number})" if known else number


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
        placeholder=neutral(_example(dataset)[:30]),  # no Markdown is read there
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
    labels = {row: name_of_row(dataset, row) for row in offered}
    if st.session_state.get(picked) not in offered:
        st.session_state[picked] = offered[0]
    st.selectbox(
        f"{count(len(found), 'row')} found"
        + (f", the first {_MOST_FOUND} here" if len(found) > len(offered) else ""),
        offered,
        key=picked,
        format_func=labels.__getitem__,
        on_change=take,
    )


def _example(dataset: DataSet) -> str:
    """What a name looks like here."""
    values = dataset.frame[name_columns(dataset)[0]].dropna()
    return named(values.iloc[0]) if len(values) else ""
