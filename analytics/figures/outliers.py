"""Figures of the Outliers page: strips, fences, pairs and a heat map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.figures.shading import Shades, add_shades, outside
from analytics.numbers.column_scores import cell_scores, fences
from analytics.numbers.outlier_methods import OUTLIER_METHODS
from analytics.numbers.outlier_report import OutlierReport
from analytics.numbers.reasons import number_text, standard_scores

ORDINARY_ROWS = 1_500
"""So many ordinary rows are drawn one by one; of more, a shade says how many lie where."""
FLAGGED_ROWS = 1_000
STRIP_DOTS = 3_500
"""Ordinary values drawn one by one on all strips together; of more there is a shade."""
BEYOND_DOTS = 1_500
"""Dots are SVG: where no graphics card helps, 1,500 take 0.1 s, and WebGL takes 0.4 s for any number."""
PROFILE_TEXT = 0.45
"""Room for a value to the right of the longest bar, in lengths of the axis."""
FAINT, FULL = 0.42, 0.95
FENCE_DASH = {"zscore": "dot", "modified_zscore": "dash", "iqr": "solid", "esd": "longdash"}


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
        ordinary[:0] if shaded else ordinary, report.flagged_rows()[:FLAGGED_ROWS], focus, shaded
    )


def strip_rows(report: OutlierReport, columns: Sequence[int], *, focus: int | None = None) -> DrawnRows:
    """The rows of a strip plot: the more columns there are, the fewer rows can be drawn one by one."""
    return drawn_rows(report, focus=focus, ordinary_rows=min(STRIP_DOTS // len(columns), ORDINARY_ROWS))


def strip_plot(
    report: OutlierReport, rows: DrawnRows, columns: Sequence[int], *, shades: Shades | None = None
) -> go.Figure:
    """Every column on the same z axis: one dot per value, those beyond a threshold in full colour.

    At most 1,500 dots beyond a threshold are drawn, from the most unusual rows down. ``shades`` stand for all
    values where there are too many for dots. A dot's customdata is the number of its row, counted from 1, and
    the value.
    """
    figure = theme.base_figure(height=110 + 46 * len(columns), x_title="z: standard deviations from the mean")
    positions = np.concatenate([rows.ordinary, rows.flagged])
    beyond = _values_beyond(report, positions, columns)
    z = standard_scores(report, positions)[:, columns]
    heights = np.random.default_rng(1).uniform(-0.3, 0.3, z.shape) + np.arange(len(columns))
    names = np.array([theme.label(report.columns[column], width=24) for column in columns], dtype=object)
    labels = np.broadcast_to(names, z.shape)
    values = np.column_stack([report.data.values[column][positions] for column in columns])
    if shades is not None:
        add_shades(figure, shades, name="all values", hover="z about %{x:.2f}: %{z:,d} values", gap=18)
    cells = np.dstack([np.broadcast_to((positions + 1.0)[:, None], z.shape), values])
    for shown, name, opacity, size, most in (
        (~beyond, "ordinary values", FAINT, 5, STRIP_DOTS),
        (beyond, "values beyond a threshold", FULL, 7, BEYOND_DOTS),
    ):
        if shades is not None and shown is not beyond:
            continue
        drawn = shown & (np.cumsum(shown).reshape(shown.shape) <= most)
        figure.add_scatter(
            x=z[drawn].astype(np.float32),
            y=heights[drawn].astype(np.float32),
            mode="markers",
            name=name,
            marker={"color": theme.ACCENT, "opacity": opacity, "size": size},
            customdata=cells[drawn],
            text=labels[drawn],
            hovertemplate="row %{customdata[0]:d}: %{text} %{customdata[1]:,.6~g}, z %{x:.2f}<extra></extra>",
        )
    if rows.focus is not None:
        figure.add_scatter(
            x=standard_scores(report, np.array([rows.focus]))[0, columns],
            y=np.arange(len(columns)),
            mode="markers+lines",
            name=f"row {rows.focus + 1}",
            marker=_ring(),
            line={"color": theme.CATEGORICAL[5], "width": 1},
            hoverinfo="skip",
        )
    figure.update_yaxes(
        tickvals=list(range(len(columns))), ticktext=names, range=[len(columns) - 0.4, -0.6], showgrid=False
    )
    if "zscore" in report.methods:
        for side in (-report.thresholds["zscore"], report.thresholds["zscore"]):
            theme.draw_vertical(figure, side, color=theme.UNSELECTED, dash="dot", width=1)
    return figure


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
        hovertemplate="about %{x:,.4~g}: %{y:,} rows<extra></extra>",
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
            line={"color": theme.colour_of(place + 1), "dash": FENCE_DASH[method], "width": 2},
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
    """Two columns against each other, with the ellipse that holds 99 % of a clean normal cloud.

    Where ``shades`` stand for the rows, the others that lie outside of every cell are dots too. A dot's
    customdata is the number of its row, counted from 1.
    """
    figure = theme.base_figure(height=460, x_title=str(report.columns[x]), y_title=str(report.columns[y]))
    across, up = report.data.values[x], report.data.values[y]
    ordinary = rows.ordinary
    if shades is not None:
        add_shades(figure, shades, name="all rows", hover="%{z:,d} rows near %{x:,.4~g}, %{y:,.4~g}")
        ordinary = np.setdiff1d(np.flatnonzero(outside(shades, across, up)), rows.flagged)
    if outline is not None:
        figure.add_scatter(
            x=outline[:, 0], y=outline[:, 1], mode="lines", name="99 % of clean normal data",
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
            customdata=positions + 1,
            hovertemplate="row %{customdata:d}: %{x:,.6~g}, %{y:,.6~g}<extra></extra>",
        )
    if rows.focus is not None:
        figure.add_scatter(
            x=[across[rows.focus]], y=[up[rows.focus]], mode="markers",
            name=f"row {rows.focus + 1}", marker=_ring(), hoverinfo="skip",
        )  # fmt: skip
    return figure


def z_heat_map(report: OutlierReport, positions: np.ndarray, columns: Sequence[int]) -> go.Figure:
    """Standard scores of rows, one line each, on the scale every z has."""
    z = standard_scores(report, positions)[:, columns]
    figure = theme.base_figure(height=130 + 22 * len(positions), legend=False)
    values = np.column_stack([report.data.values[column][positions] for column in columns])
    figure.add_heatmap(
        z=z,
        x=[theme.label(report.columns[column], width=24) for column in columns],
        y=[f"row {position + 1}" for position in positions],
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


def row_profile(report: OutlierReport, row: int, columns: Sequence[int]) -> go.Figure:
    """One row's standard scores, a bar per column; the values stand to the right, clear of the names."""
    z = standard_scores(report, np.array([row]))[0, columns]
    figure = theme.base_figure(height=90 + 26 * len(columns), x_title="z", legend=False)
    values = [number_text(float(report.data.values[column][row])) for column in columns]
    names = [theme.label(report.columns[column], width=24) for column in columns]
    figure.add_bar(
        x=z,
        y=names,
        orientation="h",
        marker={
            "color": np.nan_to_num(z),
            "colorscale": theme.colorscale(theme.DIVERGING),
            "cmin": -theme.Z_LIMIT,
            "cmax": theme.Z_LIMIT,
            "line": {"color": theme.UNSELECTED, "width": 0.5},
        },
        text=values,
        textposition="none",
        hovertemplate="%{y}: %{text}, z %{x:.2f}<extra></extra>",
    )
    ends = np.maximum(np.nan_to_num(z), 0)
    spaced = [f"\u2002{value}" for value in values]
    figure.add_scatter(
        x=ends, y=names, mode="text", text=spaced, textposition="middle right", hoverinfo="skip"
    )
    low, high = min(-4.0, float(np.nanmin(z, initial=0.0))), max(4.0, float(ends.max(initial=0.0)))
    span = [1.05 * low, high + PROFILE_TEXT * (high - low)]
    figure.update_xaxes(range=span, zeroline=True, zerolinecolor=theme.UNSELECTED)
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return figure


def _values_beyond(report: OutlierReport, positions: np.ndarray, columns: Sequence[int]) -> np.ndarray:
    """Which values (m, d) some column-wise method flags; without such a method, those of flagged rows."""
    methods = report.column_methods()
    if not methods:
        return np.repeat(report.votes.to_numpy()[positions][:, None] > 0, len(columns), axis=1)
    beyond = np.zeros((len(positions), len(columns)), dtype=bool)
    codes = report.group_codes(positions)
    for place, column in enumerate(columns):
        values = report.data.values[column][positions]
        for method in methods:
            scores = cell_scores(method, values, report.spreads[column], codes)
            beyond[:, place] |= scores > report.thresholds[method]
    return beyond


def _ring() -> dict[str, object]:
    return {
        "color": "rgba(0,0,0,0)",
        "size": 15,
        "line": {"color": theme.CATEGORICAL[5], "width": 2.5},
    }
