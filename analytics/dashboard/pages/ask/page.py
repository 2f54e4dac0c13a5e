"""The Ask page: a question to the open texts, the answer with its ground, and how good finding is."""

# Imported inside the functions that use them; here they load beside the page.
import bm25s  # noqa: F401
import ir_measures  # noqa: F401
import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.pages.ask import found, measuring, source, written
from analytics.dashboard.parts import choices, widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.texts.no_texts import offer_opinions
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.vectors_kept import vectors_kept
from analytics.retrieval import answer
from analytics.retrieval.retrieving import METHODS, check_question, hits_of, rankings

_LONGEST_QUESTION = 2_000  # characters: longer than the model reads
_AMOUNTS = ["3", "5", "10", "20"]
_METHOD = """
Texts are cut between sentences into passages that the model reads whole. A question is compared with all of
them in two ways. **Words** is BM25, in Lucene's form with $k_1 = 1.5$ and $b = 0.75$: each word $w$ of the
question gives
$$\\ln\\left(1 + \\frac{m - n_w + 0.5}{n_w + 0.5}\\right) \\cdot
\\frac{f_w}{f_w + k_1 (1 - b + b \\, l / \\bar l)}$$
where $n_w$ of $m$ passages have the word, $f_w$ times in this one, whose length is $l$. English words that
only ask or join count where a question has no other, and plurals count as their singular. **Meaning** is the
cosine of the vectors of question and passage. **Both** adds $1 / (60 + \\text{rank})$ of the two rankings.

The **answer** consists of sentences of the ten best passages by both, in the order of their own cosine with
the question. They count from a floor on that is measured on your texts: sixty everyday questions about other
things are asked of them, and the floor lies 2.5 robust deviations above the median of what their best
sentence reaches, and not below what random letters reach. Nothing is written: every sentence is a stretch of
a text.
"""


def draw(dataset: DataSet) -> None:
    """The whole page below its question."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=220):
            column = source.choose_column(dataset)
        more = st.popover("Filter, passages", icon=":material/tune:")
    if column is None:
        offer_opinions("This data set has no column of texts. A question needs some.")
        return
    with choices.belonging_to(f"{dataset.table.sha256} {column}", scope="ask column"):
        _draw_of(dataset, column, more)


def _draw_of(dataset: DataSet, column: str, more: DeltaGenerator) -> None:
    with more:
        allowed = source.choose_rows(dataset, column)
        asked_of = source.choose_reading(dataset, column)
        k = int(widgets.choose_one("Passages shown", _AMOUNTS, key="ask_k", index=1))
    view = st.segmented_control(
        "View", _VIEWS, default=_VIEWS[0], key="ask_view", bind="query-params", label_visibility="collapsed"
    )
    with widgets.errors_told():
        _DRAWN[view or _VIEWS[0]](dataset, asked_of, allowed, k)
    with st.expander("How this is computed", icon=":material/functions:"):
        st.markdown(_METHOD)


def _draw_asking(dataset: DataSet, asked_of: source.Source, allowed: np.ndarray | None, k: int) -> None:
    question = st.text_input(
        "Question",
        key="ask_question",
        bind="query-params",
        max_chars=_LONGEST_QUESTION,
        placeholder="How long does the battery last?",
    )
    if not question.strip():
        st.caption("Ask in your own words: passages are found by their words and by their meaning.")
        return
    check_question(question)
    ready = source.make_ready(dataset, asked_of)
    if ready is not None:
        _draw_found(ready, question, None if allowed is None else allowed[ready.column.rows], k)


def _draw_measuring(dataset: DataSet, asked_of: source.Source, _allowed: np.ndarray | None, _k: int) -> None:
    st.caption("Words, meaning and both, asked questions whose answers are known; all rows are searched.")
    ready = source.make_ready(dataset, asked_of)
    if ready is not None:
        measuring.draw_measuring(dataset, ready)


_DRAWN = {"Ask": _draw_asking, "Measure": _draw_measuring}
_VIEWS = list(_DRAWN)


def _draw_found(ready: source.Ready, question: str, allowed: np.ndarray | None, k: int) -> None:
    ranked = rankings(question, ready.index, allowed=allowed)  # the model reads the question once
    hits = {method: hits_of(question, ready.index, ranked, method=method, k=k) for method in METHODS}
    said = st.container()
    st.subheader("Passages, by each method", anchor=False)
    found.draw_side_by_side(ready, question, hits)
    with st.container(horizontal=True):
        widgets.download_table(
            lambda: found.hits_frame(ready, hits),
            stem=widgets.of_data("passages"),
            key="ask_hits",
            label="Passages",
        )
    found.draw_reasons(ready, question, hits)
    written.draw_written(ready, question, hits["hybrid"])
    searched = len(ready.index.documents) if allowed is None else int(allowed.sum())
    notes = [
        f"{count(searched, 'text')} searched, cut into {count(len(ready.index.passages.texts), 'passage')}."
    ]
    empty = ready.column.missing + ready.column.blank
    if empty:
        notes.append(f"{count(empty, 'row')} without text {'is' if empty == 1 else 'are'} left out.")
    st.caption(" ".join([*notes, *(plain(note) for note in ready.index.notes)]))
    with said, widgets.errors_told():
        floor = source.floor_of(ready)
        if floor is not None:
            answered = answer(question, ready.index, floor=floor, ranked=ranked, store=vectors_kept())
            st.subheader("Answer", anchor=False)
            found.draw_answer(ready, answered)
            if answered.sentences:
                widgets.download(
                    "Answer (CSV)",
                    lambda: found.answer_frame(ready, answered),
                    file_name=widgets.of_data("answer.csv"),
                    key="ask_answer",
                )
