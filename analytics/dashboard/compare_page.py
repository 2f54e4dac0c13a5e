"""The Compare page: values of different units on one scale."""

import streamlit as st

from analytics.dashboard import compare, standardize, widgets
from analytics.dashboard.datasets import DataSet
from analytics.dashboard.text import plain


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    if not standardize.has_numbers(dataset, to="compare"):
        return

    answer, controls = st.columns([7, 3], gap="medium")
    with controls:
        row = compare.choose_row(dataset)
        choice, lower = compare.choose(dataset)

    scored = None
    with answer, widgets.errors_told():
        scored = standardize.scored(dataset, choice)
        if scored is not None:
            headline = st.container()
            comparison = compare.choose_results(dataset, choice, scored, lower, row)
            headline.subheader(plain(comparison.sentence, width=300), anchor=False)
            compare.draw_comparison(dataset, choice, scored, comparison, row)

    if scored is not None:
        st.subheader("One row across all columns", anchor=False)
        with widgets.errors_told():
            compare.draw_profile(dataset, choice, scored, row)
        st.subheader("Which rows did best over all", anchor=False)
        with widgets.errors_told():
            compare.draw_ranking(dataset, choice, scored, lower)
        with st.expander("How this is computed", icon=":material/functions:"):
            compare.draw_method(choice)
