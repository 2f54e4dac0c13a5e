"""The filter above the rows: conditions on columns of every kind, joined by and or or."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data.reading import key_for
from analytics.dashboard.pages.data.values import counts_of
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server.datasets import DataSet
from analytics.recipe import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Condition,
    Contains,
    Extreme,
    IsMissing,
    Matches,
    Not,
    OneOf,
    RecipeError,
)
from analytics.recipe.conditions import Operator
from analytics.recipe.values import Value, kind_of

_MOST_OFFERED = 1_000
"""Values of a column in a list, commonest first; others can be typed."""
_JOINED: dict[str, type[AllOf] | type[AnyOf]] = {"all of these": AllOf, "any of these": AnyOf}
_ANY_DAY = date(1, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class _Asked:
    """One condition being made: whose column, and the key its widgets begin with."""

    dataset: DataSet
    column: str
    key: str

    @property
    def values(self) -> pd.Series:
        return self.dataset.frame[self.column]

    @property
    def kind(self) -> str:
        return kind_of(self.values)


_Draw = Callable[[_Asked], Condition | None]
"""Draws what a condition needs and gives it; nothing while that is still open."""


def chosen_filter(dataset: DataSet) -> Condition | None:
    """The conditions as they are chosen now, drawn with their widgets; nothing without any.

    A value that its column cannot be compared with is told, and its condition does not count.
    """
    numbers = _numbers(dataset)
    word = _JOINED["all of these"]
    if len(numbers) > 1:
        chosen = st.segmented_control(
            "Rows must fit",
            list(_JOINED),
            default="all of these",
            key=key_for(dataset, "filter_joined"),
            persist_state="session",
            required=True,
        )
        word = _JOINED[chosen or "all of these"]
    drawn = [_draw_condition(dataset, number) for number in numbers]
    conditions = tuple(one for one in drawn if one is not None)
    label = "Add another condition" if numbers else "Add a condition"
    st.button(label, key="data_filter_add", icon=":material/add:", on_click=_add, args=(dataset,))
    return conditions[0] if len(conditions) == 1 else word(conditions) if conditions else None


def clear_filter(dataset: DataSet) -> None:
    """Callback: no condition any more."""
    st.session_state[_place(dataset)] = ()


def _place(dataset: DataSet) -> str:
    return f"zetascope_filter_{dataset.table.sha256}"


def _numbers(dataset: DataSet) -> tuple[int, ...]:
    """A number for each condition that is open, never used twice."""
    return st.session_state.get(_place(dataset), ())


def _add(dataset: DataSet) -> None:
    counter = f"{_place(dataset)}_last"
    number = st.session_state[counter] = st.session_state.get(counter, 0) + 1
    st.session_state[_place(dataset)] = (*_numbers(dataset), number)


def _remove(dataset: DataSet, number: int) -> None:
    left = tuple(one for one in _numbers(dataset) if one != number)
    st.session_state[_place(dataset)] = left


def _draw_condition(dataset: DataSet, number: int) -> Condition | None:
    columns = [str(name) for name in dataset.frame.columns]
    key = key_for(dataset, f"filter_{number}")
    if st.session_state.get(f"{key}_column") not in (None, *columns):
        st.session_state[f"{key}_column"] = None  # a step took it out or renamed it
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        column = st.selectbox(
            "Column",
            columns,
            index=None,
            key=f"{key}_column",
            persist_state="session",
            width=180,
            placeholder="choose",
        )
        condition = None
        if column is not None:
            asked = _Asked(dataset, column, f"{key}_{column}")
            ways = _WAYS[asked.kind]
            way = st.selectbox(
                "Its cell",
                list(ways),
                key=f"{key}_{column}_way_{asked.kind}",
                persist_state="session",
                width=170,
            )
            with errors_told():
                condition = ways[way](asked)
            if st.checkbox("not", key=f"{key}_{column}_not", persist_state="session", width="content"):
                condition = Not(condition) if condition is not None else None
        st.button(
            "",
            key=f"{key}_remove",
            help="Remove this condition",
            icon=":material/close:",
            type="tertiary",
            on_click=_remove,
            args=(dataset, number),
        )
    return condition


def _text(asked: _Asked, label: str, *, hint: str = "") -> str:
    """A text that was typed, "" while there is none."""
    typed = st.text_input(
        label, key=f"{asked.key}_{label}", persist_state="session", width=120, placeholder=hint
    )
    return typed or ""


def _number_of(asked: _Asked, typed: str) -> Value:
    """What was typed as a number, with a decimal point or comma."""
    plain = typed.strip().replace("\u2212", "-").replace(" ", "")
    for make in (int, float):
        try:
            return make(plain if "." in plain else plain.replace(",", "."))
        except ValueError:
            continue
    raise RecipeError(f"{typed!r} is no number: write one such as 12.5 for {asked.column!r}.")


def _between(asked: _Asked) -> Condition | None:
    """A range of numbers, lengths of time or texts, with both its ends or one."""
    ends = _ends(asked)
    low, high = _text(asked, "from", hint=ends[0]), _text(asked, "to", hint=ends[1])
    made = [_number_of(asked, end) if asked.kind == "number" and end else end for end in (low, high)]
    if low and high:
        return Between(asked.column, made[0], made[1])
    if low:
        return Compare(asked.column, ">=", made[0])
    return Compare(asked.column, "<=", made[1]) if high else None


def _ends(asked: _Asked) -> tuple[str, str]:
    """The column's smallest and largest value, as a hint."""
    if asked.kind == "text":
        return "", ""
    values = asked.values
    return tuple("" if pd.isna(end) else str(end) for end in (values.min(), values.max()))  # type: ignore[return-value]


