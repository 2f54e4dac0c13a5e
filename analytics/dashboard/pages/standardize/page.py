"""The Standardize page: numbers of different units on one standard scale."""

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.standardize import advice, files, scores, views
from analytics.dashboard.parts import scoring, widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.scoring import Choice, Scored
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.standardize import before_and_after


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    if not scoring.has_numbers(dataset, to="standardize"):
        return

    answer, controls = st.columns([7, 3], gap="medium")
    with controls:
        choice = scores.choose(dataset)
        advice.draw_offer(dataset, choice)

    scored = None
    with answer, widgets.errors_told():
        scored = scoring.scored(dataset, choice)
        if scored is not None:
            views.draw_headline(dataset, choice, scored)
            views.draw_shapes(dataset, choice, scored)

    if scored is not None:
        _draw_scored(dataset, choice, scored)


def prepare() -> None:
    """Draw and colour a little ahead of the first visitor."""
    values = {"a": np.arange(20.0), "b": np.arange(20.0) ** 2}
    before_and_after(values, values).to_json()
    pd.DataFrame(values).style.format("{:.1f}").to_html()


def _draw_scored(dataset: DataSet, choice: Choice, scored: Scored) -> None:
    notes = views.fits_with_notes(scored)
    if notes:
        with st.expander(count(len(notes), "note on columns", "notes on columns"), icon=":material/info:"):
            st.markdown("\n".join(f"- {plain(views.note_sentence(fit), width=300)}" for fit in notes[:50]))

    with st.expander("Which method suits which column", icon=":material/lightbulb:"):
        advice.draw_reasons(dataset, choice)

    st.subheader("Scores", anchor=False)
    views.draw_scores(dataset, choice, scored)
    st.subheader("What one score means", anchor=False)
    views.draw_cell(dataset, choice, scored)
    views.draw_interpretation(choice)

    st.subheader("Center and scale of each column", anchor=False)
    views.draw_statistics(dataset, choice, scored)

    st.subheader("Take it with you", anchor=False)
    files.draw_downloads(dataset, scored)
    with st.expander("As SQL, spreadsheet formulas, Python", icon=":material/code:"):
        files.draw_formulas(dataset, scored)
    with st.expander("Apply to a new file", icon=":material/rule:"):
        files.draw_apply(dataset, scored)
    with st.expander("How this is computed", icon=":material/functions:"):
        views.draw_method(choice)
