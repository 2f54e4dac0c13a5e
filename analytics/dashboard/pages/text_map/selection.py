"""The selected texts: whether they are one group, what sets them apart, and what can be done with them."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.known import phrases_of, unity_of_places
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.pages.text_map.reading import draw_list
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.numbers.relations.words import p_text
from analytics.recipe import DropNumbers
from analytics.text import (
    SelectionSummary,
    category_shares,
    selection_differences,
    summarise_selection,
)

_HOW_MUCH = ("hardly", "a little", "clearly", "strongly")
_ENDS = {"category": (0.1, 0.3, 0.5)}
_ENDS_OF_DELTA = (0.147, 0.33, 0.474)
"""Up to these an effect is negligible, small and medium: Cramér's V by Cohen (1988), Cliff's delta by Romano
et al. (2006)."""


def draw_selected(made: MadeMap) -> None:
    """Under the map: how many texts are selected, and whether their place can be trusted."""
    rows = state.selected_of(made)
    if rows is None:
        return
    places = np.flatnonzero(np.isin(made.rows, rows))
    mean = made.projection.trust[places].mean()
    unity = unity_of_places(made.key, places.tobytes(), made.projection)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(f"**{count(len(rows), 'text')} selected.** Mean trust of their places: {mean:.0%}.")
        widgets.choose_one(
            "What is selected next",
            list(state.COMBINED),
            key=state.COMBINE,
            width=190,
            help="A lasso or box, a cluster, search hits, what passes a filter, duplicates or a tag.",
        )
        st.button("Clear the selection", key="text_map_clear", on_click=state.clear_selection, args=(made,))
    if unity.size > 1 and not unity.is_one and unity.size < len(made.rows):
        st.warning(f"{unity.sentence()} They may have little in common.", icon=":material/warning:")
    else:
        st.caption(unity.sentence())


def draw_selection(dataset: DataSet, made: MadeMap) -> None:
    """What the selection is, then its rows."""
    rows = state.selected_of(made)
    if rows is None:
        st.info(
            "Draw a lasso or a box round some points on the map, or choose a cluster.",
            icon=":material/lasso_select:",
        )
        return
    selected = np.zeros(len(dataset.frame), dtype=bool)
    selected[rows] = True
    _draw_uses(dataset, rows)
    with widgets.errors_told():
        _draw_summary(made, np.isin(made.rows, rows))
        _draw_shares(dataset, made, rows)
        _draw_differences(dataset, made, selected)
    shown = dataset.frame.loc[selected]
    widgets.table(shown, key="text_map_selected_table", alt="The selected rows", numbered=True)


def _draw_uses(dataset: DataSet, rows: np.ndarray) -> None:
    """The selection as a file, and steps that keep or drop it."""
    others = np.setdiff1d(np.arange(len(dataset.frame)), rows)
    shown = dataset.frame.iloc[rows]
    with st.container(horizontal=True):
        for label, dropped, icon in (
            ("Keep these rows", others, "check"),
            ("Drop these rows", rows, "delete"),
        ):
            st.button(
                label,
                key=f"text_map_selection_{icon}",
                icon=f":material/{icon}:",
                help="A step of the recipe: every page then works without the others, until it is undone."
                if dropped is others
                else "A step of the recipe: every page then works without them, until it is undone.",
                on_click=datasets.add_steps,
                args=(dataset, DropNumbers(tuple(dataset.row_numbers[dropped].tolist()))),
                disabled=not dataset.has_rows_of_file
                or not len(dropped)
                or len(dropped) == len(dataset.frame),
            )
        widgets.download(
            "Selected rows (CSV)",
            lambda: shown,
            file_name=f"{stem_of(dataset.name)}_selection.csv",
            key="text_map_download_selection",
        )


def _draw_summary(made: MadeMap, chosen: np.ndarray) -> None:
    summary = _summary_of(made.topics_key, chosen.tobytes(), made)
    if summary.phrases and summary.rest:
        st.markdown("**Words that set them apart**")
        widgets.table(
            pd.DataFrame(
                {
                    "words": [one.phrase for one in summary.phrases],
                    "texts": [one.inside for one in summary.phrases],
                    "of these": [one.inside / summary.size for one in summary.phrases],
                    "of the rest": [one.outside / summary.rest for one in summary.phrases],
                }
            ),
            key="text_map_words_apart",
            alt="Phrases that set the selection apart, with counts",
            height=280,
            column_config={
                name: st.column_config.NumberColumn(format="percent", help=help)
                for name, help in (
                    ("of these", "Share of the selected texts that have the phrase."),
                    ("of the rest", "Share of all other texts that have it."),
                )
            },
        )
    for places, title, what in (
        (summary.typical, "Typical texts", "typical"),
        (summary.edge, "At its edge: most of their nearest texts are not selected", "at the edge"),
    ):
        if len(places) and summary.size > 1:
            st.markdown(f"**{title}**")
            _draw_texts(made, np.array(places), what)


def _draw_texts(made: MadeMap, places: np.ndarray, what: str) -> None:
    frame = pd.DataFrame({"text": [made.texts[place] for place in places], **made.where(places)})
    draw_list(made, frame, places, what=what, key=f"text_map_{what.replace(' ', '_')}", alt=f"Texts {what}")


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _summary_of(key: tuple[object, ...], chosen: bytes, _made: MadeMap) -> SelectionSummary:
    projection = _made.projection
    return summarise_selection(
        np.frombuffer(chosen, dtype=bool),
        vectors=projection.vectors,
        neighbors=projection.neighbors,
        phrases=phrases_of(_made.source, _made.column),
    )


def _draw_shares(dataset: DataSet, made: MadeMap, rows: np.ndarray) -> None:
    """How the selection is spread over a category's values."""
    columns = [name for name in dataset.columns("category") if name != made.source.column]
    mapped = np.unique(made.rows)  # a row with several passages counts once
    chosen = np.isin(mapped, rows)
    if not columns or chosen.all():
        return
    column = widgets.choose_one("Shares by", columns, key="text_map_shares", width=260)
    shares = category_shares(dataset.frame[column].iloc[mapped], chosen)
    widgets.table(
        pd.DataFrame(
            {
                "value": shares["value"],
                "rows": shares["selected"],
                "share": shares["share"],
                "95% interval": [
                    f"{low:.0%} to {high:.0%}"
                    for low, high in zip(shares["low"], shares["high"], strict=True)
                ],
                "of the rest": shares["rest_share"],
            }
        ),
        key="text_map_shares_table",
        alt=f"Values of {column} among the selected rows, with intervals",
        column_config={
            name: st.column_config.NumberColumn(format="percent") for name in ("share", "of the rest")
        },
    )


