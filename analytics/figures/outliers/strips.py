"""Every column on one axis of standard scores, as our own SVG: every new search draws it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analytics.figures import theme
from analytics.figures.axis import round_ticks
from analytics.figures.outliers.plots import ORDINARY_ROWS, DrawnRows, drawn_rows
from analytics.figures.outliers.shading import DARKEST, LIGHTEST, Shades
from analytics.figures.svg import Markup, element, picture
from analytics.numbers.outliers.cells import standard_scores, values_beyond
from analytics.numbers.outliers.report import OutlierReport
from analytics.words import count, number_text

_STRIP_DOTS = 3_500
"""Ordinary values drawn one by one on all strips together; of more there is a shade."""
BEYOND_DOTS = 1_500
_WIDTH, _RIGHT, _LINE, _BOTTOM = 860, 12, 22, 44
_TOP = 2 * _LINE + 4  # the legend takes two lines: on one it would be wider than a telephone
_ROW, _BAND = 36, 24
_NAME = 20  # letters, less than half of a telephone
_JITTER = 0.3
_STYLE = f"""
.strips {{ width: 100%; max-width: {_WIDTH}px; display: block; overflow: visible; }}
.strips svg {{ overflow: visible; }}
.strips text {{ fill: currentColor; font: 12px sans-serif; dominant-baseline: central; }}
.strips .name {{ text-anchor: end; }}
.strips .tick {{ text-anchor: middle; opacity: .75; }}
.strips .grid {{ stroke: currentColor; opacity: .15; }}
.strips .cut {{ stroke: {theme.UNSELECTED}; stroke-dasharray: 2 3; }}
.strips .shade {{ {theme.ACCENT_FILL} shape-rendering: crispEdges; }}
.strips .shade rect:hover {{ fill: currentColor; }}
.strips .ordinary {{ {theme.ACCENT_FILL} opacity: .42; }}
.strips .beyond {{ {theme.ACCENT_FILL} }}
.strips [data-pick] {{ cursor: pointer; }}
.strips [data-pick]:hover, .strips [data-pick]:focus-visible {{ fill: currentColor; outline: none; }}
.strips .focus {{ fill: none; stroke: {theme.CATEGORICAL[5]}; pointer-events: none; }}
.strips .focus circle {{ stroke-width: 2.5; }}
"""


@dataclass(frozen=True)
class _Axis:
    """Standard scores from ``low`` to ``high`` across the room to the right of the names."""

    low: float
    high: float

    def across(self, z: np.ndarray | float) -> np.ndarray:
        """Hundredths of the room's width: a narrow picture has words of the same size."""
        return 100 * (np.asarray(z, dtype=np.float64) - self.low) / (self.high - self.low)


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
) -> Markup:
    """One dot per value, those beyond a threshold in full colour. Returns SVG.

    At most 1,500 dots beyond a threshold are drawn, from the most unusual rows down. ``shades`` stand for all
    values where there are too many for dots. A dot's ``data-pick`` is the number of its row.
    """
    positions = np.concatenate([rows.ordinary, rows.flagged])
    z = standard_scores(report, positions)[:, columns]
    beyond = values_beyond(report, positions, columns) & ~np.isnan(z)
    looked_at = [] if rows.focus is None else [rows.focus]
    focus = standard_scores(report, np.array(looked_at, dtype=np.intp))[:, columns].ravel()
    names = theme.shortened_apart([report.columns[column] for column in columns], width=_NAME)
    left = max(theme.text_width(theme.label(name)) for name in names) + 12
    axis = _axis(report, z, focus, shades)
    drawn = _grid(report, axis, len(names))
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
        legend.append((theme.shortened(report.data.called(rows.focus, width=30)), "focus"))
    height = _TOP + _ROW * len(columns) + _BOTTOM
    room = element(
        "svg",
        *drawn,
        x=left,
        width=_WIDTH - _RIGHT - left,
        height=height,
        data_beside=left + _RIGHT,
    )
    named = [
        element("text", name, class_="name", x=left - 8, y=_middle(place)) for place, name in enumerate(names)
    ]
    parts = [*_legend(legend), *named, room]
    return picture("strips", (_WIDTH, height), _STYLE, *parts, alt=alt, role="group", yielding=True)


def _axis(report: OutlierReport, z: np.ndarray, focus: np.ndarray, shades: Shades | None) -> _Axis:
    """Wide enough for everything drawn, the thresholds included."""
    cut = _threshold(report)
    known = np.concatenate([z[~np.isnan(z)], focus[~np.isnan(focus)], [-cut, cut]])
    if shades is not None:
        known = np.concatenate([known, shades.x])
    room = 0.02 * float(np.ptp(known))
    return _Axis(float(known.min()) - room, float(known.max()) + room)


