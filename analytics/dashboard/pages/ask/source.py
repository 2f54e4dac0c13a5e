"""What is asked: the column, its passages and the rows that are searched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import named
from analytics.dashboard.parts.texts.models import ask_for_model
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.loading import shared_encoder
from analytics.dashboard.server.vectors_kept import vectors_kept
from analytics.progress import Progress
from analytics.retrieval import Index, answer_floor, build_index
from analytics.retrieval.tuning.columns import likely_text_columns
from analytics.text import TextColumn, text_column
from analytics.text.model_files import PACKAGED_NAME

MOST_ROWS = 20_000
"""Documents that are read without being asked to read more: some minutes of passages on two cores."""
LENGTHS = {"as long as the model reads": None, "128 tokens": 128, "64 tokens": 64, "32 tokens": 32}
_MOST_VALUES = 200  # of a column that rows are chosen by: nobody reads through more


@dataclass(frozen=True)
class Source:
    """Which documents, and what decides their passages and vectors; hashable, so that it names them."""

    data_key: str
    column: str
    limit: int | None
    model: str
    tokens: int | None


@dataclass(frozen=True)
class Ready:
    """Documents that can be asked: ``numbers`` (n,) are their rows in the file, counted from 1."""

    source: Source
    column: TextColumn
    numbers: np.ndarray
    index: Index

    def rows(self, documents: list[int]) -> np.ndarray:
        """Numbers of the rows of documents."""
        return self.numbers[documents]


def choose_column(dataset: DataSet) -> str | None:
    """Draw the choice of a column; None where the table has nothing to read."""
    kinds = {name: role.kind for name, role in dataset.roles.items()}
    texts = likely_text_columns(dataset.frame, kinds)
    return widgets.choose_one("Text column", texts, key="ask_column") if texts else None


def choose_reading(dataset: DataSet, column: str) -> Source:
    """Draw what decides passages and vectors."""
    length = widgets.choose_one(
        "Length of a passage",
        list(LENGTHS),
        key="ask_length",
        help="Documents are cut between sentences. Short passages are found more precisely, long ones keep "
        "their context; the Measure view says what is better here.",
    )
    model = ask_for_model(
        PACKAGED_NAME,
        key="ask_model",
        about="A sentence-transformers model's id on the Hugging Face Hub. Code from there is never run.",
    )
    n = len(dataset.frame)
    limit = None
    if n > MOST_ROWS and not st.toggle(f"Read all {n:,} rows", key="ask_all", bind="query-params"):
        limit = MOST_ROWS
        st.caption(f"{limit:,} rows, evenly spread over the file, are read.")
    return Source(dataset.key, column, limit, model, LENGTHS[length])


def choose_rows(dataset: DataSet, column: str) -> np.ndarray | None:
    """Draw a filter by another column; (rows of the table,) bool, or None where all are searched."""
    offered = [name for name in dataset.columns("category", "number") if name != column]
    if not offered:
        return None
    everything = "(all rows)"
    name = widgets.choose_one("Only rows by", [everything, *offered], key="ask_filter")
    if name == everything:
        return None
    values = dataset.frame[name]
    if name in dataset.columns("number"):
        return _between(values)
    found = [named(value) for value in values.dropna().astype(str).value_counts().index[:_MOST_VALUES]]
    chosen = widgets.choose_columns(f"Values of {name}", found, key="ask_values", default=[])
    return values.astype(str).map(named).isin(chosen).to_numpy() if chosen else None


def _between(values: pd.Series) -> np.ndarray | None:
    with st.container(horizontal=True):
        least = st.number_input("From", value=None, key="ask_from", bind="query-params")
        most = st.number_input("To", value=None, key="ask_to", bind="query-params")
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    kept = np.ones(len(numbers), bool)
    if least is not None:
        kept &= numbers >= least
    if most is not None:
        kept &= numbers <= most
    return None if kept.all() else kept


def make_ready(dataset: DataSet, source: Source) -> Ready | None:
    """The documents with their passages and vectors; None while that is drawn on its way.

    Raises ZetascopeError where the column has no text.
    """
    column = text_column(dataset.frame[source.column], limit=source.limit)
    encoder, kept = shared_encoder(source.model), vectors_kept()

    def work(progress: Progress) -> Index:
        return build_index(column.texts, encoder=encoder, tokens=source.tokens, store=kept, progress=progress)

    index = job_result("ask_index", source, work, label="Reading passages")
    return None if index is None else Ready(source, column, dataset.row_numbers[column.rows], index)


def floor_of(ready: Ready) -> float | None:
    """What questions about other things reach; None while that is measured."""
    index, kept = ready.index, vectors_kept()
    return job_result(
        "ask_floor",
        ready.source,
        lambda progress: answer_floor(index, store=kept, progress=progress),
        label="Asking sixty questions about other things, to know what no answer looks like",
    )
