"""How well each method finds, drawn."""

from collections.abc import Mapping

import plotly.graph_objects as go

from analytics.figures import theme
from analytics.retrieval.evaluation import Evaluation

_APART = 0.2  # between two methods of one measure, whose unit is one measure


def measure_figure(found: Evaluation, titles: Mapping[str, str]) -> go.Figure:
    """Every measure's mean with its 95 % interval, a colour for each method."""
    figure = theme.base_figure(height=300, x_title="mean over questions, with 95% interval")
    names = list(next(iter(found.measures.values())))
    for number, (method, measures) in enumerate(found.measures.items()):
        means = [measures[name] for name in names]
        figure.add_scatter(
            x=[one.value for one in means],
            y=[place + _APART * (number - 1) for place in range(len(names))],
            mode="markers",
            name=titles[method],
            marker={"color": theme.colour_of(number), "size": 10},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [one.high - one.value for one in means],
                "arrayminus": [one.value - one.low for one in means],
            },
            hovertemplate=f"{titles[method]}<br>%{{x:.3f}}<extra></extra>",
        )
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, autorange="reversed")
    return theme.legend_below(figure)


def recall_figure(found: Evaluation, titles: Mapping[str, str]) -> go.Figure:
    """Recall of each method by how many texts are taken."""
    figure = theme.base_figure(height=300, x_title="texts taken (k)", y_title="recall")
    for number, (method, part) in enumerate(found.by_cut().groupby("method", sort=False)):
        figure.add_scatter(
            x=part["k"],
            y=part["recall"],
            mode="lines+markers",
            name=titles[str(method)],
            line={"color": theme.colour_of(number)},
            hovertemplate=f"{titles[str(method)]}<br>k %{{x}}: %{{y:.3f}}<extra></extra>",
        )
    ticks = sorted(found.by_cut()["k"].unique())
    figure.update_xaxes(type="log", tickvals=ticks).update_yaxes(rangemode="tozero")
    return theme.legend_below(figure)
