"""One column of two files, drawn: its values before and now on one axis, or the shares of its levels."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.figures import theme

_BINS, _LEVELS = 40, 20
_SIDES = (("before", theme.UNSELECTED), ("now", theme.SEQUENTIAL[5]))


def value_shares(before: np.ndarray, now: np.ndarray, *, name: str) -> go.Figure:
    """Shares of the values of both files in the same bins; numbers or datetime64, without missing ones.

    The outermost hundredth of both together is counted in the bins at the ends.
    """
    figure = theme.base_figure(height=340, x_title=name, y_title="Share of the rows")
    both = np.concatenate([before, now])
    if not len(both):
        return figure
    dtype = both.dtype
    numbers = [
        side.astype(np.int64).astype(np.float64) if dtype.kind in "mM" else side for side in (before, now)
    ]
    low, high = np.quantile(np.concatenate(numbers), (0.005, 0.995))
    edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    shown = middles.astype(np.int64).astype(dtype) if dtype.kind in "mM" else middles
    for (side, colour), values in zip(_SIDES, numbers, strict=True):
        counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
        figure.add_scatter(
            x=shown,
            y=counts / max(1, len(values)),
            mode="lines",
            line={"color": colour, "width": 2, "shape": "hvh"},
            fill="tozeroy",
            name=f"{side} ({len(values):,})",
            hovertemplate="about %{x}<br>%{y:.2%}<extra>" + side + "</extra>",
        )
    figure.update_yaxes(tickformat=theme.PERCENT_TICKS, rangemode="tozero")
    return figure


def level_bars(shares: pd.DataFrame, *, name: str) -> go.Figure:
    """The shares of the levels that changed most, before and now, as ``level_shares`` gives them."""
    drawn = shares.head(_LEVELS)
    figure = theme.base_figure(height=140 + 34 * len(drawn), x_title="Share of the rows", y_title=name)
    labels = theme.labels(drawn["level"], width=26)
    for side, colour in _SIDES:
        figure.add_bar(
            x=drawn[f"share_{side}"],
            y=labels,
            orientation="h",
            marker={"color": colour},
            name=side,
            customdata=drawn[f"rows_{side}"],
            hovertemplate="%{y}: %{x:.2%}, %{customdata:,} rows<extra>" + side + "</extra>",
        )
    figure.update_layout(barmode="group")
    figure.update_xaxes(tickformat=theme.PERCENT_TICKS)
    figure.update_yaxes(autorange="reversed", type="category")
    return figure
