"""The Standardize page's choices, and the results it caches."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.scoring import Choice, Scored, choose_groups, numeric_columns, usual_columns
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.opening import reading_by_pandas
from analytics.errors import ZetascopeError
from analytics.figures.standardize import before_and_after
from analytics.numbers import Advice, advise_methods
from analytics.numbers.basics.selection import float_values
from analytics.numbers.standardizing.methods import METHODS
from analytics.numbers.standardizing.words import LIKE_NORMAL
from analytics.reproduce import PandasReading, pandas_reading, require_writable

_WITH_DDOF = ("zscore", "yeo_johnson")
COLUMNS, OTHERS = "standardize_columns", "standardize_others"
_BY_TITLE = {method.title: name for name, method in METHODS.items()}


def _choose_method(page: str) -> str:
    """The method, with one line that says what it does."""
    method = widgets.choose_one(
        "Method", list(METHODS), key=f"{page}_method", format_func=lambda name: METHODS[name].title
    )
    st.caption(METHODS[method].advice)
    return method


def choose(dataset: DataSet) -> Choice:
    """Draw the page's controls."""
    method = _choose_method("standardize")
    by = choose_groups(dataset, "standardize")
    options = [name for name in numeric_columns(dataset) if name not in by]
    default = [name for name in usual_columns(dataset) if name not in by]
    with st.popover("Columns", icon=":material/tune:", width="stretch"):
        columns = widgets.choose_columns("Columns to score", options, key=COLUMNS, default=default)
        others = _choose_others(options, columns)
    choice = Choice(method, 0, tuple(columns), by, others)
    return replace(choice, ddof=_choose_ddof(choice))


def _choose_others(options: list[str], columns: list[str]) -> tuple[tuple[str, str], ...]:
    """Columns with a method of their own; of two for one column the later holds."""
    kept = [name for name, _ in map(_told, st.session_state.get(OTHERS) or []) if name in options]
    offered = [own_method(name, method) for name in dict.fromkeys([*columns, *kept]) for method in METHODS]
    chosen = widgets.choose_columns("Columns with another method", offered, key=OTHERS, default=[], wrap=True)
    by_column = dict(map(_told, chosen))
    return tuple((name, method) for name, method in by_column.items() if name in columns)


def own_method(column: str, method: str) -> str:
    """A column with a method of its own, as it is offered and stands in the link."""
    return f"{column}: {METHODS[method].title}"


def _told(own: str) -> tuple[str, str]:
    """Column and method of ``own_method``."""
    column, _, title = own.rpartition(": ")
    return column, _BY_TITLE.get(title, "")


def _choose_ddof(choice: Choice) -> int:
    if not set(choice.methods) & set(_WITH_DDOF):
        return 0
    return int(
        st.toggle(
            "Use n − 1",
            key="standardize_sample",
            bind="query-params",
            help="Off: divide by n, because these rows are all there are. On: divide by n − 1, because they "
            "are a sample of more.",
        )
    )


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def advice_on(key: str, columns: tuple[str, ...], _dataset: DataSet) -> tuple[Advice, ...]:
    """The method that suits each column, from its values."""
    return advise_methods(_dataset.frame, columns=columns)


@st.cache_resource(scope="session", max_entries=6, show_spinner=False)
def shapes_figure(key: str, choice: Choice, common: bool, _dataset: DataSet, _scored: Scored) -> go.Figure:
    """Columns before and after; ``common`` puts the values of all on one axis."""
    frame, scores = _dataset.frame, _scored.scores
    before = {name: float_values(frame[name], name) for name in choice.columns}
    after = {name: scores[name].to_numpy() for name in choice.columns}
    units = {one.name: one.unit for one in _dataset.report.column_readings if one.unit}
    limit = 6.0 if _scored.like_normal else None
    return before_and_after(before, after, limit=limit, common=common, units=units)


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def most_unusual(key: str, choice: Choice, _scored: Scored) -> tuple[int, str] | None:
    """Row position and column of the largest finite score by size; None where no score is finite.

    Where methods differ, of the columns whose scores count standard deviations, if there are any.
    """
    counted = [name for name in choice.columns if choice.method_of(name) in LIKE_NORMAL]
    shown = _scored.scores[counted or list(choice.columns)]
    scores = shown.to_numpy()
    size = np.where(np.isfinite(scores), np.abs(scores), -1.0)
    if not size.size or size.max() < 0:
        return None
    row, column = np.unravel_index(int(size.argmax()), size.shape)
    return int(row), str(shown.columns[int(column)])


@st.cache_data(scope="session", max_entries=8, show_spinner=False)
def rows_by_size(key: str, choice: Choice, most: int, _scored: Scored) -> list[int]:
    """Positions of the ``most`` rows that hold the largest scores by size, largest first."""
    scores = _scored.scores.to_numpy()
    size = np.max(np.where(np.isfinite(scores), np.abs(scores), -1.0), axis=1, initial=-1.0)
    if len(size) <= most:
        return np.argsort(-size, kind="stable").tolist()
    top = np.argpartition(-size, most)[:most]
    return top[np.argsort(-size[top], kind="stable")].tolist()


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def reading_for_script(key: str, _dataset: DataSet) -> PandasReading | str:
    """How pandas alone reads the open file, or why it can't."""
    source = datasets.source_of(_dataset)
    try:
        require_writable(_dataset.frame)
        if _dataset.sample:
            return pandas_reading(_dataset.read_table, source, file_name=_dataset.name)
        return reading_by_pandas(source, name=_dataset.name, options=_dataset.options)
    except ZetascopeError as error:
        return str(error)
