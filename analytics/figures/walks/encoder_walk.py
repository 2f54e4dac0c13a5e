"""Pictures of the encoder walk besides its matrices: ledger, token shares, heads, layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.figures.walks.attention import token_axis

_PATH_COLOUR = "#d55e00"


def shares(values: Mapping[str, np.ndarray], tokens: Sequence[str], *, title: str) -> go.Figure:
    """Bars per token, one colour per measure; each measure in per cent of its own sum of sizes."""
    figure = theme.base_figure(height=int(np.clip(130 + (14 + 12 * len(values)) * len(tokens), 300, 1600)))
    for index, (name, numbers) in enumerate(values.items()):
        figure.add_bar(
            y=list(range(len(tokens))),
            x=100 * numbers,
            orientation="h",
            name=theme.label(name),
            marker={"color": theme.colour_of(index)},
            customdata=[theme.label(token) for token in tokens],
            hovertemplate=f"%{{customdata}}<br>{theme.label(name)}: %{{x:.2f}}%<extra></extra>",
        )
    figure.update_layout(barmode="group", bargap=0.3, showlegend=len(values) > 1)
    figure.update_xaxes(title=theme.label(title), zeroline=True)
    figure.update_yaxes(**token_axis(tokens), autorange="reversed")
    return figure


def head_effects(cosine: float, random_cosines: np.ndarray) -> go.Figure:
    """1 - cosine for the chosen heads against as many random heads, on one line."""
    figure = theme.base_figure(height=150, x_title="change of the vector, 1 - cosine", legend=True)
    figure.add_scatter(
        x=1 - random_cosines,
        y=np.zeros(len(random_cosines)),
        mode="markers",
        name="as many random heads",
        marker={"size": 11, "color": theme.UNSELECTED, "opacity": 0.6},
        hovertemplate="random heads: %{x:.5f}<extra></extra>",
    )
    figure.add_scatter(
        x=[1 - cosine],
        y=[0],
        mode="markers",
        name="the heads you switched off",
        marker={"size": 15, "color": _PATH_COLOUR, "symbol": "diamond"},
        hovertemplate="your heads: %{x:.5f}<extra></extra>",
    )
    figure.update_yaxes(visible=False)
    figure.update_xaxes(rangemode="tozero")
    return figure


def layer_path(points: np.ndarray, path: np.ndarray, texts: Sequence[str]) -> go.Figure:
    """The sentence after each layer on the map of the open texts: ``points`` (n, 2), ``path`` (L + 1, 2)."""
    figure = theme.base_figure(height=520)
    figure.add_scattergl(
        x=points[:, 0],
        y=points[:, 1],
        mode="markers",
        name="open texts",
        marker={"size": 4, "color": theme.UNSELECTED, "opacity": 0.45},
        customdata=[theme.label(text, width=90) for text in texts],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=path[:, 0],
        y=path[:, 1],
        mode="lines+markers+text",
        name="this text, layer by layer",
        text=[str(layer) for layer in range(len(path))],
        textposition="top center",
        line={"color": _PATH_COLOUR, "width": 2},
        marker={"size": 9, "color": _PATH_COLOUR},
        hovertemplate="after layer %{text}<extra></extra>",
    )
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        axis.update(visible=False)
    figure.update_yaxes(scaleanchor="x")
    return figure


def layer_cosines(vectors: np.ndarray) -> go.Figure:
    """How close each layer's pooled vector is to the final one."""
    figure = theme.base_figure(
        height=240, x_title="layer (0: embeddings)", y_title="cosine to the final vector"
    )
    cosines = vectors @ vectors[-1]
    figure.add_scatter(
        x=np.arange(len(vectors)),
        y=cosines,
        mode="lines+markers",
        line={"color": theme.ACCENT},
        hovertemplate="layer %{x}: %{y:.4f}<extra></extra>",
    )
    figure.update_xaxes(dtick=1)
    figure.update_layout(showlegend=False)
    return figure
