"""The Attention view: one head, all heads, lines, and four readings of one row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.encoder_walk.walk import ask_for_mean_or_place
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import download_svg, draw_svg
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.dashboard.parts.texts.encoder_links import open_later
from analytics.figures.matrix import SMALL_SIDE, all_heads, token_matrix
from analytics.figures.walks import attention as figures
from analytics.figures.walks import attention_lines as lines
from analytics.transformer.encoder.edge_readings import EdgeReadings, edge_readings, mean_shares
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.transformer.tokens import join_words

_FOLLOW = "encoder_walk_follow"
_EVERYONE = -1
_TALLEST_LINES = 40


def draw_attention(trace: EncoderTrace, model: str) -> None:
    """The whole view."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer, head = ask_for_mean_or_place(trace)
        first = next(iter(_PICTURES))
        picture = st.segmented_control(
            "Picture",
            list(_PICTURES),
            key="encoder_walk_attention_picture",
            bind="query-params",
            default=first,
            required=True,
        )
        joined = st.toggle(
            "Join pieces into words",
            key="encoder_walk_words",
            bind="query-params",
            help="Weights are summed over a word's pieces looked at, and averaged over those that look.",
        )
    weights, tokens = _shown_weights(trace, layer, head, joined=joined)
    said = _place_in_words(layer, head)
    st.caption(
        f"{said}: each row is a token that looks, and sums to 1. "
        "A weight says how much of a value is taken, not how much it matters."
    )
    _PICTURES[picture or first](weights, tokens, said)
    _draw_readings(trace, model, layer, head)
    _draw_all_heads(trace)


def _place_in_words(layer: int | None, head: int | None) -> str:
    if layer is None:
        return "The mean of all heads of all layers"
    return f"Layer {layer + 1}, " + (f"head {head + 1}" if head is not None else "the mean of all heads")


def _shown_weights(
    trace: EncoderTrace, layer: int | None, head: int | None, *, joined: bool
) -> tuple[np.ndarray, tuple[str, ...]]:
    if layer is None:
        shown = trace.attention.mean((0, 1))
    else:
        weights = trace.layers[layer].weights
        shown = weights.mean(0) if head is None else weights[head]
    return join_words(shown, trace.source.tokens) if joined else (shown, trace.tokens)


def _draw_heat_map(weights: np.ndarray, tokens: tuple[str, ...], said: str) -> None:
    heat = token_matrix(weights, tokens, tokens, name="weight", limits=(0.0, 1.0))
    draw_heat_map(heat, key="encoder_walk_square", alt=f"Attention weights: {said}")


def _draw_lines(weights: np.ndarray, tokens: tuple[str, ...], _said: str) -> None:
    options = [_EVERYONE, *range(len(tokens))]
    follow = widgets.choose_one(
        "Follow",
        options,
        key=_FOLLOW,
        format_func=lambda place: "all tokens" if place == _EVERYONE else f"{place + 1} {tokens[place]}",
        width=260,
    )
    drawn = lines.lines(weights, tokens, follow=None if follow == _EVERYONE else int(follow))
    with st.container(height=720 if len(tokens) > _TALLEST_LINES else "content", border=False):
        draw_svg(drawn, key="encoder_walk_lines")
    said = (
        "Point at a token, or reach it with the Tab key, to follow it: on the left where it looks, on the "
        "right what looks at it, with the weights in figures."
    )
    if len(lines.strongest_edges(weights)) == lines.LINES:
        said += f" All together are the {lines.LINES} strongest of {len(tokens) ** 2:,} edges,"
        said += f" a followed token shows its {lines.edges_per_token(len(tokens))} strongest;"
        said += " the heat map has all of them."
    st.caption(said)
    download_svg("Lines as SVG", drawn, file_name="attention_lines.svg", key="encoder_walk_lines_svg")


_PICTURES = {"heat map": _draw_heat_map, "lines": _draw_lines}


