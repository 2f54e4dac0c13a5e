"""What is looked at in single columns, kept as long as the session asks for few of them."""

import pandas as pd
import streamlit as st

from analytics.tables import ColumnDetail, ValueCounts, count_values, detail_column


@st.cache_resource(scope="session", max_entries=4, show_spinner="Counting all values")
def counts_of(key: str, column: str, _values: pd.Series) -> ValueCounts:
    """All values of a column with their counts."""
    return count_values(_values)


@st.cache_resource(scope="session", max_entries=8, show_spinner="Looking at the column")
def detail_of(key: str, column: str, _values: pd.Series) -> ColumnDetail:
    """A column looked at closely."""
    return detail_column(_values)
