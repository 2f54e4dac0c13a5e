"""Four readings of one row of attention as bars, and the axis that names tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme

_TICKS = 40

_READING_NAMES = {
    "weight": "weight",
    "adds": "what it adds",
    "without_value": "removing its value changes",
    "masked": "masking it changes",
}


def token_axis(tokens: Sequence[str], *, title: str = "") -> dict[str, Any]:
    """Numbered ticks with the tokens' text: equal tokens stay apart, and long texts show every k-th."""
    step = max(1, -(-len(tokens) // _TICKS))
    places = list(range(0, len(tokens), step))
    return {
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [theme.label(tokens[place], width=16) for place in places],
        "title": theme.label(title),
        "showgrid": False,
    }


def readings(shares: Mapping[str, np.ndarray], tokens: Sequence[str]) -> go.Figure:
    """Four readings of one position's edges, as shares over the tokens, side by side."""
    figure = theme.base_figure(height=int(np.clip(140 + 34 * len(tokens), 320, 1400)))
    for index, (name, values) in enumerate(shares.items()):
        figure.add_bar(
            y=list(range(len(tokens))),
            x=100 * values,
            orientation="h",
            name=_READING_NAMES[name],
            marker={"color": theme.colour_of(index)},
            customdata=[theme.label(token) for token in tokens],
            hovertemplate=f"%{{customdata}}<br>{_READING_NAMES[name]}: %{{x:.1f}}%<extra></extra>",
        )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(title="share over all tokens, %")
    figure.update_yaxes(**token_axis(tokens), autorange="reversed")
    return figure
