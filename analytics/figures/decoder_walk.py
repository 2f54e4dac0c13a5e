"""Pictures of the decoder walk: candidates and sampling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.figures.attention import token_axis


def candidates(
    probabilities: Sequence[float], names: Sequence[str], *, rest: float, others: int, chosen: int | None
) -> go.Figure:
    """The most probable next pieces and, in grey, all the others together; the chosen one is solid."""
    figure = theme.base_figure(height=int(70 + 27 * (len(names) + 1)), legend=False)
    shown = [100 * float(one) for one in probabilities]
    opacity = [1.0 if place == chosen else 0.45 for place in range(len(names))]
    figure.add_bar(
        y=list(range(len(names) + 1)),
        x=[*shown, 100 * rest],
        orientation="h",
        marker={
            "color": [theme.ACCENT] * len(names) + [theme.UNSELECTED],
            "opacity": [*opacity, 0.45],
        },
        text=[f"{value:.1f} %" if value >= 0.05 else "<0.1 %" for value in (*shown, 100 * rest)],
        textposition="outside",
        cliponaxis=False,
        customdata=[*(theme.label(name) for name in names), f"all {others:,} others"],
        hovertemplate="%{customdata}: %{x:.4g} %<extra></extra>",
    )
    ticks = [*names, f"{others:,} others"]
    figure.update_yaxes(**token_axis(ticks), autorange="reversed")
    figure.update_xaxes(title="probability, %", range=[0, min(118, 1.25 * max(*shown, 100 * rest))])
    return figure


def sampling_stages(
    stages: Mapping[str, np.ndarray], names: Sequence[str], *, drawn: int | None
) -> go.Figure:
    """The same pieces under every stage of sampling, bars side by side; ``drawn`` marks one by a star."""
    figure = theme.base_figure(height=int(120 + (10 + 8 * len(stages)) * len(names)))
    for index, (stage, values) in enumerate(stages.items()):
        figure.add_bar(
            y=list(range(len(names))),
            x=100 * np.asarray(values),
            orientation="h",
            name=theme.label(stage),
            marker={"color": theme.colour_of(index)},
            customdata=[theme.label(name) for name in names],
            hovertemplate=f"%{{customdata}}<br>{theme.label(stage)}: %{{x:.4g}} %<extra></extra>",
        )
    ticks = [f"★ {name}" if place == drawn else name for place, name in enumerate(names)]
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(title="probability, %")
    figure.update_yaxes(**token_axis(ticks), autorange="reversed")
    return figure


def draw_line(final: np.ndarray, names: Mapping[int, str], *, point: float) -> go.Figure:
    """The kept pieces end to end in falling order, as wide as probable, and the drawn point on the line."""
    order = np.argsort(-final, kind="stable")
    order = order[final[order] > 0]
    figure = theme.base_figure(height=120, legend=False)
    shown = [int(one) for one in order if int(one) in names][:30]
    for place, one in enumerate(shown):
        figure.add_bar(
            y=[0],
            x=[float(final[one])],
            orientation="h",
            marker={"color": theme.colour_of(place), "opacity": 0.75},
            text=[theme.label(names[one], width=14)],
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate=f"{theme.label(names[one])}: %{{x:.4f}}<extra></extra>",
        )
    rest = 1 - float(final[shown].sum())
    if rest > 1e-6:
        figure.add_bar(
            y=[0], x=[rest], orientation="h", marker={"color": theme.UNSELECTED, "opacity": 0.4},
            hovertemplate="all others kept: %{x:.4f}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=point, line={"color": "#d55e00", "width": 3})
    figure.update_layout(barmode="stack")
    figure.update_yaxes(visible=False)
    figure.update_xaxes(range=[0, 1], title="the kept pieces end to end; the line is the drawn point")
    return figure
