"""Widgets of one condition on one column: what can be asked of its kind, and a condition to begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data.values import counts_of
from analytics.dashboard.server.datasets import DataSet
from analytics.recipe import (
    AllOf,
    Between,
    Compare,
    Condition,
    Contains,
    Extreme,
    IsMissing,
    Matches,
    OneOf,
    RecipeError,
    Shows,
)
from analytics.recipe.conditions import OPERATORS, Operator
from analytics.recipe.values import Value, kind_of

_MOST_OFFERED = 1_000
"""Values of a column in a list, commonest first; others can be typed."""
_ANY_DAY = date(1, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class Asked:
    """One condition being made: whose column, the key of its widgets, and what they begin with."""

    dataset: DataSet
    column: str
    key: str
    start: Condition | None = None

    @property
    def values(self) -> pd.Series:
        return self.dataset.frame[self.column]

    @property
    def kind(self) -> str:
        return kind_of(self.values)


Draw = Callable[[Asked], Condition | None]
"""Draws what a condition needs and gives it; nothing while that is still open."""


def column_asked(condition: Condition) -> str | None:
    """The column a condition is about; None where it asks several, or any."""
    if isinstance(condition, AllOf):
        days = _ends_of_days(condition)
        return condition.conditions[0].column if days else None  # type: ignore[union-attr]
    if isinstance(condition, Shows):
        return condition.columns[0] if len(condition.columns) == 1 else None
    return getattr(condition, "column", None)


def way_of(condition: Condition, kind: str) -> str | None:
    """Which of ``WAYS[kind]`` shows a condition; None where none does."""
    way = None
    match condition:
        case IsMissing():
            way = _NO_VALUE
        case Shows():
            way = _SHOWS
        case AllOf() if _ends_of_days(condition):
            way = _RANGE
        case Compare(op="==") if kind == "truth":
            way = "is"
        case Compare(op=">=" | "<=") | Between() if kind in ("number", "span"):
            way = _RANGE
        case Compare():
            way = _RANGE if kind == "time" and _ends_of_days(condition) else _BESIDE
        case OneOf(values=values):
            way = _LISTED if all(_kind_of_value(value) == kind for value in values) else None
        case Contains():
            way = _CONTAINS
        case Matches():
            way = _MATCHES
        case Extreme(largest=largest):
            words = _FAR_TIMES if kind == "time" else _FAR
            way = next(word for word, is_largest in words.items() if is_largest == largest)
    return way if way in WAYS[kind] else None


def draw_searched(asked: Asked) -> Condition | None:
    """A text that any column shows."""
    text = _text(asked, "text", now=getattr(asked.start, "text", ""))
    return Shows(text) if text else None


def _kind_of_value(value: Value) -> str:
    return "truth" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"


def _text(asked: Asked, label: str, *, hint: str = "", now: str = "") -> str:
    """A text that was typed, "" while there is none."""
    typed = st.text_input(
        label, now, key=f"{asked.key}_{label}", persist_state="session", width=120, placeholder=hint
    )
    return typed or ""


def as_number(typed: str) -> Value | None:
    """What was typed as a number, with a decimal point or comma; None where it is none."""
    plain = typed.strip().replace("\u2212", "-").replace(" ", "")
    for make in (int, float):
        try:
            return make(plain if "." in plain else plain.replace(",", "."))
        except ValueError:
            continue
    return None


def _number_of(asked: Asked, typed: str) -> Value:
    number = as_number(typed)
    if number is None:
        raise RecipeError(f"{typed!r} is no number: write one such as 12.5 for {asked.column!r}.")
    return number


def _value_of(asked: Asked, typed: str) -> Value:
    """What was typed, as a value of the column's kind."""
    return _number_of(asked, typed) if asked.kind == "number" else typed


def _written(value: Value | None) -> str:
    return "" if value is None else str(value)


def _between(asked: Asked) -> Condition | None:
    """A range of numbers or lengths of time, with both its ends or one."""
    low_now, high_now = _ends_of_range(asked.start)
    smallest, largest = _ends(asked)
    low = _text(asked, "from", hint=smallest, now=_written(low_now))
    high = _text(asked, "to", hint=largest, now=_written(high_now))
    made = [_value_of(asked, end) if end else end for end in (low, high)]
    if low and high:
        return Between(asked.column, made[0], made[1])
    if low:
        return Compare(asked.column, ">=", made[0])
    return Compare(asked.column, "<=", made[1]) if high else None


def _ends_of_range(start: Condition | None) -> tuple[Value | None, Value | None]:
    if isinstance(start, Between):
        return start.low, start.high
    if isinstance(start, Compare):
        return (start.value, None) if start.op == ">=" else (None, start.value)
    return None, None


def _ends(asked: Asked) -> tuple[str, str]:
    """The column's smallest and largest value, as a hint."""
    values = asked.values
    return tuple("" if pd.isna(end) else str(end) for end in (values.min(), values.max()))  # type: ignore[return-value]


def _beside(asked: Asked) -> Condition | None:
    """One value, and how the cell stands to it."""
    now = asked.start if isinstance(asked.start, Compare) else None
    op = st.selectbox(
        "how",
        list(OPERATORS),
        index=list(OPERATORS).index(now.op) if now else 0,
        format_func=OPERATORS.__getitem__,
        key=f"{asked.key}_op",
        persist_state="session",
        width=120,
    )
    hint = "2024-01-31" if asked.kind == "time" else ""
    typed = _text(asked, "value", hint=hint, now=_written(now.value) if now else "")
    return Compare(asked.column, op, _value_of(asked, typed)) if typed else None


