"""Every column on one axis of standard scores, as our own SVG: every new search draws it again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.figures import theme
from analytics.figures.axis import round_ticks
from analytics.figures.outliers.plots import ORDINARY_ROWS, DrawnRows, drawn_rows
from analytics.figures.outliers.shading import DARKEST, LIGHTEST, Shades
from analytics.numbers.outliers.cells import standard_scores, values_beyond
from analytics.numbers.outliers.report import OutlierReport
from analytics.words import count, number_text

_STRIP_DOTS = 3_500
"""Ordinary values drawn one by one on all strips together; of more there is a shade."""
BEYOND_DOTS = 1_500
_WIDTH, _RIGHT, _TOP, _BOTTOM = 720, 12, 34, 44
_ROW, _BAND = 36, 24
_JITTER = 0.3
_STYLE = f"""
.strips {{ width: 100%; min-width: 480px; max-width: 860px; height: auto; display: block; }}
.strips text {{ fill: currentColor; font: 12px sans-serif; dominant-baseline: central; }}
.strips .name {{ text-anchor: end; }}
.strips .tick {{ text-anchor: middle; opacity: .75; }}
.strips .grid {{ stroke: currentColor; opacity: .15; }}
.strips .cut {{ stroke: {theme.UNSELECTED}; stroke-dasharray: 2 3; }}
.strips .shade {{ fill: {theme.ACCENT}; shape-rendering: crispEdges; }}
.strips .shade rect:hover {{ fill: currentColor; }}
.strips .ordinary {{ fill: {theme.ACCENT}; opacity: .42; }}
.strips .beyond {{ fill: {theme.ACCENT}; }}
.strips [data-pick] {{ cursor: pointer; }}
.strips [data-pick]:hover, .strips [data-pick]:focus-visible {{ fill: currentColor; outline: none; }}
.strips .focus {{ fill: none; stroke: {theme.CATEGORICAL[5]}; pointer-events: none; }}
.strips .focus circle {{ stroke-width: 2.5; }}
"""


@dataclass(frozen=True)
class _Axis:
    """Standard scores from ``low`` to ``high`` across the room between the names and the right end."""

    low: float
    high: float
    left: float

    def across(self, z: np.ndarray | float) -> np.ndarray:
        share = (np.asarray(z, dtype=np.float64) - self.low) / (self.high - self.low)
        return self.left + share * (_WIDTH - _RIGHT - self.left)


def strip_rows(report: OutlierReport, columns: Sequence[int], *, focus: int | None = None) -> DrawnRows:
    """The rows of a strip plot: the more columns there are, the fewer rows can be drawn one by one."""
    return drawn_rows(report, focus=focus, ordinary_rows=min(_STRIP_DOTS // len(columns), ORDINARY_ROWS))


def strip_plot(
    report: OutlierReport,
    rows: DrawnRows,
    columns: Sequence[int],
    *,
    alt: str,
    shades: Shades | None = None,
) -> str:
    """One dot per value, those beyond a threshold in full colour. Returns SVG.

    At most 1,500 dots beyond a threshold are drawn, from the most unusual rows down. ``shades`` stand for all
    values where there are too many for dots. A dot's ``data-pick`` is the number of its row, counted from 1.
    """
    positions = np.concatenate([rows.ordinary, rows.flagged])
    z = standard_scores(report, positions)[:, columns]
    beyond = values_beyond(report, positions, columns) & ~np.isnan(z)
    looked_at = [] if rows.focus is None else [rows.focus]
    focus = standard_scores(report, np.array(looked_at, dtype=np.intp))[:, columns].ravel()
    names = [theme.label(report.columns[column], width=24) for column in columns]
    axis = _axis(report, z, focus, shades, left=max(map(theme.text_width, names)) + 12)
    drawn = _grid(report, axis, names)
    legend = [("values beyond a threshold", "beyond")]
    if shades is not None:
        drawn.append(_shade(axis, shades))
        legend.insert(0, ("all values", "shade"))
    else:
        drawn.append(_dots(report, axis, positions, columns, z, ~beyond & ~np.isnan(z), "ordinary"))
        legend.insert(0, ("ordinary values", "ordinary"))
    drawn.append(_dots(report, axis, positions, columns, z, _first(beyond, BEYOND_DOTS), "beyond"))
    if rows.focus is not None:
        drawn.append(_focus(axis, focus))
        legend.append((f"row {rows.focus + 1}", "focus"))
    size = (_WIDTH, _TOP + _ROW * len(columns) + _BOTTOM)
    return theme.picture(
        "strips", size, _STYLE, _legend(legend, axis.left) + "".join(drawn), alt=alt, role="group"
    )


def _axis(
    report: OutlierReport, z: np.ndarray, focus: np.ndarray, shades: Shades | None, *, left: float
) -> _Axis:
    """Wide enough for everything drawn, the thresholds included."""
    cut = _threshold(report)
    known = np.concatenate([z[~np.isnan(z)], focus[~np.isnan(focus)], [-cut, cut]])
    if shades is not None:
        known = np.concatenate([known, shades.x])
    room = 0.02 * float(np.ptp(known))
    return _Axis(float(known.min()) - room, float(known.max()) + room, left)


def _threshold(report: OutlierReport) -> float:
    threshold = report.thresholds.get("zscore", np.inf)
    return threshold if np.isfinite(threshold) and threshold > 0 else 1.0


def _grid(report: OutlierReport, axis: _Axis, names: Sequence[str]) -> list[str]:
    bottom = _TOP + _ROW * len(names)
    drawn = []
    for tick in round_ticks(axis.low, axis.high, most=8):
        x = float(axis.across(tick))
        drawn.append(f"<line class='grid' x1='{x:.1f}' x2='{x:.1f}' y1='{_TOP}' y2='{bottom}'/>")
        drawn.append(f"<text class='tick' x='{x:.1f}' y='{bottom + 12}'>{number_text(tick)}</text>")
    middle = float(axis.across((axis.low + axis.high) / 2))
    title = "z: standard deviations from the mean"
    drawn.append(f"<text class='tick' x='{middle:.1f}' y='{bottom + 34}'>{title}</text>")
    if np.isfinite(report.thresholds.get("zscore", np.inf)):
        for cut in (-report.thresholds["zscore"], report.thresholds["zscore"]):
            x = float(axis.across(cut))
            drawn.append(f"<line class='cut' x1='{x:.1f}' x2='{x:.1f}' y1='{_TOP}' y2='{bottom}'/>")
    for place, name in enumerate(names):
        drawn.append(f"<text class='name' x='{axis.left - 8:g}' y='{_middle(place):g}'>{name}</text>")
    return drawn


def _shade(axis: _Axis, shades: Shades) -> str:
    """A cell per stretch of the axis; the darker, the more values, on a logarithmic scale."""
    most = np.log(max(int(shades.counts.max(initial=1)), 2))
    opacity = LIGHTEST + (DARKEST - LIGHTEST) * np.log(np.maximum(shades.counts, 1)) / most
    left = axis.across(shades.x)
    wide, middles = np.diff(left), (shades.x[:-1] + shades.x[1:]) / 2
    drawn = []
    for place, counts in enumerate(shades.counts):
        held = np.flatnonzero(counts)
        columns = (left[held], wide[held], opacity[place, held], middles[held], counts[held])
        cells = zip(*(column.tolist() for column in columns), strict=True)
        top = _middle(place) - _BAND / 2
        drawn += [
            f"<rect x='{x:.1f}' y='{top:g}' width='{width:.1f}' height='{_BAND}' opacity='{dark:.2f}'>"
            f"<title>z about {z:.2f}: {count(there, 'value')}</title></rect>"
            for x, width, dark, z, there in cells
        ]
    return f"<g class='shade'>{''.join(drawn)}</g>"


def _dots(
    report: OutlierReport,
    axis: _Axis,
    positions: np.ndarray,
    columns: Sequence[int],
    z: np.ndarray,
    shown: np.ndarray,
    kind: str,
) -> str:
    heights = np.random.default_rng(1).uniform(-_JITTER, _JITTER, z.shape) * _ROW
    size = 3.5 if kind == "beyond" else 2.5
    drawn = []
    for strip, column in enumerate(columns):
        places = np.flatnonzero(shown[:, strip])
        dots = zip(
            axis.across(z[places, strip]).tolist(),
            (_middle(strip) + heights[places, strip]).tolist(),
            (positions[places] + 1).tolist(),
            report.data.values[column][positions[places]].tolist(),
            z[places, strip].tolist(),
            strict=True,
        )
        name = theme.label(report.columns[column])
        drawn += [
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{size}' data-pick='{row}' role='button'>"
            f"<title>row {row:,}: {name} {value:,.6g}, z {score:.2f}</title></circle>"
            for x, y, row, value, score in dots
        ]
    return f"<g class='{kind}'>{''.join(drawn)}</g>"


def _focus(axis: _Axis, z: np.ndarray) -> str:
    """Rings around the values of one row, with lines between them."""
    places = [(float(axis.across(one)), _middle(strip)) for strip, one in enumerate(z) if not np.isnan(one)]
    line = " ".join(f"{x:.1f},{y:g}" for x, y in places)
    rings = "".join(f"<circle cx='{x:.1f}' cy='{y:g}' r='7'/>" for x, y in places)
    return f"<g class='focus'><polyline points='{line}'/>{rings}</g>"


def _legend(entries: Sequence[tuple[str, str]], left: float) -> str:
    drawn, x = [], left
    for name, kind in entries:
        if kind == "shade":
            mark = f"<g class='shade'><rect x='{x:.1f}' y='5' width='12' height='12' opacity='.6'/></g>"
        else:
            mark = (
                f"<g class='{kind}'><circle cx='{x + 6:.1f}' cy='11' r='{7 if kind == 'focus' else 4}'/></g>"
            )
        drawn.append(f"{mark}<text x='{x + 18:.1f}' y='11'>{name}</text>")
        x += 36 + theme.text_width(name)
    return "".join(drawn)


def _middle(strip: int) -> float:
    return _TOP + _ROW * (strip + 0.5)


def _first(shown: np.ndarray, most: int) -> np.ndarray:
    """The first ``most`` of the values shown (m, d), row by row."""
    return shown & (np.cumsum(shown).reshape(shown.shape) <= most)
