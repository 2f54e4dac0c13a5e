"""The map of texts: colour, emphasis, cluster names, and lines to the true neighbours of a point."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.text.clusters import NOISE, Clusters
from analytics.text.projection import Projection

MOST_CATEGORIES = 8
MOST_NAMES = 12
NAME_SHARE = np.array([0.3, 0.05])
"""Width and height of a name as a share of the map."""
HEIGHT = 600
FAR = "#d55e00"
FAINT, FULL = 0.12, 0.85


@dataclass(frozen=True)
class Colouring:
    """A colour for each of n points.

    Attributes:
        title: what the colour means.
        values: (n,) float, a position on ``scale`` or a category's number; NaN where missing.
        scale: plotly colour scale over ``limits``.
        limits: values of the scale's two ends.
        names: the categories' names, where there are categories.
    """

    title: str
    values: np.ndarray
    scale: theme.Colorscale
    limits: tuple[float, float]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Emphasis:
    """Which points stand out.

    Attributes:
        rows: (n,) bool, the points in full colour; None means all.
        focus: a point whose true neighbours are joined to it.
        placed: (m, 2 or 3) positions of new texts, with their ``placed_labels``.
    """

    rows: np.ndarray | None = None
    focus: int | None = None
    placed: np.ndarray | None = None
    placed_labels: Sequence[str] = field(default=())


def colour_by_number(
    values: np.ndarray, *, title: str, limits: tuple[float, float] | None = None
) -> Colouring:
    """A sequential scale from the 2nd to the 98th percentile; a diverging one where both signs occur."""
    values = np.where(np.isfinite(values), values, np.nan).astype(float)
    known = values[np.isfinite(values)]
    if limits is None:
        low, high = np.quantile(known, [0.02, 0.98]) if len(known) else (0.0, 1.0)
        if low < 0 < high:
            reach = max(-low, high)
            return Colouring(title, values, theme.colorscale(theme.DIVERGING), (-reach, reach))
        limits = (float(low), float(high) if high > low else float(low) + 1)
    return Colouring(title, values, theme.colorscale(theme.SEQUENTIAL), limits)


def colour_by_category(values: pd.Series, *, title: str) -> Colouring:
    """The eight most frequent values in the project's colours, the others together in grey."""
    words = values.astype("string")
    frequent = words.value_counts().index[:MOST_CATEGORIES].tolist()
    position = {name: index for index, name in enumerate(frequent)}
    rest = len(frequent)
    mapped = words.map(lambda word: position.get(word, rest), na_action="ignore")
    codes = mapped.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    names = [str(name) for name in frequent]
    colours = [theme.colour_of(index) for index in range(rest)]
    if np.any(codes == rest):
        names, colours = [*names, "other"], [*colours, theme.UNSELECTED]
    return Colouring(title, codes, _steps(colours), (-0.5, len(colours) - 0.5), tuple(names))


def colour_by_cluster(clusters: Clusters) -> Colouring:
    """Colours repeat after the eighth cluster: names on the map tell them apart. Noise is grey."""
    labels = clusters.labels
    colours = [theme.colour_of(index) for index in range(MOST_CATEGORIES)]
    values = np.where(labels == NOISE, np.nan, labels % MOST_CATEGORIES).astype(float)
    return Colouring("cluster", values, _steps(colours), (-0.5, MOST_CATEGORIES - 0.5))


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
    missing = "noise" if colouring.title == "cluster" else "missing"
    for part, name in ((~known, missing), (known, colouring.title)):
        if part.any():
            figure.add_trace(_points(projection, part, name, colouring, emphasis, hover, rows, sizes))
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


def point_size(n: int) -> float:
    """Marker size that keeps n points apart, in pixels."""
    return float(np.clip(60 / np.sqrt(max(n, 1)) * 5, 2.5, 9))


def _steps(colours: Sequence[str]) -> theme.Colorscale:
    n = len(colours)
    return [(edge, colour) for i, colour in enumerate(colours) for edge in (i / n, (i + 1) / n)]


