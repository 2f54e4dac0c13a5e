"""Learning curves of ways of classifying, their classes, and how new facts are learnt."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.labelled import LabelledTexts
from analytics.retrieval.tuning.ways import WAYS

FIGURES = {
    "Accuracy": ("accuracy", "Share of texts guessed right"),
    "Macro F1": ("macro F1", "F1, every class counting the same"),
    "Calibration": ("calibration error", "How far sureness is from being right (0 is best)"),
    "Elsewhere": ("accuracy elsewhere", "Share of the second file's texts guessed right"),
}
"""What can be drawn against the number of labels: the column of ``points``, and the axis in words."""
_MOST_CLASSES = 40  # bars that can be told apart; the others are counted in the table


def colour_of_way(way: str) -> str:
    """The same for a way in every figure."""
    return theme.colour_of(list(WAYS).index(way))


def curve_figure(curve: LearningCurve, figure: str = "Accuracy") -> go.Figure:
    """A line with 95 % intervals for each way, by the number of labels a class (logarithmic)."""
    column, words = FIGURES[figure]
    drawn = theme.base_figure(height=380, x_title="Labels a class to learn from", y_title=words)
    points = curve.points.dropna(subset=[column])
    for name, part in points.groupby("name", sort=False):
        ordered = part.sort_values("labels a class")
        colour = colour_of_way(str(name))
        drawn.add_scatter(
            x=ordered["labels a class"],
            y=ordered[column],
            mode="lines+markers",
            name=WAYS[str(name)].label,
            line={"color": colour, "dash": "solid" if WAYS[str(name)].tunes else "dot"},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": ordered[f"{column} high"] - ordered[column],
                "arrayminus": ordered[column] - ordered[f"{column} low"],
                "thickness": 1,
            },
            customdata=np.column_stack(
                [ordered[f"{column} low"], ordered[f"{column} high"], ordered["draws"]]
            ),
            hovertemplate=(
                f"{WAYS[str(name)].label}<br>%{{x:,.3~g}} labels a class: %{{y:.3f}}"
                "<br>%{customdata[0]:.3f} to %{customdata[1]:.3f}, %{customdata[2]} draws<extra></extra>"
            ),
        )
    ticks = sorted(set(points["labels a class"].round(1)))
    drawn.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{tick:,g}" for tick in ticks])
    return theme.legend_below(drawn)


def classes_figure(data: LabelledTexts) -> go.Figure:
    """How many different texts each label has, the largest first."""
    order = np.argsort(-data.sizes, kind="stable")[:_MOST_CLASSES]
    drawn = theme.base_figure(
        height=max(140, 22 * len(order) + 60), x_title="Different texts with this label", legend=False
    )
    drawn.add_bar(
        x=data.sizes[order],
        y=theme.labels([data.names[code] for code in order], width=40),
        orientation="h",
        marker={"color": theme.ACCENT},
        hovertemplate="%{y}: %{x:,}<extra></extra>",
    )
    drawn.update_yaxes(autorange="reversed", type="category")
    return drawn


def fact_figure(learnt: pd.DataFrame) -> go.Figure:
    """How much of a label each way knows after so many examples."""
    drawn = theme.base_figure(
        height=320, x_title="Examples of it", y_title="Share of its other texts guessed right"
    )
    by_label = {way.label: name for name, way in WAYS.items()}
    for label, part in learnt.groupby("way", sort=False):
        drawn.add_scatter(
            x=part["examples"],
            y=part["right"],
            mode="lines+markers",
            name=str(label),
            line={"color": colour_of_way(by_label[str(label)])},
            customdata=part["seconds"],
            hovertemplate=f"{label}<br>%{{x}} examples: %{{y:.2f}}<br>%{{customdata:.3f}} s<extra></extra>",
        )
    drawn.update_yaxes(range=[-0.03, 1.03])
    return theme.legend_below(drawn)
