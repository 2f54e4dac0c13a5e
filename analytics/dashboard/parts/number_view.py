"""A matrix of a walk: its picture, one of its numbers written out, and all of them as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import digits, plain
from analytics.dashboard.parts.matrix_view import draw_heat_map
from analytics.figures.matrix import any_matrix
from analytics.transformer.written_numbers import NumberCheck, latex_number
from analytics.words import count

_TERMS_WRITTEN = 4
_WORDS_WIDTH, _FORMULA_WIDTH = 440, 340


@dataclass(frozen=True)
class Matrix:
    """Numbers with the names of their rows.

    ``columns`` are the tokens looked at, or one word for what a column is, "number" or "unit". ``page``
    begins the keys of its widgets, and ``place`` tells this matrix from the page's others.
    """

    page: str
    place: str
    title: str
    values: np.ndarray
    rows: tuple[str, ...]
    columns: tuple[str, ...] | str
    limits: tuple[float, float] | None = None

    @property
    def row_key(self) -> str:
        return f"{self.page}_row_checked"

    @property
    def column_key(self) -> str:
        return f"{self.page}_column_checked"


def draw_explanation(words: str, formula: str) -> None:
    """Words beside their formula, below each other where the screen is narrow."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.container(width=_WORDS_WIDTH).markdown(words)
        st.container(width=_FORMULA_WIDTH).latex(formula)


def draw_matrix(matrix: Matrix) -> None:
    """The picture; a click on a cell makes it the one that is checked."""
    values = matrix.values
    alt = f"{matrix.title}: {count(values.shape[0], 'row')} of {count(values.shape[1], 'number')} as colours"
    row, column = _kept_cell(matrix)
    clicked = draw_heat_map(
        any_matrix(values, matrix.rows, matrix.columns, name=matrix.title, limits=matrix.limits),
        key=f"{matrix.page}_picture_{matrix.place}",
        alt=alt,
        clickable=True,
        chosen=(row, column),
    )
    if clicked:
        row, column = clicked
    st.session_state[matrix.row_key], st.session_state[matrix.column_key] = row, column + 1
    st.caption("Click a cell to see how its number came about, or move with the arrow keys and press Enter.")


def _kept_cell(matrix: Matrix) -> tuple[int, int]:
    """The row and column, from 0, chosen last, kept within this matrix."""
    rows, columns = matrix.values.shape
    row = st.session_state.get(matrix.row_key, min(1, rows - 1))
    return min(row, rows - 1), min(st.session_state.get(matrix.column_key, 1), columns) - 1


def ask_for_cell(matrix: Matrix) -> tuple[int, int]:
    """Row and column, from 0, of the number to check; ``draw_matrix`` has kept the last click's."""
    rows, columns = matrix.values.shape
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = 0
        if rows > 1:
            row = st.selectbox(
                "Token",
                range(rows),
                key=matrix.row_key,
                format_func=lambda place: f"{place + 1} {matrix.rows[place]}",
                width=220,
            )
        label = {"number": "number in the vector", "unit": "unit"}.get(str(matrix.columns), "looks at token")
        column = st.number_input(f"{label}, 1 to {columns}", 1, columns, key=matrix.column_key, width=220)
        if not isinstance(matrix.columns, str):
            st.markdown(f"→ {plain(matrix.columns[int(column) - 1])}")
    return int(row), int(column) - 1


def draw_number(checked: NumberCheck) -> None:
    """The formula, the operands put in, the result and the model's own number."""
    st.latex(checked.formula)
    st.latex(_written_out(checked))
    agrees = checked.error <= 1e-5 * max(1.0, abs(checked.shown))
    st.markdown(
        f"The model has **{checked.shown:.7g}**, recomputed **{checked.recomputed:.7g}**, "
        f"difference :{'green' if agrees else 'red'}[{checked.error:.1e}]"
    )
    with st.expander(f"All {len(checked.labels):,} operands", icon=":material/calculate:"):
        frame = pd.DataFrame(checked.operands, columns=list(checked.headers))
        frame.insert(0, "term", list(checked.labels))
        st.dataframe(frame, hide_index=True, height=260, alt="Operands of this number, one row per term")


def _written_out(checked: NumberCheck) -> str:
    """The first products written out, two a line, and the steps that follow, as LaTeX."""
    lines = [rf"{symbol} &= {latex_number(value)}" for symbol, value in checked.steps[:-1]]
    symbol, value = checked.steps[-1]
    written = f"{checked.written} = " if checked.written else ""
    lines.append(rf"{symbol} &= {written}{latex_number(value)}")
    aligned = r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"
    if len(checked.headers) != 3:
        return aligned
    products = [
        rf"{latex_number(a, after_sign=place > 0)} \cdot {latex_number(b, after_sign=True)}"
        for place, (a, b, _) in enumerate(checked.operands[:_TERMS_WRITTEN])
    ]
    pairs = [" + ".join(products[start : start + 2]) for start in range(0, len(products), 2)]
    rest = len(checked.operands) - len(products)
    dots = [rf"\ldots \text{{ ({rest:,} more)}}"] if rest else []
    terms = r" \\ {} + ".join([*pairs, *dots])
    return rf"\begin{{gathered}} {terms} \\ {aligned} \end{{gathered}}"


def draw_table(matrix: Matrix) -> None:
    """All numbers, made only when they are asked for."""
    box = st.expander(
        "Numbers as a table", icon=":material/table:", on_change="rerun", key=f"{matrix.page}_table_open"
    )
    if not box.open:
        return
    with box:
        frame = _numbers_frame(matrix.values, matrix.rows, matrix.columns)
        widgets.table(frame, key=f"{matrix.page}_table", alt=f"{matrix.title} as numbers")
        largest = float(np.abs(matrix.values).max())
        st.caption(f"Largest size {digits(largest)}; float32 as the model has them.")


def _numbers_frame(values: np.ndarray, rows: Sequence[str], columns: Sequence[str] | str) -> pd.DataFrame:
    """Rows and columns numbered, so that equal tokens stay apart."""
    names = range(1, values.shape[1] + 1) if isinstance(columns, str) else columns
    titles = [
        str(name) if isinstance(columns, str) else f"{place + 1} {name}" for place, name in enumerate(names)
    ]
    frame = pd.DataFrame(np.asarray(values), columns=titles)
    frame.insert(0, "token", [f"{place + 1} {name}" for place, name in enumerate(rows)])
    return frame
