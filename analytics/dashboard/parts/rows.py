"""One row of the open data set: chosen by its number, called by its name."""

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts.markdown import named
from analytics.dashboard.server.datasets import DataSet


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


def choose_row(dataset: DataSet, *, key: str, first: int = 0) -> int:
    """A row's position; shown and kept in the link by its number in the file, counted from 1."""
    numbers = dataset.row_numbers
    least, most, usual = int(numbers[0]), int(numbers[-1]), int(numbers[first])
    if not least <= st.session_state.get(key, usual) <= most:
        del st.session_state[key]
    chosen = int(
        st.number_input("Row", least, most, value=usual, key=key, bind="query-params", help="Counted from 1.")
    )
    place = int(np.searchsorted(numbers, chosen))
    if numbers[place] != chosen:
        st.caption(f"The recipe leaves row {chosen:,} out: this is row {numbers[place]:,}.")
    return place
