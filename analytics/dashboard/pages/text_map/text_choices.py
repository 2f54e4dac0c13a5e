"""How texts are read: exactly or quickly, with or without markup, whole or their beginnings."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.dashboard.pages.text_map import maps
from analytics.dashboard.pages.text_map.known import languages_of_some
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.texts.text_maps import Source
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.settings import read_settings
from analytics.text import QuickAgreement, Stripped, TextColumn, strip_markup
from analytics.text.quick import AGREEMENT_TEXTS, measured_agreement

_PREVIEWED = 3
_MULTILINGUAL = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
_LONG = {
    "their beginning": (False, False),
    "whole, one point a text": (True, False),
    "whole, one point a passage": (False, True),
}


def choose_reading(dataset: DataSet, source: Source) -> Source:
    """Draw what changes the vectors of the texts; ``source`` with what is chosen."""
    if source.uploaded:
        return source
    quick = st.toggle(
        "Quick vectors",
        key="text_map_quick",
        bind="query-params",
        help="Weights of 8 bits: about twice as fast on a processor without matrix units, and nearly the "
        "same neighbours. How nearly is measured on your own texts first, and told. They are never mixed "
        "with exact vectors.",
    )
    stripped = st.toggle(
        "Leave out HTML, addresses and quoted mail",
        key="text_map_stripped",
        bind="query-params",
        help="Before texts are read; the table stays as it is.",
    )
    passages, apart = _LONG[
        widgets.choose_one(
            "Long texts",
            list(_LONG),
            key="text_map_long",
            help="The model reads the beginning of a text that is longer than it can take. To be read whole, "
            "such a text is cut into passages of whole sentences, which overlap by at most one sentence. Its "
            "vector is then the mean of theirs, or each passage is a point of its own. Takes longer.",
        )
    ]
    if not stripped:
        _suggest_stripping(dataset, source)
    return replace(source, quick=quick, stripped=stripped, passages=passages, apart=apart)


def _suggest_stripping(dataset: DataSet, source: Source) -> None:
    """Where texts have what is no text: in how many, and what would be read of the first ones."""
    column = maps.texts_of(source, dataset)
    found = _stripped(source, column)
    if not found.changed:
        return
    kinds = ", ".join(f"{name} in {count(many, 'text')}" for name, many in found.counts.items())
    st.caption(f"Found: {kinds}. What would be read of them:")
    for place in found.changed[:_PREVIEWED]:
        st.markdown(
            f"- {plain(column.texts[place], width=160)}\n\n  → {plain(found.texts[place], width=120)}"
        )


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _stripped(source: Source, _column: TextColumn) -> Stripped:
    return strip_markup(_column.texts)


def told_agreement(dataset: DataSet, source: Source) -> bool:
    """Where quick vectors are chosen, say first how well they agree; whether the map can be made."""
    if not source.quick:
        return True
    found = _agreement(dataset, source)
    if found is None:
        return False
    st.caption(f"**Quick vectors.** {found.sentence()}")
    return True


def _agreement(dataset: DataSet, source: Source) -> QuickAgreement | None:
    texts = maps.texts_of(replace(source, first=0), dataset).texts
    exact, quick = maps.encoder_of(replace(source, quick=False)), maps.encoder_of(source)
    return job_result(
        "text_map_agreement",
        (source.data_key, source.column, source.model, source.stripped),
        lambda progress: measured_agreement(exact, quick, texts, progress=progress),
        label=f"Comparing quick with exact vectors on {min(len(texts), AGREEMENT_TEXTS):,} texts",
        quick=True,
    )


def warn_of_languages(made: maps.MadeMap) -> None:
    """Say where the model does not know the texts' language, and what would."""
    if made.source.uploaded:
        return
    told = languages_of_some(made)
    sentence = told.warning(made.source.model)
    if not sentence:
        return
    st.warning(sentence, icon=":material/translate:")
    if read_settings().hub and made.source.model != _MULTILINGUAL:
        st.button(
            "Use a multilingual model",
            key="text_map_multilingual",
            icon=":material/language:",
            on_click=_use_multilingual,
            help=f"{_MULTILINGUAL}: what it is and how large is said before it is fetched.",
        )


def _use_multilingual() -> None:
    st.session_state["text_map_model"] = _MULTILINGUAL
