"""Attention as pictures: one head, all heads, four readings of one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme

TICKS = 40
CLICKABLE_CELLS = 5000
WRITTEN_COLUMNS, WRITTEN_ROWS = 12, 40
SMALL_SIDE = 48

READING_NAMES = {
    "weight": "weight",
    "adds": "what it adds",
    "without_value": "removing its value changes",
    "masked": "masking it changes",
}


def token_axis(tokens: Sequence[str], *, title: str = "") -> dict[str, Any]:
    """Numbered ticks with the tokens' text: equal tokens stay apart, and long texts show every k-th."""
    step = max(1, -(-len(tokens) // TICKS))
    places = list(range(0, len(tokens), step))
    return {
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [theme.label(tokens[place], width=16) for place in places],
        "title": theme.label(title),
        "showgrid": False,
    }


def square(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    name: str,
    limits: tuple[float, float] | None = None,
    row_title: str = "looks",
    column_title: str = "is looked at",
) -> go.Figure:
    """A (rows, columns) matrix between tokens; ``limits`` fix the colour scale, else it is centred at 0.

    An invisible point on every cell makes cells clickable, because heat maps report no clicks; its
    customdata are row and column.
    """
    figure = theme.base_figure(height=_height(len(rows)), legend=False)
    clickable = values.size <= CLICKABLE_CELLS
    figure.add_heatmap(
        z=values,
        colorbar=colour_bar(name),
        hoverinfo="skip" if clickable else "z",
        texttemplate=_written(values),
        **_colours(values, limits),
    )
    if clickable:
        add_cell_marks(figure, values, rows, columns, theme.label(name))
    figure.update_xaxes(**token_axis(columns, title=column_title), side="top", tickangle=-60)
    figure.update_yaxes(**token_axis(rows, title=row_title), autorange="reversed")
    return figure


def _written(values: np.ndarray) -> str | None:
    """How the numbers of a small matrix are written into its cells; None where there is no room."""
    rows, columns = values.shape
    if columns > WRITTEN_COLUMNS or rows > WRITTEN_ROWS:
        return None
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    return f"%{{z:.{3 if 0 < largest < 0.1 else 2}f}}"


def add_cell_marks(
    figure: go.Figure,
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    name: str,
    *,
    first_x: int = 0,
) -> None:
    """Invisible points on the cells of a heat map that report clicks and hold the hover.

    ``customdata`` begins with row and column, from 0; ``first_x`` is the x of the first column.
    """
    row, column = np.divmod(np.arange(values.size), values.shape[1])
    row_names, column_names = (np.array([theme.label(t) for t in part], object) for part in (rows, columns))
    cells = np.column_stack([row, column, row_names[row], column_names[column], values.ravel()])
    hover = f"%{{customdata[2]}} → %{{customdata[3]}}<br>{name} %{{customdata[4]:.5g}}<extra></extra>"
    _add_marks(figure, column + first_x, row, cells, hover=hover)


def _add_marks(
    figure: go.Figure, x: np.ndarray, y: np.ndarray, customdata: np.ndarray, *, hover: str
) -> None:
    """Points without a mark: empty texts can be clicked as markers can, and put no element on the page.

    Without a limit to the hover's distance, the point next to the pointer is that of the cell it is in.
    """
    figure.add_scatter(
        x=x, y=y, mode="text", text="", customdata=customdata, hovertemplate=hover, showlegend=False
    )
    figure.update_layout(hovermode="closest", hoverdistance=-1)


def _colours(values: np.ndarray, limits: tuple[float, float] | None) -> dict[str, Any]:
    if limits is not None:
        return {"colorscale": theme.colorscale(theme.SEQUENTIAL), "zmin": limits[0], "zmax": limits[1]}
    limit = signed_limit(values)
    return {"colorscale": theme.colorscale(theme.DIVERGING), "zmin": -limit, "zmax": limit}


def colour_bar(title: str) -> dict[str, Any]:
    """A thin colour bar with its title beside it."""
    return {"thickness": 10, "title": {"text": theme.label(title), "side": "right"}}


def signed_limit(values: np.ndarray) -> float:
    """Half width of a scale centred at 0: the 99th percentile of sizes, so that one giant hides nothing."""
    finite = np.abs(values[np.isfinite(values)])
    return float(np.quantile(finite, 0.99)) or 1.0 if finite.size else 1.0


def _height(rows: int) -> int:
    return int(np.clip(160 + 26 * rows, 300, 720))


def all_heads(attention: np.ndarray) -> go.Figure:
    """Every layer (rows) and head (columns) as a small picture, weights 0 to 1 on one fixed scale.

    ``attention`` (L, H, T, T); texts beyond SMALL_SIDE tokens are shrunk by averaging blocks of cells.
    """
    layers, heads = attention.shape[:2]
    small = shrink(attention, SMALL_SIDE)
    side = small.shape[-1] + 1
    sheet = np.full((layers * side, heads * side), np.nan, dtype=np.float32)
    for layer in range(layers):
        for head in range(heads):
            sheet[layer * side : layer * side + side - 1, head * side : head * side + side - 1] = small[
                layer, head
            ]
    figure = theme.base_figure(height=90 * layers + 60, legend=False)
    figure.add_heatmap(
        z=sheet,
        hoverinfo="skip",
        colorbar=colour_bar("weight"),
        **_colours(sheet, (0.0, 1.0)),
    )
    middle = side / 2 - 1
    _add_head_marks(figure, layers, heads, side)
    figure.update_xaxes(
        tickvals=[head * side + middle for head in range(heads)],
        ticktext=[str(head + 1) for head in range(heads)],
        title="head",
        showgrid=False,
        side="top",
    )
    figure.update_yaxes(
        tickvals=[layer * side + middle for layer in range(layers)],
        ticktext=[str(layer + 1) for layer in range(layers)],
        title="layer",
        autorange="reversed",
        showgrid=False,
    )
    return figure


def _add_head_marks(figure: go.Figure, layers: int, heads: int, side: int) -> None:
    layer, head = np.divmod(np.arange(layers * heads), heads)
    middle = side / 2 - 1
    hover = "layer %{customdata[0]}, head %{customdata[1]}<br>click to open<extra></extra>"
    # Numbers alone would be sent packed, and a click would bring them back as something else than a list.
    customdata = np.column_stack([layer + 1, head + 1]).astype(object)
    _add_marks(figure, head * side + middle, layer * side + middle, customdata, hover=hover)


def shrink(attention: np.ndarray, side: int) -> np.ndarray:
    """(L, H, T, T) with blocks of cells averaged so that T is at most ``side``."""
    count = attention.shape[-1]
    if count <= side:
        return attention
    edges = np.linspace(0, count, side + 1).astype(int)
    sizes = np.diff(edges)
    rows = np.add.reduceat(attention, edges[:-1], axis=-2) / sizes[:, None]
    return np.add.reduceat(rows, edges[:-1], axis=-1) / sizes


def readings(shares: Mapping[str, np.ndarray], tokens: Sequence[str]) -> go.Figure:
    """Four readings of one position's edges, as shares over the tokens, side by side."""
    figure = theme.base_figure(height=int(np.clip(140 + 34 * len(tokens), 320, 1400)))
    for index, (name, values) in enumerate(shares.items()):
        figure.add_bar(
            y=list(range(len(tokens))),
            x=100 * values,
            orientation="h",
            name=READING_NAMES[name],
            marker={"color": theme.colour_of(index)},
            customdata=[theme.label(token) for token in tokens],
            hovertemplate=f"%{{customdata}}<br>{READING_NAMES[name]}: %{{x:.1f}} %<extra></extra>",
        )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(title="share over all tokens, %")
    figure.update_yaxes(**token_axis(tokens), autorange="reversed")
    return figure
