"""The Compare page: values of different units on one scale."""

import streamlit as st

from analytics.dashboard.pages.compare import views
from analytics.dashboard.parts import scoring, widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    if not scoring.has_numbers(dataset, to="compare"):
        return

    answer, controls = st.columns([7, 3], gap="medium")
    with controls:
        row = views.choose_row(dataset)
        choice, sides = views.choose(dataset)

    scored, comparison = None, None
    with answer, widgets.errors_told():
        scored = scoring.scored(dataset, choice)
        if scored is not None:
            headline = st.container()
            comparison = views.choose_results(dataset, choice, scored, sides, row)
            if comparison is None:
                headline.subheader("Which two columns shall be compared?", anchor=False)
                headline.caption("No two columns are plainly of one kind, so none were chosen for you.")
            else:
                headline.subheader(plain(comparison.sentence, width=300), anchor=False)
                views.draw_comparison(dataset, choice, scored, comparison, row)

    if scored is not None:
        # Without two results the room beside the controls is free for it.
        with st.container() if comparison else answer, widgets.errors_told():
            st.subheader("One row across all columns", anchor=False)
            views.draw_profile(dataset, choice, scored, sides, row)
        st.subheader(views.ranking_title(sides), anchor=False)
        with widgets.errors_told():
            views.draw_ranking(dataset, choice, scored, sides)
        with st.expander("How this is computed", icon=":material/functions:"):
            views.draw_method(choice)
