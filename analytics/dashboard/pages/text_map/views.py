"""The map itself: colours, filter, search, and the text that was clicked."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from analytics.dashboard.pages.text_map import flat_map, state
from analytics.dashboard.pages.text_map.known import languages_of_all
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.pages.text_map.new_texts import placed_texts
from analytics.dashboard.parts import widgets
from analytics.dashboard.parts.drawings import watch_clicks
from analytics.dashboard.parts.markdown import count
from analytics.dashboard.server.datasets import DataSet
from analytics.figures import theme
from analytics.figures.text_map.looks import (
    LEGEND_FITS,
    Colouring,
    Emphasis,
    colour_by_category,
    colour_by_cluster,
    colour_by_number,
)
from analytics.figures.text_map.plots import map_figure
from analytics.tables.quantities import quantity
from analytics.text import Hits
from analytics.text.reading.languages import name_of

_LEGEND = "text_map_legend"
_MOST_OFFERED = 500
_CLUSTER, _TAG, _LANGUAGE, _DOCUMENT = "cluster", "tag", "language", "document"
_EVERYTHING, _ALL_ALIKE = "all", "none"


def choose_colour(dataset: DataSet, made: MadeMap) -> Colouring:
    """Draw the choice of colour and give it."""
    offered = colourings(dataset, made, lambda: languages_of_all(made.source, made.column))
    return offered[widgets.choose_one("Colour by", list(offered), key="text_map_colour")]()


def colourings(
    dataset: DataSet, made: MadeMap, languages: Callable[[], np.ndarray]
) -> dict[str, Callable[[], Colouring]]:
    """Everything that can colour the map, by its name; ``languages``: the code of each text's language."""
    offered: dict[str, Callable[[], Colouring]] = {_CLUSTER: lambda: colour_by_cluster(made.clusters)}
    if (made.tags != "").any():
        offered[_TAG] = lambda: colour_by_category(_tags(made), title=_TAG)
    offered[_LANGUAGE] = lambda: colour_by_category(_named(languages()), title=_LANGUAGE)
    if made.column.numbers is not None:
        offered[_DOCUMENT] = lambda: colour_by_category(_documents(made), title=_DOCUMENT)
    for name, (values, limits) in _own_numbers(made).items():
        offered[name] = partial(colour_by_number, values, title=name, limits=limits)
    for name in _columns(dataset):
        offered[name] = partial(_colour_by_column, dataset, made, name)
    return offered


def _tags(made: MadeMap) -> pd.Series:
    return pd.Series([tag or None for tag in made.tags], dtype="string")


def _documents(made: MadeMap) -> pd.Series:
    """The text that each passage is of, by its row."""
    return pd.Series([f"row {row + 1:,}" for row in made.file_rows.tolist()], dtype="string")


def _columns(dataset: DataSet) -> list[str]:
    """Columns that colour and filter the map; one that is called as the map's own numbers hides these."""
    return dataset.columns("category", "number", "time")


def _colour_by_column(dataset: DataSet, made: MadeMap, name: str) -> Colouring:
    values = dataset.frame[name].iloc[made.rows]
    if dataset.roles[name].kind == "category":
        return colour_by_category(values, title=name)
    return colour_by_number(_numbers(values), title=name)


def _own_numbers(made: MadeMap) -> dict[str, tuple[np.ndarray, tuple[float, float]]]:
    """What the map itself says about every point, and the ends of its scale."""
    trust = made.projection.point_trust
    share = (0.0, 1.0)
    return {
        "trust of the map": (trust.kept, share),
        "torn neighbours": (trust.torn, share),
        "false neighbours": (trust.false, share),
        "unusualness": (made.unusual.percentile, (0.0, 100.0)),
        "share that was read": (made.read_share, share),
    }


def _named(languages: np.ndarray) -> pd.Series:
    return pd.Series([name_of(code) for code in languages], dtype="string")


def choose_pointed(dataset: DataSet, column: str) -> pd.DataFrame:
    """Draw the choice of columns that the pointer shows below a text of ``column``; gives these columns."""
    others = [name for name in dataset.roles if name != column]
    chosen = widgets.choose_columns(
        "Columns shown at the pointer", others, key="text_map_pointed", default=[]
    )
    return dataset.frame[chosen]


def choose_sizes(dataset: DataSet, made: MadeMap) -> np.ndarray | None:
    """Marker sizes by a number column's ranks, 3 to 14 pixels, or None for all alike."""
    offered: dict[str, Callable[[], np.ndarray | None]] = {_ALL_ALIKE: lambda: None}
    for name in dataset.columns("number"):
        offered[name] = partial(_sizes_by_column, dataset, made, name)
    return offered[widgets.choose_one("Size by", list(offered), key="text_map_size")]()


def _sizes_by_column(dataset: DataSet, made: MadeMap, name: str) -> np.ndarray:
    values = pd.Series(_numbers(dataset.frame[name].iloc[made.rows]))
    return 3 + 11 * values.rank(pct=True).fillna(0).to_numpy()


