"""The Outliers page: several methods, their reasons, and what to do about what they found."""

# The search imports it inside its functions; here it loads beside the page.
import sklearn.ensemble  # noqa: F401
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.pages.outliers import decisions
from analytics.dashboard.pages.outliers import search as outliers
from analytics.dashboard.pages.outliers import views as outlier_views
from analytics.dashboard.parts import widgets
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers.outliers.report import OutlierReport


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    # Wide enough for the names of methods in a window of 820 pixels too.
    row = st.container(horizontal=True, gap="medium")
    answer, controls = row.container(), row.container(width=270)
    with controls:
        search = outliers.choose_search(dataset)
        rule = outliers.choose_rule()

    report = None
    with answer, widgets.errors_told():
        if not dataset.columns("number"):
            note = "No column of this file measures something: outliers need numbers."
            st.info(note, icon=":material/info:")
        elif not search.columns or not search.methods:
            st.info("Choose at least one number column and one method.", icon=":material/tune:")
        else:
            report = outliers.search_result(dataset, search)

    if report is not None:
        _draw_found(dataset, search, rule, report, answer)


def _draw_found(
    dataset: DataSet, search: outliers.Search, rule: str, report: OutlierReport, answer: DeltaGenerator
) -> None:
    rows_place, cuts_place = st.container(), st.container()
    with cuts_place:
        st.subheader("Where does unusual begin?", anchor=False)
        report = outliers.set_thresholds(dataset, search, report, rule)
    with answer:
        outliers.draw_answer(report)
        outliers.draw_notes(report)
    with rows_place:
        chosen = outlier_views.draw_rows(dataset, search, report)
        focus = outlier_views.focus_of(dataset, report)
        with st.container(border=True):
            outlier_views.draw_card(dataset, report, focus)
    _draw_views(dataset, search, report, focus)
    st.subheader("Where methods disagree", anchor=False)
    outliers.draw_disagreement(dataset, search, report)
    st.subheader("What to do with them", anchor=False)
    decisions.draw_decisions(dataset, search, report, chosen)
    with st.expander("How this is computed", icon=":material/functions:"):
        outliers.draw_method()


def _draw_views(dataset: DataSet, search: outliers.Search, report: OutlierReport, focus: int) -> None:
    views = st.tabs(["Strips", "Fences", "Pair", "Heat map"], on_change="rerun", key="outliers_view")
    drawn = (
        lambda: outlier_views.draw_strips(dataset, search, report, focus),
        lambda: outlier_views.draw_fences(report),
        lambda: outlier_views.draw_pair(dataset, search, report, focus),
        lambda: outlier_views.draw_heat_map(report),
    )
    for view, draw_view in zip(views, drawn, strict=True):
        if view.open:
            with view:
                draw_view()