def _days(asked: Asked) -> Condition | None:
    """A range of days, the last one whole."""
    ends = _ends_of_days(asked.start) or (None, None)
    low, high = (
        st.date_input(
            label,
            value=end,
            min_value=_ANY_DAY[0],
            max_value=_ANY_DAY[1],
            format="YYYY-MM-DD",
            key=f"{asked.key}_{label}",
            persist_state="session",
            width=180,  # the whole day beside its two buttons
        )
        for label, end in zip(("from", "to"), ends, strict=True)
    )
    parts: list[tuple[Operator, date]] = [(">=", low)] if isinstance(low, date) else []
    if isinstance(high, date) and high < _ANY_DAY[1]:
        parts.append(("<", high + timedelta(days=1)))
    made = tuple(Compare(asked.column, op, day.isoformat()) for op, day in parts)
    return AllOf(made) if len(made) > 1 else made[0] if made else None


def _ends_of_days(condition: Condition | None) -> tuple[date | None, date | None] | None:
    """First and last day of what ``_days`` makes; None for any other condition."""
    parts = condition.conditions if isinstance(condition, AllOf) else (condition,)
    found: dict[str, date] = {}
    for part in parts:
        day = _day(part.value) if isinstance(part, Compare) else None
        if not isinstance(part, Compare) or part.op not in (">=", "<") or day is None or part.op in found:
            return None
        found[part.op] = day
    if len({part.column for part in parts if isinstance(part, Compare)}) != 1 or "<" not in found:
        return (found[">="], None) if len(parts) == 1 and found else None
    if found["<"] == _ANY_DAY[0]:
        return None
    return found.get(">="), found["<"] - timedelta(days=1)


def _day(value: Value) -> date | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and day.isoformat() == value else None


def _one_of_numbers(asked: Asked) -> Condition | None:
    now = "; ".join(map(str, asked.start.values)) if isinstance(asked.start, OneOf) else ""
    typed = _text(asked, "values", hint="1; 2; 3", now=now)
    parts = [part for part in typed.split(";") if part.strip()]
    return OneOf(asked.column, tuple(_number_of(asked, part) for part in parts)) if parts else None


def _one_of(asked: Asked) -> Condition | None:
    now = [str(value) for value in asked.start.values] if isinstance(asked.start, OneOf) else []
    values = counts_of(asked.dataset.key, asked.column, asked.values).texts(0, _MOST_OFFERED)
    chosen = st.multiselect(
        "values",
        list(dict.fromkeys([*now, *values])),
        default=now,
        key=f"{asked.key}_values",
        persist_state="session",
        accept_new_options=True,
        width=320,
        placeholder="choose or type",
    )
    return OneOf(asked.column, tuple(chosen)) if chosen else None


def _truth(asked: Asked) -> Condition | None:
    now = isinstance(asked.start, Compare) and asked.start.value is False
    chosen = st.selectbox(
        "value",
        ["true", "false"],
        index=int(now),
        key=f"{asked.key}_truth",
        persist_state="session",
        width=120,
    )
    return Compare(asked.column, "==", chosen == "true")


def _contains(asked: Asked) -> Condition | None:
    now = asked.start if isinstance(asked.start, Contains) else Contains(asked.column, "")
    text = _text(asked, "text", now=now.text)
    same = st.checkbox(
        "same case", now.same_case, key=f"{asked.key}_case", persist_state="session", width="content"
    )
    return Contains(asked.column, text, same) if text else None


def _matches(asked: Asked) -> Condition | None:
    pattern = _text(asked, "pattern", hint="^A[0-9]+", now=getattr(asked.start, "pattern", ""))
    return Matches(asked.column, pattern) if pattern else None


def _shows(asked: Asked) -> Condition | None:
    text = _text(asked, "text", now=getattr(asked.start, "text", ""))
    return Shows(text, (asked.column,)) if text else None


def _extreme(*, largest: bool) -> Draw:
    def draw(asked: Asked) -> Condition | None:
        now = asked.start.n if isinstance(asked.start, Extreme) else 10
        n = st.number_input(
            "how many", 1, value=now, step=1, key=f"{asked.key}_n", persist_state="session", width=120
        )
        return Extreme(asked.column, int(n), largest)

    return draw


def _extremes(words: dict[str, bool]) -> dict[str, Draw]:
    return {word: _extreme(largest=largest) for word, largest in words.items()}


def _missing(asked: Asked) -> Condition | None:
    return IsMissing(asked.column)


_RANGE, _LISTED, _BESIDE, _SHOWS = "is from ... to", "is one of", "is beside a value", "shows"
_CONTAINS, _MATCHES, _NO_VALUE = "contains", "matches", "has no value"
_FAR = {"is among the largest": True, "is among the smallest": False}
_FAR_TIMES = {"is among the latest": True, "is among the earliest": False}
_LAST: dict[str, Draw] = {_BESIDE: _beside, _SHOWS: _shows, _NO_VALUE: _missing}
WAYS: dict[str, dict[str, Draw]] = {
    "number": {
        _RANGE: _between,
        _LISTED: _one_of_numbers,
        **_extremes(_FAR),
        **_LAST,
    },
    "time": {
        _RANGE: _days,
        **_extremes(_FAR_TIMES),
        **_LAST,
    },
    "span": {
        _RANGE: _between,
        **_extremes(_FAR),
        **_LAST,
    },
    "truth": {"is": _truth, _SHOWS: _shows, _NO_VALUE: _missing},
    "text": {_LISTED: _one_of, _CONTAINS: _contains, _MATCHES: _matches, **_LAST},
}
"""What can be asked of a column, by the kind of its values."""
