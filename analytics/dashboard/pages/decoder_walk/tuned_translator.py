"""The fine-tuned translator to take away: a folder in a zip file, or a model on the Hub, with its card."""

from __future__ import annotations

from functools import partial

from analytics.dashboard.pages.decoder_walk.memory_pairs import Pairs
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.texts import hub as hub_parts
from analytics.transformer.memory.card import translator_card
from analytics.transformer.memory.comparing import Comparison
from analytics.transformer.memory.tuning import Tuning
from analytics.transformer.translator.saving import save_translator, zipped_translator

_FOLDER = "tuned_translator"


def draw_tuned(made: Comparison, pairs: Pairs, *, model: str, tuning: Tuning) -> None:
    """The download and the panel for the Hub."""
    translator = made.tuned
    if translator is None:
        return
    card = partial(
        translator_card,
        made,
        tuning=tuning,
        base=model,
        title="A translator fine-tuned on sentence pairs",
        provenance=pairs.origin,
    )
    widgets.download(
        "The fine-tuned translator",
        lambda: zipped_translator(translator, name=_FOLDER, card=card()),
        file_name=f"{_FOLDER}.zip",
        key="decoder_walk_tuned",
    )
    hub_parts.draw_publishing_model(
        "decoder_walk",
        lambda folder, licence: save_translator(translator, folder, card=card(licence=licence)),
        name="tuned-translator",
        about=(translator.revision, *pairs.key),
        label="Publish this translator",
    )
