"""The map itself: colours, filter, search, the selection, and the text that was clicked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard import widgets
from analytics.dashboard.datasets import DataSet
from analytics.dashboard.text import plain
from analytics.dashboard.text_map import MadeMap, encoder_of, words_of
from analytics.figures.text_map import (
    Colouring,
    Emphasis,
    colour_by_category,
    colour_by_cluster,
    colour_by_number,
    hover_texts,
    map_figure,
)
from analytics.text import Hits, search_mixed
from analytics.text.neighbors import nearest_to

CLUSTER, TRUST, UNUSUAL, READ = "cluster", "trust of the map", "unusualness", "share that was read"
NONE = "none"
HITS = 30
LOW_TRUST = 0.35
_SELECTED = "zetascope_text_map_selected"
_FOCUS = "zetascope_text_map_focus"
_WANTED = "zetascope_text_map_new"
NEW_TEXTS = "text_map_new_texts"
MOST_NEW = 200
STRANGE = "means little: unlike nearly all texts here"
STRANGE_FROM = 99


def selected_of(made: MadeMap) -> np.ndarray | None:
    """The selected rows of the table, or None; they outlive a new colour and a new map of the same texts."""
    source, rows = st.session_state.get(_SELECTED, (None, None))
    return rows if source == made.source and rows is not None and len(rows) else None


def focus_of(made: MadeMap) -> int | None:
    """The point that was clicked, as a position on the map."""
    source, row = st.session_state.get(_FOCUS, (None, None))
    if source != made.source or row is None:
        return None
    found = np.flatnonzero(made.rows == row)
    return int(found[0]) if len(found) else None


def choose_colour(dataset: DataSet, made: MadeMap) -> Colouring:
    """Draw the choice of colour and give it."""
    columns = dataset.columns("category", "number", "time")
    chosen = widgets.choose_one("Colour by", [CLUSTER, TRUST, UNUSUAL, READ, *columns], key="text_map_colour")
    own = {
        TRUST: lambda: colour_by_number(made.projection.trust, title=TRUST, limits=(0, 1)),
        UNUSUAL: lambda: colour_by_number(
            made.unusual.percentile, title="unusual percentile", limits=(0, 100)
        ),
        READ: lambda: colour_by_number(made.read_share, title=READ, limits=(0, 1)),
        CLUSTER: lambda: colour_by_cluster(made.clusters),
    }
    if chosen in own and chosen not in columns:
        return own[chosen]()
    values = dataset.frame[chosen].iloc[made.rows]
    if dataset.roles[chosen].kind == "category":
        return colour_by_category(values, title=chosen)
    return colour_by_number(_numbers(values), title=chosen)


def choose_sizes(dataset: DataSet, made: MadeMap) -> np.ndarray | None:
    """Marker sizes by a number column's ranks, 3 to 14 pixels, or None for all alike."""
    chosen = widgets.choose_one("Size by", [NONE, *dataset.columns("number")], key="text_map_size")
    if chosen == NONE:
        return None
    values = pd.Series(_numbers(dataset.frame[chosen].iloc[made.rows]))
    return 3 + 11 * values.rank(pct=True).fillna(0).to_numpy()


def choose_filter(dataset: DataSet, made: MadeMap) -> np.ndarray | None:
    """Points that pass the filter, (n,) bool, or None without one; the others turn grey."""
    columns = dataset.columns("category", "number", "time")
    chosen = widgets.choose_one("Show only", ["all", CLUSTER, TRUST, *columns], key="text_map_filter")
    if chosen == "all":
        return None
    if chosen == CLUSTER:
        names = np.array([made.clusters.name_of(label) for label in made.clusters.labels], dtype=object)
        return _pick_values(pd.Series(names), "Clusters")
    if chosen == TRUST:
        return _pick_range(made.projection.trust, "Trust")
    values = dataset.frame[chosen].iloc[made.rows].reset_index(drop=True)
    if dataset.roles[chosen].kind == "category":
        return _pick_values(values.astype("string").fillna("(missing)"), "Values")
    return _pick_range(_numbers(values), "Range")


