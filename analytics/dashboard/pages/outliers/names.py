"""What the rows of the Outliers page are called: a column that was found to name them, or those chosen."""

import re

import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.rows import name_columns
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers.outliers.measurements import not_measured

_NAME = re.compile(r"(?:^|[_\W])(?:name|names|title|titel|bezeichnung|nom|nombre)$|[a-z]Name$", re.IGNORECASE)
"""Columns that by their own name are names come first."""
_NAMES_ROWS = 0.95
"""Of the rows with a name, at least so many must have one of their own for the columns to name rows."""
_TRIED = 6  # columns beside the first that are tried: the likeliest come first


def choose_label(dataset: DataSet) -> tuple[str, ...]:
    """Draw the choice of columns that name rows; none means their numbers alone."""
    found, offered = _found(dataset.key, dataset)
    if not offered:
        return ()
    return tuple(
        widgets.choose_columns(
            "Rows are called by", list(offered), key="outliers_label", default=list(found), wrap=True
        )
    )


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def _found(key: str, _dataset: DataSet) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns that name rows at first, and all that may."""
    names = sorted(name_columns(_dataset), key=lambda name: not _NAME.search(name))
    numbers = not_measured(_dataset.frame, _dataset.columns("number"))
    years = [str(name) for name, what in numbers.items() if what == "years"]
    offered = (*names, *(str(name) for name in numbers))
    if not names or _apart(_dataset.frame[names[:1]]):
        return tuple(names[:1]), offered
    keys = [str(name) for name, what in numbers.items() if what == "codes"]
    beside = list(dict.fromkeys([*keys, *_dataset.columns("time"), *years, *names[1:]]))[:_TRIED]
    for other in beside:
        if other != names[0] and _apart(_dataset.frame[[names[0], other]]):
            return (names[0], other), offered
    alone = next((name for name in names[1:] if _apart(_dataset.frame[[name]])), names[0])
    return (alone,), offered


def _apart(frame: pd.DataFrame) -> bool:
    """Whether nearly all rows have a name of their own."""
    known = frame.dropna()
    return len(known) > 0 and len(known.drop_duplicates()) >= _NAMES_ROWS * len(known)