def _days(asked: _Asked) -> Condition | None:
    """A range of days, the last one whole."""
    low, high = (
        st.date_input(
            label,
            value=None,
            min_value=_ANY_DAY[0],
            max_value=_ANY_DAY[1],
            format="YYYY-MM-DD",
            key=f"{asked.key}_{label}",
            persist_state="session",
            width=140,
        )
        for label in ("from", "to")
    )
    parts: list[tuple[Operator, date]] = [(">=", low)] if isinstance(low, date) else []
    if isinstance(high, date) and high < _ANY_DAY[1]:
        parts.append(("<", high + timedelta(days=1)))
    made = tuple(Compare(asked.column, op, day.isoformat()) for op, day in parts)
    return AllOf(made) if len(made) > 1 else made[0] if made else None


def _one_of_numbers(asked: _Asked) -> Condition | None:
    typed = _text(asked, "values", hint="1; 2; 3")
    parts = [part for part in typed.split(";") if part.strip()]
    return OneOf(asked.column, tuple(_number_of(asked, part) for part in parts)) if parts else None


def _one_of(asked: _Asked) -> Condition | None:
    values = counts_of(asked.dataset.key, asked.column, asked.values).texts(_MOST_OFFERED)
    chosen = st.multiselect(
        "values",
        values,
        key=f"{asked.key}_values",
        persist_state="session",
        accept_new_options=True,
        width=320,
        placeholder="choose or type",
    )
    return OneOf(asked.column, tuple(chosen)) if chosen else None


def _truth(asked: _Asked) -> Condition | None:
    chosen = st.selectbox(
        "value", ["true", "false"], key=f"{asked.key}_truth", persist_state="session", width=120
    )
    return Compare(asked.column, "==", chosen == "true")


def _contains(asked: _Asked) -> Condition | None:
    text = _text(asked, "text")
    return Contains(asked.column, text) if text else None


def _matches(asked: _Asked) -> Condition | None:
    pattern = _text(asked, "pattern", hint="^A[0-9]+")
    return Matches(asked.column, pattern) if pattern else None


def _extreme(*, largest: bool) -> _Draw:
    def draw(asked: _Asked) -> Condition | None:
        n = st.number_input(
            "how many", 1, value=10, step=1, key=f"{asked.key}_n", persist_state="session", width=120
        )
        return Extreme(asked.column, int(n), largest)

    return draw


def _missing(asked: _Asked) -> Condition | None:
    return IsMissing(asked.column)


_EVERY: dict[str, _Draw] = {"has no value": _missing}
_FAR: dict[str, _Draw] = {
    "is among the largest": _extreme(largest=True),
    "is among the smallest": _extreme(largest=False),
}
_WAYS: dict[str, dict[str, _Draw]] = {
    "number": {"is from ... to": _between, "is one of": _one_of_numbers, **_FAR, **_EVERY},
    "time": {
        "is from ... to": _days,
        "is among the latest": _extreme(largest=True),
        "is among the earliest": _extreme(largest=False),
        **_EVERY,
    },
    "span": {"is from ... to": _between, **_FAR, **_EVERY},
    "truth": {"is": _truth, **_EVERY},
    "text": {"is one of": _one_of, "contains": _contains, "matches": _matches, **_EVERY},
}
"""What can be asked of a column, by the kind of its values."""
