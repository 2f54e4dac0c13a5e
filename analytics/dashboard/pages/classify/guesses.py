"""Labels for the rows that have none: which, how sure, why, the least sure first."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.classify import work
from analytics.dashboard.pages.classify.tuned_encoder import draw_tuned
from analytics.dashboard.pages.classify.work import Compared
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.texts.tuned_use import draw_use
from analytics.dashboard.server.datasets import DataSet
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.prediction import Predictions
from analytics.retrieval.tuning.ways import TUNED, WAYS
from analytics.words import count

_ASKED = "zetascope_classify_guessing"


def draw_guesses(dataset: DataSet, compared: Compared, curve: LearningCurve) -> None:
    """The choice of a way, what it guesses, and the encoder that it tuned."""
    rows = compared.data.unlabelled
    st.subheader("Label the rest, or take an encoder of your own", anchor=False)
    if not len(rows):
        st.caption("Every row with a text has a label. Rows whose label is empty would be guessed here.")
    ways = dict.fromkeys([*(curve.ways if len(rows) else ()), *TUNED])
    names = {WAYS[way].label: way for way in ways}
    best = curve.best(curve.shots[-1], tuple(ways)) or TUNED[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = widgets.choose_one(
            "By",
            list(names),
            key="classify_guess_by",
            index=list(names.values()).index(best),
            width=260,
            help="Fine-tuning takes a minute or more, and gives an encoder that other pages can use.",
        )
        asked = (compared.request.columns, compared.request.seed, names[label])
        told = f"Guess {count(len(rows), 'label')}" if len(rows) else "Tune an encoder on these labels"
        st.button(
            told,
            key="classify_guess_button",
            icon=":material/label:",
            on_click=partial(st.session_state.__setitem__, _ASKED, asked),
        )
    if st.session_state.get(_ASKED) != asked:
        return
    texts = tuple(str(text).strip() for text in dataset.frame[compared.request.text].iloc[rows])
    vectors = compared.vectors[:0]
    if texts:
        read = work.vectors_of("classify_new_vectors", compared.request.columns, texts)
        if read is None:
            return
        vectors = read
    made = work.predicted(compared, names[label], texts, vectors)
    if made is not None:
        _draw_made(dataset, made, rows)
        draw_tuned(dataset, made, curve, way=names[label])
        if made.fitted.tuned is not None:
            draw_use(made.fitted.tuned, about=asked, page="classify")


def _draw_made(dataset: DataSet, made: Predictions, rows: np.ndarray) -> None:
    st.caption(
        f"On {count(made.kept_out, 'labelled text')} kept out, {made.accuracy:.1%} were right. Sureness was "
        f"off by {100 * made.error_before:.1f} points; divided by a temperature of {made.temperature:.2f}, "
        f"with half a miss more than was seen, by {100 * made.error:.1f}."
    )
    if len(rows):
        _draw_table(dataset, made, rows)


def _draw_table(dataset: DataSet, made: Predictions, rows: np.ndarray) -> None:
    st.caption("The least sure come first.")

    def table() -> pd.DataFrame:
        told = made.table()
        told.insert(0, "row", dataset.row_numbers[rows][told.index.to_numpy()])
        return told

    widgets.table(
        table().reset_index(drop=True),
        key="classify_guesses",
        alt="A row for each text without a label: the guess, how sure, and the nearest labelled texts.",
        column_config={
            "sure": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
        },
    )
    widgets.download_table(table, stem=widgets.of_data("labels"), key="classify_labels", label="Labels")
