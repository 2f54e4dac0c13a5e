"""By hand: the worked example, every number editable, and the way to the real model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.dashboard.parts.texts.encoder_links import FIRST_VIEW, open_later
from analytics.figures.matrix import token_matrix
from analytics.transformer.worked_example import (
    HandNumbers,
    HandWalk,
    sinusoidal_positions,
    work_through,
    written_product,
)

_DIMENSIONS = ("1", "2", "3")
_TABLE_WIDTH = 232
_POSITIONS = {"as given": False, "sines and cosines": True}
"""Whether positions are computed, or the course's own numbers."""
_ROUND = "encoder_walk_hand_round"


def draw_by_hand() -> None:
    """The whole view."""
    st.markdown(
        "The example every course works on paper: four words, three numbers each, one head. The numbers are "
        "made up; every formula is the real one. **Change any number and see what follows.**"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Positions",
            list(_POSITIONS),
            key="encoder_walk_hand_positions",
            default=next(iter(_POSITIONS)),
            required=True,
        )
        st.button(
            "Numbers of the course", key="encoder_walk_hand_reset", icon=":material/undo:", on_click=_reset
        )
        st.button(
            "Now the real model",
            key="encoder_walk_hand_real",
            icon=":material/arrow_forward:",
            type="primary",
            on_click=open_later,
            kwargs={"text": " ".join(HandNumbers().tokens), "view": FIRST_VIEW, "stage": "Tokens"},
        )
    with widgets.errors_told():
        _draw_results(work_through(_ask_for_numbers(_POSITIONS[kind])))


def _reset() -> None:
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _ask_for_numbers(sines: bool) -> HandNumbers:
    numbers = HandNumbers()
    count, width = numbers.embeddings.shape
    left, right = _side_by_side(2)
    with left:
        embeddings = _edited("Embeddings", numbers.embeddings, numbers.tokens)
    with right:
        if sines:
            positions = sinusoidal_positions(count, width)
            _shown("Positions: sin(p / 10000^(2i/d)) and its cosine", positions, numbers.tokens)
        else:
            positions = _edited("Positions", numbers.positions, numbers.tokens)
    matrices = {}
    for place, name in zip(_side_by_side(3), ("w_q", "w_k", "w_v"), strict=True):
        with place:
            matrices[name] = _edited(f"W {name[-1].upper()}", getattr(numbers, name), _DIMENSIONS)
    return HandNumbers(numbers.tokens, embeddings, positions, **matrices)


def _side_by_side(count: int) -> list[DeltaGenerator]:
    """Places that stand beside each other where there is room, and below each other where not."""
    row = st.container(horizontal=True)
    return [row.container(width=_TABLE_WIDTH) for _ in range(count)]


def _edited(title: str, values: np.ndarray, names: Sequence[str]) -> np.ndarray:
    st.markdown(f"**{title}**")
    key = f"encoder_walk_hand_{title}_{st.session_state.get(_ROUND, 0)}"
    return st.data_editor(_frame(values, names), key=key, num_rows="fixed", alt=title).to_numpy(dtype=float)


def _shown(
    title: str, values: np.ndarray, names: Sequence[str], columns: Sequence[str] | None = None
) -> None:
    st.markdown(f"**{title}**")
    st.dataframe(_frame(values, names, columns).round(4), alt=title)


def _frame(values: np.ndarray, names: Sequence[str], columns: Sequence[str] | None = None) -> pd.DataFrame:
    return pd.DataFrame(values, index=list(names), columns=list(columns or _DIMENSIONS), dtype=float)


def _draw_results(walk: HandWalk) -> None:
    tokens = walk.numbers.tokens
    st.subheader("1. Embedding plus position", anchor=False, help=hover("embedding"))
    st.latex(r"x_t = E_t + P_t")
    first = " , ".join(
        f"{e:g} + {p:.4g} = {e + p:.4g}"
        for e, p in zip(walk.numbers.embeddings[0], walk.numbers.positions[0], strict=True)
    )
    st.markdown(f"{tokens[0]}: {first}")
    _shown("Sums X", walk.sums, tokens)

    st.subheader("2. Queries, keys and values", anchor=False, help=hover("query, key, value"))
    st.latex(r"Q = X W_Q \qquad K = X W_K \qquad V = X W_V")
    for place, name in zip(_side_by_side(3), ("q", "k", "v"), strict=True):
        with place:
            _shown(name.upper(), getattr(walk, name), tokens)

    st.subheader("3. Scores", anchor=False)
    st.latex(r"S = \frac{Q K^\top}{\sqrt{3}}")
    st.markdown(
        f"{tokens[0]} looks at {tokens[1]}: {written_product(walk.q[0], walk.k[1])}, "
        f"divided by √3 = **{walk.scores[0, 1]:.4f}**"
    )
    _shown("Scores", walk.scores, tokens, tokens)

    st.subheader("4. Softmax", anchor=False, help=hover("softmax"))
    st.latex(r"\alpha_{ij} = \frac{e^{S_{ij}}}{\sum_k e^{S_{ik}}}")
    powers = np.exp(walk.scores[0])
    terms = " + ".join(f"{power:.4f}" for power in powers)
    st.markdown(
        f"{tokens[0]} looks at {tokens[1]}: {powers[1]:.4f} / ({terms}) = **{walk.weights[0, 1]:.4f}**. "
        "With numbers this small the weights are nearly equal: learned matrices are what makes them differ."
    )
    picture = token_matrix(walk.weights, tokens, tokens, name="weight", limits=(0.0, 1.0))
    _shown("Weights, rows sum to 1", walk.weights, tokens, tokens)
    alt = "Attention weights of the worked example"
    draw_heat_map(picture, key="encoder_walk_hand_weights", alt=alt)

    st.subheader("5. Weighted values", anchor=False)
    st.latex(r"Z = \alpha V")
    st.markdown(f"{tokens[0]}, first number: {written_product(walk.weights[0], walk.v[:, 0])}")
    _shown("Result Z", walk.output, tokens)
