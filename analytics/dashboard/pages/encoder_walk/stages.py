"""Step by step: the strip of stages with words, formula, picture and numbers, and any number checked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.encoder_walk import places
from analytics.dashboard.pages.encoder_walk.walk import STAGE, ask_for_place
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.number_view import (
    Matrix,
    ask_for_cell,
    draw_explanation,
    draw_matrix,
    draw_number,
    draw_table,
)
from analytics.transformer.encoder.number_check import Place, check_number
from analytics.transformer.encoder.stages import formula_of, stage_array, stages_of
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.transformer.stages import Stage, mask_in_words

_ALWAYS_CHECKED = ("pooled", "vector")


def draw_steps(trace: EncoderTrace) -> None:
    """The whole view."""
    stages = stages_of(trace)
    layer = head = 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage = _choose_stage(stages)
        _draw_buttons(stages, stage)
        if stage.scope != "text":
            layer, head = ask_for_place(trace, head=stage.scope == "head")
    st.subheader(stage.title + stage.place(layer, head), anchor=False)
    st.caption(_where(trace, stages, stage))
    draw_explanation(stage.explanation, formula_of(stage, trace))
    if stage.key == "tokens":
        _draw_tokens(trace)
        return
    matrix = _matrix(trace, stage, layer, head)
    if stage.key == "mask":
        st.markdown(mask_in_words(matrix.values))
    draw_matrix(matrix)
    if trace.layers or stage.key in _ALWAYS_CHECKED:
        with st.container(border=True):
            st.markdown("**Check this number**")
            row, column = ask_for_cell(matrix)
            with widgets.errors_told():
                draw_number(check_number(trace, Place(stage.key, row, column, layer, head)))
    draw_table(matrix)
    if stage.key == "pooled":
        st.button(
            "See what each token gave", key="encoder_walk_to_ledger", on_click=places.take, args=("ledger",)
        )


def _where(trace: EncoderTrace, stages: tuple[Stage, ...], stage: Stage) -> str:
    """Which step of the walk this is, and how often it comes."""
    once = (
        "it happens once" if stage.scope == "text" else f"it happens {_in_each(len(trace.layers), 'layer')}"
    )
    if stage.scope == "head":
        once += f", {_in_each(len(trace.layers[0].weights), 'head')} at the same time"
    return f"Step {stages.index(stage) + 1} of {len(stages)}; {once}."


def _in_each(number: int, what: str) -> str:
    return f"in each of {count(number, what)}" if number > 1 else f"in its one {what}"


def _choose_stage(stages: tuple[Stage, ...]) -> Stage:
    names = [stage.short for stage in stages]
    if st.session_state.get(STAGE) not in names:
        st.session_state[STAGE] = names[0]
    return stages[names.index(st.selectbox("Stage", names, key=STAGE, bind="query-params", width=180))]


def _draw_buttons(stages: tuple[Stage, ...], stage: Stage) -> None:
    place, last = stages.index(stage), len(stages) - 1
    names = [one.short for one in stages]
    st.button(
        "Back",
        key="encoder_walk_back",
        icon=":material/arrow_back:",
        disabled=place == 0,
        on_click=_move_to,
        args=(names[max(place - 1, 0)],),
    )
    st.button(
        "Next",
        key="encoder_walk_forward",
        icon=":material/arrow_forward:",
        disabled=place == last,
        on_click=_move_to,
        args=(names[min(place + 1, last)],),
    )


def _move_to(name: str) -> None:
    st.session_state[STAGE] = name


def _draw_tokens(trace: EncoderTrace) -> None:
    shown = trace.source.tokens[:300]
    st.markdown(
        " ".join(f":{'violet' if token.special else 'blue'}-badge[{plain(token.text)}]" for token in shown)
    )
    st.caption("Violet: added by the tokenizer. A piece that begins with ## continues the word before it.")
    text = trace.source.prompt + trace.source.text
    frame = pd.DataFrame(
        {
            "token": trace.tokens,
            "id": [token.id for token in trace.source.tokens],
            "from character": [token.start for token in trace.source.tokens],
            "to": [token.end for token in trace.source.tokens],
            "in the text": [text[token.start : token.end] for token in trace.source.tokens],
            "added": trace.special,
        }
    )
    widgets.table(frame, key="encoder_walk_tokens", alt="Tokens with their numbers and places in the text")


def _matrix(trace: EncoderTrace, stage: Stage, layer: int, head: int) -> Matrix:
    values = stage_array(trace, stage.key, layer=layer, head=head)
    units: dict[str, tuple[str, ...] | str] = {"keys": trace.tokens, "hidden": "unit"}
    return Matrix(
        page="encoder_walk",
        place=f"{stage.key}_{layer}_{head}",
        title=stage.title,
        values=values,
        rows=trace.tokens if len(values) == len(trace.tokens) else (stage.title,),
        columns=units.get(stage.columns, "number"),
        limits=(0.0, 1.0) if stage.key == "weights" else None,
    )
