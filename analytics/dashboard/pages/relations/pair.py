"""Two columns of the Relations page against each other: a picture and its numbers in words."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.relations import pair_boxes, pair_mosaic, pair_scatter
from analytics.numbers.relations.relations import Relations
from analytics.numbers.relations.shapes import Fit, boxes, counts_by_level, group_middles, straight_fit
from analytics.numbers.relations.words import interval_text, p_text, relation_sentence, signed
from analytics.words import number_text

_FIRST, _SECOND = "relations_first", "relations_second"
_PICKED = "zetascope_relations_picked"


def pick(view: str, what: Hashable, first: str, second: str) -> None:
    """Show this pair, once for each new click: the choice below may change it after."""
    picked = st.session_state.get(_PICKED, {})
    if picked.get(view) != what:
        st.session_state[_PICKED] = {**picked, view: what}
        st.session_state[_FIRST], st.session_state[_SECOND] = first, second


def draw_pair(dataset: DataSet, found: Relations) -> None:
    """The chosen pair; at first the strongest."""
    names = [str(name) for name in found.columns.names]
    top = found.pairs.iloc[0]
    left, right = st.columns(2)
    with left:
        first = widgets.choose_one("First column", names, key=_FIRST, index=names.index(str(top["first"])))
    with right:
        second = widgets.choose_one(
            "Second column", names, key=_SECOND, index=names.index(str(top["second"]))
        )
    if first == second:
        st.info("Choose two different columns.", icon=":material/info:")
        return
    row = found.pair(first, second)
    st.markdown(plain(relation_sentence(row), width=400))
    if not np.isnan(row["pearson"]):
        told = f"Pearson's correlation {signed(row['pearson'])}, " + (
            f"{interval_text(row['pearson_low'], row['pearson_high'])}, {p_text(row['pearson_p'])}."
        )
        st.caption(plain(told, width=300))
    _draw_picture(dataset, found, first, second)


def _draw_picture(dataset: DataSet, found: Relations, first: str, second: str) -> None:
    numbers, levels = found.columns.numbers, found.columns.levels
    if first in numbers and second in numbers:
        _draw_scatter(dataset, found, first, second)
    elif first in levels and second in levels:
        figure = pair_mosaic(
            counts_by_level(levels[first], levels[second]),
            levels[first],
            levels[second],
            names=(first, second),
        )
        alt = f"Mosaic: each bar is a level of {first}, as wide as it is common, split by {second}"
        widgets.chart(figure, key="relations_pair", alt=alt)
    else:
        number, category = (first, second) if first in numbers else (second, first)
        figure = pair_boxes(
            boxes(numbers[number], levels[category]),
            names=(number, category),
            date=_is_moment(dataset.frame[number]),
        )
        widgets.chart(figure, key="relations_pair", alt=f"A box of {number} for each level of {category}")


def _draw_scatter(dataset: DataSet, found: Relations, first: str, second: str) -> None:
    x, y = found.columns.numbers[first], found.columns.numbers[second]
    dates = _is_moment(dataset.frame[first]), _is_moment(dataset.frame[second])
    fit = straight_fit(x, y)
    figure = pair_scatter(
        x,
        y,
        names=(first, second),
        fit=fit,
        middles=group_middles(x, y),
        dates=dates,
        rows=dataset.row_numbers[found.columns.rows],
    )
    widgets.chart(
        figure,
        key="relations_pair",
        alt=f"Scatter of {second} against {first} with a straight fit and its band",
    )
    if fit is not None:
        st.caption(plain(_fit_sentence(fit, first, second, dates), width=400))


def _fit_sentence(fit: Fit, first: str, second: str, dates: tuple[bool, bool]) -> str:
    per = "day" if dates[0] else f"1 more of {first}"
    slope = number_text(fit.slope)
    unit = (" day" if slope == "1" else " days") if dates[1] else ""
    ends = f"{number_text(fit.slope_low)} to {number_text(fit.slope_high)}"
    return (
        f"By the straight fit {second} changes by {slope}{unit} per {per} (95% interval "
        f"{ends}, for errors of one spread); the dotted line joins the medians of groups and shows a curve."
    )


def _is_moment(column: pd.Series) -> bool:
    """Whether its numbers are days since 1970; lengths of time are days of their own."""
    dtype = column.dtype
    arrow = isinstance(dtype, pd.ArrowDtype) and ("date" in str(dtype) or "timestamp" in str(dtype))
    return arrow or isinstance(dtype, pd.PeriodDtype) or pd.api.types.is_datetime64_any_dtype(dtype)
