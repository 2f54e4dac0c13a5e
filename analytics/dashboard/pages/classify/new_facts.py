"""New facts: what each way needs until it knows a label that is new, or was wrong."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.dashboard.pages.classify import work
from analytics.dashboard.pages.classify.work import Compared
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.jobs import job_result
from analytics.figures.tuning import fact_figure
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.facts import Kind, learn_fact

_KINDS: dict[str, Kind] = {"a new label": "new", "20 wrong labels": "wrong"}
_WAYS = ("retrieval", "head")
_ASKED = "zetascope_classify_fact"


def draw_new_facts(compared: Compared, curve: LearningCurve) -> None:
    """The choice of a fact, and how it is learnt."""
    st.subheader("When something new must be known", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = widgets.choose_one("What changes", list(_KINDS), key="classify_fact_kind")
        label = widgets.choose_one("Label", list(compared.data.names), key="classify_fact_label")
        asked = (compared.request.columns, compared.request.seed, _KINDS[kind], str(label))
        st.button(
            "See what it takes",
            key="classify_fact_button",
            icon=":material/school:",
            on_click=partial(st.session_state.__setitem__, _ASKED, asked),
        )
    if st.session_state.get(_ASKED) != asked:
        return
    learnt = job_result(
        "classify_fact",
        asked,
        lambda _: learn_fact(work.study_of(compared), str(label), ways=_WAYS, kind=_KINDS[kind]),
        label="Teaching it",
        quick=True,
    )
    if learnt is None:
        return
    last = learnt[learnt["examples"] == learnt["examples"].max()].set_index("way")
    told = "; ".join(
        f"{way.lower()} knows {row['right']:.0%} of its other texts after {row['seconds']:.2f} s"
        for way, row in last.iterrows()
    )
    said = f"With {int(learnt['examples'].max())} examples {told}. {_of_tuning(curve)}"
    st.markdown(plain(said, width=500))
    widgets.chart(
        fact_figure(learnt),
        key="classify_fact_figure",
        alt="Share of the label's other texts guessed right by the number of its examples, for each way.",
    )


def _of_tuning(curve: LearningCurve) -> str:
    tuned = curve.costs[curve.costs["general neighbours kept"].notna()]
    if tuned.empty:
        return "A tuned encoder would need a new run; how long that takes is measured above, when asked for."
    slowest = tuned.sort_values("seconds to train").iloc[0]
    return (
        f"A tuned encoder needs a new run: {slowest['seconds to train']:.0f} s for {slowest['way'].lower()}."
    )
