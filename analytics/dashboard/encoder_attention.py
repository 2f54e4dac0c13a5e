"""The Attention view: one head, all heads, lines, and four readings of one row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard import widgets
from analytics.dashboard.encoder_walk import ask_for_place, open_later
from analytics.dashboard.text import plain
from analytics.figures import attention as figures
from analytics.transformer.edge_readings import EdgeReadings, edge_readings
from analytics.transformer.encoder_trace import EncoderTrace
from analytics.transformer.tokens import join_words

FOLLOW = "encoder_walk_follow"
_SEEN = "encoder_walk_head_seen"
EVERYONE = -1
HEAT_MAP, LINES = "heat map", "lines"


def draw_attention(trace: EncoderTrace) -> None:
    """The whole view."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer, head = ask_for_place(trace, whole=True)
        picture = st.segmented_control(
            "Picture",
            [HEAT_MAP, LINES],
            key="encoder_walk_attention_picture",
            bind="query-params",
            default=HEAT_MAP,
            required=True,
        )
        joined = st.toggle(
            "Join pieces into words",
            key="encoder_walk_words",
            bind="query-params",
            help="Weights are summed over a word's pieces looked at, and averaged over those that look.",
        )
    weights, tokens = _shown_weights(trace, layer, head, joined=joined)
    said = f"head {head + 1}" if head is not None else "the mean of all heads"
    st.caption(
        f"Layer {layer + 1}, {said}: each row is a token that looks, and sums to 1. "
        "A weight says how much of a value is taken, not how much it matters."
    )
    if picture == HEAT_MAP:
        figure = figures.square(weights, tokens, tokens, name="weight", limits=(0.0, 1.0))
        alt = f"Attention weights of layer {layer + 1}, {said}"
        widgets.chart(figure, key="encoder_walk_square", alt=alt)
    else:
        _draw_lines(weights, tokens)
    _draw_readings(trace, layer, head)
    _draw_all_heads(trace)


def _shown_weights(
    trace: EncoderTrace, layer: int, head: int | None, *, joined: bool
) -> tuple[np.ndarray, tuple[str, ...]]:
    weights = trace.layers[layer].weights
    shown = weights.mean(0) if head is None else weights[head]
    return join_words(shown, trace.source.tokens) if joined else (shown, trace.tokens)


def _draw_lines(weights: np.ndarray, tokens: tuple[str, ...]) -> None:
    options = [EVERYONE, *range(len(tokens))]
    follow = widgets.choose_one(
        "Follow",
        options,
        key=FOLLOW,
        format_func=lambda place: "all tokens" if place == EVERYONE else f"{place + 1} {tokens[place]}",
    )
    followed = None if follow == EVERYONE else int(follow)
    figure = figures.lines(weights, tokens, follow=followed)
    widgets.chart(figure, key="encoder_walk_lines", alt="Lines from tokens that look to tokens looked at")
    shown = len(figures.strongest_edges(weights, follow=followed))
    if len(tokens) ** 2 > figures.LINES and shown == figures.LINES:
        st.caption(f"The {shown} strongest of {len(tokens) ** 2:,} edges; the heat map has all of them.")


def _draw_readings(trace: EncoderTrace, layer: int, head: int | None) -> None:
    st.subheader("Four readings of one edge", anchor=False)
    st.markdown(
        "The same edge answers four questions differently. **Weight**: what share of the value is taken. "
        "**What it adds**: how long the weighted value is after the projection. **Removing its value**: how "
        "far this token's result turns when that value is zero. **Masking it**: how far it turns when the "
        "token cannot be looked at, so that all other weights grow."
    )
    query = widgets.choose_one(
        "Read the row of",
        list(range(len(trace.tokens))),
        key="encoder_walk_query",
        format_func=lambda place: f"{place + 1} {trace.tokens[place]}",
    )
    readings = edge_readings(trace, layer=layer, query=int(query), head=head)
    figure = figures.readings(readings.shares(), trace.tokens)
    alt = f"Four readings of the row of {trace.tokens[int(query)]}, as shares over the tokens"
    widgets.chart(figure, key="encoder_walk_readings", alt=alt)
    _draw_famous_case(trace)
    with st.expander("Numbers as a table", icon=":material/table:"):
        frame = readings_frame(readings, trace.tokens)
        widgets.table(frame, key="encoder_walk_readings_table", alt="The four readings as numbers")


def readings_frame(readings: EdgeReadings, tokens: tuple[str, ...]) -> pd.DataFrame:
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


def _draw_famous_case(trace: EncoderTrace) -> None:
    """What the first special token gets in the last layer, mean over the positions."""
    if not trace.special[0] or len(trace.tokens) > 64:
        return
    last = len(trace.layers) - 1
    rows = [edge_readings(trace, layer=last, query=place).shares() for place in range(len(trace.tokens))]
    weight, adds, removed, masked = (
        100 * float(np.mean([row[name][0] for row in rows]))
        for name in ("weight", "adds", "without_value", "masked")
    )
    st.info(
        f"In the last layer of this text, {plain(trace.tokens[0])} gets {weight:.0f} % of the weight and "
        f"adds {adds:.0f} %; removing its values accounts for {removed:.0f} % of the change, masking it for "
        f"{masked:.0f} %. On 24 other sentences the mean was 40 % of the weight and 4 % of what is added: "
        "heads look there when they have nothing to fetch, and its values are short.",
        icon=":material/lightbulb:",
    )


def _draw_all_heads(trace: EncoderTrace) -> None:
    st.subheader("All layers and heads", anchor=False)
    figure = figures.all_heads(trace.attention)
    state = widgets.chart(
        figure,
        key="encoder_walk_heads",
        alt="Small heat maps of every head of every layer, on one colour scale from 0 to 1",
        select="points",
    )
    shrunk = len(trace.tokens) > figures.SMALL_SIDE
    st.caption(
        "One colour scale for all, weights 0 to 1. Click a small picture to open its head."
        + (f" Shrunk to {figures.SMALL_SIDE} by {figures.SMALL_SIDE} by averaging." if shrunk else "")
    )
    points = state["selection"]["points"] if state else []
    if points:
        layer, head = (int(value) for value in points[0]["customdata"][:2])
        if st.session_state.get(_SEEN) != (layer, head):
            st.session_state[_SEEN] = (layer, head)
            open_later(layer=layer, head=head)
            st.rerun()
