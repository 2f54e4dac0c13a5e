"""The flat map as an Apache ECharts option, for browsers that lack WebGL: data for ``st.echarts_chart``.

Of Streamlit's charts with a lasso, ECharts was the quickest to answer a selection among 100,000 points
(benchmarks/drawing.py); it sends the points as Arrow and keeps a drawn region when the colours change.
"""

from typing import Any

import numpy as np
import pandas as pd

from analytics.figures import theme
from analytics.figures.text_map.hover import with_values, wrapped
from analytics.figures.text_map.looks import (
    FAINT,
    FAR,
    FULL,
    LEGEND_FITS,
    NEAR,
    PLACED,
    Colouring,
    Emphasis,
    point_size,
)
from analytics.figures.text_map.true_neighbors import joined_neighbors
from analytics.text.projection import Projection
from analytics.text.topics.clusters import Clusters
from analytics.text.topics.names import short_names

_MOST_NAMES = 40
POINTS = "points"
"""Id of the series whose items are the texts."""
INSIDE = "inside"
"""Id of the unseen series over a drawn region; item i is ``inside[i]``."""

Option = dict[str, Any]


def map_option(
    projection: Projection,
    *,
    colouring: Colouring,
    hover: np.ndarray,
    drawn: np.ndarray,
    emphasis: Emphasis | None = None,
    clusters: Clusters | None = None,
    sizes: np.ndarray | None = None,
    inside: np.ndarray | None = None,
) -> Option:
    """The map of the points ``drawn`` (m,), places among the projection's n; item i is ``drawn[i]``.

    ``hover`` are the ``hover_texts`` (n,). Names of clusters give way where they would cover each other.
    ``inside`` are places within a drawn region: Streamlit tells a click on a point of the region from the
    region only where the click falls on another series.
    """
    emphasis = emphasis or Emphasis()
    about = [*_neighbor_lines(projection, emphasis.focus), *_placed(emphasis)]
    tables = [{"source": _table(projection, colouring, hover, drawn, emphasis, sizes)}]
    clickable = []
    if inside is not None:
        x, y = projection.points[inside].T
        tables.append({"source": pd.DataFrame({"x": x, "y": y, "text": hover[inside]})})
        clickable.append(_unseen(len(projection.points)))
    return {
        "animation": False,
        "grid": {"left": 36, "right": 36, "top": 52, "bottom": 28 if _titled(projection) else 8},
        "dataset": tables,
        # The colour comes last: a map without one of its own paints in the theme's, and the last one counts.
        "visualMap": [*_other_maps(emphasis, sizes), _colour_map(colouring)],
        "legend": {"show": bool(about), "bottom": 0, "left": "center", "data": [s["name"] for s in about]},
        "tooltip": {"confine": True, "extraCssText": "white-space: pre-wrap; max-width: 26rem"},
        "toolbox": {"right": 8, "top": 8, "itemSize": 18, "itemGap": 12, "feature": _tools()},
        "brush": {
            "brushMode": "single",
            # A region that can be dragged would catch the clicks on its points.
            "transformable": False,
            "xAxisIndex": "all",
            "yAxisIndex": "all",
            "seriesIndex": 0,
            "throttleType": "debounce",
            "throttleDelay": 120,
            "outOfBrush": {"colorAlpha": FAINT},
        },
        "dataZoom": [_zoom(xAxisIndex=0), _zoom(yAxisIndex=0)],
        "xAxis": _axis(projection, 0),
        "yAxis": _axis(projection, 1),
        "series": [_points(len(projection.points)), *clickable, *about, *_names(projection, clusters)],
    }


def _table(
    projection: Projection,
    colouring: Colouring,
    hover: np.ndarray,
    drawn: np.ndarray,
    emphasis: Emphasis,
    sizes: np.ndarray | None,
) -> pd.DataFrame:
    """What the browser gets for every point drawn; a missing colour lies below the scale."""
    low, high = _ends(colouring)
    values = np.clip(colouring.values[drawn], low, high)
    columns: dict[str, object] = {
        "x": projection.points[drawn, 0],
        "y": projection.points[drawn, 1],
        "colour": np.where(np.isfinite(values), values, low - (high - low) - 1).astype(np.float32),
        "text": with_values(hover, colouring)[drawn],
    }
    if emphasis.rows is not None:
        columns["stands_out"] = emphasis.rows[drawn].astype(np.uint8)
    if sizes is not None:
        columns["size"] = sizes[drawn].astype(np.float32)
    return pd.DataFrame(columns)


def _ends(colouring: Colouring) -> tuple[float, float]:
    """The scale's ends as the browser's numbers, so that a value at an end does not fall beyond it."""
    return float(np.float32(colouring.limits[0])), float(np.float32(colouring.limits[1]))


def _points(n: int) -> Option:
    return {
        "id": POINTS,
        "name": POINTS,
        "type": "scatter",
        "symbolSize": point_size(n),
        "progressive": 0,
        "encode": {"x": "x", "y": "y", "itemName": "text", "tooltip": "text"},
        "itemStyle": {"opacity": FULL},
        "selectedMode": "single",
        "select": {"itemStyle": {"borderColor": FAR, "borderWidth": 3}},
        "tooltip": {"formatter": "{b}"},
    }


def _unseen(n: int) -> Option:
    return _points(n) | {
        "id": INSIDE,
        "name": INSIDE,
        "datasetIndex": 1,
        "itemStyle": {"opacity": 0},
        "select": {"itemStyle": {"opacity": 0}},
        "emphasis": {"itemStyle": {"opacity": 0}},
        "z": 3,
    }


