"""Numbers: every stage as a matrix, and any of its numbers written out."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard.pages.prompt_walk import walk
from analytics.dashboard.pages.prompt_walk.places import STAGE
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.number_view import (
    Matrix,
    ask_for_cell,
    draw_explanation,
    draw_matrix,
    draw_number,
    draw_table,
)
from analytics.transformer.causal.numbers import check_prompt_number, stage_array, stages_of
from analytics.transformer.causal.trace import CausalTrace
from analytics.transformer.encoder.number_check import Place
from analytics.transformer.stages import Stage, mask_in_words


def draw_numbers(trace: CausalTrace, _step: int, _model: str) -> None:
    """The stage that is chosen, of one layer and head where it has them."""
    stages = {stage.title: stage for stage in stages_of(trace)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage = stages[widgets.choose_one("Stage", list(stages), key=STAGE, width=220)]
        layer = head = 0
        if stage.scope != "text":
            layer = walk.ask_for_layer(trace)
        if stage.scope == "head":
            head = walk.ask_for_head(trace)
    st.subheader(stage.title + stage.place(layer, head), anchor=False)
    draw_explanation(stage.explanation, stage.formula)
    matrix = _matrix(trace, stage, layer, head)
    if stage.key == "mask":
        st.markdown(mask_in_words(matrix.values))
    draw_matrix(matrix)
    with st.container(border=True):
        st.markdown("**Check this number**")
        row, column = ask_for_cell(matrix)
        with widgets.errors_told():
            draw_number(check_prompt_number(trace, Place(stage.key, row, column, layer, head)))
    draw_table(matrix)


def _matrix(trace: CausalTrace, stage: Stage, layer: int, head: int) -> Matrix:
    units: dict[str, tuple[str, ...] | str] = {"keys": trace.tokens, "hidden": "unit"}
    return Matrix(
        page=walk.NAME,
        place=f"{stage.key}_{layer}_{head}",
        title=stage.title,
        values=stage_array(trace, stage.key, layer=layer, head=head),
        rows=trace.tokens,
        columns=units.get(stage.columns, "number"),
        limits=(0.0, 1.0) if stage.key == "weights" else None,
    )
