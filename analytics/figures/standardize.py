"""Standardizing, drawn: columns before and after on common axes, and one cell in its column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from analytics.figures import theme
from analytics.words import value_text

_MOST_BINS = 80
_FAR = 12.0  # scores further out are counted in the last bar
MOST_DRAWN = 100_000  # values a shape is drawn from: more would not change a pixel
MOST_COLUMNS = 14
_ROW_HEIGHT = 46
_OWN_ROW_HEIGHT = 62  # with an axis under each
_SHAPE = theme.SEQUENTIAL[5]  # between the accents of the light and the dark theme
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outline:
    """The shape of one column on a common axis: bin middles (m,) and heights (m,), tallest 1.

    ``outside`` is the share of values beyond the axis.
    """

    middles: Floats
    heights: Floats
    outside: float


def thinned(values: Floats) -> Floats:
    """Every k-th value, so that at most ``MOST_DRAWN`` are left."""
    return values[:: max(1, -(-values.size // MOST_DRAWN))]


def common_axis(columns: Sequence[Floats], *, limit: float | None = None) -> tuple[float, float]:
    """Ends of one axis for all columns but the outermost thousandth of each, within +- ``limit``."""
    finite = [values[np.isfinite(values)] for values in columns]
    ends = [np.quantile(values, (0.001, 0.999)) for values in finite if values.size]
    if not ends:
        return 0.0, 1.0
    low, high = float(min(end[0] for end in ends)), float(max(end[1] for end in ends))
    if limit is not None:
        low, high = max(low, -limit), min(high, limit)
    room = 0.02 * (high - low) or 0.5
    return low - room, high + room


def outline(values: Floats, low: float, high: float) -> Outline:
    """Histogram of ``values`` (n,) on the axis, closed to 0 at both ends."""
    finite = values[np.isfinite(values)]
    inside = finite[(finite >= low) & (finite <= high)]
    spread = float(np.ptp(inside)) if inside.size else 0.0
    counts, edges = np.histogram(inside, bins=_bins(inside.size, spread / (high - low)), range=(low, high))
    middles = (edges[:-1] + edges[1:]) / 2
    heights = counts / max(1, counts.max())
    return Outline(
        np.concatenate([[low], middles, [high]]),
        np.concatenate([[0.0], heights, [0.0]]),
        1.0 - inside.size / max(1, finite.size),
    )


def _bins(n: int, share: float) -> int:
    """So many bins that the values, which span ``share`` of the axis, fill about 1.5 sqrt(n) of them."""
    return int(np.clip(1.5 * np.sqrt(n) / max(share, 0.01), 12, _MOST_BINS))


def before_and_after(
    before: Mapping[str, Floats],
    after: Mapping[str, Floats],
    *,
    limit: float | None = 6.0,
    common: bool = True,
    units: Mapping[str, str] | None = None,
) -> go.Figure:
    """Every column's shape, right on one axis of scores; left on one axis of values where they are
    ``common``, else each on an axis of its own in its unit."""
    names = list(before)[:MOST_COLUMNS]
    before, after = ({name: thinned(data[name]) for name in names} for data in (before, after))
    if not common:
        return _each_on_its_own(before, after, limit, units or {})
    figure = make_subplots(
        rows=1,
        cols=2,
        shared_yaxes=True,
        horizontal_spacing=0.03,
        subplot_titles=("Values", "Scores"),
    )
    base = theme.base_figure(height=136 + _ROW_HEIGHT * len(names), legend=False)
    figure.update_layout(base.layout)
    for side, data, bound in ((1, before, None), (2, after, limit)):
        low, high = common_axis([data[name] for name in names], limit=bound)
        for place, name in enumerate(reversed(names)):
            _add_shape(figure, outline(data[name], low, high), place, name, side)
        figure.update_xaxes(range=[low, high], col=side, zeroline=False, showgrid=True)
    if limit is not None:
        figure.add_vline(x=0, line={"color": theme.UNSELECTED, "width": 1, "dash": "dot"}, row=1, col=2)
    figure.update_yaxes(
        tickvals=[place + 0.3 for place in range(len(names))],
        ticktext=theme.labels(names, width=18)[::-1],
        range=[-0.15, len(names) - 0.02],
        showgrid=False,
    )
    figure.update_layout(margin={"t": 40 + theme.BAR}, hovermode="closest")
    figure.update_annotations(font_size=13)
    return figure


def _each_on_its_own(
    before: Mapping[str, Floats], after: Mapping[str, Floats], limit: float | None, units: Mapping[str, str]
) -> go.Figure:
    """A row of two panels for each column: its values with their own axis, its scores on the common one."""
    names = list(before)
    figure = make_subplots(
        rows=len(names),
        cols=2,
        horizontal_spacing=0.03,
        vertical_spacing=0.35 / len(names),
        subplot_titles=("Values", "Scores"),
    )
    figure.update_layout(theme.base_figure(height=116 + _OWN_ROW_HEIGHT * len(names), legend=False).layout)
    low_score, high_score = common_axis([after[name] for name in names], limit=limit)
    for row, name in enumerate(names, start=1):
        low, high = common_axis([before[name]])
        unit = units.get(name, "")
        for side, data, ends in ((1, before, (low, high)), (2, after, (low_score, high_score))):
            _add_shape(figure, outline(data[name], *ends), 0, name, side, row=row, unit=unit * (side == 1))
            figure.update_xaxes(range=ends, row=row, col=side, zeroline=False, showgrid=True)
            figure.update_xaxes(nticks=5, tickangle=0, row=row, col=side)  # a telephone would turn them
        if limit is not None:
            line = {"color": theme.UNSELECTED, "width": 1, "dash": "dot"}
            figure.add_vline(x=0, line=line, row=row, col=2)
        suffix = f" {theme.label(unit, width=12)}" if unit else ""
        figure.update_xaxes(row=row, col=1, tickfont={"size": 11}, ticksuffix=suffix, showticksuffix="last")
        figure.update_xaxes(row=row, col=1, showexponent="all")  # 50k and 100k, not 50 and 100k
        figure.update_xaxes(showticklabels=row == len(names), row=row, col=2)
        figure.update_yaxes(range=[-0.05, 1.0], showgrid=False, showticklabels=False, row=row)
        figure.update_yaxes(
            tickvals=[0.4], ticktext=[theme.label(name, width=18)], showticklabels=True, row=row, col=1
        )
    figure.update_layout(margin={"t": 40 + theme.BAR}, hovermode="closest")
    figure.update_annotations(font_size=13)
    return figure


def _add_shape(
    figure: go.Figure, shape: Outline, place: int, name: str, side: int, *, row: int = 1, unit: str = ""
) -> None:
    colour = _SHAPE
    hover = f"{theme.label(name)}<br>around %{{x:.4g}} {theme.label(unit, width=12)}".rstrip()
    if shape.outside:
        hover += f"<br>{shape.outside:.2%} of the values lie outside this axis"
    ground = np.full(shape.middles.size, float(place))
    common = {"x": shape.middles, "mode": "lines", "showlegend": False}
    figure.add_scatter(y=ground, line={"width": 0}, hoverinfo="skip", row=row, col=side, **common)
    figure.add_scatter(
        y=place + 0.86 * shape.heights,
        line={"width": 1.2, "color": colour, "shape": "linear"},
        fill="tonexty",
        fillcolor=_faded(colour),
        hovertemplate=hover + "<extra></extra>",
        row=row,
        col=side,
        **common,
    )


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.5)"


def cell_in_column(
    values: Floats, scores: Floats, *, value: float, score: float, column: str, normal: bool
) -> go.Figure:
    """Histogram of the scores of one column, the chosen cell marked, a normal curve beside it.

    Every finite score is in a bar: those beyond 12 (and beyond the chosen one) in the outermost.
    """
    finite = scores[np.isfinite(scores)]
    low, high = (
        (max(float(finite.min()), -_FAR), min(float(finite.max()), _FAR)) if finite.size else (0.0, 1.0)
    )
    low, high = min(low, score, -3.2 if normal else score), max(high, score, 3.2 if normal else score)
    counts, edges = np.histogram(np.clip(finite, low, high), bins=60, range=(low, high))
    middles, width = (edges[:-1] + edges[1:]) / 2, float(edges[1] - edges[0])
    figure = theme.base_figure(height=300, x_title=f"Score of {column}", y_title="Rows")
    told = _values_at(middles, values, scores)
    figure.add_bar(
        x=middles,
        y=counts,
        width=width,
        marker={"color": _SHAPE, "opacity": 0.8},
        name="Rows",
        customdata=told,
        hovertemplate="score %{x:.2f}, value about %{customdata:.4g}<br>rows: %{y:,}<extra></extra>",
    )
    if normal:
        grid = np.linspace(low, high, 200)
        curve = finite.size * width * np.exp(-np.square(grid) / 2) / np.sqrt(2 * np.pi)
        figure.add_scatter(
            x=grid,
            y=curve,
            mode="lines",
            name="Normal distribution",
            hoverinfo="skip",
            line={"color": theme.UNSELECTED, "dash": "dot", "width": 1.5},
        )
    figure.add_vline(
        x=score,
        line={"color": theme.CATEGORICAL[5], "width": 2.5},
        annotation={
            "text": theme.label(value_text(value)),
            "font": {"color": theme.CATEGORICAL[5], "size": 13},
        },
    )
    figure.update_layout(bargap=0)
    return figure


def _values_at(places: Floats, values: Floats, scores: Floats) -> Floats:
    """The value a score stands for, read off the column's own pairs."""
    values, scores = thinned(values), thinned(scores)
    known = np.isfinite(values) & np.isfinite(scores)
    order = np.argsort(scores[known])
    return np.interp(places, scores[known][order], values[known][order])
