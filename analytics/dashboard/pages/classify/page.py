"""The Classify page: retrieve or fine-tune, measured on one's own texts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

# The comparison imports them inside its functions; here they load beside the page.
import sklearn.feature_extraction.text
import sklearn.linear_model  # noqa: F401
import streamlit as st

from analytics.dashboard.pages.classify import choices, guesses, new_facts, views, work
from analytics.dashboard.pages.classify.work import Compared
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.texts.no_texts import offer_opinions
from analytics.dashboard.server.datasets import DataSet
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.labelled import LabelledTexts

_STARTED = "zetascope_classify_started"
_TUNING = "zetascope_classify_tuning"
_EVERY = 2.0  # seconds between looks at a curve that grows by a point a minute


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        request = choices.choose_columns(dataset)
        start = st.container(width="content")
    if request is None:
        offer_opinions("This data set has no texts with labels beside them.")
        return
    with widgets.errors_told():
        data = choices.labelled(request.columns, dataset)
        with start:
            st.button(
                "Compare",
                key="classify_start",
                type="primary",
                icon=":material/play_arrow:",
                on_click=partial(st.session_state.__setitem__, _STARTED, request.columns),
            )
        if st.session_state.get(_STARTED) == request.columns:
            _draw_compared(dataset, request, data)
        else:
            views.draw_before(data)
            views.draw_conflicts(data)


def _draw_compared(dataset: DataSet, request: choices.Request, data: LabelledTexts) -> None:
    vectors = work.vectors_of("classify_vectors", request.columns, data.texts)
    if vectors is None:
        return
    compared = Compared(request, data, vectors, choices.outside_of(request))
    first = work.first_look(compared)
    if first is None:
        return
    headline = st.container()
    curve = work.whole(compared)
    if curve is None:
        with headline:
            st.subheader(plain(first.answer(), width=600), anchor=False)
            st.caption("A first look; all ways are being compared now, and the answer may still change.")
        views.draw_curve(first)
        return
    more = _tuned(compared)
    curve = work.joined(curve, more)
    with headline:
        st.subheader(plain(curve.answer(), width=700), anchor=False)
    views.draw_curve(curve)
    views.draw_costs(curve)
    _draw_tuning(compared)
    guesses.draw_guesses(dataset, compared, curve)
    new_facts.draw_new_facts(compared, curve)
    views.draw_conflicts(data)
    with st.expander("What was left out", icon=":material/filter_alt:"):
        views.draw_notes(curve.notes)
    with st.expander("How this is computed", icon=":material/functions:"):
        views.draw_method(curve)


def _tuned(compared: Compared) -> LearningCurve | None:
    """What fine-tuning has found so far, if it was asked for."""
    asked = st.session_state.get(_TUNING)
    if asked is None or asked.columns != compared.request.columns:
        return None
    found = work.grown_of(asked)
    return found[-1] if found else None


def _draw_tuning(compared: Compared) -> None:
    st.subheader("Is fine-tuning worth it?", anchor=False)
    ways, shots, draws = choices.choose_tuning()
    # With the best of the others on the same draws: what cannot catch up with them is stopped.
    request = replace(compared.request, ways=(*work.BESIDE, *ways), shots=shots, draws=draws)
    asked = st.session_state.get(_TUNING)
    if asked != request:
        st.button(
            "Fine-tune",
            key="classify_tune_button",
            icon=":material/model_training:",
            disabled=not ways,
            on_click=partial(st.session_state.__setitem__, _TUNING, request),
            help="Some minutes to hours in the background. Every trial that is done is kept on disk: after a "
            "cancel or a restart it goes on from there.",
        )
        return
    before = len(work.grown_of(request))
    done = work.tuned(compared, request)
    if done is not None and len(work.grown_of(request)) != before:
        st.rerun()
    if work.is_running(work.TUNE, request):
        _look_again(request, before)


@st.fragment(run_every=_EVERY)
def _look_again(request: choices.Request, before: int) -> None:
    """Draw the page again when fine-tuning has found another point of the curve."""
    if len(work.grown_of(request)) != before:
        st.rerun(scope="app")
