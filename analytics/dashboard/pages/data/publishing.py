"""The open data set for the Hub: the table after its steps, standard scores, the recipe and a card."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data.from_hub import origin_of
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.texts import hub as hub_parts
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.settings import read_settings
from analytics.hub import Publication, data_publication
from analytics.numbers import Standardizer


def draw_publishing(dataset: DataSet) -> None:
    """A panel below what one takes away; nothing with the Hub off."""
    if not read_settings().hub:
        return
    panel = st.expander(
        "Publish on the Hub", icon=":material/cloud_upload:", on_change="rerun", key="data_publish_panel"
    )
    if not panel.open:
        return
    with panel, errors_told():
        numbers = dataset.columns("number")
        scored = bool(numbers) and st.toggle("With standard scores", True, key="data_publish_scored")
        hub_parts.draw_publishing(
            "data",
            lambda licence: _publication(dataset, licence, numbers if scored else []),
            name=stem_of(dataset.name),
            about=(dataset.key, scored),
            label="Publish this data set",
        )


def _publication(dataset: DataSet, licence: str, scored: list[str]) -> Publication:
    tables = {"cleaned": dataset.frame}
    steps = [one.step.sentence() for one in dataset.account if one.step.active]
    if scored:
        scorer = Standardizer(columns=scored).fit(dataset.frame)
        tables["scores"] = pd.DataFrame(scorer.transform(dataset.frame)[scored])
    return data_publication(
        tables,
        title=stem_of(dataset.name),
        licence=licence,
        provenance=_provenance(dataset),
        recipe=datasets.recipe_of(dataset).to_json(),
        steps=steps,
    )


def _provenance(dataset: DataSet) -> str:
    origin = origin_of(dataset)
    if origin:
        licence = origin.card.licence or "not named"
        return (
            f"{origin.card.name} on the Hub at commit {origin.commit}, licence {licence}. {origin.statement}"
        )
    if dataset.sample:
        return f"{dataset.sample.credit}. Licence: {dataset.sample.licence}."
    return f"The file {dataset.name}, SHA-256 {dataset.table.sha256}."
