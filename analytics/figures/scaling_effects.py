"""What scaling changes, drawn: scores, gains, effort, clusters, the first component, and two columns."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.numbers.scaling.effects import ScalingStudy
from analytics.numbers.scaling.learners import SCALERS, UNSUPERVISED
from analytics.numbers.scaling.pictures import BoundaryPicture
from analytics.numbers.scaling.verdicts import model_label

ROW = 0.15
"""Distance between two scalers of one model on the vertical axis, whose unit is one model."""


def scaler_colour(scaler: str) -> str:
    """Grey for raw values, one colour for each way of scaling, the same in every figure."""
    others = [name for name in SCALERS if name != "raw"]
    return theme.UNSELECTED if scaler == "raw" else theme.colour_of(others.index(scaler))


def score_figure(study: ScalingStudy) -> go.Figure:
    """Every fold's score as a dot and the mean as a diamond, by model and scaler."""
    models = _supervised(study)
    metric = "Accuracy" if study.data.task == "class" else "R²"
    figure = _rows_figure(study, models, x_title=f"{metric} on unseen rows")
    for scaler, place in _scaler_rows(study):
        part = study.folds[study.folds["scaler"] == scaler]
        means = part.groupby("model", sort=False)["score"].mean().reindex(models)
        y = part["model"].map({model: i + place for i, model in enumerate(models)})
        dots = {"color": scaler_colour(scaler), "size": 6, "opacity": 0.35}
        figure.add_scatter(
            x=part["score"], y=y, mode="markers", marker=dots, showlegend=False, hoverinfo="skip"
        )
        figure.add_scatter(
            x=means,
            y=np.arange(len(models)) + place,
            mode="markers",
            name=SCALERS[scaler].label,
            marker={"color": scaler_colour(scaler), "size": 11, "symbol": "diamond"},
            hovertemplate=f"{SCALERS[scaler].label}<br>mean %{{x:.4f}}<extra></extra>",
        )
    if np.isfinite(study.baseline):
        words = "always the commonest class" if study.data.task == "class" else "always the mean"
        # In the legend, which a narrow screen wraps: words beside the line are cut there.
        figure.add_scatter(
            x=[study.baseline] * 2,
            y=[-0.5, len(models) - 0.5],
            mode="lines",
            name=words,
            line={"dash": "dot", "color": theme.MISSING},
            hovertemplate=f"{words}: %{{x:.3f}}<extra></extra>",
        )
    return figure


def gain_figure(study: ScalingStudy) -> go.Figure:
    """Difference from raw with its 95 % interval; one that crosses zero may be noise."""
    summary = study.summary[study.summary["gain_low"].notna()]
    models = list(summary["model"].unique())
    figure = _rows_figure(study, models, x_title="Difference from raw values, with 95% interval")
    for scaler, place in _scaler_rows(study):
        part = summary[summary["scaler"] == scaler].set_index("model").reindex(models)
        if scaler == "raw":
            continue
        figure.add_scatter(
            x=part["gain"],
            y=np.arange(len(models)) + place,
            error_x={
                "type": "data",
                "symmetric": False,
                "array": part["gain_high"] - part["gain"],
                "arrayminus": part["gain"] - part["gain_low"],
            },
            mode="markers",
            name=SCALERS[scaler].label,
            marker={"color": scaler_colour(scaler), "size": 9},
            customdata=part[["gain_low", "gain_high"]],
            hovertemplate=(
                f"{SCALERS[scaler].label}<br>%{{x:+.4f}}, from %{{customdata[0]:+.4f}} "
                "to %{customdata[1]:+.4f}<extra></extra>"
            ),
        )
    figure.add_vline(0, line={"color": theme.MISSING})
    return figure


def effort_figure(study: ScalingStudy) -> go.Figure:
    """Median iterations until the solver stopped; hollow where it met its limit at least once."""
    summary = study.summary[study.summary["iterations"].notna()]
    models = list(summary["model"].unique())
    figure = _rows_figure(study, models, x_title="Iterations, median over folds (logarithmic)")
    for scaler, place in _scaler_rows(study):
        part = summary[summary["scaler"] == scaler].set_index("model").reindex(models)
        symbols = ["circle" if done else "circle-open" for done in part["converged"]]
        ending = ["" if done else ", not always converged" for done in part["converged"]]
        figure.add_scatter(
            x=part["iterations"],
            y=np.arange(len(models)) + place,
            mode="markers",
            name=SCALERS[scaler].label,
            marker={"color": scaler_colour(scaler), "size": 11, "symbol": symbols, "line": {"width": 2}},
            customdata=np.column_stack([ending, part["fit_seconds"] * 1000]),
            hovertemplate=(
                f"{SCALERS[scaler].label}<br>%{{x:,.0f}} iterations%{{customdata[0]}}"
                "<br>%{customdata[1]:.3~g} ms per fit<extra></extra>"
            ),
        )
    ticks = _log_ticks(summary["iterations"].to_numpy(float))
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{tick:,g}" for tick in ticks])
    return figure


def _log_ticks(values: np.ndarray) -> list[float]:
    """1, 2 and 5 times powers of ten around positive values; whole decades where these are many."""
    low, high = np.log10(values.min()), np.log10(values.max())
    powers = 10.0 ** np.arange(np.floor(low), np.ceil(high) + 1)
    return powers.tolist() if high - low > 3 else [float(m * power) for power in powers for m in (1, 2, 5)]


