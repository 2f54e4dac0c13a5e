"""Search by meaning and by words: what is asked, what is found, and what is nothing like it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.known import floor_of, words_of
from analytics.dashboard.pages.text_map.maps import MadeMap, encoder_of
from analytics.dashboard.pages.text_map.reading import draw_list
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.dashboard.parts.markdown import count
from analytics.text import Hits, search_mixed

_WAYS = {"by meaning": "meaning", "by words": "words", "by both": "both"}
_ABOUT = {
    "meaning": "In the order of similarity to what you typed, whatever the words.",
    "words": "Texts that have words you typed, rare words counting most (tf-idf).",
    "both": "Ranks by meaning and by words joined (reciprocal rank fusion), so similarities are in no order.",
}
_AMOUNTS = {"the best 30": 30, "the best 300": 300, "all": None}
_UNLIKE_SHOWN = 10
_GREY = "color: #8a8f98"
_NUMBERS = {
    "similarity": st.column_config.NumberColumn(format="%.3f", help=hover("cosine")),
    "word match": st.column_config.NumberColumn(format="%.2f"),
}


def search_box(made: MadeMap) -> Hits | None:
    """Draw the search and give what it finds, what is nothing like the query included."""
    query = st.text_input(
        "Search",
        key="text_map_query",
        bind="query-params",
        placeholder='a thought, "exact words"',
        disabled=made.source.uploaded is not None,
        help="By meaning, texts that say something like it are found, whatever their words; words in quotes "
        "must occur.",
    )
    if not query.strip() or made.source.uploaded:
        return None
    with st.container(horizontal=True):
        way = _WAYS[widgets.choose_one("Order", list(_WAYS), key="text_map_way")]
        amount = _AMOUNTS[widgets.choose_one("Take", list(_AMOUNTS), key="text_map_hits_taken")]
    vectors = made.projection.vectors
    found = search_mixed(
        query,
        encoder_of(made.source).encode([query.replace('"', " ")], role="query")[0],
        vectors,
        texts=made.texts,
        index=words_of(made.source, made.column),
        k=len(made.texts),
        by=way,
        floor=floor_of(made.source, vectors, made.column),
    )
    alike = int(found.alike.sum())
    if alike:
        st.caption(f"{count(alike, made.noun)} found. {_ABOUT[way]}")
    else:
        st.caption("Nothing here is like it." if len(found.rows) else "No text has these words.")
    return found.only(found.alike.cumsum() <= amount) if amount else found


def draw_hits(made: MadeMap, hits: Hits | None) -> None:
    """What the search found and a way to take it all, and below it what is nothing like the query."""
    if hits is None:
        st.info("Type something into the search beside the map.", icon=":material/search:")
        return
    if not len(hits.rows):
        st.info("No text contains these words.", icon=":material/search_off:")
        return
    alike = hits.only(hits.alike)
    if len(alike.rows):
        _draw_alike(made, alike)
    else:
        _draw_unlike(made, hits)


def _draw_alike(made: MadeMap, hits: Hits) -> None:
    frame = _listed(made, hits)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Select {count(len(np.unique(made.rows[hits.rows])), 'text')}",
            key="text_map_select_hits",
            icon=":material/select_all:",
            on_click=state.select_rows,
            args=(made, made.rows[hits.rows]),
        )
        widgets.download(
            "All hits (CSV)",
            lambda: frame,
            file_name=widgets.of_data("found.csv"),
            key="text_map_download_hits",
        )
    draw_list(made, frame, hits.rows, what="found", key="text_map_hits", alt="Texts found, best first")
    st.caption(
        "Choose a row to read it beside the map. Texts without any of the words count from a "
        f"similarity of {hits.floor:.2f} on: random letters of this file reach as much."
    )


def _draw_unlike(made: MadeMap, hits: Hits) -> None:
    """Where the nearest texts are no nearer than to nonsense, they are greyed."""
    st.info(
        f"Nothing like it: no text reaches a similarity of {hits.floor:.2f}, which random letters of this "
        "file reach as well. The nearest, for what they are:",
        icon=":material/search_off:",
    )
    st.dataframe(
        _listed(made, hits).head(_UNLIKE_SHOWN).style.map(lambda _: _GREY),
        key="text_map_unlike",
        alt="The nearest texts, which are nothing like the query",
        hide_index=True,
        column_config=_NUMBERS,
    )


def _listed(made: MadeMap, hits: Hits) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "similarity": hits.similarity,
            "word match": hits.word_match,
            "text": [made.texts[row] for row in hits.rows],
            **made.where(hits.rows),
        }
    )
