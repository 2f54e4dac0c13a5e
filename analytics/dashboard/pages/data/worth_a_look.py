"""What is worth a look in the open table: each with its count, and steps that mend it by one click."""

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.data.recipe_panel import draw_preview
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.recipe import Suggestion, suggest

_AT_FIRST = 3
"""Suggestions that stand open above the columns."""
_MANY, _NAMED = 6, 4
"""Suggestions of one kind that are drawn as one, and columns that are named then."""
_QUICK_CELLS = 2_000_000  # looked through in about a second


def draw_suggestions(dataset: DataSet) -> tuple[Suggestion, ...]:
    """All suggestions, those that can be mended first, drawn and given; none while they are looked for."""
    found = job_result(
        "suggestions",
        dataset.key,
        lambda _: suggest(dataset.table, roles=dataset.roles),
        label="Looking for what is worth a look",
        quick=dataset.frame.size <= _QUICK_CELLS,
    )
    if not found:
        return ()
    st.subheader(f"{count(len(found), 'thing')} worth a look", anchor=False)
    st.caption("Nothing is changed unless you take a step; the recipe below undoes it.")
    groups = _of_one_kind(found)
    for places in groups[:_AT_FIRST]:
        _draw_group(dataset, found, places)
    if groups[_AT_FIRST:]:
        more = sum(map(len, groups[_AT_FIRST:]))
        with st.expander(f"{more:,} more", icon=":material/lightbulb:"):
            for places in groups[_AT_FIRST:]:
                _draw_group(dataset, found, places)
    return found


def _of_one_kind(found: tuple[Suggestion, ...]) -> list[list[int]]:
    """Places of suggestions, many of one kind together where the first of them stands."""
    by_kind: dict[tuple[str, bool], list[int]] = {}
    for place, one in enumerate(found):
        by_kind.setdefault((one.kind, bool(one.steps)), []).append(place)
    groups = [places for places in by_kind.values() if len(places) >= _MANY]
    alone = [[place] for places in by_kind.values() if len(places) < _MANY for place in places]
    return sorted(groups + alone)


def _draw_group(dataset: DataSet, found: tuple[Suggestion, ...], places: list[int]) -> None:
    """One suggestion, or many of a kind: their columns, all their steps by one click, and each by itself."""
    if len(places) == 1:
        _draw_one(dataset, places[0], found[places[0]])
        return
    ones = [found[place] for place in places]
    names = ", ".join(repr(one.columns[0]) for one in ones[:_NAMED] if one.columns)
    steps = tuple(step for one in ones for step in one.steps)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            said = f"{len(ones):,} findings of one kind, {ones[0].kind}: {names} and others."
            st.markdown(plain(said, width=500), width=380 if steps else "stretch")
            if steps:
                st.button(
                    f"Take all {len(steps):,} steps",
                    key=f"data_suggestion_all_{places[0]}_{hash(steps)}",
                    on_click=datasets.add_steps,
                    args=(dataset, *steps),
                )
        each = st.expander("One by one", on_change="rerun", key=f"data_suggestion_each_{places[0]}")
        if each.open:
            with each:
                for place, one in zip(places, ones, strict=True):
                    _draw_one(dataset, place, one)


def _draw_one(dataset: DataSet, place: int, one: Suggestion) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        rows = (
            f"For example row {', '.join(f'{row:,}' for row in _numbers(dataset, one))}." if one.rows else ""
        )
        # Narrower than this, the buttons go below the sentence.
        st.markdown(f"{plain(one.sentence, width=500)} {plain(rows)}", width=380 if one.steps else "stretch")
        for number, step in enumerate(one.steps):
            st.button(
                plain(step.sentence(), width=80),
                # Of this step: a second click on it is none on the suggestion that has come to its place.
                key=f"data_suggestion_{place}_{number}_{hash(step)}",
                on_click=datasets.add_steps,
                args=(dataset, step),
            )
        if not one.steps:
            return
        key = f"data_suggestion_see_{place}"
        see = st.popover("See what changes", icon=":material/visibility:", on_change="rerun", key=key)
        if see.open:
            with see:
                for step in one.steps:
                    draw_preview(dataset, step)


def _numbers(dataset: DataSet, one: Suggestion) -> list[int]:
    """Numbers in the file of rows that the suggestion names by their place in this table."""
    places = pd.Index(one.rows) - 1
    return [int(number) for number in dataset.row_numbers[places]]
