"""Topics over time, or over the values of a category."""

import pandas as pd
import plotly.graph_objects as go

from analytics.figures import theme

_MOST_TOPICS = 6  # lines that can be followed
_MOST_VALUES = 24
_HEIGHT = 340


def shares_figure(shares: pd.DataFrame, *, column: str, ordered: bool) -> go.Figure:
    """The ``topic_shares`` of the largest topics with their 95 % intervals; lines over what has an order."""
    figure = theme.base_figure(height=_HEIGHT)
    values = shares["value"].unique()
    shown = dict(zip(values, theme.labels(values, width=20), strict=True))
    sizes = shares.groupby("topic", sort=False)["texts"].sum()
    for place, topic in enumerate(sizes.nlargest(_MOST_TOPICS).index):
        own = shares[shares["topic"] == topic].head(_MOST_VALUES)
        figure.add_scatter(
            x=[shown[value] for value in own["value"]],
            y=own["share"],
            error_y={
                "type": "data",
                "array": own["high"] - own["share"],
                "arrayminus": own["share"] - own["low"],
                "thickness": 1,
                "width": 2,
            },
            mode="lines+markers" if ordered else "markers",
            name=theme.label(topic, width=28),
            marker={"color": theme.colour_of(place), "size": 7},
            line={"color": theme.colour_of(place), "width": 1.6},
            customdata=own[["texts", "of"]],
            hovertemplate="%{x}: %{y:.1%}, %{customdata[0]} of %{customdata[1]} texts",
        )
    figure.update_yaxes(tickformat=theme.PERCENT_TICKS, rangemode="tozero", title="share of the texts")
    figure.update_xaxes(title=theme.label(column, width=40), type="category")
    figure.update_layout(legend={"orientation": "h", "y": -0.35})
    return figure
