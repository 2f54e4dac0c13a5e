"""A column taken as another type: tried at once, every cell that would not fit told, applied as a step."""

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data.reading import key_for
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.recipe import Outcome, SetType
from analytics.tables.writing.cell_texts import shown_column

_TYPES = {
    "number": "number",
    "number, with a decimal comma": "number:,",
    "number, with a decimal point": "number:.",
    "whole number": "integer",
    "category": "category",
    "text": "text",
    "true or false": "boolean",
    "date": "date",
    "date with time of day": "time",
    "date, the day first": "time:day_first",
    "date, the month first": "time:month_first",
    "date, written in a form of its own": "time:",
    "date, as seconds since 1970": "time:unix",
    "date, as milliseconds since 1970": "time:unix_ms",
    "date, as microseconds since 1970": "time:unix_us",
    "date, as nanoseconds since 1970": "time:unix_ns",
    "date, as days counted by a spreadsheet": "time:excel",
    "length of time": "duration",
    "length of time, minutes and seconds": "duration:%M:%S",
    "identifier": "identifier",
}
_OWN_FORM = "time:"
_FIRST = 5


def draw_type(dataset: DataSet, column: str) -> None:
    """The choice of a type and what it would make of the column."""
    st.markdown("**Take it as another type**")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            "Type",
            list(_TYPES),
            index=None,
            key=key_for(dataset, f"type_{column}"),
            persist_state="session",
            placeholder="as it is",
            width=280,
        )
        to = _TYPES[chosen] if chosen else ""
        if to == _OWN_FORM:
            form = st.text_input(
                "Form",
                key=key_for(dataset, f"form_{column}"),
                persist_state="session",
                placeholder="%d.%m.%Y %H:%M",
                width=180,
                help="Day %d, month %m or %b, year %Y or %y, hour %H, minute %M, second %S.",
            )
            to = f"{_OWN_FORM}{form}" if form else ""
    if to:
        with widgets.errors_told():
            _draw_trial(dataset, column, SetType(column, to))


def _draw_trial(dataset: DataSet, column: str, step: SetType) -> None:
    outcome = _tried(dataset.key, step, dataset.frame)
    values = dataset.frame[column]
    known = int(values.notna().sum())
    if outcome.failures:
        st.warning(
            f"{outcome.failures:,} of {count(known, 'value')} would not fit and have no value afterwards.",
            icon=":material/warning:",
        )
        _draw_failures(dataset, column, outcome)
    else:
        st.success(f"All {count(known, 'value')} fit.", icon=":material/check:")
    st.caption(f"First cells: {_first_cells(values, outcome.frame[column])}")
    st.button(
        "Apply",
        key="data_look_apply",
        type="primary",
        icon=":material/check:",
        help="A step of the recipe; every page then works with the column like this.",
        on_click=_apply,
        args=(dataset, column, step),
    )


def _draw_failures(dataset: DataSet, column: str, outcome: Outcome) -> None:
    numbers = [number for number, _ in outcome.examples]
    frame = pd.DataFrame({"row": numbers, "cell": [text for _, text in outcome.examples]})
    if dataset.table.lines is not None:
        places = dataset.frame.index.get_indexer(pd.Index(numbers) - 1)
        frame.insert(1, "line", dataset.table.lines[places])
    st.dataframe(
        frame,
        hide_index=True,
        key="data_look_failures",
        height=min(240, 37 + 35 * len(frame)),
        alt=f"Cells of {column} that would not fit",
    )
    if outcome.failures > len(frame):
        st.caption(f"The first {len(frame)} of {outcome.failures:,}.")


def _first_cells(before: pd.Series, after: pd.Series) -> str:
    places = before.notna().to_numpy().nonzero()[0][:_FIRST]
    pairs = zip(
        shown_column(before.iloc[places]).texts().to_pylist(),
        shown_column(after.iloc[places]).texts().to_pylist(),
        strict=True,
    )
    return " · ".join(
        f"{plain(old, width=40) or '(empty)'} → {'no value' if new is None else plain(new, width=40)}"
        for old, new in pairs
    )


def _apply(dataset: DataSet, column: str, step: SetType) -> None:
    """Callback: the step, and no type asked any more."""
    datasets.add_steps(dataset, step)
    st.session_state[key_for(dataset, f"type_{column}")] = None


@st.cache_resource(scope="session", max_entries=2, show_spinner="Trying it on every cell")
def _tried(key: str, step: SetType, _frame: pd.DataFrame) -> Outcome:
    """The step on this column alone; nothing is changed."""
    return step.apply(_frame[[step.column]])
