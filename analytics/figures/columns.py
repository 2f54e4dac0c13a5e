"""One column drawn: its histogram, its commonest values, a calendar of its days, where it has no value."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.tables import Histogram

_SHAPE = theme.SEQUENTIAL[5]  # between the accents of the light and the dark theme
_HEIGHT = 260
_DAY_BY_DAY = 800
"""Days that are drawn one by one, in weeks; more are drawn by month."""
_MOST_YEARS = 120
_ANY = 1e-9  # of a stretch of rows: one cell without a value among a million is seen too
_FEW_BARS = 25  # whole numbers that each have a label
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def histogram(shape: Histogram, *, name: str, marks: Sequence[tuple[str, float]] = ()) -> go.Figure:
    """Bars of counts; ``marks`` are values such as the mean, drawn as lines with their names."""
    edges = shape.edges
    figure = theme.base_figure(height=_HEIGHT, x_title=name, y_title="rows", legend=False)
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=shape.counts,
        width=np.diff(edges),
        marker={"color": _SHAPE, "line": {"width": 0}},
        customdata=np.stack([edges[:-1], edges[1:]], axis=1),
        hovertemplate="%{customdata[0]:,.6g} to %{customdata[1]:,.6g}<br>rows: %{y:,}<extra></extra>",
    )
    inside = [(said, value) for said, value in marks if edges[0] <= value <= edges[-1]]
    for place, (said, value) in enumerate(inside):
        figure.add_vline(
            x=value,
            line={"color": theme.colour_of(5 if place else 0), "width": 1.5, "dash": "dot"},
            annotation={"text": theme.label(said), "font": {"size": 11}, "yshift": 6 - 13 * place},
        )
    if len(shape.counts) <= _FEW_BARS and np.all(np.diff(edges) == 1) and edges[0] % 1 == 0.5:
        figure.update_traces(width=0.85, hovertemplate="%{x:,}<br>rows: %{y:,}<extra></extra>")
        figure.update_xaxes(dtick=1)
    return figure


def time_histogram(shape: Histogram, *, name: str) -> go.Figure:
    """Bars of counts over moments, for more years than a calendar shows."""
    edges = shape.edges.astype("datetime64[s]")
    middles = edges[:-1] + (edges[1:] - edges[:-1]) // 2
    figure = theme.base_figure(height=_HEIGHT, x_title=name, y_title="rows", legend=False)
    figure.add_bar(
        x=middles.astype(str),
        y=shape.counts,
        marker={"color": _SHAPE},
        hovertemplate="around %{x}<br>rows: %{y:,}<extra></extra>",
    )
    figure.update_layout(bargap=0.04)
    return figure


def value_bars(values: Sequence[str], counts: Sequence[int], *, rows: int) -> go.Figure:
    """The commonest values as bars, the first one on top."""
    names = theme.labels(values, width=28)
    places = list(range(len(names)))
    figure = theme.base_figure(height=84 + 22 * len(names), x_title="rows", legend=False)
    figure.add_bar(
        x=list(counts),
        y=places,
        orientation="h",
        marker={"color": _SHAPE},
        text=[f"{n:,}" for n in counts],
        textangle=0,
        textposition="auto",
        customdata=[
            [theme.label(value, width=200), n / max(1, rows)] for value, n in zip(values, counts, strict=True)
        ],
        hovertemplate="%{customdata[0]}<br>rows: %{x:,} (%{customdata[1]:.2%})<extra></extra>",
    )
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed", showgrid=False)
    return figure


def calendar(days: np.ndarray, counts: np.ndarray) -> go.Figure | None:
    """How many rows fall on each day (d,), datetime64[D]: weeks by weekday, or years by month where many.

    Nothing where there are more years than can be told apart.
    """
    first, last = days.min(), days.max()
    if int((last - first).astype(int)) <= _DAY_BY_DAY:
        return _weeks(days, counts, first, last)
    years = last.astype("datetime64[Y]").astype(int) - first.astype("datetime64[Y]").astype(int) + 1
    return _months(days, counts, first, int(years)) if years <= _MOST_YEARS else None


def _weeks(days: np.ndarray, counts: np.ndarray, first: np.datetime64, last: np.datetime64) -> go.Figure:
    weekday = (days.astype(int) + 3) % 7  # 1970-01-01 was a Thursday
    monday = first - np.timedelta64((int(first.astype(int)) + 3) % 7, "D")
    weeks = int((last - monday).astype(int)) // 7 + 1
    all_days = monday + np.arange(7 * weeks)
    inside = (all_days >= first) & (all_days <= last)
    grid = np.where(inside, 0.0, np.nan).reshape(weeks, 7)
    grid[(days - monday).astype(int) // 7, weekday] = counts
    return _heat(
        grid.T,
        x=(monday + 7 * np.arange(weeks)).astype(str).tolist(),
        y=_WEEKDAYS,
        told=all_days.astype(str).reshape(weeks, 7).T,
        height=230,
        dates=True,
    )


def _months(days: np.ndarray, counts: np.ndarray, first: np.datetime64, years: int) -> go.Figure:
    months = days.astype("datetime64[M]").astype(int) + 1970 * 12
    start = int(first.astype("datetime64[Y]").astype(int)) + 1970
    grid = np.bincount(months - 12 * start, weights=counts, minlength=12 * years).reshape(years, 12)
    labels = [str(start + year) for year in range(years)]
    told = np.array([[f"{month} {year}" for month in _MONTHS] for year in labels])
    return _heat(grid, x=_MONTHS, y=labels, told=told, height=90 + max(10, min(22, 500 // years)) * years)


def _heat(
    grid: np.ndarray,
    *,
    x: Sequence[str],
    y: Sequence[str],
    told: np.ndarray,
    height: int,
    dates: bool = False,
) -> go.Figure:
    figure = theme.base_figure(height=height, legend=False)
    figure.add_heatmap(
        z=np.where(grid == 0, np.nan, grid),
        x=list(x),
        y=list(y),
        colorscale=theme.colorscale(theme.SEQUENTIAL),
        zmin=0,
        zmax=float(np.nanmax(grid)),
        xgap=1,
        ygap=1,
        customdata=told,
        hovertemplate="%{customdata}<br>rows: %{z:,}<extra></extra>",
        hoverongaps=False,
        colorbar={"title": "rows", "thickness": 12},
    )
    figure.update_yaxes(autorange="reversed", type="category", showgrid=False)
    figure.update_xaxes(type="date" if dates else "category", showgrid=False)
    return figure


def missing_strip(shares: np.ndarray, *, rows: int) -> go.Figure:
    """Where in the file cells have no value: the share in each stretch of rows, first row at the left."""
    edges = np.linspace(0, rows, len(shares) + 1)
    told = [f"rows {int(a) + 1:,} to {max(int(a) + 1, int(b)):,}" for a, b in pairwise(edges)]
    figure = theme.base_figure(height=84, legend=False)
    figure.add_heatmap(
        z=[shares],
        x=(edges[:-1] + edges[1:]) / 2 + 0.5,
        y=[""],
        zmin=0,
        zmax=1,
        colorscale=[(0.0, "rgba(138,138,138,0.15)"), (_ANY, "#f0b48c"), (1.0, theme.CATEGORICAL[5])],
        showscale=False,
        customdata=[told],
        hovertemplate="%{customdata}<br>without a value: %{z:.1%}<extra></extra>",
    )
    figure.update_yaxes(showticklabels=False, showgrid=False)
    figure.update_xaxes(showgrid=False, nticks=8, tickformat=",")
    figure.update_layout(margin={"t": 4, "b": 28})
    return figure
