"""Results on one scale, drawn: a row's profile, and two results side by side."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.figures.standardize import Floats, common_axis, outline, thinned
from analytics.numbers.standardizing.comparing import Comparison, Result
from analytics.words import value_text


def profile(
    names: Sequence[str], values: Sequence[float], scores: Sequence[float], below: Sequence[float]
) -> go.Figure:
    """One row across columns of different units: a bar from 0 to each score, the value beside it."""
    height = 90 + 34 * max(1, len(names))
    figure = theme.base_figure(height=height, x_title="Score (0 is typical)", legend=False)
    shown = np.array(scores, dtype=float)
    far = float(np.nanmax(np.abs(shown[np.isfinite(shown)]), initial=theme.Z_LIMIT)) * 1.18
    text = [theme.label(value_text(value)) for value in values]
    figure.add_bar(
        y=list(range(len(names))),
        x=np.where(np.isfinite(shown), shown, 0.0),
        orientation="h",
        text=text,
        textposition="outside",
        cliponaxis=False,
        marker={
            "color": shown,
            "cmin": -theme.Z_LIMIT,
            "cmax": theme.Z_LIMIT,
            "colorscale": theme.colorscale(theme.DIVERGING),
            "line": {"color": theme.UNSELECTED, "width": 0.8},
        },
        hovertext=[theme.label(name) for name in names],
        customdata=np.column_stack([np.array(values, dtype=float), 100 * np.array(below, dtype=float)]),
        hovertemplate="%{hovertext}: %{text}<br>score %{x:.2f}"
        "<br>higher than %{customdata[1]:.1f}% of the rows<extra></extra>",
    )
    # By place: names that look like numbers, as years do, would be drawn as numbers.
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=theme.labels(names, width=30),
        autorange="reversed",
    )
    figure.update_xaxes(range=[-far, far], zeroline=True, zerolinecolor=theme.UNSELECTED, showgrid=True)
    figure.update_layout(bargap=0.35)
    return figure


def turned_name(name: object) -> str:
    """What a column of scores is called whose sign is turned, because less of it is better."""
    return f"{name} (turned)"


def shown_name(result: Result) -> str:
    """The column of a result as every picture and number of its merit is labelled."""
    return turned_name(result.column) if result.lower_is_better else str(result.column)


def two_results(comparison: Comparison, first_scores: Floats, second_scores: Floats) -> go.Figure:
    """The two columns' scores as outlines on one axis, each with its result marked; right is better.

    Scores of columns of which less is better are turned, as the merit of their results is.
    """
    pairs = tuple(
        (result, thinned(-scores if result.lower_is_better else scores))
        for result, scores in ((comparison.first, first_scores), (comparison.second, second_scores))
    )
    low, high = common_axis([scores for _, scores in pairs], limit=8.0)
    marked = [result.merit for result, _ in pairs if np.isfinite(result.merit)]
    low, high = (
        min([low, *(score - 0.3 for score in marked)]),
        max([high, *(score + 0.3 for score in marked)]),
    )
    figure = theme.base_figure(height=300, x_title="Score (0 is typical)", legend=False)
    for place, (result, scores) in enumerate(reversed(pairs)):
        shape, colour = outline(scores, low, high), theme.colour_of(1 - place)
        ground = np.full(shape.middles.size, float(place))
        figure.add_scatter(x=shape.middles, y=ground, mode="lines", line={"width": 0}, hoverinfo="skip")
        figure.add_scatter(
            x=shape.middles,
            y=place + 0.8 * shape.heights,
            mode="lines",
            fill="tonexty",
            line={"width": 1.2, "color": colour},
            opacity=0.8,
            hovertemplate=f"{theme.label(shown_name(result))}<br>around %{{x:.2f}}<extra></extra>",
        )
        if np.isfinite(result.merit):
            _mark(figure, result.merit, place, colour, value_text(result.value))
    figure.update_yaxes(
        tickvals=[0, 1],
        ticktext=[theme.label(shown_name(result), width=28) for result, _ in reversed(pairs)],
        range=[-0.1, 2.05],
        showgrid=False,
    )
    figure.update_xaxes(range=[low, high], zeroline=True, zerolinecolor=theme.UNSELECTED)
    return figure


def _mark(figure: go.Figure, score: float, place: int, colour: str, text: str) -> None:
    figure.add_scatter(
        x=[score, score],
        y=[place, place + 0.86],
        mode="lines+markers+text",
        line={"color": colour, "width": 3},
        marker={"size": [1, 11], "color": colour},
        text=["", theme.label(text)],
        textposition="middle right",
        textfont={"size": 14},
        hovertemplate=f"{theme.label(text)}: score {score:.2f}<extra></extra>",
    )
