"""How good finding is on these texts: titles that must find their texts, or a file of questions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.ask import tuned_finding
from analytics.dashboard.pages.ask.found import TITLES
from analytics.dashboard.pages.ask.source import Ready
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet, upload_limits
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.opening import open_table
from analytics.dashboard.server.vectors_kept import vectors_kept
from analytics.errors import ZetascopeError
from analytics.figures.retrieval.measures import measure_figure, recall_figure
from analytics.retrieval import (
    Evaluation,
    Questions,
    effect_of_length,
    evaluate,
    questions_of_frame,
    questions_of_titles,
)

_TITLES_ASKED = 300
"""Titles that are asked, evenly spread: at 30 to 40 ms a question some ten seconds."""
_ROW_NUMBERS = "(row numbers)"
_FROM_TITLES, _FROM_FILE = "titles find their texts", "a file of questions"


def draw_measuring(dataset: DataSet, ready: Ready) -> None:
    """Choose what is asked, measure in the queue, and show what each method reaches."""
    way = widgets.choose_one("Measured on", [_FROM_TITLES, _FROM_FILE], key="ask_measured_on")
    made = _of_titles(dataset, ready) if way == _FROM_TITLES else _of_file(dataset, ready)
    if made is None:
        return
    key, questions = made
    index = ready.index
    found = job_result(
        "ask_measures",
        (ready.source, key),
        lambda progress: evaluate(questions, index, progress=progress),
        label=f"Asking {len(questions.texts):,} questions",
    )
    if found is not None:
        _draw_found(found)
        _draw_lengths(ready, key, questions)
        tuned_finding.draw_tuning(ready, key, questions)


def _of_titles(dataset: DataSet, ready: Ready) -> tuple[str, Questions] | None:
    columns = [
        name for name in dataset.columns("text", "identifier", "category") if name != ready.source.column
    ]
    if not columns:
        st.info("No other column holds texts that could be titles.", icon=":material/title:")
        return None
    column = widgets.choose_one("Titles", columns, key="ask_titles")
    titles = dataset.frame[column].iloc[ready.column.rows].tolist()
    questions = questions_of_titles(titles, ready.index.documents)
    step = -(-len(questions.texts) // _TITLES_ASKED)
    some = Questions(questions.texts[::step], questions.answers[::step], questions.notes)
    if step > 1:
        st.caption(f"{len(some.texts):,} of {len(questions.texts):,} titles, evenly spread, are asked.")
    return f"title {column}", some


def _of_file(dataset: DataSet, ready: Ready) -> tuple[str, Questions] | None:
    file = st.file_uploader(
        "Questions",
        type=["csv", "tsv", "xlsx", "parquet"],
        key="ask_questions",
        help="A column of questions, and one that says which rows answer them: row numbers or identifiers, "
        "several in a cell with commas between, or a line for each.",
    )
    if file is None:
        return None
    table = _table_of(file.file_id, file.name, file.getvalue())
    columns = [str(name) for name in table.columns]
    if len(columns) < 2:
        raise ZetascopeError("Two columns are needed: questions, and the rows that answer them.")
    with st.container(horizontal=True):
        question = widgets.choose_one("Column of questions", columns, key="ask_file_question")
        answers = widgets.choose_one("Column of rows that answer", columns, key="ask_file_answers", index=1)
        offered = [_ROW_NUMBERS, *(str(name) for name in dataset.frame.columns)]
        named = widgets.choose_one("They name texts by", offered, key="ask_file_names")
    names = (
        ready.numbers.tolist()
        if named == _ROW_NUMBERS
        else dataset.frame[named].iloc[ready.column.rows].tolist()
    )
    questions = questions_of_frame(table, question=question, answers=answers, names=names)
    return f"{file.file_id} {question} {answers} {named}", questions


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _table_of(file_id: str, name: str, _source: bytes) -> pd.DataFrame:
    return open_table(_source, name=name, options=upload_limits()).frame


def _draw_found(found: Evaluation) -> None:
    st.subheader(plain(found.answer(), width=400), anchor=False)
    for note in found.notes:
        st.caption(plain(note, width=300))
    left, right = st.columns(2)
    with left:
        alt = "Each method's measures with their 95% intervals"
        widgets.chart(measure_figure(found, TITLES), key="ask_measure_chart", alt=alt)
    with right:
        alt = "Share of the answering texts among the first k, for each method"
        widgets.chart(recall_figure(found, TITLES), key="ask_recall_chart", alt=alt)
    st.markdown("\n".join(f"- {plain(one.sentence(), width=300)}" for one in found.differences))
    costs = pd.DataFrame(
        {
            "method": [TITLES[name] for name in found.measures],
            "milliseconds a question": [found.seconds[name] * 1000 for name in found.measures],
            "memory, MB": [found.bytes[name] / 1e6 for name in found.measures],
        }
    )
    widgets.table(costs, key="ask_costs", alt="Time and memory of each method")
    st.caption(
        f"Beside that, the model reads a question in {found.encoding * 1000:.0f} ms. Measured on this server."
    )
    _draw_breadth(found)
    widgets.download_table(
        lambda: found.each, stem=widgets.of_data("questions"), key="ask_each", label="Every question"
    )
    with st.expander("Questions won and lost", icon=":material/table_view:"):
        measure = f"nDCG@{found.k}"
        wide = found.each.pivot_table(index=["question", "text"], columns="method", values=measure)
        wide = wide.reset_index().drop(columns="question")
        wide["by both − by words"] = wide["hybrid"] - wide["words"]
        ordered = wide.sort_values("by both − by words", ignore_index=True)
        widgets.table(ordered, key="ask_won_lost", alt="nDCG of every question by each method")


def _draw_lengths(ready: Ready, key: str, questions: Questions) -> None:
    """On demand, because the documents are read anew for every length."""
    if not st.toggle(
        "Try other lengths of passages", key="ask_lengths", help="Reads the texts anew for each."
    ):
        return
    index, kept = ready.index, vectors_kept()
    tried = job_result(
        "ask_lengths_job",
        (ready.source, key),
        lambda progress: effect_of_length(
            index.documents, questions, encoder=index.encoder, store=kept, progress=progress
        ),
        label="Reading passages of other lengths",
    )
    if tried is not None:
        widgets.table(tried, key="ask_lengths_table", alt="nDCG@10 by length of passage and method")
        st.caption("nDCG@10 with its 95% interval; without a number of tokens: as long as the model reads.")


def _draw_breadth(found: Evaluation) -> None:
    breadth = found.by_breadth()
    if breadth.empty:
        return
    wide = breadth.pivot(index=["kind", "questions"], columns="method", values="mean").reset_index()
    st.markdown("**Narrow and broad questions** (few and many texts answer them)")
    widgets.table(wide, key="ask_breadth", alt="nDCG of narrow and broad questions by each method")
