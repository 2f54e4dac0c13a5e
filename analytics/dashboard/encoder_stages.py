"""Step by step: the strip of stages with words, formula, picture and numbers, and any number checked."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard import widgets
from analytics.dashboard.encoder_walk import STAGE, ask_for_place, open_later
from analytics.dashboard.text import digits, plain
from analytics.figures import attention as attention_figures
from analytics.figures import encoder_walk as figures
from analytics.transformer.encoder_trace import EncoderTrace
from analytics.transformer.number_check import CHECKABLE, NumberCheck, Place, check_number
from analytics.transformer.stages import Stage, formula_of, stage_array, stages_of

_PLAYING = "encoder_walk_playing"
_SEEN = "encoder_walk_click_seen"
ROW, COLUMN = "encoder_walk_row_checked", "encoder_walk_column_checked"
SECONDS_PER_STAGE = 2.5
TERMS_WRITTEN = 4


def draw_steps(trace: EncoderTrace) -> None:
    """The whole view."""
    stages = stages_of(trace)
    stage = _choose_stage(stages)
    layer = head = 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _draw_buttons(stages, stage)
        if stage.scope != "text":
            layer, head = ask_for_place(trace, head=stage.scope == "head")
    st.subheader(stage.title + stage.place(layer, head), anchor=False)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(stage.explanation)
    right.latex(formula_of(stage, trace))
    if stage.key == "tokens":
        _draw_tokens(trace)
        return
    _draw_picture(trace, stage, layer, head)
    if stage.key in CHECKABLE:
        _draw_check(trace, stage, layer, head)
    _draw_table(trace, stage, layer, head)


def _choose_stage(stages: tuple[Stage, ...]) -> Stage:
    names = [stage.short for stage in stages]
    if st.session_state.get(STAGE) not in names:
        st.session_state[STAGE] = names[0]
    chosen = st.segmented_control(
        "Stage", names, key=STAGE, bind="query-params", required=True, label_visibility="collapsed"
    )
    return stages[names.index(chosen or names[0])]


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
    playing = bool(st.session_state.get(_PLAYING)) and place < last
    st.button(
        "Stop" if playing else "Play",
        key="encoder_walk_play",
        icon=":material/stop:" if playing else ":material/play_arrow:",
        disabled=place == last,
        on_click=_set_playing,
        args=(not playing,),
    )
    if playing:
        _play_on(names[place + 1], time.monotonic())


def _move_to(name: str) -> None:
    st.session_state[STAGE] = name
    st.session_state[_PLAYING] = False


def _set_playing(on: bool) -> None:
    st.session_state[_PLAYING] = on


@st.fragment(run_every=SECONDS_PER_STAGE)
def _play_on(following: str, drawn: float) -> None:
    """Move to the next stage at the fragment's second run."""
    if st.session_state.get(_PLAYING) and time.monotonic() - drawn > SECONDS_PER_STAGE / 2:
        open_later(stage=following)
        st.rerun(scope="app")


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


def _draw_picture(trace: EncoderTrace, stage: Stage, layer: int, head: int) -> None:
    values = stage_array(trace, stage.key, layer=layer, head=head)
    alt = f"{stage.title}: {values.shape[0]} rows of {values.shape[1]} numbers as colours"
    if stage.columns == "keys":
        limits = (0.0, 1.0) if stage.key == "weights" else None
        figure = attention_figures.square(values, trace.tokens, trace.tokens, name=stage.title, limits=limits)
    elif len(values) == 1:
        figure = figures.vector_strip(values[0], name=stage.title)
    else:
        unit = "unit" if stage.columns == "hidden" else "number"
        figure = figures.stage_matrix(values, trace.tokens, name=stage.title, unit=unit)
    # A key per place: a click on another picture is another click.
    key = f"encoder_walk_picture_{stage.key}_{layer}_{head}"
    state = widgets.chart(figure, key=key, alt=alt, select="points")
    points = state["selection"]["points"] if state else []
    if points and points[0].get("customdata"):
        _take_click((key, int(points[0]["customdata"][0]), int(points[0]["customdata"][1])))
    if values.size <= attention_figures.CLICKABLE_CELLS and len(values) > 1:
        st.caption("Click a cell to see how its number came about.")