def _pick_values(values: pd.Series, label: str) -> np.ndarray | None:
    offered = values.value_counts().index[:200].tolist()
    picked = widgets.choose_columns(label, offered, key="text_map_filter_values", default=offered[:1])
    return values.isin(picked).to_numpy() if picked else None


def _pick_range(values: np.ndarray, label: str) -> np.ndarray | None:
    known = values[np.isfinite(values)]
    if not len(known) or known.min() == known.max():
        return None
    low, high = float(known.min()), float(known.max())
    start, end = st.slider(label, low, high, (low, high), key=f"text_map_range_{low}_{high}")
    return (values >= start) & (values <= end)


def _numbers(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = (values - pd.Timestamp(0)).dt.total_seconds() / 86_400
        return days.to_numpy(dtype=float)
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def search_box(made: MadeMap) -> Hits | None:
    """Draw the search and give what it finds."""
    query = st.text_input(
        "Search by meaning",
        key="text_map_query",
        bind="query-params",
        placeholder='a thought, "exact words"',
        disabled=made.source.uploaded is not None,
        help="Texts that mean something like it are found, whatever their words; words in quotes must occur.",
    )
    if not query.strip() or made.source.uploaded:
        return None
    vector = encoder_of(made.source).encode([query.replace('"', " ")], role="query")[0]
    return search_mixed(
        query,
        vector,
        made.projection.vectors,
        texts=made.texts,
        index=words_of(made.source, made.column),
        k=HITS,
    )


def emphasised(made: MadeMap, passed: np.ndarray | None, hits: Hits | None) -> np.ndarray | None:
    """Points in full colour: those found, else those selected, and of them those that pass the filter."""
    rows = passed
    selected = selected_of(made)
    chosen: np.ndarray | None = None
    if hits is not None:
        chosen = np.isin(np.arange(len(made.rows)), hits.rows)
    elif selected is not None:
        chosen = np.isin(made.rows, selected)
    if chosen is None:
        return rows
    return chosen if rows is None else chosen & rows


def draw_map(made: MadeMap, colouring: Colouring, sizes: np.ndarray | None, rows: np.ndarray | None) -> None:
    """The map; a lasso or box selects, a click shows a text with lines to its true neighbours."""
    placed, labels = placed_texts(made)
    figure = map_figure(
        made.projection,
        made.texts,
        made.rows,
        colouring=colouring,
        emphasis=Emphasis(rows, focus_of(made), placed, labels),
        clusters=made.clusters,
        sizes=sizes,
        hover=_hover_of(made.key, made),
    )
    state = widgets.chart(
        figure,
        key="text_map_chart",
        alt=f"Map of {len(made.texts):,} texts coloured by {colouring.title}; near points are texts of like "
        f"meaning, as far as two dimensions allow",
        select=("points", "box", "lasso"),
    )
    if state is not None:
        _take_selection(made, state)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _hover_of(key: tuple[object, ...], _made: MadeMap) -> np.ndarray:
    return hover_texts(_made.projection, _made.texts, _made.rows, _made.clusters)


def _take_selection(made: MadeMap, state: Any) -> None:
    """Keep what was selected: the chart forgets it as soon as its colours change."""
    picked = [_row(point.get("customdata")) for point in state["selection"]["points"]]
    rows = np.unique([row for row in picked if row is not None]).astype(int)
    if not len(rows):
        return
    areas = state["selection"].get("lasso") or state["selection"].get("box")
    if len(rows) == 1 and not areas:
        if focus_of(made) is None or made.rows[focus_of(made)] != rows[0]:
            st.session_state[_FOCUS] = (made.source, int(rows[0]))
            st.rerun()
        return
    kept = selected_of(made)
    if kept is None or not np.array_equal(kept, rows):
        st.session_state[_SELECTED] = (made.source, rows)
        st.rerun()


def _row(custom: Any) -> int | None:
    if isinstance(custom, (list, tuple)):
        custom = custom[0] if custom else None
    return None if custom is None else int(custom)


def select_rows(made: MadeMap, rows: np.ndarray) -> None:
    """Make these rows of the table the selection."""
    st.session_state[_SELECTED] = (made.source, np.asarray(rows, dtype=int))


def clear_selection() -> None:
    """Forget the selection and the clicked text."""
    st.session_state.pop(_SELECTED, None)
    st.session_state.pop(_FOCUS, None)


def set_focus(made: MadeMap, place: int) -> None:
    """Show this point as if it had been clicked."""
    st.session_state[_FOCUS] = (made.source, int(made.rows[place]))


def draw_focus(made: MadeMap) -> None:
    """The clicked text and its true neighbours, wherever the map put them."""
    focus = focus_of(made)
    if focus is None:
        st.caption(
            "Click a point to see its text and lines to its true neighbours. Lasso an area to study it."
        )
        return
    trust = made.projection.point_trust
    st.markdown(f"**Row {made.rows[focus] + 1:,}** · {plain(made.texts[focus], width=500)}")
    cluster = plain(made.clusters.name_of(made.clusters.labels[focus]))
    st.caption(
        f"{cluster} · the map keeps {trust.kept[focus]:.0%} of its {trust.k} true neighbours and tore "
        f"{trust.torn[focus]:.0%} away"
    )
    neighbors = made.projection.neighbors.nearest(10)
    near = neighbors.indices[focus]
    reach = np.linalg.norm(made.projection.points[near] - made.projection.points[focus], axis=1)
    frame = pd.DataFrame(
        {
            "similarity": 1 - neighbors.distances[focus],
            "text": [made.texts[place] for place in near],
            "row": made.rows[near] + 1,
            "distance on the map": reach,
        }
    )
    widgets.table(
        frame,
        key="text_map_neighbors_table",
        alt="The ten truly nearest texts",
        height=250,
        column_config={"similarity": st.column_config.NumberColumn(format="%.3f")},
    )
    _draw_links(made.texts[focus], made.texts[near[0]] if len(near) else None)


def _draw_links(text: str, nearest: str | None) -> None:
    from analytics.dashboard.encoder_walk import draw_links  # that page's code knows this one's

    draw_links(text, nearest, key="text_map_focus")


def want_texts() -> None:
    """Keep the lines of the form, so that they are placed on this map and on later ones."""
    lines = [line.strip() for line in st.session_state[NEW_TEXTS].splitlines()]
    st.session_state[_WANTED] = tuple(line for line in lines if line)[:MOST_NEW]


def placed_texts(made: MadeMap) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """New texts that were asked for, and where they lie on this map."""
    texts = st.session_state.get(_WANTED, ())
    if not texts or made.source.uploaded:
        return None, ()
    return place_texts(made.key, texts, made)[0], texts


@st.cache_resource(scope="session", max_entries=4, show_spinner="Placing the new texts")
def place_texts(
    key: tuple[object, ...], texts: tuple[str, ...], _made: MadeMap
) -> tuple[np.ndarray, pd.DataFrame]:
    """Positions of new texts, and a row for each with a warning where its position means little."""
    vectors = encoder_of(_made.source).encode(texts, role="document")
    points, percentile = _made.projection.transform(vectors)
    nearest, distance = nearest_to(vectors, _made.projection.vectors, k=1)
    frame = pd.DataFrame(
        {
            "text": texts,
            "nearest text": [_made.texts[place] for place in nearest[:, 0]],
            "similarity": 1 - distance[:, 0],
            "farther than": percentile / 100,
            "its place": [STRANGE if p >= STRANGE_FROM else "beside its like" for p in percentile],
        }
    )
    return points, frame
