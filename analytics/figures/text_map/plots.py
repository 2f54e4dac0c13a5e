"""The map of texts as a plotly figure: for three dimensions, and for the page that works offline."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.figures import offline_page as offline
from analytics.figures import theme
from analytics.figures.text_map.hover import hover_texts, with_values, wrapped
from analytics.figures.text_map.looks import (
    FAINT,
    FAR,
    FULL,
    PLACED,
    Colouring,
    Emphasis,
    colour_by_category,
    colour_by_cluster,
    colour_by_number,
    point_size,
)
from analytics.figures.text_map.true_neighbors import JoinedNeighbors, joined_neighbors
from analytics.text.projection import Projection
from analytics.text.topics.clusters import Clusters

_MOST_NAMES = 12
_NAME_SHARE = np.array([0.3, 0.05])
"""Width and height of a name as a share of the map."""
HEIGHT = 720

__all__ = [
    "Colouring",
    "Emphasis",
    "colour_by_category",
    "colour_by_cluster",
    "colour_by_number",
    "map_figure",
    "offline_page",
]


def map_figure(
    projection: Projection,
    texts: Sequence[str],
    rows: np.ndarray,
    *,
    colouring: Colouring,
    emphasis: Emphasis | None = None,
    clusters: Clusters | None = None,
    sizes: np.ndarray | None = None,
    hover: np.ndarray | None = None,
    height: int = HEIGHT,
) -> go.Figure:
    """The map; ``rows`` (n,) are the table's row numbers, carried as ``customdata`` for selections.

    ``hover`` are the ``hover_texts``; making them is most of the work, so a caller may keep them.
    """
    emphasis = emphasis or Emphasis()
    figure = theme.base_figure(height=height)
    known = np.isfinite(colouring.values)
    hover = hover_texts(projection, texts, rows, clusters) if hover is None else hover
    hover = np.array([_lines(text) for text in with_values(hover, colouring)], dtype=object)
    points = _Points(projection, colouring, emphasis, hover, rows, sizes)
    missing = colouring.missing
    for part, name in ((~known, missing), (known, colouring.title)):
        if part.any():
            figure.add_trace(_trace_of(points, part, name, known=part is known))
    for name, colour in _legend(colouring, missing, (~known).any()):
        figure.add_trace(_legend_entry(name, colour, projection.points.shape[1]))
    if emphasis.focus is not None:
        _join_neighbors(figure, projection, emphasis.focus)
    if emphasis.placed is not None and len(emphasis.placed):
        _add_placed(figure, emphasis)
    _set_axes(figure, projection)
    if clusters and projection.points.shape[1] == 2:
        _name_clusters(figure, projection, clusters)
    return figure


@dataclass(frozen=True)
class _Points:
    """All n points of the map, with what is shown of them."""

    projection: Projection
    colouring: Colouring
    emphasis: Emphasis
    hover: np.ndarray
    rows: np.ndarray
    sizes: np.ndarray | None


def _trace_of(every: _Points, part: np.ndarray, name: str, *, known: bool) -> go.Scattergl | go.Scatter3d:
    colouring, emphasis = every.colouring, every.emphasis
    points = every.projection.points[part]
    size = point_size(len(every.projection.points)) if every.sizes is None else every.sizes[part]
    marker: dict[str, Any] = {"size": size, "opacity": FULL, "color": theme.MISSING}
    if known:
        marker |= {
            "color": colouring.values[part],
            "colorscale": colouring.scale,
            "cmin": colouring.limits[0],
            "cmax": colouring.limits[1],
            "showscale": not colouring.names and not colouring.stepped,
            "colorbar": {"title": theme.label(colouring.title, width=24), "thickness": 12, "len": 0.6},
        }
    shared: dict[str, Any] = {
        "mode": "markers",
        "marker": marker,
        "text": every.hover[part],
        "customdata": every.rows[part],
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
        "name": theme.label(name),
    }
    if points.shape[1] == 3:
        return _points_3d(points, shared, part, emphasis)
    if emphasis.rows is not None:
        shared |= {
            "selectedpoints": np.flatnonzero(emphasis.rows[part]),
            "selected": {"marker": {"opacity": FULL}},
            "unselected": {"marker": {"opacity": FAINT, "color": theme.UNSELECTED}},
        }
    return go.Scattergl(x=points[:, 0], y=points[:, 1], **shared)


def _points_3d(
    points: np.ndarray, shared: dict[str, Any], part: np.ndarray, emphasis: Emphasis
) -> go.Scatter3d:
    """Plotly cannot dim points in three dimensions, so the others shrink instead."""
    marker = dict(shared["marker"])
    marker["size"] = np.asarray(marker["size"]) * 0.6
    if emphasis.rows is not None:
        marker["size"] = np.where(emphasis.rows[part], marker["size"], 1.0)
    return go.Scatter3d(x=points[:, 0], y=points[:, 1], z=points[:, 2], **{**shared, "marker": marker})


def _lines(text: str) -> str:
    """Plain text with line breaks, made harmless for plotly."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def _legend(colouring: Colouring, missing: str, any_missing: bool) -> list[tuple[str, str]]:
    entries = [(name, colouring.scale[2 * index][1]) for index, name in enumerate(colouring.names)]
    return [*entries, (missing, theme.MISSING)] if any_missing else entries