def choose_filter(dataset: DataSet, made: MadeMap) -> np.ndarray | None:
    """Points that pass the filter, (n,) bool, or None without one; the others turn grey."""
    offered: dict[str, Callable[[], np.ndarray | None]] = {
        _EVERYTHING: lambda: None,
        _CLUSTER: lambda: _pick_clusters(made),
    }
    for name, (values, _) in _own_numbers(made).items():
        offered[name] = partial(_pick_range, values, name.capitalize())
    for name in _columns(dataset):
        offered[name] = partial(_pick_of_column, dataset, made, name)
    return offered[widgets.choose_one("Show only", list(offered), key="text_map_filter")]()


def draw_legend(colouring: Colouring) -> np.ndarray | None:
    """The values of a long legend with their colours, to be searched; gives the points of those chosen."""
    words = colouring.words
    if words is None or len(colouring.names) <= LEGEND_FITS:
        return None
    counts = pd.Series(words[words != ""]).value_counts()
    with st.container(width=280):
        chosen = widgets.choose_columns(
            f"Show only, of {len(counts):,} values",
            counts.index[:_MOST_OFFERED].tolist(),
            key=_LEGEND,
            default=[],
        )
    with st.popover("Legend", icon=":material/palette:"):
        st.html(_swatches(colouring, counts))
    return np.isin(words.astype(str), chosen) if chosen else None


def _swatches(colouring: Colouring, counts: pd.Series) -> str:
    """Every value with its colour and how many texts it has, as HTML in which nothing is live."""
    colours: dict[object, str] = {
        name: colouring.scale[2 * place][1] for place, name in enumerate(colouring.names)
    }
    lines = [
        f'<li><span style="color: {colours.get(value, theme.UNSELECTED)}" aria-hidden="true">&#9632;</span> '
        f"{html.escape(theme.shortened(value, width=40))} <small>{number:,}</small></li>"
        for value, number in counts.iloc[:_MOST_OFFERED].items()
    ]
    return f'<ul style="list-style: none; padding: 0; margin: 0">{"".join(lines)}</ul>'


def offer_passed(made: MadeMap, passed: np.ndarray | None) -> None:
    """A button that selects what passes the filter."""
    if passed is not None and passed.any():
        st.button(
            f"Select {count(int(passed.sum()), 'text')}",
            key="text_map_select_passed",
            icon=":material/select_all:",
            on_click=state.select_rows,
            args=(made, made.rows[passed]),
        )


def _pick_clusters(made: MadeMap) -> np.ndarray | None:
    names = np.array([made.clusters.name_of(label) for label in made.clusters.labels], dtype=object)
    return _pick_values(pd.Series(names), "Clusters")


def _pick_of_column(dataset: DataSet, made: MadeMap, name: str) -> np.ndarray | None:
    values = dataset.frame[name].iloc[made.rows].reset_index(drop=True)
    if dataset.roles[name].kind == "category":
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


def draw_map(
    made: MadeMap,
    colouring: Colouring,
    sizes: np.ndarray | None,
    hits: Hits | None,
    passed: np.ndarray | None,
    columns: pd.DataFrame,
) -> None:
    """The map; a lasso or box selects, a click shows a text with lines to its true neighbours."""
    placed, labels = placed_texts(made)
    emphasis = Emphasis(_emphasised(made, passed, hits), state.focus_of(made), placed, labels)
    alt = (
        f"Map of {count(len(made.texts), 'text')} coloured by {colouring.title}; near points are texts of "
        "like meaning, as far as the map's dimensions allow"
    )
    if colouring.words is not None:  # then the pointer tells the colour's value anyway
        columns = columns.drop(columns=colouring.title, errors="ignore")
    with st.container(key="text_map_chart"):
        if made.projection.points.shape[1] == 2:
            flat_map.draw_flat(made, colouring, sizes=sizes, emphasis=emphasis, columns=columns, alt=alt)
            return
        figure = map_figure(
            made.projection,
            made.texts,
            made.file_rows,
            colouring=colouring,
            emphasis=emphasis,
            clusters=made.clusters,
            sizes=sizes,
            hover=flat_map.hover_of(made, columns),
        )
        widgets.chart(figure, key=f"{state.chart_key(made)}_3d", alt=alt)
        watch_clicks("text_map_chart", key="text_map_clicks", on_pick=partial(state.focus_row, made))


def _emphasised(made: MadeMap, passed: np.ndarray | None, hits: Hits | None) -> np.ndarray | None:
    """Points in full colour: those found, else those selected, and of them those that pass the filter."""
    chosen: np.ndarray | None = None
    selected = state.selected_of(made)
    if hits is not None:
        chosen = np.isin(np.arange(len(made.rows)), hits.rows[hits.alike])
    elif selected is not None and not state.shown_by_chart(made):
        chosen = np.isin(made.rows, selected)
    if chosen is None:
        return passed
    return chosen if passed is None else chosen & passed
