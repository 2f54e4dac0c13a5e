"""Shades in place of dots: how many rows lie where, for tables of which a browser can't draw every row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analytics.figures import theme
from analytics.numbers.outliers.cells import column_standard_scores
from analytics.numbers.outliers.report import OutlierReport

NEAR, STEP = 8.0, 0.1
"""Up to 8 standard deviations from the mean a strip's shade is a tenth of one wide, beyond it coarser."""
_FAR_STEPS = 100
_PAIR_BINS = (96, 64)
TAIL, TAIL_ROWS = 0.001, 300
"""A pair's shade leaves out a thousandth of the rows at each end, and no more than 300."""
LIGHTEST, DARKEST = 0.14, 0.85


@dataclass(frozen=True)
class Shades:
    """How many values lie in each cell: ``counts`` (r, c); ``x`` (c + 1,) and ``y`` (r + 1,) are edges."""

    x: np.ndarray
    y: np.ndarray
    counts: np.ndarray


def strip_shades(report: OutlierReport, columns: Sequence[int]) -> Shades:
    """Count every value of some columns on the z axis, a row of cells per column."""
    scores = [column_standard_scores(report, column) for column in columns]
    low = min((float(z.min()) for z in scores if len(z)), default=-1.0)
    high = max((float(z.max()) for z in scores if len(z)), default=1.0)
    near = _near_edges(low, high)
    below, above = -_far_edges(-low)[::-1], _far_edges(high)
    counts = np.array([_counted(z, below, near, above) for z in scores])
    edges = np.concatenate([below, near, above])
    return Shades(edges, np.arange(len(columns) + 1) - 0.5, counts)


def pair_shades(report: OutlierReport, x: int, y: int) -> Shades:
    """Count the rows in the middle of two columns; what lies outside is little enough for dots."""
    across, up = report.data.values[x], report.data.values[y]
    known = ~np.isnan(across) & ~np.isnan(up)
    edges = [
        _central_edges(column[known], bins) for column, bins in zip((across, up), _PAIR_BINS, strict=True)
    ]
    counts, _, _ = np.histogram2d(across[known], up[known], bins=edges)
    return Shades(edges[0], edges[1], counts.T.astype(np.int64))


def outside(shades: Shades, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which points (n,) no cell holds; a missing coordinate makes no point."""
    held = (x >= shades.x[0]) & (x <= shades.x[-1]) & (y >= shades.y[0]) & (y <= shades.y[-1])
    return ~held & ~np.isnan(x) & ~np.isnan(y)


def add_shades(figure: go.Figure, shades: Shades, *, name: str, hover: str) -> None:
    """Lay the cells under what is drawn later; the darker, the more values, on a logarithmic scale."""
    most = max(int(shades.counts.max(initial=1)), 2)
    steps = np.linspace(0, 1, 9)
    red, green, blue = theme.channels(theme.ACCENT)
    colours = [f"rgba({red},{green},{blue},{LIGHTEST + (DARKEST - LIGHTEST) * step:.3f})" for step in steps]
    figure.add_heatmap(
        x=shades.x.astype(np.float32),
        y=shades.y.astype(np.float32),
        z=np.where(shades.counts > 0, shades.counts, np.nan).astype(np.float32),
        zmin=1,
        zmax=most,
        colorscale=list(zip((most**steps - 1) / (most - 1), colours, strict=True)),
        showscale=False,
        name=name,
        hoverongaps=False,
        hovertemplate=hover + "<extra></extra>",
    )


def _counted(z: np.ndarray, below: np.ndarray, near: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Values in the cells; nearly all lie near, where cells are equally wide and numpy need not search."""
    low, high = near[0], near[-1]
    middle, _ = np.histogram(z, len(near) - 1, range=(low, high))
    left, _ = np.histogram(z[z < low], np.append(below, low)) if len(below) else (below, near)
    right, _ = np.histogram(z[z > high], np.append(high, above)) if len(above) else (above, near)
    return np.concatenate([left, middle, right]).astype(np.int64)


def _near_edges(low: float, high: float) -> np.ndarray:
    first = np.floor(max(low, -NEAR) / STEP)
    last = np.ceil(min(high, NEAR) / STEP)
    return np.arange(first, max(last, first + 1) + 1) * STEP


def _far_edges(reach: float) -> np.ndarray:
    """Edges beyond ``NEAR`` up to ``reach``; none where nothing lies there."""
    if reach <= NEAR:
        return np.empty(0)
    step = max(2 * STEP, (reach - NEAR) / _FAR_STEPS)
    return NEAR + step * np.arange(1, int(np.ceil((reach - NEAR) / step * (1 - 1e-12))) + 1)


def _central_edges(values: np.ndarray, bins: int) -> np.ndarray:
    tail = min(TAIL, TAIL_ROWS / max(len(values), 1))
    low, high = np.quantile(values, [tail, 1 - tail]) if len(values) else (0.0, 1.0)
    room = 0.1 * (high - low) or max(abs(low), 1.0) * 0.01
    return np.linspace(low - room, high + room, bins + 1)
