"""The tuned encoder to take away: as a folder in a zip file, or as a model on the Hub, with its card."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.texts import hub as hub_parts
from analytics.dashboard.server import hub
from analytics.dashboard.server.datasets import DataSet
from analytics.retrieval.tuning.card import encoder_card
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.prediction import Predictions
from analytics.retrieval.tuning.saving import save_model, zipped_model
from analytics.text.model_files import PACKAGED_NAME

_FOLDER = "tuned_encoder"


def draw_tuned(dataset: DataSet, made: Predictions, curve: LearningCurve, *, way: str) -> None:
    """The download and the panel for the Hub; nothing where no encoder was tuned."""
    model = made.fitted.tuned
    if model is None:
        return
    card = partial(
        encoder_card,
        made,
        curve,
        way=way,
        base=f"sentence-transformers/{PACKAGED_NAME}",
        title=f"An encoder tuned on {stem_of(dataset.name)}",
        provenance=hub.provenance(dataset),
    )
    widgets.download(
        "The tuned encoder",
        lambda: zipped_model(model, name=_FOLDER, card=card()),
        file_name=widgets.of_data("encoder.zip"),
        key="classify_encoder",
    )
    st.caption(plain(f"A folder that sentence-transformers opens: SentenceTransformer({_FOLDER!r})."))
    hub_parts.draw_publishing_model(
        "classify",
        lambda folder, licence: save_model(model, folder, card=card(licence=licence)),
        name=f"{stem_of(dataset.name)}-encoder",
        about=(dataset.key, dataset.name, way, id(model), len(curve.trials)),
        label="Publish this encoder",
    )
