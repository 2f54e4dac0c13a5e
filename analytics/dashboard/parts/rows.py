"""One row of the open data set: chosen by its number, called by its name."""

import pandas as pd
import streamlit as st

from analytics.dashboard.parts.markdown import named
from analytics.dashboard.server.datasets import DataSet


def name_columns(dataset: DataSet) -> list[str]:
    """Columns that tell rows apart for a reader, likeliest first."""
    return [*dataset.columns("identifier"), *dataset.columns("category", "text", "time")]


def name_of_row(dataset: DataSet, row: int) -> str:
    """The row by the first column that names it, with its number, counted from 1."""
    names, number = name_columns(dataset), f"row {row + 1:,}"
    if not names:
        return number
    value = dataset.frame[names[0]].iloc[row]
    return number if pd.isna(value) is True else f"{named(value)} ({number})"


def choose_row(dataset: DataSet, *, key: str, first: int = 0) -> int:
    """A row's position; shown and kept in the link counted from 1, as the first line of data is."""
    last = len(dataset.frame)
    if not 1 <= st.session_state.get(key, first + 1) <= last:
        del st.session_state[key]
    number = st.number_input(
        "Row", 1, last, value=first + 1, key=key, bind="query-params", help="Counted from 1."
    )
    return int(number) - 1
