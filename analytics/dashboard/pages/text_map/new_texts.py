"""New texts placed on a map that does not move."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map.maps import MadeMap, encoder_of
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.glossary import hover
from analytics.text.neighbors import SAME, nearest_to

_NEW_TEXTS = "text_map_new_texts"
_MOST_NEW = 200
_STRANGE = "unlike anything here"
_STRANGE_FROM = 99  # farther from its neighbours than all but 1 % of the map's own texts
_WANTED = "zetascope_text_map_new"


def draw_new_texts(made: MadeMap) -> None:
    """Place texts that are not in the table on the map, which does not move."""
    if made.source.uploaded:
        st.info("New texts need vectors of this page's own model.", icon=":material/info:")
        return
    with st.form("text_map_new"):
        st.text_area("New texts, one per line", key=_NEW_TEXTS, max_chars=20_000)
        st.form_submit_button(
            "Place on the map", icon=":material/add_location:", on_click=_want_texts, args=(made,)
        )
    texts = _wanted(made)
    if not texts:
        return
    st.caption(
        "Dark diamonds on the map, which itself does not move; each text is placed as if it were alone. A "
        "text that is unlike anything here is not drawn: its place would mean nothing."
    )
    widgets.table(
        _place_texts(made.key, texts, made)[1],
        key="text_map_placed",
        alt="New texts and their nearest neighbours",
        column_config={
            "similarity": st.column_config.NumberColumn(format="%.3f", help=hover("cosine")),
            "farther than": st.column_config.NumberColumn(
                format="percent", help="Share of the map's own texts that are nearer to their neighbours."
            ),
        },
    )


def _want_texts(made: MadeMap) -> None:
    """Keep the lines of the form, so that they are placed on this map and on later ones of the same texts."""
    lines = [line.strip() for line in st.session_state[_NEW_TEXTS].splitlines()]
    texts = tuple(line for line in lines if line)[:_MOST_NEW]
    st.session_state[_WANTED] = (made.source.data_key, made.source.column, texts)


def _wanted(made: MadeMap) -> tuple[str, ...]:
    """New texts that were asked for among these."""
    *of, texts = st.session_state.get(_WANTED, ("", "", ()))
    ours = of == [made.source.data_key, made.source.column] and not made.source.uploaded
    return texts if ours else ()


def placed_texts(made: MadeMap) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """The new texts that have a place on this map, and where; what is unlike anything here has none."""
    texts = _wanted(made)
    if not texts:
        return None, ()
    points, frame = _place_texts(made.key, texts, made)
    shown = (frame["verdict"] != _STRANGE).to_numpy()
    return points[shown], tuple(np.array(texts, dtype=object)[shown].tolist())


@st.cache_resource(scope="session", max_entries=4, show_spinner="Placing the new texts")
def _place_texts(
    key: tuple[object, ...], texts: tuple[str, ...], _made: MadeMap
) -> tuple[np.ndarray, pd.DataFrame]:
    """Positions of new texts, and a row for each with what they are among these, said first."""
    encoder = encoder_of(_made.source)
    # One at a time: a vector's last bits depend on its companions, and its place on the map on every bit.
    vectors = np.vstack([encoder.encode([text], role="document") for text in texts])
    points, percentile = _made.projection.transform(vectors)
    nearest, distance = nearest_to(vectors, _made.projection.vectors, k=2)
    known = distance[:, 0] < SAME
    other = np.where(
        known, nearest.shape[1] - 1, 0
    )  # a text that is on the map already is not its own neighbour
    rows = np.arange(len(texts))
    frame = pd.DataFrame(
        {
            "verdict": [_verdict(*one) for one in zip(known, percentile, strict=True)],
            "text": texts,
            "nearest text": [_made.texts[place] for place in nearest[rows, other]],
            "similarity": 1 - distance[rows, other],
            "farther than": percentile / 100,
        }
    )
    return points, frame


def _verdict(known: bool, percentile: float) -> str:
    if known:
        return "on the map already"
    return _STRANGE if percentile >= _STRANGE_FROM else "among its like"
