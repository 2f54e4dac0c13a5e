"""The map itself: colours, filter, search, and the text that was clicked."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import state
from analytics.dashboard.pages.text_map.maps import MadeMap, encoder_of, words_of
from analytics.dashboard.pages.text_map.new_texts import placed_texts
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import watch_clicks
from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import DataSet
from analytics.figures.text_map.hover import hover_texts
from analytics.figures.text_map.looks import (
    Colouring,
    Emphasis,
    colour_by_category,
    colour_by_cluster,
    colour_by_number,
)
from analytics.figures.text_map.option import map_option
from analytics.figures.text_map.plots import HEIGHT, map_figure
from analytics.text import Hits, search, search_mixed
from analytics.text.quantities import quantity

CLUSTER, TRUST, TORN, FALSE = "cluster", "trust of the map", "torn neighbours", "false neighbours"
UNUSUAL, READ = "unusualness", "share that was read"
NONE = "none"
HITS = 30


def choose_colour(dataset: DataSet, made: MadeMap) -> Colouring:
    """Draw the choice of colour and give it."""
    columns = dataset.columns("category", "number", "time")
    own = _own_numbers(made)
    chosen = widgets.choose_one("Colour by", [CLUSTER, *own, *columns], key="text_map_colour")
    if chosen == CLUSTER and chosen not in columns:
        return colour_by_cluster(made.clusters)
    if chosen in own and chosen not in columns:
        values, limits = own[chosen]
        return colour_by_number(values, title=chosen, limits=limits)
    values = dataset.frame[chosen].iloc[made.rows]
    if dataset.roles[chosen].kind == "category":
        return colour_by_category(values, title=chosen)
    return colour_by_number(_numbers(values), title=chosen)


def _own_numbers(made: MadeMap) -> dict[str, tuple[np.ndarray, tuple[float, float]]]:
    """What the map itself says about every point, and the ends of its scale."""
    trust = made.projection.point_trust
    share = (0.0, 1.0)
    return {
        TRUST: (trust.kept, share),
        TORN: (trust.torn, share),
        FALSE: (trust.false, share),
        UNUSUAL: (made.unusual.percentile, (0.0, 100.0)),
        READ: (made.read_share, share),
    }


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
    own = _own_numbers(made)
    chosen = widgets.choose_one("Show only", ["all", CLUSTER, *own, *columns], key="text_map_filter")
    if chosen == "all":
        return None
    if chosen == CLUSTER and chosen not in columns:
        names = np.array([made.clusters.name_of(label) for label in made.clusters.labels], dtype=object)
        return _pick_values(pd.Series(names), "Clusters")
    if chosen in own and chosen not in columns:
        return _pick_range(own[chosen][0], chosen.capitalize())
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
    return quantity(values).floats()


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


def draw_map(
    made: MadeMap,
    colouring: Colouring,
    sizes: np.ndarray | None,
    hits: Hits | None,
    passed: np.ndarray | None,
) -> None:
    """The map; a lasso or box selects, a click shows a text with lines to its true neighbours."""
    placed, labels = placed_texts(made)
    emphasis = Emphasis(_emphasised(made, passed, hits), state.focus_of(made), placed, labels)
    hover = _hover_of(made.key, made)
    key = state.chart_key(made)
    alt = (
        f"Map of {len(made.texts):,} texts coloured by {colouring.title}; near points are texts of like "
        "meaning, as far as the map's dimensions allow"
    )
    with st.container(key="text_map_chart"):
        if made.projection.points.shape[1] == 3:
            figure = map_figure(
                made.projection,
                made.texts,
                made.rows,
                colouring=colouring,
                emphasis=emphasis,
                clusters=made.clusters,
                sizes=sizes,
                hover=hover,
            )
            widgets.chart(figure, key=f"{key}_3d", alt=alt)
            watch_clicks("text_map_chart", key="text_map_clicks", on_pick=partial(state.focus_row, made))
            return
        option = map_option(
            made.projection,
            colouring=colouring,
            hover=hover,
            drawn=state.drawn_places(made),
            emphasis=emphasis,
            clusters=made.clusters,
            sizes=sizes,
            inside=state.inside_places(made),
        )
        st.echarts_chart(option, key=key, height=HEIGHT, alt=alt, on_select="rerun")


def _emphasised(made: MadeMap, passed: np.ndarray | None, hits: Hits | None) -> np.ndarray | None:
    """Points in full colour: those found, else those selected, and of them those that pass the filter."""
    chosen: np.ndarray | None = None
    selected = state.selected_of(made)
    if hits is not None:
        chosen = np.isin(np.arange(len(made.rows)), hits.rows)
    elif selected is not None and not state.shown_by_chart(made):
        chosen = np.isin(made.rows, selected)
    if chosen is None:
        return passed
    return chosen if passed is None else chosen & passed


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _hover_of(key: tuple[object, ...], _made: MadeMap) -> np.ndarray:
    return hover_texts(_made.projection, _made.texts, _made.rows, _made.clusters)


def draw_focus(made: MadeMap) -> Hits | None:
    """The clicked text and its true neighbours, wherever the map put them; gives what is most like it."""
    focus = state.focus_of(made)
    if focus is None:
        st.caption(
            "Click a point to see its text and lines to its true neighbours. The lasso and the box at the "
            "map's upper right select an area; the wheel zooms."
            if made.projection.points.shape[1] == 2
            else "Click a point to see its text and lines to its true neighbours; drag to turn the map, the "
            "wheel zooms. The lasso and the box need two dimensions."
        )
        return None
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
    if st.toggle(f"Show the {HITS} texts most like it", key="text_map_like"):
        return search(made.projection.vectors[focus], made.projection.vectors, k=HITS)
    return None


def _draw_links(text: str, nearest: str | None) -> None:
    from analytics.dashboard.pages.encoder_walk.walk import draw_links  # that page's code knows this one's

    draw_links(text, nearest, key="text_map_focus")