def _draw_readings(trace: EncoderTrace, model: str, layer: int | None, head: int | None) -> None:
    st.subheader("Four readings of one edge", anchor=False)
    st.markdown(
        "The same edge answers four questions differently. **Weight**: what share of the value is taken. "
        "**What it adds**: how long the weighted value is after the projection. **Removing its value**: how "
        "far this token's result turns when that value is zero. **Masking it**: how far it turns when the "
        "token cannot be looked at, so that all other weights grow."
    )
    place = len(trace.layers) - 1 if layer is None else layer
    query = widgets.choose_one(
        "Read the row of",
        list(range(len(trace.tokens))),
        key="encoder_walk_query",
        format_func=lambda place: f"{place + 1} {trace.tokens[place]}",
        width=260,
    )
    readings = _readings(model, trace.source.text, place, int(query), head, _trace=trace)
    figure = figures.readings(readings.shares(), trace.tokens)
    alt = f"Four readings of the row of {trace.tokens[int(query)]}, as shares over the tokens"
    widgets.chart(figure, key="encoder_walk_readings", alt=alt)
    st.caption(_place_in_words(place, head).replace("the mean of all heads", "all heads together") + ".")
    _draw_famous_case(trace, model)
    with st.expander("Numbers as a table", icon=":material/table:"):
        frame = _readings_frame(readings, trace.tokens)
        widgets.table(frame, key="encoder_walk_readings_table", alt="The four readings as numbers")


@st.cache_data(scope="session", max_entries=64, show_spinner=False)
def _readings(
    model: str, text: str, layer: int, query: int, head: int | None, *, _trace: EncoderTrace
) -> EdgeReadings:
    return edge_readings(_trace, layer=layer, query=query, head=head)


@st.cache_data(scope="session", max_entries=16, show_spinner=False)
def _famous_shares(model: str, text: str, *, _trace: EncoderTrace) -> dict[str, float]:
    return mean_shares(_trace, layer=len(_trace.layers) - 1, key=0)


def _readings_frame(readings: EdgeReadings, tokens: tuple[str, ...]) -> pd.DataFrame:
    """One row per token looked at, with the readings as they are."""
    return pd.DataFrame(
        {
            "token": [f"{place + 1} {token}" for place, token in enumerate(tokens)],
            "weight": readings.weight,
            "adds (length)": readings.adds,
            "removing its value (1 - cosine)": readings.without_value,
            "masking it (1 - cosine)": readings.masked,
        }
    )


def _draw_famous_case(trace: EncoderTrace, model: str) -> None:
    """What the first special token gets in the last layer, mean over the positions."""
    if not trace.special[0] or len(trace.tokens) > 64:
        return
    shares = _famous_shares(model, trace.source.text, _trace=trace)
    weight, adds, removed, masked = (
        100 * shares[name] for name in ("weight", "adds", "without_value", "masked")
    )
    st.info(
        f"In the last layer of this text, {plain(trace.tokens[0])} gets {weight:.0f}% of the weight and "
        f"adds {adds:.0f}%; removing its values accounts for {removed:.0f}% of the change, masking it for "
        f"{masked:.0f}%. On 24 other sentences the mean was 40% of the weight and 4% of what is added: "
        "heads look there when they have nothing to fetch, and its values are short.",
        icon=":material/lightbulb:",
    )


def _draw_all_heads(trace: EncoderTrace) -> None:
    st.subheader("All layers and heads", anchor=False, help=hover("attention head"))
    opened = draw_heat_map(
        all_heads(trace.attention),
        key="encoder_walk_heads",
        alt="Small heat maps of every head of every layer, on one colour scale from 0 to 1",
        clickable=True,
    )
    shrunk = len(trace.tokens) > SMALL_SIDE
    st.caption(
        "One colour scale for all, weights 0 to 1. Click a small picture to open its head."
        + (f" Shrunk to {SMALL_SIDE} by {SMALL_SIDE} by averaging." if shrunk else "")
    )
    if opened:
        open_later(layer=opened[0] + 1, head=opened[1] + 1)
        st.rerun()
