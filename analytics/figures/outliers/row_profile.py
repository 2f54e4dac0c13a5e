"""One row's standard scores, a bar per column, as our own SVG."""

from collections.abc import Sequence

import numpy as np

from analytics.figures import theme
from analytics.figures.axis import round_ticks
from analytics.figures.svg import Markup, element, picture
from analytics.numbers.outliers.cells import standard_scores
from analytics.numbers.outliers.report import OutlierReport
from analytics.words import number_text

_WIDTH, _TOP, _BOTTOM, _RIGHT = 360, 6, 40, 6
_ROW, _BAR = 26, 19
_LEAST = 4.0
"""Bars shorter than this many standard deviations leave room to its end."""
_STYLE = f"""
.row-profile {{ width: 100%; height: auto; display: block; }}
.row-profile text {{ fill: currentColor; font: 13px sans-serif; dominant-baseline: central; }}
.row-profile .name {{ text-anchor: end; }}
.row-profile .tick {{ text-anchor: middle; opacity: .75; }}
.row-profile .grid {{ stroke: currentColor; opacity: .15; }}
.row-profile .zero {{ stroke: {theme.UNSELECTED}; }}
.row-profile .bar {{ stroke: {theme.UNSELECTED}; stroke-width: .5; }}
.row-profile .hit {{ fill: transparent; }}
.row-profile g:hover > .hit {{ fill: currentColor; opacity: .08; }}
"""


def row_profile(report: OutlierReport, row: int, columns: Sequence[int], *, alt: str) -> Markup:
    """Bars coloured like every standard score; the values stand to the right, clear of the names."""
    z = standard_scores(report, np.array([row]))[0, columns]
    names = theme.shortened_apart([report.columns[column] for column in columns], width=18)
    values = [number_text(float(report.data.values[column][row])) for column in columns]
    left = max(theme.text_width(theme.label(name)) for name in names) + 10
    room = max(map(theme.text_width, values)) + 8
    low = min(-_LEAST, float(np.nanmin(z, initial=0.0))) * 1.05
    high = max(_LEAST, float(np.nanmax(z, initial=0.0)))
    scale = (_WIDTH - _RIGHT - left - room) / (high - low)

    def across(score: float) -> float:
        return left + scale * (score - low)

    bottom = _TOP + _ROW * len(columns)
    drawn = []
    for tick in round_ticks(low, high, most=5):
        x = f"{across(tick):.1f}"
        drawn.append(element("line", class_="grid" if tick else "zero", x1=x, x2=x, y1=_TOP, y2=bottom))
        drawn.append(element("text", number_text(tick), class_="tick", x=x, y=bottom + 12))
    x = f"{across((low + high) / 2):.1f}"
    drawn.append(element("text", "z", class_="tick", x=x, y=bottom + 31))
    whole = [theme.shortened(report.columns[column]) for column in columns]
    for place, (name, value, score) in enumerate(zip(names, values, np.nan_to_num(z).tolist(), strict=True)):
        start, end = sorted((across(0.0), across(score)))
        middle = _TOP + _ROW * (place + 0.5)
        told = "missing" if np.isnan(z[place]) else f"{value}, z {score:.2f}"
        drawn.append(
            element(
                "g",
                element("title", f"{whole[place]}: {told}"),
                element("rect", class_="hit", x=0, y=middle - _ROW / 2, width=_WIDTH, height=_ROW),
                element(
                    "rect",
                    class_="bar",
                    x=f"{start:.1f}",
                    y=middle - _BAR / 2,
                    width=f"{end - start:.1f}",
                    height=_BAR,
                    fill=_colour(score),
                ),
                element("text", name, class_="name", x=left - 6, y=middle),
                element("text", value, x=f"{across(max(score, 0.0)) + 6:.1f}", y=middle),
            )
        )
    return picture("row-profile", (_WIDTH, bottom + _BOTTOM), _STYLE, *drawn, alt=alt)


def _colour(score: float) -> str:
    """The colour of a standard score on the one scale that all of them have."""
    share = (np.clip(score, -theme.Z_LIMIT, theme.Z_LIMIT) + theme.Z_LIMIT) / (2 * theme.Z_LIMIT)
    return theme.blend(theme.DIVERGING, float(share))