def cluster_figure(study: ScalingStudy) -> go.Figure:
    """Agreement of k-means with the known classes, and of its ten starts with each other."""
    names = [SCALERS[scaler].label for scaler in study.clusterings]
    figure = theme.base_figure(height=320, y_title="Adjusted Rand index (1 = identical)")
    if study.data.task == "class":
        agreements = [found.agreement for found in study.clusterings.values()]
        figure.add_bar(x=names, y=agreements, name="with the known classes", marker_color=theme.colour_of(0))
    stabilities = [found.stability for found in study.clusterings.values()]
    figure.add_bar(x=names, y=stabilities, name="between ten random starts", marker_color=theme.colour_of(4))
    figure.update_traces(hovertemplate="%{x}<br>%{y:.3f}<extra>%{fullData.name}</extra>")
    return figure


def component_figure(study: ScalingStudy, *, columns: int = 12) -> go.Figure:
    """Share of the first principal component that each column owns, by scaler; the largest columns only."""
    shares = pd.DataFrame(
        {name: part.loadings for name, part in study.components.items()}, index=list(study.data.columns)
    )
    kept = shares.loc[shares.max(axis=1).sort_values(ascending=False).index[:columns]][::-1]
    height = 130 + 30 * len(kept)
    figure = theme.base_figure(height=height, x_title="Share of the first principal component")
    labels = theme.labels(kept.index, width=32)
    for scaler in kept.columns:
        figure.add_scatter(
            x=kept[scaler],
            y=labels,
            mode="markers",
            name=SCALERS[scaler].label,
            marker={"color": scaler_colour(scaler), "size": 11, "opacity": 0.85},
            hovertemplate=f"%{{y}}<br>{SCALERS[scaler].label}: %{{x:.1%}}<extra></extra>",
        )
    figure.update_xaxes(tickformat=".0%", range=[-0.02, 1.02])
    return figure


def picture_figure(picture: BoundaryPicture) -> go.Figure:
    """Two columns in their own units: what the model says everywhere, raw left, scaled right."""
    scalers = list(picture.regions)
    figure = theme.base_figure(height=430)
    titles = ["Raw values" if name == "raw" else f"{SCALERS[name].label} scaling" for name in scalers]
    figure.set_subplots(1, len(scalers), subplot_titles=titles, shared_yaxes=True, horizontal_spacing=0.04)
    low, high, colours = _region_colours(picture)
    for column, scaler in enumerate(scalers, start=1):
        figure.add_heatmap(
            x=picture.xs,
            y=picture.ys,
            z=picture.regions[scaler],
            zmin=low,
            zmax=high,
            colorscale=colours,
            opacity=0.3,
            showscale=False,
            hoverinfo="skip",
            row=1,
            col=column,
        )
        for trace in _point_traces(picture, first=column == 1):
            figure.add_trace(trace, row=1, col=column)
    figure.update_xaxes(title=theme.label(picture.columns[0]), zeroline=False, showgrid=False)
    figure.update_yaxes(zeroline=False, showgrid=False)
    figure.update_yaxes(title=theme.label(picture.columns[1]), col=1)
    figure.update_layout(legend={"y": 1.08}, margin={"t": 60 + theme.BAR})
    return figure


def _region_colours(picture: BoundaryPicture) -> tuple[float, float, theme.Colorscale]:
    everything = np.concatenate([region.ravel() for region in picture.regions.values()])
    if picture.y is not None and not picture.classes:
        return float(everything.min()), float(everything.max()), theme.colorscale(theme.SEQUENTIAL)
    count = int(max(everything.max() + 1, len(picture.classes), 2))
    steps = [((i + end) / count, theme.colour_of(i)) for i in range(count) for end in (0, 1)]
    return -0.5, count - 0.5, steps


def _point_traces(picture: BoundaryPicture, *, first: bool) -> Iterator[go.Scattergl]:
    groups = [np.flatnonzero(picture.y == i) for i in range(len(picture.classes))]
    hover = f"{theme.label(picture.columns[0])} %{{x}}<br>{theme.label(picture.columns[1])} %{{y}}"
    outline = {"width": 0.5, "color": "rgba(255,255,255,0.7)"}
    for index, rows in enumerate(groups or [np.arange(len(picture.points))]):
        marker: dict[str, object] = {"size": 7, "line": outline, "color": theme.UNSELECTED}
        name = "rows"
        if groups:
            marker["color"], name = theme.colour_of(index), theme.label(picture.classes[index])
        elif picture.y is not None:
            marker |= {"color": picture.y, "colorscale": theme.colorscale(theme.SEQUENTIAL)}
        yield go.Scattergl(
            x=picture.points[rows, 0],
            y=picture.points[rows, 1],
            mode="markers",
            name=name,
            marker=marker,
            legendgroup=name,
            showlegend=first and bool(groups),
            hovertemplate=f"{hover}<extra>{name if groups else ''}</extra>",
        )


def _supervised(study: ScalingStudy) -> list[str]:
    return [name for name in study.summary["model"].unique() if name not in UNSUPERVISED]


def _scaler_rows(study: ScalingStudy) -> list[tuple[str, float]]:
    """Each scaler with its distance from the middle of a model's band."""
    middle = (len(study.scalers) - 1) / 2
    return [(scaler, (i - middle) * ROW) for i, scaler in enumerate(study.scalers)]


def _rows_figure(study: ScalingStudy, models: list[str], *, x_title: str) -> go.Figure:
    figure = theme.base_figure(height=110 + 85 * max(1, len(models)), x_title=x_title)
    figure.update_yaxes(
        tickvals=list(range(len(models))),
        ticktext=[model_label(model, study.data.task) for model in models],
        range=[len(models) - 0.5, -0.5],
        showgrid=False,
    )
    return figure
