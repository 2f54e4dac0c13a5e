"""Charts of the Outliers page: fences, pairs and a heat map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.figures.outliers.shading import Shades, add_shades, outside
from analytics.numbers.outliers.cells import standard_scores
from analytics.numbers.outliers.column_scores import fences
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.report import OutlierReport
from analytics.words import number_text

ORDINARY_ROWS = 1_500
"""So many ordinary rows are drawn one by one; of more, a shade says how many lie where."""
_FLAGGED_ROWS = 1_000
FAINT, FULL = 0.42, 0.95
_FENCE_DASH = {"zscore": "dot", "modified_zscore": "dash", "iqr": "solid", "esd": "longdash"}


@dataclass(frozen=True)
class DrawnRows:
    """Positions of the rows a figure draws as dots: flagged ones up to a limit, and ordinary ones.

    ``shaded``: there are more ordinary rows than dots can show, so a shade stands for all rows.
    """

    ordinary: np.ndarray
    flagged: np.ndarray
    focus: int | None
    shaded: bool


def drawn_rows(
    report: OutlierReport, *, focus: int | None = None, ordinary_rows: int = ORDINARY_ROWS
) -> DrawnRows:
    """Choose the rows to draw: the most unusual 1,000 flagged rows, and the ordinary ones if they are few."""
    ordinary = np.flatnonzero(report.votes.to_numpy() == 0)
    shaded = len(ordinary) > ordinary_rows
    return DrawnRows(
        ordinary[:0] if shaded else ordinary, report.flagged_rows()[:_FLAGGED_ROWS], focus, shaded
    )


def fence_histogram(report: OutlierReport, column: int, group: int, *, bins: int = 60) -> go.Figure:
    """The values of one column in one group, with the fences of every column-wise method."""
    values = report.data.values[column][report.data.codes == group]
    values = values[~np.isnan(values)]
    name = report.columns[column]
    figure = theme.base_figure(height=340, x_title=str(name), y_title="rows")
    if not len(values):
        return figure
    counts, edges = np.histogram(values, bins)
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2, y=counts, width=edges[1] - edges[0], showlegend=False,
        marker={"color": theme.ACCENT, "opacity": 0.6},
        hovertemplate="about %{x:,.4~g}<br>rows: %{y:,}<extra></extra>",
    )  # fmt: skip
    top = float(counts.max(initial=1))
    for place, method in enumerate(report.column_methods()):
        low, high = fences(method, report.thresholds[method], report.spreads[column])
        bounds = (float(low[group]), float(high[group]))
        if not np.isfinite(bounds).all():
            continue
        figure.add_scatter(
            x=[bounds[0], bounds[0], None, bounds[1], bounds[1]],
            y=[0, top, None, 0, top],
            mode="lines",
            name=f"{OUTLIER_METHODS[method].label}: {number_text(bounds[0])} to {number_text(bounds[1])}",
            line={"color": theme.colour_of(place + 1), "dash": _FENCE_DASH[method], "width": 2},
            hoverinfo="name",
        )
    return figure


def pair_scatter(
    report: OutlierReport,
    rows: DrawnRows,
    x: int,
    y: int,
    *,
    outline: np.ndarray | None,
    shades: Shades | None = None,
) -> go.Figure:
    """Two columns against each other, with the ellipse that holds 99 % of further clean normal rows.

    Where ``shades`` stand for the rows, the others that lie outside of every cell are dots too. A dot's
    customdata is the number of its row.
    """
    figure = theme.base_figure(height=460, x_title=str(report.columns[x]), y_title=str(report.columns[y]))
    across, up = report.data.values[x], report.data.values[y]
    ordinary = rows.ordinary
    if shades is not None:
        add_shades(figure, shades, name="all rows", hover="near %{x:,.4~g}, %{y:,.4~g}<br>rows: %{z:,d}")
        ordinary = np.setdiff1d(np.flatnonzero(outside(shades, across, up)), rows.flagged)
    if outline is not None:
        figure.add_scatter(
            x=outline[:, 0], y=outline[:, 1], mode="lines", name="99% of further clean normal rows",
            hoverinfo="skip", line={"color": theme.UNSELECTED, "dash": "dot", "width": 2},
        )  # fmt: skip
    for positions, name, opacity, size in (
        (ordinary, "ordinary rows" if shades is None else "other rows", FAINT, 6),
        (rows.flagged, "flagged rows", FULL, 8),
    ):
        figure.add_scatter(
            x=across[positions],
            y=up[positions],
            mode="markers",
            name=name,
            marker={"color": theme.ACCENT, "opacity": opacity, "size": size},
            customdata=report.data.row_numbers[positions],
            hovertext=[theme.label(report.data.called(row), width=90) for row in positions.tolist()],
            hovertemplate="%{hovertext}: %{x:,.6~g}, %{y:,.6~g}<extra></extra>",
        )
    if rows.focus is not None:
        figure.add_scatter(
            x=[across[rows.focus]], y=[up[rows.focus]], mode="markers",
            name=theme.label(report.data.called(rows.focus, width=30)), marker=_ring(), hoverinfo="skip",
        )  # fmt: skip
    return figure


def z_heat_map(report: OutlierReport, positions: np.ndarray, columns: Sequence[int]) -> go.Figure:
    """Standard scores of rows, one line each, on the scale every z has."""
    z = standard_scores(report, positions)[:, columns]
    figure = theme.base_figure(height=130 + 22 * len(positions), legend=False)
    values = np.column_stack([report.data.values[column][positions] for column in columns])
    figure.add_heatmap(
        z=z,
        x=theme.labels([report.columns[column] for column in columns], width=24),
        y=theme.labels([report.data.called(row, width=30) for row in positions.tolist()]),
        customdata=values,
        hovertemplate="%{y}, %{x}: %{customdata:,.6~g}, z %{z:.2f}<extra></extra>",
        colorbar={"title": "z", "thickness": 12},
        xgap=1,
        ygap=1,
        **theme.z_colours(),
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(side="top", type="category")
    return figure


def _ring() -> dict[str, object]:
    return {
        "color": "rgba(0,0,0,0)",
        "size": 15,
        "line": {"color": theme.CATEGORICAL[5], "width": 2.5},
    }
