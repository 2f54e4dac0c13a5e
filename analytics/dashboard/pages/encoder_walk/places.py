"""Places of the living picture: what a click leads to, and where in the model each view is."""

from __future__ import annotations

import re

import streamlit as st

from analytics.dashboard.pages.encoder_walk.walk import ALL, HEAD, LAYER, STAGE, VIEW
from analytics.dashboard.parts import links
from analytics.dashboard.parts.texts.encoder_links import FIRST_VIEW, NAME, PAIR_VIEW
from analytics.dashboard.parts.walks.here import Here
from analytics.dashboard.server.linked_values import linked
from analytics.transformer.encoder.stages import stages_of
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.transformer.stages import STAGES

WHOLE, BLOCK, ATTENTION = "The whole model", "One block", "Attention"
IMPORTANCE, LEDGER, HEADS_OFF = "Tokens that matter", "What each token gives", "Heads off"
LAYERS, BY_HAND = "Layers", "By hand"
_VIEW_OF = {
    "model": WHOLE,
    "block": BLOCK,
    "attention": ATTENTION,
    "head": ATTENTION,
    "importance": IMPORTANCE,
    "ledger": LEDGER,
    "heads_off": HEADS_OFF,
    "pair": PAIR_VIEW,
    "layers": LAYERS,
    "by_hand": BY_HAND,
}
_PART_OF = {view: part for part, view in _VIEW_OF.items()}
_STAGES = {stage.key: stage for stage in STAGES}
_IN_HEAD = {stage.key for stage in STAGES if stage.scope == "head"} | {"mask"}
"""Stages whose matrices stand in the picture of a head; the mask is one of a layer but is added there."""
_PLACE = re.compile(r"([a-z_]+)(?:/(\d+))?(?:/(\d+))?")


def take(place: str) -> None:
    """Callback: open a place of the picture, such as ``scores/2/3``; what is no place changes nothing."""
    found = _PLACE.fullmatch(place)
    if not found or not (found[1] in _VIEW_OF or found[1] in _STAGES):
        return
    part, layer, head = found.groups()
    view = _VIEW_OF.get(part, FIRST_VIEW)
    values: dict[str, object] = {VIEW: view}
    if part in _STAGES:
        values[STAGE] = _STAGES[part].short
    if layer:
        values[LAYER] = int(layer)
    if head or (layer and view == ATTENTION):
        values[HEAD] = int(head or 0)
    links.hold(values, shown={} if values.get(HEAD) else {HEAD: ALL})


def here(trace: EncoderTrace, view: str) -> Here:
    """The place of ``view`` with the stage, layer and head that were chosen or linked."""
    if view == FIRST_VIEW:
        return _of_stage(trace)
    part = _PART_OF[view]
    if view == BLOCK:
        layer = _chosen(LAYER, len(trace.layers)) or 0
        return Here(f"block/{layer + 1}", view, layer)
    return _of_attention(trace) if view == ATTENTION else Here(part, view)


def _of_attention(trace: EncoderTrace) -> Here:
    layer = _chosen(LAYER, len(trace.layers))
    if layer is None:
        return Here("attention", "Attention, mean of all")
    head = _chosen(HEAD, len(trace.layers[0].weights), first=None)
    name = f"attention/{layer + 1}" if head is None else f"head/{layer + 1}/{head + 1}"
    return Here(name, ATTENTION, layer, head)


def _of_stage(trace: EncoderTrace) -> Here:
    offered = stages_of(trace)
    stage = next((one for one in offered if one.short == linked(STAGE)), offered[0])
    if stage.scope == "text":
        return Here(stage.key, stage.title)
    layer = _chosen(LAYER, len(trace.layers)) or 0
    if stage.key not in _IN_HEAD:
        return Here(f"{stage.key}/{layer + 1}", stage.title, layer)
    head = _chosen(HEAD, len(trace.layers[0].weights)) or 0
    return Here(f"{stage.key}/{layer + 1}/{head + 1}", stage.title, layer, head)


def _chosen(key: str, count: int, *, first: int | None = 0) -> int | None:
    """A layer or head counted from 0: ``first`` where none was chosen, None for all of them."""
    held = linked(key)
    if held is None:
        return first
    if not held.isdecimal() or not 0 < int(held) <= count:
        return None
    return int(held) - 1


def cell(trace: EncoderTrace, here: Here) -> str:
    """The number that is checked, where a matrix is in view."""
    row, column = (st.session_state.get(f"{NAME}_{side}_checked") for side in ("row", "column"))
    key = here.place.split("/")[0]
    if key not in _STAGES or key == "tokens" or row is None or column is None:
        return ""
    stage, tokens = _STAGES[key], trace.tokens
    of = tokens[row] if row < len(tokens) and key not in ("pooled", "vector") else ""
    if stage.columns == "keys" and column <= len(tokens):
        return f"{of} → {tokens[column - 1]}"
    return f"{of}, number {column}".lstrip(", ")
