"""The open data set for the Hub: the table after its steps, standard scores, the recipe and a card."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.texts import hub as hub_parts
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server import datasets, hub
from analytics.dashboard.server.datasets import DataSet
from analytics.hub import Publication, data_publication
from analytics.numbers import Standardizer

_QUICK_CELLS = 1_000_000  # written as Parquet and CSV in about two seconds


def draw_publishing(dataset: DataSet) -> None:
    """A panel below what one takes away; nothing with the Hub off."""
    panel = hub_parts.publishing_panel("data")
    if panel is None:
        return
    with panel, errors_told():
        numbers = dataset.columns("number")
        scored = bool(numbers) and st.toggle("With standard scores", True, key="data_publish_scored")
        # The files are put together in another thread, where the session cannot be read: so it is read here.
        provenance, recipe = hub.provenance(dataset), datasets.recipe_of(dataset).to_json()
        hub_parts.draw_publishing(
            "data",
            lambda licence: _publication(
                dataset, licence, numbers if scored else [], provenance=provenance, recipe=recipe
            ),
            name=stem_of(dataset.name),
            about=(dataset.key, dataset.name, scored),
            label="Publish this data set",
            quick=dataset.frame.size <= _QUICK_CELLS,
        )


def _publication(
    dataset: DataSet, licence: str, scored: list[str], *, provenance: str, recipe: str
) -> Publication:
    tables = {"cleaned": dataset.frame}
    steps = [one.step.sentence() for one in dataset.account if one.step.active]
    if scored:
        scorer = Standardizer(columns=scored).fit(dataset.frame)
        tables["scores"] = pd.DataFrame(scorer.transform(dataset.frame)[scored])
    return data_publication(
        tables,
        title=stem_of(dataset.name),
        licence=licence,
        provenance=provenance,
        recipe=recipe,
        steps=steps,
    )