def _threshold(report: OutlierReport) -> float:
    threshold = report.thresholds.get("zscore", np.inf)
    return threshold if np.isfinite(threshold) and threshold > 0 else 1.0


def _grid(report: OutlierReport, axis: _Axis, strips: int) -> list[Markup]:
    bottom = _TOP + _ROW * strips
    drawn = []
    for tick in round_ticks(axis.low, axis.high, most=8):
        x = f"{axis.across(tick):.2f}%"
        drawn.append(element("line", class_="grid", x1=x, x2=x, y1=_TOP, y2=bottom))
        drawn.append(element("text", number_text(tick), class_="tick", x=x, y=bottom + 12))
    title = "z: standard deviations from the mean"
    drawn.append(element("text", title, class_="tick", x="50%", y=bottom + 34))
    if np.isfinite(report.thresholds.get("zscore", np.inf)):
        for cut in (-report.thresholds["zscore"], report.thresholds["zscore"]):
            x = f"{axis.across(cut):.2f}%"
            drawn.append(element("line", class_="cut", x1=x, x2=x, y1=_TOP, y2=bottom))
    return drawn


def _shade(axis: _Axis, shades: Shades) -> Markup:
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
            element(
                "rect",
                element("title", f"z about {z:.2f}: {count(there, 'value')}"),
                x=f"{x:.2f}%",
                y=top,
                width=f"{width:.2f}%",
                height=_BAND,
                opacity=f"{dark:.2f}",
            )
            for x, width, dark, z, there in cells
        ]
    return element("g", *drawn, class_="shade")


def _dots(
    report: OutlierReport,
    axis: _Axis,
    positions: np.ndarray,
    columns: Sequence[int],
    z: np.ndarray,
    shown: np.ndarray,
    kind: str,
) -> Markup:
    heights = np.random.default_rng(1).uniform(-_JITTER, _JITTER, z.shape) * _ROW
    size = 3.5 if kind == "beyond" else 2.5
    drawn = []
    for strip, column in enumerate(columns):
        places = np.flatnonzero(shown[:, strip])
        own = positions[places]
        dots = zip(
            axis.across(z[places, strip]).tolist(),
            (_middle(strip) + heights[places, strip]).tolist(),
            report.data.row_numbers[own].tolist(),
            [report.data.called(row) for row in own.tolist()],
            report.data.values[column][own].tolist(),
            z[places, strip].tolist(),
            strict=True,
        )
        name = theme.shortened(report.columns[column])
        drawn += [
            element(
                "circle",
                element("title", f"{called}: {name} {value:,.6g}, z {score:.2f}"),
                cx=f"{x:.2f}%",
                cy=f"{y:.1f}",
                r=size,
                data_pick=row,
                role="button",
            )
            for x, y, row, called, value, score in dots
        ]
    return element("g", *drawn, class_=kind)


def _focus(axis: _Axis, z: np.ndarray) -> Markup:
    """Rings around the values of one row, with lines between them."""
    places = [(float(axis.across(one)), _middle(strip)) for strip, one in enumerate(z) if not np.isnan(one)]
    lines = [
        element("line", x1=f"{x:.2f}%", y1=y, x2=f"{to_x:.2f}%", y2=to_y)
        for (x, y), (to_x, to_y) in pairwise(places)
    ]
    rings = [element("circle", cx=f"{x:.2f}%", cy=y, r=7) for x, y in places]
    return element("g", *lines, *rings, class_="focus")


def _legend(entries: Sequence[tuple[str, str]]) -> list[Markup]:
    """What the marks are, and in a line of its own which row has the rings."""
    drawn, x, y = [], 2.0, _LINE / 2
    for name, kind in entries:
        if kind == "focus":
            x, y = 2.0, 1.5 * _LINE
        if kind == "shade":
            mark = element("rect", x=f"{x:.1f}", y=y - 6, width=12, height=12, opacity=0.6)
        else:
            mark = element("circle", cx=f"{x + 6:.1f}", cy=y, r=7 if kind == "focus" else 4)
        drawn.append(element("g", mark, class_=kind))
        drawn.append(element("text", name, x=f"{x + 18:.1f}", y=y))
        x += 36 + theme.text_width(name)
    return drawn


def _middle(strip: int) -> float:
    return _TOP + _ROW * (strip + 0.5)


def _first(shown: np.ndarray, most: int) -> np.ndarray:
    """The first ``most`` of the values shown (m, d), row by row."""
    return shown & (np.cumsum(shown).reshape(shown.shape) <= most)