def _colour_map(colouring: Colouring) -> Option:
    shared: Option = {
        "seriesIndex": 0,
        "dimension": "colour",
        "outOfRange": {"color": theme.MISSING},
        "orient": "horizontal",
        "left": 0,
        "top": 4,
        "hoverLink": False,
    }
    if not colouring.stepped:
        low, high = _ends(colouring)
        colours = [colour for _, colour in colouring.scale]
        return shared | {
            "type": "continuous",
            "min": low,
            "max": high,
            "text": [f"{high:,.4g}", f"{low:,.4g}"],
            "itemWidth": 12,
            "itemHeight": 160,
            "inRange": {"color": colours},
        }
    steps = [colour for _, colour in colouring.scale[::2]]
    pieces = [
        {"value": i, "color": colour, "label": theme.shortened(name, width=28)}
        for i, (colour, name) in enumerate(zip(steps, colouring.names or [""] * len(steps), strict=True))
    ]
    return shared | {
        "type": "piecewise",
        "pieces": pieces,
        "show": 0 < len(colouring.names) <= LEGEND_FITS,
        "selectedMode": False,
        "itemSymbol": "circle",
        "right": 90,
    }


def _other_maps(emphasis: Emphasis, sizes: np.ndarray | None) -> list[Option]:
    """Opacity by what stands out, and size by a column; neither needs a key of its own."""
    maps: list[Option] = []
    hidden: Option = {"type": "continuous", "seriesIndex": 0, "show": False}
    if emphasis.rows is not None:
        maps.append(
            hidden | {"dimension": "stands_out", "min": 0, "max": 1, "inRange": {"opacity": [FAINT, FULL]}}
        )
    if sizes is not None:
        ends = [float(sizes.min()), float(sizes.max())]
        maps.append(
            hidden | {"dimension": "size", "min": ends[0], "max": ends[1], "inRange": {"symbolSize": ends}}
        )
    return maps


def _neighbor_lines(projection: Projection, focus: int | None) -> list[Option]:
    """Lines to the 15 true neighbours: teal where the map shows them near, orange where it tore them off."""
    if focus is None:
        return []
    points = projection.points
    here = points[focus].tolist()
    lines = [
        {
            "name": joined.name,
            "type": "lines",
            "coordinateSystem": "cartesian2d",
            "silent": True,
            "z": 4,
            "lineStyle": {"color": FAR if joined.torn else NEAR, "width": 1.6, "opacity": 0.9},
            "itemStyle": {"color": FAR if joined.torn else NEAR},
            "data": [{"coords": [here, points[end].tolist()]} for end in joined.places],
        }
        for joined in joined_neighbors(projection, focus)
    ]
    ring = {
        "name": "this text",
        "type": "scatter",
        "silent": True,
        "z": 5,
        "symbolSize": 16,
        "itemStyle": {"color": "transparent", "borderColor": FAR, "borderWidth": 3},
        "data": [here],
    }
    return [*lines, ring]


def _placed(emphasis: Emphasis) -> list[Option]:
    if emphasis.placed is None or not len(emphasis.placed):
        return []
    items = [
        {"value": point.tolist(), "name": wrapped(text, 160)}
        for point, text in zip(emphasis.placed, emphasis.placed_labels, strict=True)
    ]
    style = {"color": PLACED, "borderColor": "white", "borderWidth": 1.5}
    shape: Option = {"type": "scatter", "symbol": "diamond", "symbolSize": 15, "itemStyle": style, "z": 6}
    return [shape | {"name": "new text", "data": items, "tooltip": {"formatter": "{b}"}}]


def _names(projection: Projection, clusters: Clusters | None) -> list[Option]:
    """Names of clusters, the largest first, each at the middle of its points."""
    if clusters is None:
        return []
    items = []
    names = short_names(clusters.names)  # what fits on a map
    for label in range(min(len(clusters.sizes), _MOST_NAMES)):
        middle = np.median(projection.points[clusters.labels == label], axis=0)
        items.append({"value": middle.tolist(), "name": theme.shortened(names[label], width=28)})
    label_style = {
        "show": True,
        "formatter": "{b}",
        "fontSize": 12,
        "opacity": 1,
        "color": "#10262c",
        "backgroundColor": "rgba(255,255,255,0.82)",
        "borderRadius": 3,
        "padding": [2, 4],
    }
    return [
        {
            "name": "names of clusters",
            "type": "scatter",
            "silent": True,
            "symbolSize": 1,
            "itemStyle": {"color": "transparent"},
            "z": 7,
            "label": label_style,
            "labelLayout": {"hideOverlap": True},
            "data": items,
        }
    ]


def _tools() -> Option:
    titles = {"polygon": "Lasso", "rect": "Box", "clear": "Clear the selection"}
    return {"brush": {"type": ["polygon", "rect", "clear"], "title": titles}, "restore": {"show": False}}


def _zoom(**axis: int) -> Option:
    """The wheel alone scrolls the page."""
    return {"type": "inside", "zoomOnMouseWheel": "ctrl", **axis}


def _titled(projection: Projection) -> bool:
    return projection.parameters.method == "pca"


def _axis(projection: Projection, number: int) -> Option:
    """A UMAP axis has no meaning of its own, so it is not drawn; a principal one says what it explains."""
    values = projection.points[:, number]
    margin = max(float(np.ptp(values)) * 0.03, 1e-6)
    ends = {"min": float(values.min()) - margin, "max": float(values.max()) + margin}
    if not _titled(projection):
        return ends | {"type": "value", "show": False}
    share = projection.axes.variance_share[number]
    return ends | {
        "type": "value",
        "name": f"component {number + 1} ({share:.0%} of the variance)",
        "nameLocation": "middle",
        "nameGap": 8,
        "axisLabel": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"show": False},
    }
