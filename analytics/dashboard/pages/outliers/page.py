"""The Outliers page: several methods, their reasons, and what to do about what they found."""

# The search imports it inside its functions; here it loads beside the page.
import sklearn.ensemble  # noqa: F401
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.pages.outliers import answer, decisions, rows, thresholds, views
from analytics.dashboard.pages.outliers.search import (
    AT_FIRST,
    Found,
    Search,
    choose_search,
    find,
    offered_columns,
)
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count
from analytics.dashboard.server.datasets import DataSet, before_step, sample_dataset
from analytics.numbers import OutlierSearch
from analytics.numbers.outliers.methods import MIXED
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
    # Side by side in a window of 1280 pixels, one below the other in one of 820.
    row = st.container(horizontal=True, gap="small", horizontal_alignment="distribute")
    place, controls = row.container(width=520), row.container(width=270, key="filling_outliers_controls")
    with controls:
        search = choose_search(dataset)
        rule = thresholds.choose_rule()

    found = None
    with place, widgets.errors_told():
        what = _missing(dataset, search)
        if what:
            st.info(what, icon=":material/info:")
        else:
            found = find(dataset, search)

    if found is None:
        decisions.draw_unsearched(after)
    else:
        _draw_found(found, after, rule, place)


def _missing(dataset: DataSet, search: Search) -> str:
    """What has to be there or be chosen before anything can be searched; empty where all is."""
    offered = offered_columns(dataset.key, dataset)
    if not offered.numbers and not offered.others:
        return "No column of this file varies, so no row can be unusual."
    mixed = MIXED in search.methods
    if not search.methods or not (search.columns or (mixed and search.others)):
        return "Choose at least one column and one method."
    return ""


def _draw_found(found: Found, after: DataSet, rule: str, place: DeltaGenerator) -> None:
    rows_place, cuts_place = st.container(), st.container()
    with cuts_place:
        st.subheader("Where does unusual begin?", anchor=False)
        found = thresholds.set_thresholds(found, rule)
    with place:
        answer.draw_answer(found)
        rows.draw_first(found)
        answer.draw_notes(found)
    with rows_place:
        chosen = rows.draw_rows(found)
        focus = rows.focus_of(found)
        with st.container(border=True, key="outliers_card"):
            rows.draw_card(found, focus)
    chosen = list(dict.fromkeys([*chosen, *views.draw_views(found, focus)]))
    st.subheader("Where methods disagree", anchor=False)
    answer.draw_disagreement(found)
    st.subheader("What to do with them", anchor=False)
    decisions.draw_decisions(found, after, chosen)
    with st.expander("How this is computed", icon=":material/functions:"):
        answer.draw_method()
