"""The Scaling effects page: the same models on the same folds, raw and scaled."""

# The study imports them inside its functions; here they load beside the page.
import sklearn.cluster
import sklearn.feature_selection
import sklearn.model_selection
import sklearn.svm  # noqa: F401
import streamlit as st

from analytics.dashboard.pages.scaling_effects import study as scaling_effects
from analytics.dashboard.pages.scaling_effects import views
from analytics.dashboard.pages.scaling_effects.growing import carried_out
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers.scaling.effects import ScalingStudy
from analytics.numbers.scaling.verdicts import headline


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    answer, controls = st.columns([7, 3], gap="medium")
    with controls:
        request = scaling_effects.choose_request(dataset)

    study = None
    with answer, widgets.errors_told():
        if not request.columns or not request.plan.models:
            st.info("Choose at least one number column and one model.", icon=":material/tune:")
        else:
            scaling_effects.draw_offer(dataset, request)
            study = carried_out(dataset, request, draw=_draw_unfinished)
        if study is not None:
            _draw_headline(study)

    if study is not None:
        scaling_effects.draw_verdicts(list(study.verdicts.values()))
        views.draw_views(study)
        if len(study.data.columns) > 1:
            st.subheader("Two columns, before and after", anchor=False)
            scaling_effects.draw_picture(dataset, request, study)
        with st.expander("Table, script and download", icon=":material/table_view:"):
            scaling_effects.draw_table(dataset, request, study)
        with st.expander("How this is computed", icon=":material/functions:"):
            plan = request.plan
            views.draw_method(study, folds=plan.folds, repeats=plan.repeats, margin=plan.margin)


def _draw_headline(study: ScalingStudy) -> None:
    said = headline(study.verdicts.values())
    if said:
        st.subheader(plain(said, width=900), anchor=False)
    for note in study.data.notes:
        st.caption(plain(note, width=400))


def _draw_unfinished(study: ScalingStudy, how_far: str) -> None:
    _draw_headline(study)
    st.caption(plain(how_far, width=300))
    scaling_effects.draw_verdicts(list(study.verdicts.values()))
