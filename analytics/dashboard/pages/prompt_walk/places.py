"""Places of the Prompt's living picture: what a click leads to, and where in the model each view is."""

from __future__ import annotations

import re

import streamlit as st

from analytics.dashboard.pages.prompt_walk import walk
from analytics.dashboard.parts import links
from analytics.dashboard.parts.walks.here import Here
from analytics.dashboard.server.linked_values import linked
from analytics.transformer.causal.numbers import stages_of
from analytics.transformer.causal.trace import CausalTrace

VIEW, STAGE = f"{walk.NAME}_view", f"{walk.NAME}_stage"
WHOLE, BLOCK, NEXT, ATTENTION = "The whole model", "One block", "One token", "Attention"
NUMBERS, SAMPLING, KEPT, CHECKS = "Numbers", "Sampling", "What is kept", "Checks"
_VIEW_OF = {
    "model": WHOLE,
    "block": BLOCK,
    "next_word": NEXT,
    "attention": ATTENTION,
    "head": ATTENTION,
    "sampling": SAMPLING,
    "kept": KEPT,
    "checks": CHECKS,
}
_PART_OF = {view: part for part, view in reversed(_VIEW_OF.items())}
_PLACE = re.compile(r"([a-z_]+)(?:/(\d+))?(?:/(\d+))?")


def take(place: str, trace: CausalTrace) -> None:
    """Callback: open a place of the picture, such as ``scores/2/3``; what is no place changes nothing."""
    found = _PLACE.fullmatch(place)
    titles = {stage.key: stage.title for stage in stages_of(trace)}
    if not found or not (found[1] in _VIEW_OF or found[1] in titles):
        return
    part, layer, head = found.groups()
    values: dict[str, object] = {VIEW: _VIEW_OF.get(part, NUMBERS)}
    if part in titles:
        values[STAGE] = titles[part]
    if layer:
        values[walk.LAYER] = int(layer)
    if part == "attention" or head:
        values[walk.HEAD] = head or walk.MEAN
    links.hold(values)


def here(trace: CausalTrace, view: str) -> Here:
    """The place of ``view`` with the stage, layer and head that were chosen or linked."""
    layer, head = walk.linked_place(trace)
    if view == BLOCK:
        return Here(f"block/{layer + 1}", view, layer)
    if view == ATTENTION:
        name = f"attention/{layer + 1}" if head is None else f"head/{layer + 1}/{head + 1}"
        return Here(name, view, layer, head)
    return _of_stage(trace, layer, head or 0) if view == NUMBERS else Here(_PART_OF[view], view)


def _of_stage(trace: CausalTrace, layer: int, head: int) -> Here:
    offered = stages_of(trace)
    stage = next((one for one in offered if one.title == linked(STAGE)), offered[0])
    if stage.scope == "text":
        return Here(stage.key, stage.title)
    if stage.scope == "layer" and stage.key != "mask":
        return Here(f"{stage.key}/{layer + 1}", stage.title, layer)
    return Here(f"{stage.key}/{layer + 1}/{head + 1}", stage.title, layer, head)


def choose_view(offered: list[str]) -> str:
    """Which place to draw; the first where the one chosen before is not offered."""
    if st.session_state.get(VIEW) not in offered:
        st.session_state[VIEW] = offered[0]
    return st.selectbox("Place in the model", offered, key=VIEW, bind="query-params", width=260)