def _points(
    projection: Projection,
    part: np.ndarray,
    name: str,
    colouring: Colouring,
    emphasis: Emphasis,
    hover: np.ndarray,
    rows: np.ndarray,
    sizes: np.ndarray | None,
) -> go.Scattergl | go.Scatter3d:
    points = projection.points[part]
    size = point_size(len(projection.points)) if sizes is None else sizes[part]
    known = name == colouring.title
    marker: dict[str, Any] = {"size": size, "opacity": FULL, "color": theme.MISSING}
    if known:
        marker |= {
            "color": colouring.values[part],
            "colorscale": colouring.scale,
            "cmin": colouring.limits[0],
            "cmax": colouring.limits[1],
            "showscale": not colouring.names and colouring.title != "cluster",
            "colorbar": {"title": theme.label(colouring.title, width=24), "thickness": 12, "len": 0.6},
        }
    shared: dict[str, Any] = {
        "mode": "markers",
        "marker": marker,
        "text": hover[part],
        "customdata": rows[part],
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


def hover_texts(
    projection: Projection, texts: Sequence[str], rows: np.ndarray, clusters: Clusters | None
) -> np.ndarray:
    """What the pointer shows; shorter texts where there are many points, so that the page stays light."""
    width = 220 if len(texts) <= 5_000 else 110 if len(texts) <= 30_000 else 60
    trust = projection.trust
    lines = []
    for place, text in enumerate(texts):
        line = f"{_wrapped(text, width)}<br>row {rows[place] + 1:,}, trust {trust[place]:.0%}"
        if clusters:
            line += f", {theme.label(clusters.name_of(clusters.labels[place]), width=40)}"
        lines.append(line)
    return np.array(lines, dtype=object)


def _wrapped(text: str, width: int) -> str:
    """At most ``width`` characters on lines of about 55, made harmless for plotly."""
    words, lines, line = " ".join(text[: 2 * width].split())[:width].split(" "), [], ""
    for word in words:
        if line and len(line) + len(word) > 55:
            lines.append(line)
            line = ""
        line = f"{line} {word[:55]}".strip()
    more = "…" if len(text) > width else ""
    return "<br>".join(theme.label(part, width=120) for part in [*lines, line + more])


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
    k = projection.point_trust.k
    true = projection.neighbors.indices[focus, :k]
    distance = np.linalg.norm(projection.points - projection.points[focus], axis=1)
    reach = np.partition(distance, min(3 * k, len(distance) - 1))[min(3 * k, len(distance) - 1)]
    near = distance[true] <= reach
    for part, name, colour in (
        (true[near], "true neighbour, near on the map", theme.ACCENT),
        (true[~near], "true neighbour, far on the map", FAR),
    ):
        if len(part):
            _add_lines(figure, projection.points, focus, part, name, colour)
    here = projection.points[[focus]]
    _add_markers(
        figure, here, "this text", {"size": 15, "color": FAR, "symbol": "circle-open", "line": {"width": 3}}
    )


def _add_lines(
    figure: go.Figure, points: np.ndarray, focus: int, ends: np.ndarray, name: str, colour: str
) -> None:
    breaks = np.full((len(ends), points.shape[1]), np.nan)
    paths = np.stack([np.repeat(points[[focus]], len(ends), axis=0), points[ends], breaks], axis=1)
    paths = paths.reshape(-1, points.shape[1])
    shared: dict[str, Any] = {
        "mode": "lines",
        "line": {"color": colour, "width": 1.6},
        "name": f"{len(ends)} × {name}",
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
    marker = {"size": 13, "color": FAR, "symbol": "diamond", "line": {"width": 1.5, "color": "white"}}
    labels = [_wrapped(text, 160) for text in emphasis.placed_labels]
    _add_markers(figure, emphasis.placed, "new text", marker, labels)


def _name_clusters(figure: go.Figure, projection: Projection, clusters: Clusters) -> None:
    """Names of the largest clusters; a name that would cover another is left to the table below."""
    spans = np.maximum(np.ptp(projection.points, axis=0), 1e-9) * NAME_SHARE
    placed: list[np.ndarray] = []
    for label in range(min(len(clusters.sizes), MOST_NAMES)):
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
    import html

    drawing = figure.to_html(full_html=False, include_plotlyjs=True, config={"displaylogo": False})
    said = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title>"
        "<style>body{font:15px/1.5 sans-serif;margin:1.5rem auto;max-width:1200px;padding:0 1rem}</style>"
        f"</head><body><h1>{html.escape(title)}</h1>{drawing}{said}</body></html>"
    )
