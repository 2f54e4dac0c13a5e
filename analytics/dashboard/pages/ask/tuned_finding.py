"""Finding with an encoder tuned on the questions: what it gains on others, and what it costs."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

import streamlit as st

from analytics.dashboard.pages.ask.found import TITLES
from analytics.dashboard.pages.ask.source import Ready
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.texts.tuned_use import draw_use
from analytics.dashboard.server.jobs import job_result
from analytics.retrieval import Questions
from analytics.retrieval.tuning.on_questions import FEWEST, MOST_PAIRS, TunedFinding, tune_on_questions
from analytics.words import count

_ASKED = "zetascope_ask_tuning"


def draw_tuning(ready: Ready, key: Hashable, questions: Questions) -> None:
    """On demand, because it takes minutes: the button, the job, and the table."""
    st.subheader("With an encoder tuned on these questions?", anchor=False)
    if len(set(questions.texts)) < FEWEST:
        st.caption(f"That takes {FEWEST} different questions at least, two thirds of them to learn from.")
        return
    asked = (ready.source, key)
    if st.session_state.get(_ASKED) != asked:
        st.caption(
            "A copy of the encoder learns from two thirds of the questions which passages answer them, and "
            f"is asked the others; it learns from at most {MOST_PAIRS:,} pairs. That takes minutes."
        )
        st.button(
            "Tune and compare",
            key="ask_tune",
            icon=":material/model_training:",
            on_click=partial(st.session_state.__setitem__, _ASKED, asked),
        )
        return
    index = ready.index
    made = job_result(
        "ask_tuning",
        asked,
        lambda progress: tune_on_questions(questions, index, progress=progress),
        label="Tuning on questions",
    )
    if made is not None:
        _draw_made(made, about=asked)


def _draw_made(made: TunedFinding, *, about: object) -> None:
    st.markdown(f"**{plain(made.answer(), width=500)}**")
    table = made.to_frame()
    table["method"] = table["method"].map(TITLES)
    widgets.table(table, key="ask_tuned_table", alt="nDCG before and after tuning, by method")
    general = made.general
    st.caption(
        f"Learned from {count(made.pairs, 'pair')} of question and passage (the other passages of a batch "
        f"count as wrong): {made.parameters:,} numbers in {made.train_processor_seconds:,.0f} s of processor "
        f"time, with {made.peak_bytes / 1e6:,.0f} MB more memory at most. Agreement with people's ratings "
        f"of other sentences was {general.agreement_before:.3f} and is {general.agreement:.3f}."
    )
    draw_use(made.model, about=about, page="ask")
