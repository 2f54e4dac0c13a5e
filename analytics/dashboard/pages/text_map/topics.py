"""The topics as a list: what each is, whether it is one, and what a reader makes of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state, topic_edits
from analytics.dashboard.pages.text_map.known import unity_of
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server.datasets import DataSet
from analytics.errors import ZetascopeError
from analytics.figures.text_map.shares import shares_figure
from analytics.text import TopicEdits, agreement, topic_shares
from analytics.text.topics.edits import MOST_PARTS

_TABLE = "text_map_clusters_table"
_CHOSEN = "text_map_topics_chosen"
_NAME = "text_map_topic_name"
_PARTS = "text_map_topic_parts"
_PROBLEM = "zetascope_text_map_topic_problem"
_HOW = {
    "tree": "Cut from the HDBSCAN tree of the {space}, at least {min_size} texts each",
    "k-means": "K-means with {groups} groups of the vectors",
    "leiden": "Leiden on the graph of nearest neighbours, at least {min_size} texts each",
}


def draw_topics(dataset: DataSet, made: MadeMap) -> None:
    """Every topic with its words, size and most typical text; a row selects it."""
    clusters = made.clusters
    if not len(clusters.sizes) and not made.edits.deleted:
        st.info("No group is dense enough to be a topic.", icon=":material/scatter_plot:")
        return
    choices = clusters.choices
    how = _HOW[choices.method].format(**vars(choices))
    st.caption(
        f"{how}; {clusters.noise_share:.0%} of the {made.noun}s are in none. Choose a row to select its "
        "texts."
    )
    widgets.table(
        _listed(made),
        key=_TABLE,
        alt="Topics with their distinguishing words",
        column_config={f"{made.noun}s": st.column_config.NumberColumn(format="localized"), **_COLUMNS},
        on_select=partial(_select_topic, made),
        selection_mode="single-row",
    )
    _draw_edits(made)
    _draw_agreement(dataset, made)
    _draw_shares(dataset, made)


def _select_topic(made: MadeMap) -> None:
    """Callback: the texts of the row that was chosen become the selection."""
    picked = st.session_state[_TABLE]["selection"]["rows"]
    if picked and picked[0] < len(made.clusters.sizes):
        state.select_rows(made, made.rows[made.clusters.labels == picked[0]])


_COLUMNS = {
    "one group": st.column_config.TextColumn(
        help="Whether its texts are denser among the vectors than 99 random groups as large, and hold more "
        "of each other's nearest neighbours than chance."
    ),
    "similarity": st.column_config.NumberColumn(
        format="%.2f", help=f"Mean cosine of two of its texts. {hover('cosine')}"
    ),
    "at random": st.column_config.NumberColumn(format="%.2f", help="The same of random groups as large."),
    "neighbours inside": st.column_config.ProgressColumn(
        min_value=0, max_value=1, format="percent", help="Share of its texts' nearest neighbours within it."
    ),
    "places": st.column_config.ProgressColumn(
        min_value=0,
        max_value=1,
        format="percent",
        help="Share of the true neighbours that are near on the map too: how exact places inside it are. Low "
        "where the texts are interchangeable, and no sign that they have little in common.",
    ),
}


def _listed(made: MadeMap) -> pd.DataFrame:
    clusters, trust, each = made.clusters, made.projection.trust, unity_of(made.key, made)
    return pd.DataFrame(
        {
            "topic": clusters.names,
            f"{made.noun}s": clusters.sizes,
            "one group": ["yes" if unity.is_one else "no" for unity in each],
            "similarity": [unity.similarity for unity in each],
            "at random": [unity.at_random for unity in each],
            "neighbours inside": [round(unity.inside, 2) for unity in each],
            "places": [
                trust[clusters.labels == label].mean().round(2) for label in range(len(clusters.sizes))
            ],
            "most typical": [made.texts[rows[0]] for rows in clusters.examples],
            "also typical": [" · ".join(made.texts[row] for row in rows[1:3]) for rows in clusters.examples],
        }
    )


def _draw_edits(made: MadeMap) -> None:
    """Rename, merge, split and delete; every page, file and picture then has the edited topics."""
    names = list(made.clusters.names)
    key = made.edits_key
    with st.expander("Rename, merge, split, delete", icon=":material/edit:"):
        chosen = st.multiselect(
            "Topics", range(len(names)), format_func=lambda label: names[label], key=_CHOSEN
        )
        with st.container(horizontal=True):
            st.text_input("New name", key=_NAME, max_chars=120)
            st.number_input("Parts", 2, MOST_PARTS, 2, key=_PARTS, width=110)
        with st.container(horizontal=True):
            for one in _WAYS:
                st.button(
                    one.label,
                    key=f"text_map_{one.label.lower()}",
                    on_click=_edit,
                    args=(made, one),
                    disabled=not one.is_for(chosen),
                    help=one.help,
                )
            st.button(
                "Undo",
                key="text_map_topics_undo",
                on_click=topic_edits.undo,
                args=(key,),
                disabled=made.edits == topic_edits.UNCHANGED,
                icon=":material/undo:",
            )
        if problem := st.session_state.pop(_PROBLEM, None):
            st.error(plain(problem, width=300), icon=":material/error:")
        edits = made.edits
        if edits != topic_edits.UNCHANGED:
            st.caption(
                f"{count(len(edits.names), 'name')}, {count(len(edits.merged), 'merger')}, "
                f"{count(len(edits.split), 'split')} and {count(len(edits.deleted), 'topic')} deleted; kept "
                "in the downloads."
            )


@dataclass(frozen=True)
class _Way:
    """One thing to do with the chosen topics, and with how many of them it can be done."""

    label: str
    help: str
    least: int
    most: int
    edited: Callable[[MadeMap, list[int]], TopicEdits]

    def is_for(self, chosen: Sequence[int]) -> bool:
        """Whether it can be done with these."""
        return self.least <= len(chosen) <= self.most


def _renamed(made: MadeMap, chosen: list[int]) -> TopicEdits:
    edits = made.edits.rename(made.clusters, chosen[0], st.session_state[_NAME])
    st.session_state[_NAME] = ""
    return edits


def _divided(made: MadeMap, chosen: list[int]) -> TopicEdits:
    return made.edits.divide(made.clusters, chosen[0], int(st.session_state[_PARTS]))


_WAYS = (
    _Way("Rename", "One topic.", 1, 1, _renamed),
    _Way(
        "Merge",
        "Two topics or more.",
        2,
        sys.maxsize,
        lambda made, chosen: made.edits.merge(made.clusters, chosen),
    ),
    _Way(
        "Split",
        "One topic, into as many parts as Parts says: k-means of its texts' vectors.",
        1,
        1,
        _divided,
    ),
    _Way(
        "Delete",
        "Its texts are in no topic then.",
        1,
        sys.maxsize,
        lambda made, chosen: made.edits.delete(made.clusters, chosen),
    ),
)


def _edit(made: MadeMap, way: _Way) -> None:
    """Callback: do it with the chosen topics; after a first click they are others, and a second does none."""
    chosen = sorted(st.session_state.get(_CHOSEN, []))
    if not way.is_for(chosen) or topic_edits.edits_of(made.edits_key, made.found) != made.edits:
        return
    try:
        topic_edits.change(made.edits_key, way.edited(made, chosen))
    except ZetascopeError as error:
        st.session_state[_PROBLEM] = str(error)
    else:
        st.session_state[_CHOSEN] = []


def _draw_shares(dataset: DataSet, made: MadeMap) -> None:
    """How the topics are spread over time, or over the values of a category."""
    columns = [name for name in dataset.columns("time", "category") if name != made.source.column]
    if not columns or not len(made.clusters.sizes):
        return
    with st.expander("Topics over time or by category", icon=":material/stacked_line_chart:"):
        column = widgets.choose_one("By", columns, key="text_map_topics_by", width=260)
        with widgets.errors_told():
            shares = topic_shares(made.clusters, dataset.frame[column].iloc[made.rows])
            widgets.chart(
                shares_figure(shares, column=column, ordered=column in dataset.columns("time")),
                key="text_map_topics_by_chart",
                alt=f"Share of the largest topics by {column}, with 95% intervals",
            )
            widgets.table(
                shares,
                key="text_map_topics_by_table",
                alt=f"Texts of each topic by {column}",
                column_config={
                    name: st.column_config.NumberColumn(format="percent") for name in ("share", "low", "high")
                },
            )
            widgets.download(
                "These shares (CSV)",
                lambda: shares,
                file_name="topic_shares.csv",
                key="text_map_by_csv",
            )


def _draw_agreement(dataset: DataSet, made: MadeMap) -> None:
    """How far the topics agree with a column of the file."""
    columns = dataset.columns("category")
    if not columns or not len(made.clusters.sizes):
        return
    column = widgets.choose_one("Compare with", columns, key="text_map_agreement", width=260)
    with widgets.errors_told():
        values = dataset.frame[column].iloc[made.rows]
        st.caption(plain(agreement(made.clusters.labels, values).sentence(), width=400))