def _legend_entry(name: str, colour: str, dimensions: int) -> go.Scattergl | go.Scatter3d:
    shared: dict[str, Any] = {
        "mode": "markers",
        "marker": {"color": colour, "size": 9},
        "name": theme.label(name, width=28),
        "hoverinfo": "skip",
        "showlegend": True,
    }
    if dimensions == 3:
        return go.Scatter3d(x=[None], y=[None], z=[None], **shared)
    return go.Scattergl(x=[None], y=[None], **shared)


def _join_neighbors(figure: go.Figure, projection: Projection, focus: int) -> None:
    """Lines to the 15 true neighbours: solid where the map shows them near, orange where it tore them off."""
    for joined in joined_neighbors(projection, focus):
        _add_lines(figure, projection.points, focus, joined, FAR if joined.torn else theme.ACCENT)
    here = projection.points[[focus]]
    _add_markers(
        figure, here, "this text", {"size": 15, "color": FAR, "symbol": "circle-open", "line": {"width": 3}}
    )


def _add_lines(
    figure: go.Figure, points: np.ndarray, focus: int, joined: JoinedNeighbors, colour: str
) -> None:
    ends = joined.places
    breaks = np.full((len(ends), points.shape[1]), np.nan)
    paths = np.stack([np.repeat(points[[focus]], len(ends), axis=0), points[ends], breaks], axis=1)
    paths = paths.reshape(-1, points.shape[1])
    shared: dict[str, Any] = {
        "mode": "lines",
        "line": {"color": colour, "width": 1.6},
        "name": joined.name,
        "hoverinfo": "skip",
    }
    if points.shape[1] == 3:
        figure.add_scatter3d(x=paths[:, 0], y=paths[:, 1], z=paths[:, 2], **shared)
    else:
        figure.add_scattergl(x=paths[:, 0], y=paths[:, 1], **shared)


def _add_markers(
    figure: go.Figure,
    points: np.ndarray,
    name: str,
    marker: dict[str, Any],
    text: Sequence[str] | None = None,
) -> None:
    shared: dict[str, Any] = {"mode": "markers", "marker": marker, "name": name}
    shared |= {"text": text, "hovertemplate": "%{text}<extra></extra>"} if text else {"hoverinfo": "skip"}
    if points.shape[1] == 3:
        figure.add_scatter3d(x=points[:, 0], y=points[:, 1], z=points[:, 2], **shared)
    else:
        figure.add_scatter(x=points[:, 0], y=points[:, 1], **shared)


def _add_placed(figure: go.Figure, emphasis: Emphasis) -> None:
    assert emphasis.placed is not None
    marker = {"size": 13, "color": PLACED, "symbol": "diamond", "line": {"width": 1.5, "color": "white"}}
    labels = [_lines(wrapped(text, 160)) for text in emphasis.placed_labels]
    _add_markers(figure, emphasis.placed, "new text", marker, labels)


def _name_clusters(figure: go.Figure, projection: Projection, clusters: Clusters) -> None:
    """Names of the largest clusters; a name that would cover another is left to the table below."""
    spans = np.maximum(np.ptp(projection.points, axis=0), 1e-9) * _NAME_SHARE
    placed: list[np.ndarray] = []
    for label in range(min(len(clusters.sizes), _MOST_NAMES)):
        place = np.median(projection.points[clusters.labels == label], axis=0)
        if any((np.abs(place - other) < spans).all() for other in placed):
            continue
        placed.append(place)
        figure.add_annotation(
            x=float(place[0]),
            y=float(place[1]),
            text=theme.label(clusters.names[label], width=30),
            showarrow=False,
            font={"size": 11, "color": "#10262c"},
            bgcolor="rgba(255,255,255,0.78)",
            borderpad=2,
        )


def _set_axes(figure: go.Figure, projection: Projection) -> None:
    """A UMAP axis has no meaning of its own, so it has no numbers; a principal one says what it explains."""
    hidden = {"showgrid": False, "showticklabels": False, "zeroline": False}
    titles = ["", "", ""]
    if projection.parameters.method == "pca":
        titles = [
            f"component {i + 1} ({share:.0%} of the variance)"
            for i, share in enumerate(projection.axes.variance_share)
        ]
    if projection.points.shape[1] == 3:
        names = ("xaxis", "yaxis", "zaxis")
        figure.update_layout(
            scene={name: {**hidden, "title": title} for name, title in zip(names, titles, strict=False)}
        )
        return
    figure.update_xaxes(title=titles[0], **hidden)
    figure.update_yaxes(title=titles[1], **hidden)
    figure.update_layout(dragmode="lasso")


def offline_page(figure: go.Figure, *, title: str, notes: Sequence[str]) -> str:
    """The map as one HTML file that needs no network: plotly itself is inside (about 5 MB)."""
    said = [offline.paragraph(note) for note in notes]
    return offline.page(title, [offline.heading(title, 1), offline.drawn(figure), *said])