def _take_click(click: tuple[str, int, int]) -> None:
    if st.session_state.get(_SEEN) != click:
        st.session_state[_SEEN] = click
        st.session_state[ROW], st.session_state[COLUMN] = click[1], click[2] + 1


def _draw_check(trace: EncoderTrace, stage: Stage, layer: int, head: int) -> None:
    values = stage_array(trace, stage.key, layer=layer, head=head)
    rows, columns = values.shape
    st.session_state[ROW] = min(st.session_state.get(ROW, min(1, rows - 1)), rows - 1)
    st.session_state[COLUMN] = min(st.session_state.get(COLUMN, 1), columns)
    with st.container(border=True):
        st.markdown("**Check this number**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            row = 0
            if rows > 1:
                row = st.selectbox(
                    "Token",
                    range(rows),
                    key=ROW,
                    format_func=lambda place: f"{place + 1} {trace.tokens[place]}",
                    width=220,
                )
            column = _ask_for_column(trace, stage, columns)
        with widgets.errors_told():
            checked = check_number(trace, Place(stage.key, int(row), column, layer, head))
            _draw_number(checked)


def _ask_for_column(trace: EncoderTrace, stage: Stage, columns: int) -> int:
    label = {"keys": "looks at token", "hidden": "unit"}.get(stage.columns, "number in the vector")
    chosen = st.number_input(f"{label}, 1 to {columns}", 1, columns, key=COLUMN, width=220)
    if stage.columns == "keys":
        st.markdown(f"→ {plain(trace.tokens[int(chosen) - 1])}")
    return int(chosen) - 1


def _draw_number(checked: NumberCheck) -> None:
    st.latex(checked.formula)
    st.latex(written_out(checked))
    agrees = checked.error <= 1e-5 * max(1.0, abs(checked.shown))
    st.markdown(
        f"The model has **{checked.shown:.7g}**, recomputed **{checked.recomputed:.7g}**, "
        f"difference :{'green' if agrees else 'red'}[{checked.error:.1e}]"
    )
    with st.expander(f"All {len(checked.labels)} operands", icon=":material/calculate:"):
        frame = pd.DataFrame(checked.operands, columns=list(checked.headers))
        frame.insert(0, "term", list(checked.labels))
        st.dataframe(frame, hide_index=True, height=260, alt="Operands of this number, one row per term")


def written_out(checked: NumberCheck) -> str:
    """The first products written out, two a line, and the steps that follow, as LaTeX."""
    steps = r" \\ ".join(rf"{symbol} &= {_number(value)}" for symbol, value in checked.steps)
    aligned = rf"\begin{{aligned}} {steps} \end{{aligned}}"
    if len(checked.headers) != 3:
        return aligned
    products = [rf"{_number(a)} \cdot {_number(b)}" for a, b, _ in checked.operands[:TERMS_WRITTEN]]
    pairs = [" + ".join(products[start : start + 2]) for start in range(0, len(products), 2)]
    rest = len(checked.operands) - len(products)
    dots = [rf"\ldots \text{{ ({rest} more)}}"] if rest else []
    terms = r" \\ {} + ".join([*pairs, *dots])
    return rf"\begin{{gathered}} {terms} \\ {aligned} \end{{gathered}}"


def _number(value: float) -> str:
    text = f"{value:.4g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    text = text.replace("-inf", r"-\infty").replace("nan", r"\text{not a number}")
    return f"({text})" if value < 0 else text


def _draw_table(trace: EncoderTrace, stage: Stage, layer: int, head: int) -> None:
    box = st.expander(
        "Numbers as a table", icon=":material/table:", on_change="rerun", key="encoder_walk_table_open"
    )
    if not box.open:
        return
    values = stage_array(trace, stage.key, layer=layer, head=head)
    names = trace.tokens if len(values) > 1 else (stage.title,)
    columns = trace.tokens if stage.columns == "keys" else range(1, values.shape[1] + 1)
    frame = pd.DataFrame(
        np.asarray(values),
        columns=[
            f"{i + 1} {name}" if stage.columns == "keys" else str(name) for i, name in enumerate(columns)
        ],
    )
    frame.insert(0, "token", [f"{place + 1} {name}" for place, name in enumerate(names)])
    with box:
        widgets.table(frame, key="encoder_walk_table", alt=f"{stage.title} as numbers")
        largest = np.abs(values).max()
        st.caption(f"Largest size {digits(float(largest))}; float32 as the model has them.")
