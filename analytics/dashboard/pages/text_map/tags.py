"""Tags: given to a selection, proposed to texts that are like it, and kept as a column."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state, tag_state
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.pages.text_map.reading import draw_list
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.errors import ZetascopeError
from analytics.text import LikelyMembers, likely_members
from analytics.text.selections.members import CLASSIFIED_FROM

_NAME = "text_map_tag_name"
_COLUMN = "text_map_tag_column"
_TABLE = "text_map_tags_table"
_AMOUNT = "text_map_tag_amount"
_PROBLEM = "zetascope_text_map_tag_problem"
_PROPOSED = 50


def draw_tags(dataset: DataSet, made: MadeMap) -> None:
    """Give the selection a tag, see all tags, find likely members, keep them."""
    _draw_giving(made)
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(plain(problem, width=300), icon=":material/error:")
    names, sizes = np.unique(made.tags[made.tags != ""].astype(str), return_counts=True)
    if not len(names):
        st.caption("No text has a tag yet. Tags colour the map, stand in the downloads, and find their like.")
        return
    widgets.table(
        pd.DataFrame({"tag": names, "texts": sizes}),
        key=_TABLE,
        alt="Tags and how many texts have each",
        on_select=partial(_select_tag, made, names),
        selection_mode="single-row",
    )
    _draw_keeping(dataset, made)
    _draw_likely(made, names.tolist())


def _draw_giving(made: MadeMap) -> None:
    rows = state.selected_of(made)
    numbers = [] if rows is None else (made.numbers_of_rows(rows)).tolist()
    st.text_input("Tag for the selection", key=_NAME, max_chars=80, placeholder="what these texts are")
    with st.container(horizontal=True):
        st.button(
            f"Give it to the {len(numbers):,} selected" if numbers else "Give it to the selection",
            key="text_map_tag_give",
            icon=":material/sell:",
            type="primary",
            on_click=_give,
            args=(made.tags_owner, numbers),
            disabled=not numbers,
            help="Select texts first: with the lasso, a cluster, a search, a filter.",
        )
        st.button(
            "Take their tags away",
            key="text_map_tag_take",
            on_click=tag_state.take,
            args=(made.tags_owner, numbers),
            disabled=not set(numbers) & tag_state.tags_of(made.tags_owner).keys(),
        )
        st.button(
            "Undo",
            key="text_map_tag_undo",
            icon=":material/undo:",
            on_click=tag_state.undo,
            args=(made.tags_owner,),
            disabled=not tag_state.changed(made.tags_owner),
        )


def _give(owner: tag_state.Owner, numbers: list[int]) -> None:
    try:
        tag_state.give(owner, numbers, st.session_state[_NAME])
    except ZetascopeError as error:
        st.session_state[_PROBLEM] = str(error)


def _select_tag(made: MadeMap, names: np.ndarray) -> None:
    picked = st.session_state[_TABLE]["selection"]["rows"]
    if picked and picked[0] < len(names):
        state.select_rows(made, made.rows[made.tags == names[picked[0]]])


def _draw_keeping(dataset: DataSet, made: MadeMap) -> None:
    tagged = np.flatnonzero(made.tags != "")
    frame = pd.DataFrame(
        {
            **made.where(tagged),
            "tag": made.tags[tagged],
            "text": [made.texts[place] for place in tagged],
        }
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the column", "tag", key=_COLUMN, max_chars=80, width=150)
        st.button(
            "Keep as a column",
            key="text_map_tag_keep",
            icon=":material/playlist_add:",
            on_click=_keep_column,
            args=(dataset, made.tags_owner),
            disabled=not dataset.has_rows_of_file,
            help="A step of the recipe: every page then has the tags as a column.",
        )
        widgets.download("Tags (CSV)", lambda: frame, file_name="tags.csv", key="text_map_download_tags")


def _keep_column(dataset: DataSet, owner: tag_state.Owner) -> None:
    column = st.session_state[_COLUMN].strip()
    if not column or (column in dataset.read_table.frame.columns):
        st.session_state[_PROBLEM] = "The file has a column of this name, or it is empty: type another name."
        return
    datasets.add_steps(dataset, tag_state.as_step(owner, column))


def _draw_likely(made: MadeMap, names: list[str]) -> None:
    """Texts without a tag that are like those with one."""
    tag = widgets.choose_one("Likely members of", names, key="text_map_tag_likely", width=260)
    found = _likely(made.key, tag, tuple(made.tags.tolist()), made)
    if not len(found.places):
        st.caption("Every text has a tag.")
        return
    fitted = not np.isnan(found.probability).any()
    st.caption(
        "By a small classifier of the vectors: its probability, and the interval in which nine in ten such "
        "classifiers of resampled examples lie. A likeness, not a forecast."
        if fitted
        else f"The nearest to a text with this tag. From {CLASSIFIED_FROM} such texts on a small classifier "
        "sorts them, and says how sure it is."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        amount = st.number_input(
            "How many", 1, len(found.places), min(10, len(found.places)), key=_AMOUNT, width=130
        )
        numbers = (made.file_rows[found.places[: int(amount)]] + 1).tolist()
        st.button(
            f"Tag the first {int(amount)}",
            key=f"text_map_tag_first_{hash((tag, *numbers))}",  # the next ones are another click
            icon=":material/sell:",
            on_click=tag_state.give,
            args=(made.tags_owner, numbers, tag),
        )
    draw_list(
        made,
        _listed(made, found, fitted),
        found.places,
        what=f"likely {tag}",
        key="text_map_likely",
        alt=f"Texts that likely belong to {tag}",
    )
    st.caption(f"The {count(len(found.places), 'likeliest text', 'likeliest texts')} of those without a tag.")


def _listed(made: MadeMap, found: LikelyMembers, fitted: bool) -> pd.DataFrame:
    sure = {
        "probability": [f"{share:.0%}" for share in found.probability],
        "interval": [f"{low:.0%} to {high:.0%}" for low, high in zip(found.low, found.high, strict=True)],
    }
    return pd.DataFrame(
        {
            **(sure if fitted else {}),
            "similarity": found.similarity,
            "text": [made.texts[place] for place in found.places],
            **made.where(found.places),
        }
    )


@st.cache_resource(scope="session", max_entries=8, show_spinner="Looking for likely members")
def _likely(key: tuple[object, ...], tag: str, tags: tuple[str, ...], _made: MadeMap) -> LikelyMembers:
    given = np.array(tags, dtype=object)
    return likely_members(_made.projection.vectors, given == tag, tagged=given != "", most=_PROPOSED)
