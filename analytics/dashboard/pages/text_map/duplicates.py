"""Near duplicates: groups without chains, the row that stays and why, and the file without the rest."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.known import duplicates_of
from analytics.dashboard.pages.text_map.lists import draw_listing
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.recipe import DropNumbers
from analytics.text import DuplicateGroups, KeptRow, kept_rows

_THRESHOLD = 0.95
_THRESHOLD_KEY = "text_map_threshold"
_KEEP = {"the longest text": "longest", "the first row": "first", "the most typical text": "typical"}


def chosen_threshold() -> float:
    """The similarity from which texts count as the same, wherever it was chosen."""
    return float(st.session_state.get(_THRESHOLD_KEY, _THRESHOLD))


def draw_duplicates(dataset: DataSet, made: MadeMap) -> None:
    """Groups of texts that say nearly the same, what would stay of them, and ways to keep only that."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    threshold = left.slider(
        "Similarity from which texts count as the same",
        0.80,
        1.0,
        _THRESHOLD,
        0.01,
        key=_THRESHOLD_KEY,
        bind="query-params",
        help="Every two texts of a group are at least as similar: a chain of likes is no group.",
    )
    with right:
        keep = _KEEP[widgets.choose_one("Of each group stays", list(_KEEP), key="text_map_keep")]
    groups = duplicates_of(made.source, threshold, made.projection)
    if not groups.count:
        st.info("No two texts are as similar as this.", icon=":material/filter_none:")
        return
    kept = kept_rows(groups, made.texts, vectors=made.projection.vectors, keep=keep)
    listed, places = listing(made, groups, kept)
    dropped = _said_elsewhere(made, places[(listed["stays"] == "").to_numpy()])
    st.markdown(
        f"**{count(groups.count, 'group')}** of near duplicates, the least similar pair at "
        f"{groups.worst.min():.3f}. **{count(len(dropped), 'row')}** would go, "
        f"{len(dataset.frame) - len(dropped):,} of {len(dataset.frame):,} stay."
    )
    if len(np.unique(made.rows)) < len(dataset.frame):
        st.caption(f"Only the {len(made.texts):,} texts on the map were compared; all other rows stay.")
    if made.noun == "passage":
        st.caption("Passages were compared. A row goes where others say every passage of its text.")
    with st.container(horizontal=True):
        st.button(
            "Keep these rows",
            key="text_map_keep_rows",
            icon=":material/playlist_add:",
            type="primary",
            on_click=datasets.add_steps,
            args=(dataset, DropNumbers(tuple(dropped))),
            disabled=not dataset.has_rows_of_file or not dropped,
            help="A step of the recipe drops the others by their number in the file; every page then works "
            "without them, and Undo brings them back.",
        )
        st.button(
            "Select them",
            key="text_map_select_duplicates",
            icon=":material/select_all:",
            on_click=state.select_rows,
            args=(made, made.rows[groups.labels >= 0]),
        )
        widgets.download_table(
            partial(without, dataset.frame, dropped),
            stem=f"{stem_of(dataset.name)}_deduplicated",
            key="text_map_download_deduplicated",
            label="The table without them",
        )
    draw_listing(
        made,
        listed,
        places,
        what="near duplicates",
        key="text_map_duplicates",
        alt="Near duplicates, group by group",
    )


def _said_elsewhere(made: MadeMap, places: np.ndarray) -> list[int]:
    """Numbers in the file of the rows that have no text or passage but these."""
    others = np.delete(made.file_rows, places)
    partly = made.file_rows[:0] if made.column.numbers is None or not made.source.first else made.file_rows
    return (np.setdiff1d(made.file_rows[places], [*others, *partly]) + 1).tolist()


def listing(
    made: MadeMap, groups: DuplicateGroups, kept: tuple[KeptRow, ...]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Every text of every group, the one that stays first, with its reason and the others' likeness to it.

    Beside it the place of each on the map.
    """
    vectors = made.projection.vectors
    parts, shown = [], []
    for group, (rows, stays) in enumerate(zip(groups.members(), kept, strict=True)):
        places = np.concatenate([[stays.row], rows[rows != stays.row]])
        shown.append(places)
        parts.append(
            pd.DataFrame(
                {
                    "group": group + 1,
                    "stays": [stays.reason, *[""] * (len(places) - 1)],
                    "similarity": np.minimum(vectors[places] @ vectors[stays.row], 1),
                    "worst pair": groups.worst[group],
                    "text": [made.texts[place] for place in places],
                    **made.where(places),
                }
            )
        )
    return pd.concat(parts, ignore_index=True), np.concatenate(shown)


def without(frame: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    """The rows of the frame that do not have these numbers."""
    return frame[~np.isin(frame.index.to_numpy() + 1, numbers)]
