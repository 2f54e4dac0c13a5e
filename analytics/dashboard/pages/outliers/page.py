"""The Outliers page: several methods, their reasons, and what to do about what they found."""

# The search imports it inside its functions; here it loads beside the page.
import sklearn.ensemble  # noqa: F401
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.pages.outliers import answer, decisions, rows, thresholds, views
from analytics.dashboard.pages.outliers.search import AT_FIRST, Found, Search, choose_search, find
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count
from analytics.dashboard.server.datasets import DataSet, before_step, sample_dataset
from analytics.numbers import OutlierSearch
from analytics.recipe.deciding import first_decision


def prepare() -> None:
    """Load and compute ahead of the first visit what every visit needs: the search of the sample."""
    sample = sample_dataset()
    Search(tuple(sample.columns("number")), AT_FIRST).run(OutlierSearch(sample.frame))


def draw(after: DataSet) -> None:
    """The whole page below its question: the rows as they are before the decisions that are made here."""
    place_of_decisions = first_decision(after.steps)
    dataset = before_step(after, place_of_decisions) if place_of_decisions < len(after.steps) else after
    if dataset is not after:
        st.caption(
            f"Here are all {count(len(dataset.frame), 'row')} before the decisions at the end of the recipe."
        )
    # Wide enough for the names of methods in a window of 820 pixels too.
    row = st.container(horizontal=True, gap="medium")
    place, controls = row.container(), row.container(width=270)
    with controls:
        search = choose_search(dataset)
        rule = thresholds.choose_rule()

    found = None
    with place, widgets.errors_told():
        if not dataset.columns("number"):
            note = "No column of this file measures something: outliers need numbers."
            st.info(note, icon=":material/info:")
        elif not search.columns or not search.methods:
            st.info("Choose at least one number column and one method.", icon=":material/tune:")
        else:
            found = find(dataset, search)

    if found is not None:
        _draw_found(found, after, rule, place)


def _draw_found(found: Found, after: DataSet, rule: str, place: DeltaGenerator) -> None:
    rows_place, cuts_place = st.container(), st.container()
    with cuts_place:
        st.subheader("Where does unusual begin?", anchor=False)
        found = thresholds.set_thresholds(found, rule)
    with place:
        answer.draw_answer(found)
        answer.draw_notes(found.report)
    with rows_place:
        chosen = rows.draw_rows(found)
        focus = rows.focus_of(found)
        with st.container(border=True):
            rows.draw_card(found, focus)
    views.draw_views(found, focus)
    st.subheader("Where methods disagree", anchor=False)
    answer.draw_disagreement(found)
    st.subheader("What to do with them", anchor=False)
    decisions.draw_decisions(found, after, chosen)
    with st.expander("How this is computed", icon=":material/functions:"):
        answer.draw_method()
