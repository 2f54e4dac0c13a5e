"""How columns hang together, drawn: the matrix of all pairs, and one pair as scatter, boxes or mosaic."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.numbers.relations.columns import Levels
from analytics.numbers.relations.shapes import Box, Fit
from analytics.numbers.relations.words import signed
from analytics.words import count

MOST_DRAWN = 60
"""Columns of a matrix: with more no cell can be told from its neighbour."""
_DOTS = 4_000  # more hide each other
_BOXES, _MOSAIC = 20, 12
_NAMED = 0.03  # of the width: names below narrower bars lie upon each other
_COLOUR = theme.SEQUENTIAL[5]  # between the accents of the light and the dark theme
_ROOM = 26  # pixels a column takes


def relation_matrix(
    square: pd.DataFrame, order: Sequence[Hashable], *, measure: str = "measure"
) -> go.Figure:
    """The measure of every two columns as a heat map from -1 to 1; what is not known stays empty.

    An invisible mark on every cell takes clicks: its ``customdata`` are both places in ``order``.
    """
    names = list(order)[:MOST_DRAWN]
    values = square.loc[names, names].to_numpy()
    labels = theme.labels(names, width=22)
    places = np.arange(len(names))
    figure = theme.base_figure(height=150 + _ROOM * len(names), legend=False)
    hover = [
        [f"{theme.label(a)} and {theme.label(b)}<br>{measure}: {_shown(values[i, j])}"
         for j, b in enumerate(names)] for i, a in enumerate(names)
    ]  # fmt: skip
    figure.add_heatmap(
        x=places,
        y=places,
        z=values,
        zmin=-1,
        zmax=1,
        colorscale=theme.colorscale(theme.DIVERGING),
        colorbar={"thickness": 12, "len": 0.9},
        xgap=1,
        ygap=1,
        hoverinfo="skip",
    )
    rows, columns = (one.ravel() for one in np.meshgrid(places, places, indexing="ij"))
    figure.add_scatter(
        x=columns,
        y=rows,
        mode="markers",
        marker={"size": _ROOM - 6, "symbol": "square", "opacity": 0},
        customdata=np.column_stack([rows, columns]),
        text=[line for row in hover for line in row],
        hovertemplate="%{text}<extra></extra>",
    )
    axis = {"tickvals": places, "ticktext": labels, "showgrid": False, "range": [-0.5, len(names) - 0.5]}
    figure.update_xaxes(**axis, tickangle=-45 if len(names) > 4 else 0)
    figure.update_yaxes(**axis | {"range": [len(names) - 0.5, -0.5]})
    return figure


def pair_scatter(
    x: np.ndarray,
    y: np.ndarray,
    *,
    names: tuple[str, str],
    fit: Fit | None,
    middles: tuple[np.ndarray, np.ndarray],
    dates: tuple[bool, bool],
    rows: np.ndarray,
) -> go.Figure:
    """Points of two columns (n,) with the straight fit, its band, and the medians of groups of x.

    ``dates`` tells which of both are days since 1970; ``rows`` (n,) are the numbers shown on hover.
    """
    figure = theme.base_figure(height=420, x_title=names[0], y_title=names[1])
    known = np.flatnonzero(~np.isnan(x) & ~np.isnan(y))
    some = known if len(known) <= _DOTS else known[np.linspace(0, len(known) - 1, _DOTS).astype(np.intp)]

    def shown(values: np.ndarray, side: int) -> np.ndarray:
        return _days(values) if dates[side] else values

    figure.add_scattergl(
        x=shown(x[some], 0),
        y=shown(y[some], 1),
        mode="markers",
        marker={"size": 5, "color": _COLOUR, "opacity": 0.5},
        customdata=rows[some],
        hovertemplate="row %{customdata}<br>%{x}<br>%{y}<extra></extra>",
        name=count(len(known), "row") if len(some) == len(known) else f"{len(some):,} of {len(known):,} rows",
    )
    if fit is not None:
        across = shown(np.concatenate([fit.x, fit.x[::-1]]), 0)
        figure.add_scatter(
            x=across,
            y=shown(np.concatenate([fit.high, fit.low[::-1]]), 1),
            fill="toself",
            fillcolor="rgba(213,94,0,0.18)",
            line={"width": 0},
            hoverinfo="skip",
            name="95% band of the line",
        )
        figure.add_scatter(
            x=shown(fit.x, 0),
            y=shown(fit.middle, 1),
            mode="lines",
            line={"color": theme.CATEGORICAL[5], "width": 2},
            hoverinfo="skip",
            name="straight fit",
        )
    figure.add_scatter(
        x=shown(middles[0], 0),
        y=shown(middles[1], 1),
        mode="lines+markers",
        line={"color": theme.UNSELECTED, "width": 1.5, "dash": "dot"},
        marker={"size": 6},
        hovertemplate="medians of a group<br>%{x}<br>%{y}<extra></extra>",
        name="medians of groups",
    )
    return figure


def pair_boxes(found: Sequence[Box], *, names: tuple[str, str], date: bool) -> go.Figure:
    """A box of the number for each level of the category, the commonest levels first."""
    drawn = list(found)[:_BOXES]
    figure = theme.base_figure(
        height=max(300, 120 + 34 * len(drawn)), x_title=names[0], y_title=names[1], legend=False
    )
    called = theme.labels([box.name for box in drawn], width=26)
    for box, name in zip(drawn, called, strict=True):
        ends = np.array([*box.quartiles, *box.whiskers])
        q1, median, q3, low, high = _days(ends) if date else ends
        figure.add_box(
            y=[f"{name} ({box.n:,})"],
            q1=[q1],
            median=[median],
            q3=[q3],
            lowerfence=[low],
            upperfence=[high],
            orientation="h",
            line={"color": _COLOUR},
            fillcolor="rgba(55,150,165,0.3)",
        )
    if date:
        figure.update_xaxes(type="date")  # plotly guesses from x, and boxes of quartiles have none
    figure.update_yaxes(autorange="reversed")
    return figure


def pair_mosaic(counts: np.ndarray, first: Levels, second: Levels, *, names: tuple[str, str]) -> go.Figure:
    """Bars as wide as the levels of the first category are common, split by the second's shares."""
    counts, rows, columns = _cut(counts, first, second)
    widths = counts.sum(axis=1) / max(1, counts.sum())
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    lefts = np.cumsum(widths) - widths
    figure = theme.base_figure(height=420, x_title=names[0], y_title=f"Share of {names[1]}")
    legend = theme.labels(columns, width=24)
    for place, column in enumerate(columns):
        others = len(columns) < len(second.names) and place == len(columns) - 1
        colour = theme.UNSELECTED if others else theme.colour_of(place)
        figure.add_bar(
            x=lefts,
            y=shares[:, place],
            width=widths,
            offset=0,
            name=legend[place],
            marker={"color": colour, "line": {"width": 1, "color": "rgba(255,255,255,0.8)"}},
            customdata=[
                f"{theme.label(row)}, {theme.label(column)}<br>{count(int(counts[at, place]), 'row')}, "
                f"{shares[at, place]:.1%} of {theme.label(row, width=30)}"
                for at, row in enumerate(rows)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    named = widths >= _NAMED
    figure.update_xaxes(
        tickvals=(lefts + widths / 2)[named],
        ticktext=theme.labels([row for row, wide in zip(rows, named, strict=True) if wide], width=14),
        range=[0, 1],
    )
    figure.update_yaxes(range=[0, 1], tickformat=".0%")
    return figure


def _cut(counts: np.ndarray, first: Levels, second: Levels) -> tuple[np.ndarray, list[str], list[str]]:
    """The commonest levels of both, the rest together."""
    kept = [list(first.names), list(second.names)]
    merged = [max(0, levels.merged - 1) for levels in (first, second)]
    for axis in (0, 1):
        if counts.shape[axis] > _MOSAIC:
            head, tail = np.split(counts, [_MOSAIC - 1], axis=axis)
            counts = np.concatenate([head, tail.sum(axis=axis, keepdims=True)], axis=axis)
            left = len(kept[axis]) - _MOSAIC + 1 + merged[axis]
            kept[axis] = [*kept[axis][: _MOSAIC - 1], f"{left} others"]
    return counts, kept[0], kept[1]


def _days(values: np.ndarray) -> np.ndarray:
    """Days since 1970 as moments."""
    return (values * 86_400_000).astype("datetime64[ms]")


def _shown(value: float) -> str:
    return "not known" if np.isnan(value) else signed(value)
