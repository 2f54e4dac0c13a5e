"""Numbers: every stage of the decoder as a matrix, and any of its numbers written out."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard.pages.decoder_walk import walk
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.number_view import (
    Matrix,
    ask_for_cell,
    draw_explanation,
    draw_matrix,
    draw_number,
    draw_table,
)
from analytics.transformer.decoder.numbers import (
    HEAD_KEYS,
    KEYS_ARE_COLUMNS,
    PARTS,
    TargetPlace,
    check_target_number,
    key_names,
    row_names,
    stage_words,
    target_array,
)
from analytics.transformer.decoder.trace import TranslationTrace
from analytics.transformer.stages import mask_in_words

PART, STAGE, _PIECE = (f"{walk.NAME}_{name}" for name in ("part", "stage", "piece_checked"))
PART_NAMES = {
    "embedding": "Embeddings",
    "self_attention": "Masked self-attention",
    "cross_attention": "Cross-attention",
    "feed_forward": "Feed-forward",
    "next_word": "Next piece",
}
_PAGE = walk.NAME
_PIECES = 12


def draw_numbers(trace: TranslationTrace, step: int, part: str, key: str, *, model: str) -> None:
    """The stage ``key`` of ``part``."""
    layer = head = 0
    if part not in ("embedding", "next_word"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            layer = walk.ask_for_layer(len(trace.layers))
            if key in HEAD_KEYS:
                head = walk.ask_for_head(len(trace.layers[0].self_attention.weights))
    short, explanation, formula = stage_words(part, key)
    where = "" if part in ("embedding", "next_word") else f", layer {layer + 1}"
    where += f", head {head + 1}" if key in HEAD_KEYS else ""
    st.subheader(f"{PART_NAMES[part]}: {short}{where}", anchor=False)
    draw_explanation(explanation, formula)
    if part == "next_word":
        _draw_piece(trace, step, key, model=model)
        return
    matrix = _matrix(trace, part, key, layer, head, title=short)
    if key == "mask":
        st.markdown(mask_in_words(matrix.values))
    draw_matrix(matrix)
    with st.container(border=True):
        st.markdown("**Check this number**")
        row, column = ask_for_cell(matrix)
        with widgets.errors_told():
            draw_number(check_target_number(trace, TargetPlace(part, key, row, column, layer, head)))
    draw_table(matrix)


def ask_for_stage() -> tuple[str, str]:
    """The part of the model and its stage, by their names in PARTS."""
    st.session_state.setdefault(PART, "self_attention")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = st.selectbox(
            "Part",
            list(PART_NAMES),
            key=PART,
            format_func=PART_NAMES.__getitem__,
            bind="query-params",
            width=240,
        )
        return part, _ask_for_stage_of(part)


def _ask_for_stage_of(part: str) -> str:
    stages = {stage_words(part, key)[0]: key for key in PARTS[part]}
    if st.session_state.get(STAGE) not in stages:
        st.session_state[STAGE] = next(iter(stages))
    return stages[st.selectbox("Stage", list(stages), key=STAGE, bind="query-params", width=200)]


def _matrix(trace: TranslationTrace, part: str, key: str, layer: int, head: int, *, title: str) -> Matrix:
    columns: tuple[str, ...] | str = "unit" if key == "hidden" else "number"
    if key in KEYS_ARE_COLUMNS:
        columns = key_names(trace, part)
    return Matrix(
        page=_PAGE,
        place=f"{part}_{key}_{layer}_{head}",
        title=title,
        values=target_array(trace, part, key, layer=layer, head=head),
        rows=row_names(trace, part, key),
        columns=columns,
        limits=(0.0, 1.0) if key == "weights" else None,
    )


def _draw_piece(trace: TranslationTrace, step: int, key: str, *, model: str) -> None:
    """One piece's logit or probability at this step; the others are in its operands."""
    best = [int(one) for one in trace.next_word(step).ranked(_PIECES)]
    offered = best if trace.steps[step].id in best else [trace.steps[step].id, *best]
    piece = st.selectbox(
        "Piece",
        offered,
        key=_PIECE,
        format_func=lambda one: walk.piece(model, one) if one in offered else "",
        width=220,
    )
    st.markdown(
        f"At step {step + 1}, after {trace.steps[step].input_text}: one of {trace.logits.shape[1]:,} pieces."
    )
    with st.container(border=True):
        st.markdown("**Check this number**")
        draw_number(check_target_number(trace, TargetPlace("next_word", key, step, int(piece))))
