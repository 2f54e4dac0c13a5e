"""Which rows are meant: conditions on columns of every kind, in groups joined by and or or."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analytics.dashboard.pages.data.condition_forms import WAYS, Asked, column_asked, draw_searched, way_of
from analytics.dashboard.pages.data.reading import key_for
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server.datasets import DataSet
from analytics.recipe import AllOf, AnyOf, Between, Compare, Condition, Not, Shows
from analytics.recipe.values import kind_of

_JOINED: dict[str, type[AllOf] | type[AnyOf]] = {"all of these": AllOf, "any of these": AnyOf}
_ANYWHERE = "\0"
"""Stands for all columns among their names."""
_DEEPEST = 3  # groups in each other: deeper ones nobody follows, and they stay as they are
_NEGATED = "not"


@dataclass(frozen=True)
class _Entry:
    """One line or group: a number that is never used twice, and the condition it begins with."""

    number: int
    start: Condition | None = None
    is_group: bool = False


def chosen_filter(dataset: DataSet) -> Condition | None:
    """The grid's conditions as they are chosen now, drawn with their widgets; nothing without any.

    A value that its column cannot be compared with is told, and its condition does not count.
    """
    return _draw_group(dataset, key_for(dataset, "filter"), None)


def edited_filter(dataset: DataSet, key: str, start: Condition | None) -> Condition | None:
    """The same beginning with the conditions of a step; ``dataset`` is the table before it."""
    return _draw_group(dataset, key, start)


def clear_filter(dataset: DataSet) -> None:
    """Callback: the grid has no condition any more."""
    st.session_state[_place(key_for(dataset, "filter"))] = ()


def _place(key: str) -> str:
    return f"zetascope_{key}"


def _add(key: str, entries: tuple[_Entry, ...], *, is_group: bool) -> None:
    """Callback: one more behind those that were seen; a quick second click adds no other."""
    if st.session_state.get(_place(key)) != entries:
        return
    counter = f"{_place(key)}_last"
    last = st.session_state.get(counter, max((one.number for one in entries), default=0))
    st.session_state[counter] = last + 1
    st.session_state[_place(key)] = (*entries, _Entry(last + 1, None, is_group))


def _remove(key: str, number: int) -> None:
    """Callback: without this one, of those that are there by now."""
    now: tuple[_Entry, ...] = st.session_state.get(_place(key), ())
    st.session_state[_place(key)] = tuple(one for one in now if one.number != number)


def _begun(start: Condition | None) -> tuple[_Entry, ...]:
    """The lines that a condition is shown by."""
    if start is None:
        return ()
    parts = start.conditions if isinstance(start, AllOf | AnyOf) and _is_group(start) else (start,)
    return tuple(_Entry(number, one) for number, one in enumerate(parts, start=1))


def _is_group(condition: Condition | None) -> bool:
    return isinstance(condition, AllOf | AnyOf) and column_asked(condition) is None


def _spelled(condition: Condition, dataset: DataSet) -> Condition:
    """A condition that has no form of its own, by conditions that have one and say the same."""
    match condition:
        case Shows(text=text, columns=(_, _, *_)):
            return AnyOf(tuple(Shows(text, (name,)) for name in condition.columns))
        case Between(column=name, low=low, high=high) if name in dataset.frame.columns:
            if kind_of(dataset.frame[name]) in ("time", "text"):
                return AllOf((Compare(name, ">=", low), Compare(name, "<=", high)))
    return condition


def _draw_group(dataset: DataSet, key: str, start: Condition | None, *, depth: int = 0) -> Condition | None:
    start = None if start is None else _spelled(start, dataset)
    if _place(key) not in st.session_state:
        st.session_state[_place(key)] = _begun(start)
    entries: tuple[_Entry, ...] = st.session_state[_place(key)]
    word = _draw_word(key, start) if len(entries) > 1 else AllOf
    drawn = [_draw_entry(dataset, key, one, depth) for one in entries]
    conditions = tuple(one for one in drawn if one is not None)
    with st.container(horizontal=True, gap="small"):
        label = "Add another condition" if entries else "Add a condition"
        arguments = (key, entries)
        st.button(
            label,
            key=f"{key}_add",
            icon=":material/add:",
            on_click=_add,
            args=arguments,
            kwargs={"is_group": False},
        )
        if entries and depth < _DEEPEST:
            st.button(
                "Add a group",
                key=f"{key}_add_group",
                icon=":material/data_object:",
                help="Conditions of their own, joined in the other way",
                on_click=_add,
                args=arguments,
                kwargs={"is_group": True},
            )
    return conditions[0] if len(conditions) == 1 else word(conditions) if conditions else None


def _draw_word(key: str, start: Condition | None) -> type[AllOf] | type[AnyOf]:
    """Whether all conditions must hold or any."""
    chosen = st.segmented_control(
        "Rows must fit",
        list(_JOINED),
        default="any of these" if isinstance(start, AnyOf) else "all of these",
        key=f"{key}_joined",
        persist_state="session",
        required=True,
    )
    return _JOINED[chosen or "all of these"]


def _draw_entry(dataset: DataSet, key: str, entry: _Entry, depth: int) -> Condition | None:
    """A condition, or a group of them; either may be turned round."""
    negated = isinstance(entry.start, Not)
    start = entry.start.of if isinstance(entry.start, Not) else entry.start
    start = None if start is None else _spelled(start, dataset)
    is_group = entry.is_group or (_is_group(start) and start.conditions and depth < _DEEPEST)  # type: ignore[union-attr]
    own = f"{key}_{entry.number}"
    if is_group:
        with st.container(border=True):
            condition = _draw_group(dataset, own, start, depth=depth + 1)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                return _finished(condition, own, negated, (key, entry.number))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        condition = _draw_line(dataset, own, start)
        return _finished(condition, own, negated, (key, entry.number))


def _finished(
    condition: Condition | None,
    key: str,
    negated: bool,
    arguments: tuple[str, int],
) -> Condition | None:
    """The condition as it is or turned round, and the button that removes it."""
    if st.checkbox(_NEGATED, negated, key=f"{key}_not", persist_state="session", width="content"):
        condition = None if condition is None else Not(condition)
    st.button(
        "",
        key=f"{key}_remove",
        help="Remove this condition",
        icon=":material/close:",
        type="tertiary",
        on_click=_remove,
        args=arguments,
    )
    return condition


def _draw_line(dataset: DataSet, key: str, start: Condition | None) -> Condition | None:
    """The column and what is asked of it; what these widgets cannot show stands there as it is."""
    names = [str(name) for name in dataset.frame.columns]
    asked = (
        _ANYWHERE
        if isinstance(start, Shows) and not start.columns
        else column_asked(start)
        if start
        else None
    )
    if start is not None and not _has_form(start, asked, dataset):
        st.markdown(plain(start.sentence(), width=300), width="content")
        return start
    if st.session_state.get(f"{key}_column") not in (None, _ANYWHERE, *names):
        st.session_state[f"{key}_column"] = None  # a step took it out or renamed it
    offered = [_ANYWHERE, *names]
    column = st.selectbox(
        "Column",
        offered,
        index=offered.index(asked) if asked is not None else None,
        format_func=lambda name: "any column" if name == _ANYWHERE else name,
        key=f"{key}_column",
        persist_state="session",
        width=180,
        placeholder="choose",
    )
    if column is None:
        return None
    begun = Asked(dataset, column, f"{key}_{column}", start if column == asked else None)
    if column == _ANYWHERE:
        st.markdown("shows", width="content")
        return draw_searched(begun)
    ways = WAYS[begun.kind]
    way = st.selectbox(
        "Its cell",
        list(ways),
        index=list(ways).index(way_of(begun.start, begun.kind) or "") if begun.start else 0,
        key=f"{begun.key}_way_{begun.kind}",
        persist_state="session",
        width=170,
    )
    with errors_told():
        return ways[way](begun)
    return None


def _has_form(start: Condition, asked: str | None, dataset: DataSet) -> bool:
    if asked == _ANYWHERE:
        return True
    return asked in dataset.frame.columns and way_of(start, kind_of(dataset.frame[asked])) is not None
