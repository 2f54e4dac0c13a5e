"""The Encoder page's frame: which text, which model, the trace, and the way to a place in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from analytics.dashboard.parts import links, widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.texts import models
from analytics.dashboard.parts.texts.encoder_links import FIRST_VIEW, LONGEST_TEXT, NAME
from analytics.dashboard.parts.walks.growing_text import draw_growing_text
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.linked_values import linked
from analytics.dashboard.server.loading import is_loaded, shared_encoder
from analytics.dashboard.server.memory import give_back_soon
from analytics.text.model_files import PACKAGED_NAME
from analytics.transformer.checks import Check
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.transformer.encoder.walk import trace_encoder

EXAMPLE = "I love machine learning"
OTHER_EXAMPLE = "Deep neural networks are my favourite subject"

TEXT = "encoder_walk_text"
OTHER = "encoder_walk_other"
_MODEL = "encoder_walk_model"
VIEW = "encoder_walk_view"
STAGE = "encoder_walk_stage"
LAYER = "encoder_walk_layer"
HEAD = "encoder_walk_head"
_UNKNOWN_NAMED = 5
ALL = "all"
"""What stands for all layers or heads together."""


def take_choices() -> None:
    """Carry out ``open_later``, before any widget is drawn, and fill in what was never chosen."""
    links.take_next(NAME)
    st.session_state.setdefault(TEXT, EXAMPLE)
    if linked(STAGE) and not linked(VIEW):
        st.session_state[VIEW] = FIRST_VIEW


def ask_for_text(dataset: DataSet) -> str:
    """The text to walk through: typed, or a row of the open data set."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = draw_growing_text(
            "Text",
            key=TEXT,
            longest=LONGEST_TEXT,
            placeholder="Type a text to walk through",
            about="The model reads its first tokens; the page says what it cut. The packaged "
            "model was trained on English.",
        )
        _draw_row_picker(dataset)
    if not text.strip():
        st.info(
            "The text box is empty, so this is the walk of a text without words: the model's own marks only.",
            icon=":material/edit:",
        )
    return text


def _draw_row_picker(dataset: DataSet) -> None:
    columns = dataset.columns("text")
    if not columns or not len(dataset.frame):
        return
    with st.popover("From the open data", icon=":material/table_rows:"):
        column = st.selectbox("Column", columns, key="encoder_walk_column")
        last = len(dataset.frame)
        row = st.number_input("Row", 1, last, 1, key="encoder_walk_row")
        value = str(dataset.frame[column].iloc[int(row) - 1])[:LONGEST_TEXT]
        st.caption(plain(value))
        st.button("Use this text", key="encoder_walk_use_row", on_click=_use_text, args=(value,))


def _use_text(value: str) -> None:
    st.session_state[TEXT] = value


def ask_for_model() -> str:
    """The model's name; only the packaged one unless this server lets visitors load others."""
    return models.ask_for_model(PACKAGED_NAME, key=_MODEL, about="A sentence-transformers model's id.")


def is_ready(name: str) -> bool:
    """Whether the model can be walked through without waiting; says so where it can't yet."""
    return is_loaded(f"encoder {name}", lambda: shared_encoder(name).model)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False, on_release=give_back_soon)
def trace_of(model: str, text: str) -> EncoderTrace:
    """The trace of a text; the last two of a session are kept, some 80 MB each for 256 tokens."""
    return trace_encoder(text, encoder=shared_encoder(model))


def draw_summary(trace: EncoderTrace) -> None:
    """The answer in one line, and how far it was checked."""
    source, layers = trace.source, len(trace.layers)
    heads = trace.layers[0].weights.shape[0] if layers else 0
    said = f"**{count(len(source.tokens), 'token')}**"
    if layers:
        said += f" → {count(layers, 'layer')} of {count(heads, 'head')}"
    said += f" → {'/'.join([trace.pooling] if isinstance(trace.pooling, str) else trace.pooling)} pooling"
    said += f" → **{len(trace.vector)} numbers**"
    st.markdown(f"{said} · {plain(trace.model_name)} · {_checks_in_words(trace.checks)}")
    if source.cut:
        were = "was" if source.cut == 1 else "were"
        st.warning(
            f"The model reads {source.limit} tokens. {count(source.cut, 'token')} beyond that {were} cut "
            f"off, from character {_cut_at(trace):,} on.",
            icon=":material/content_cut:",
        )
    if source.unknown:
        st.warning(_unknown_in_words(trace), icon=":material/help:")
    if not np.isfinite(trace.vector).all():
        st.error("This model gives numbers that are not finite; the checks say where it starts.")
    for sentence in trace.missing:
        st.warning(plain(sentence, width=600), icon=":material/visibility_off:")


def _unknown_in_words(trace: EncoderTrace) -> str:
    """What the unknown token stands for here, and what that means for the vector."""
    source = trace.source
    sign = plain(source.tokens[source.unknown[0]].text)
    texts = source.unknown_texts
    named = ", ".join(f"“{plain(one, width=40)}”" for one in texts[:_UNKNOWN_NAMED])
    if len(texts) > _UNKNOWN_NAMED:
        named += f" and {len(texts) - _UNKNOWN_NAMED} more"
    return (
        f"The vocabulary has no piece for {named}, so the model reads **{sign}** there, one sign for all "
        "that it does not know. Any other unknown text in its place would give the same vector."
    )


def _cut_at(trace: EncoderTrace) -> int:
    """The first character the model does not read."""
    return max((token.end for token in trace.source.tokens), default=0) + 1


def choose_view(offered: Sequence[str]) -> str:
    """Which place to draw; the first where the one chosen before is not offered."""
    if st.session_state.get(VIEW) not in offered:
        st.session_state[VIEW] = offered[0]
    return st.selectbox("Place in the model", offered, key=VIEW, bind="query-params", width=260)


def _checks_in_words(checks: tuple[Check, ...]) -> str:
    """``89 of 89 recomputed values agree, largest difference 5e-05``."""
    passed = sum(one.passed for one in checks)
    largest = max((one.max_abs_error for one in checks), default=0.0)
    colour = "green" if passed == len(checks) else "red"
    return f":{colour}[{passed} of {len(checks)} stages recomputed, largest difference {largest:.0e}]"


def ask_for_place(trace: EncoderTrace, *, head: bool = True) -> tuple[int, int]:
    """Layer and head, counted from 0; the head is not asked for, and 0, where ``head`` is False."""
    layer = widgets.choose_one("Layer", list(range(1, len(trace.layers) + 1)), key=LAYER, width=110)
    if not head:
        return int(layer) - 1, 0
    heads = len(trace.layers[0].weights)
    return int(layer) - 1, int(widgets.choose_one("Head", list(range(1, heads + 1)), key=HEAD, width=110)) - 1


def ask_for_mean_or_place(trace: EncoderTrace) -> tuple[int | None, int | None]:
    """Layer and head, counted from 0; None for the mean over all heads, or over all layers and heads."""
    layers, heads = len(trace.layers), len(trace.layers[0].weights)
    options = {"index": 1, "width": 110, "format_func": _number_or_all}
    layer = int(widgets.choose_one("Layer", list(range(layers + 1)), key=LAYER, **options))
    options |= {"index": 0, "disabled": not layer}
    head = int(widgets.choose_one("Head", list(range(heads + 1)), key=HEAD, **options))
    if not layer:
        return None, None
    return layer - 1, head - 1 if head else None


def _number_or_all(number: int) -> str:
    return str(number) if number else ALL