def _draw_differences(dataset: DataSet, made: MadeMap, selected: np.ndarray) -> None:
    mapped = np.zeros(len(selected), dtype=bool)
    mapped[made.rows] = True
    if selected[mapped].all():
        return
    kinds: dict[Hashable, str] = {
        name: role.kind for name, role in dataset.roles.items() if name != made.source.column
    }
    found = selection_differences(dataset.frame.loc[mapped], selected[mapped], kinds=kinds)
    st.markdown("**Which columns set them apart from the rest**")
    if found.empty:
        st.caption("There is no other number or category to compare.")
        return
    first = found.iloc[0]
    st.markdown(
        f"{plain(first['column'])} differs {_strength(first)}: {plain(first['difference'])} "
        f"({p_text(first['p_adjusted'])}, corrected)."
    )
    shown = found[["column", "effect", "difference"]].assign(p=found["p_adjusted"].map(_p_alone))
    widgets.table(
        shown,
        key="text_map_differences",
        alt="Columns ranked by how much the selection differs from the rest",
        column_config={
            "effect": st.column_config.NumberColumn(
                format="%.2f", help="Cliff's delta for numbers (-1 to 1), Cramer's V for categories (0 to 1)."
            ),
            "p": st.column_config.TextColumn(
                help="Corrected for the number of columns. The selection was made by looking, so this says "
                "where to look, not what is proved.",
            ),
        },
    )


def _p_alone(p: float) -> str:
    return p_text(p).removeprefix("p = ").removeprefix("p ")


def _strength(row: pd.Series) -> str:
    return _HOW_MUCH[int(np.searchsorted(_ENDS.get(row["kind"], _ENDS_OF_DELTA), abs(row["effect"])))]
