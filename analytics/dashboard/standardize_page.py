"""The Standardize page: numbers of different units on one standard scale."""

import streamlit as st

from analytics.dashboard import standardize, standardize_files, standardize_views, widgets
from analytics.dashboard.datasets import DataSet
from analytics.dashboard.text import plain


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    if not standardize.has_numbers(dataset, to="standardize"):
        return

    answer, controls = st.columns([7, 3], gap="medium")
    with controls:
        choice = standardize.choose(dataset)

    scored = None
    with answer, widgets.errors_told():
        scored = standardize.scored(dataset, choice)
        if scored is not None:
            standardize_views.draw_headline(dataset, choice, scored)
            standardize_views.draw_shapes(dataset, choice, scored)

    if scored is not None:
        _draw_scored(dataset, choice, scored)


def _draw_scored(dataset: DataSet, choice: standardize.Choice, scored: standardize.Scored) -> None:
    notes = standardize_views.fits_with_notes(scored)
    if notes:
        with st.expander(f"{len(notes)} notes on columns", icon=":material/info:"):
            st.markdown(
                "\n".join(f"- {plain(standardize_views.note_sentence(fit), width=300)}" for fit in notes[:50])
            )

    st.subheader("Scores", anchor=False)
    standardize_views.draw_scores(dataset, choice, scored)
    st.subheader("What one score means", anchor=False)
    standardize_views.draw_cell(dataset, choice, scored)
    standardize_views.draw_interpretation(choice, scored)

    st.subheader("Center and scale of each column", anchor=False)
    standardize_views.draw_statistics(dataset, choice, scored)

    st.subheader("Take it with you", anchor=False)
    standardize_files.draw_downloads(dataset, scored)
    with st.expander("As SQL, spreadsheet formulas, Python", icon=":material/code:"):
        standardize_files.draw_formulas(dataset, scored)
    with st.expander("Apply to a new file", icon=":material/rule:"):
        standardize_files.draw_apply(scored)
    with st.expander("How this is computed", icon=":material/functions:"):
        standardize_views.draw_method(choice)
