"""Lists of texts, shown in part and downloaded whole: here the unusual ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.pages.text_map.reading import draw_list
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.text import disagreements

_FAR = "the greatest distance to all others"


def draw_unusual(dataset: DataSet, made: MadeMap) -> None:
    """Texts far from all others, or those whose category is not that of the texts nearest to them."""
    categories = [name for name in dataset.columns("category") if name != made.source.column]
    offered = {_FAR: None} | {f"another {name} than their nearest": name for name in categories}
    column = offered[widgets.choose_one("Texts with", list(offered), key="text_map_unusual_kind")]
    if column is None:
        _draw_far(made)
        return
    with widgets.errors_told():
        _draw_disagreeing(dataset, made, column)


def _draw_far(made: MadeMap) -> None:
    places = made.unusual.rows(len(made.texts))
    st.caption(
        f"Mean distance to the {made.unusual.k} nearest texts, among the vectors: a point that lies "
        "alone on the map is not on this list unless it is alone in truth."
    )
    frame = pd.DataFrame(
        {
            "distance": made.unusual.distance[places],
            "text": [made.texts[place] for place in places],
            **made.where(places),
        }
    )
    draw_listing(
        made,
        frame,
        places,
        what="unusual",
        key="text_map_unusual",
        alt="The most unusual texts, first the farthest",
    )


def _draw_disagreeing(dataset: DataSet, made: MadeMap, column: str) -> None:
    """Rows with a category that the texts nearest to them do not have: mistakes, or cases worth a look."""
    found = disagreements(made.projection.neighbors, dataset.frame[column].iloc[made.rows])
    if not found.told:
        st.info(
            f"Texts near each other share their {plain(column)} no more often than chance, so none can be "
            "called strange.",
            icon=":material/casino:",
        )
        return
    if not len(found.places):
        st.info("Every text has the category that its neighbours have most.", icon=":material/check:")
        return
    st.caption(
        f"{count(len(found.places), 'row')} whose {plain(column)} is less likely than not by the "
        f"{found.k} nearest texts, weighted by similarity. Mistakes are first; some are rare but right."
    )
    frame = pd.DataFrame(
        {
            "is": found.own,
            "probability": [f"{share:.0%}" for share in found.probability],
            "neighbours say": found.proposed,
            "votes": [f"{votes} of {found.k}" for votes in found.votes],
            "text": [made.texts[place] for place in found.places],
            **made.where(found.places),
        }
    )
    draw_listing(
        made,
        frame,
        found.places,
        what="unlike their neighbours",
        key="text_map_disagreeing",
        alt=f"Rows whose {column} is not that of the texts nearest to them",
    )


def draw_listing(
    made: MadeMap, frame: pd.DataFrame, places: np.ndarray, *, what: str, key: str, alt: str
) -> None:
    """A list of texts with its download; ``what`` names both."""
    draw_list(made, frame, places, what=what, key=key, alt=alt)
    widgets.download(
        "This list (CSV)",
        lambda: frame,
        file_name=widgets.of_data(f"{what.replace(' ', '_')}.csv"),
        key=f"{key}_download",
    )
