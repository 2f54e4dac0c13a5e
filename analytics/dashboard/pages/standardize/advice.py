"""Which method suits which column: offered in a click, with the reasons in a table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.standardize.scores import COLUMNS, OTHERS, advice_on, own_method
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count
from analytics.dashboard.parts.scoring import Choice
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers import Advice
from analytics.numbers.standardizing.methods import METHODS


def draw_offer(dataset: DataSet, choice: Choice) -> None:
    """How many columns another method suits better, and a click that takes the advice or takes it back."""
    if not choice.columns:
        return
    advice = advice_on(dataset.key, choice.columns, dataset)
    other = [one for one in advice if one.leave_out or one.method != choice.method_of(str(one.column))]
    if other:
        st.caption(
            f"For {len(other)} of {count(len(advice), 'column')} another method suits better, by the values."
        )
        st.button(
            "Take the advised methods",
            key="standardize_advise",
            icon=":material/lightbulb:",
            on_click=_take,
            args=(choice, advice),
            width="stretch",
        )
    if choice.others:
        st.button(
            "One method for all columns",
            key="standardize_one_method",
            on_click=_take_back,
            width="stretch",
        )


def _take(choice: Choice, advice: Sequence[Advice]) -> None:
    """Callback: every column by its advised method, without those that do not vary."""
    kept = [one for one in advice if not one.leave_out]
    st.session_state[OTHERS] = [
        own_method(str(one.column), one.method) for one in kept if one.method != choice.method
    ]
    if kept:
        st.session_state[COLUMNS] = [str(one.column) for one in kept]


def _take_back() -> None:
    st.session_state[OTHERS] = []


def draw_reasons(dataset: DataSet, choice: Choice) -> None:
    """Method in use, method advised, and what in the values says so, for each column."""
    advice = advice_on(dataset.key, choice.columns, dataset)
    widgets.table(
        pd.DataFrame(
            {
                "column": [str(one.column) for one in advice],
                "in use": [METHODS[choice.method_of(str(one.column))].title for one in advice],
                "advised": ["leave out" if one.leave_out else METHODS[one.method].title for one in advice],
                "because": [one.reason for one in advice],
                "skew": [one.skew for one in advice],
                "tails": [one.tails for one in advice],
            }
        ),
        key="standardize_advice",
        alt="For every column the method in use, the advised one and the reason",
        column_config={
            "because": st.column_config.TextColumn(width="large"),
            "skew": st.column_config.NumberColumn(
                format="%.2f", help="L-skewness: 0 is symmetric, 0.33 as skewed as waiting times."
            ),
            "tails": st.column_config.NumberColumn(
                format="%.2f", help="L-kurtosis: 0.12 is normal, 0 flat, above 0.2 heavy."
            ),
        },
    )
    st.caption(
        "One transform holds them all: the JSON, the SQL, the sheet's formulas and the script below keep the "
        "method of each column. Choose others under Columns."
    )
