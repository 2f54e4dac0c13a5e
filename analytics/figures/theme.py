"""One look for every figure: colours that mean the same thing everywhere, and text that stays text."""

import html
import unicodedata
from collections.abc import Iterable
from typing import Any

import plotly.graph_objects as go

from analytics.words import shortened as shortened
from analytics.words import shortened_apart as shortened_apart

ACCENT = "#16697a"
ACCENT_FILL = f"fill: {ACCENT}; fill: light-dark({ACCENT}, #63bccb);"
"""The accent in a picture's own style: lighter on a dark ground, plain for what knows one only."""
UNSELECTED = "#8a8a8a"
MISSING = "#b8b8b8"

# Okabe and Ito (2008), "Color Universal Design", without black and with its yellow darkened for white pages.
CATEGORICAL = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#8c6bb1",
    "#a6a100",
    "#8a8a8a",
)
SEQUENTIAL = (
    "#e3f2f4",
    "#c3e3e7",
    "#9fd2d9",
    "#79bfc9",
    "#55abb8",
    "#3796a5",
    "#238092",
    "#166a7c",
    "#0d5466",
    "#073f4f",
)
# ColorBrewer's Blues and Oranges joined: safe for every common colour vision, unlike red and green.
DIVERGING = (
    "#08519c",
    "#3182bd",
    "#6baed6",
    "#9ecae1",
    "#deebf7",
    "#feedde",
    "#fdbe85",
    "#fd8d3c",
    "#e6550d",
    "#a63603",
)
_FONT_SIZE = 13
_LINE = 30  # letters of a title beside the names on the left of a picture 370 pixels wide
BAR = 26
"""Pixels that plotly's own bar takes at the top; titles and legends begin below it."""
PERCENT_TICKS = ".3~%"
"""As many digits as the steps of an axis need: 2.5% and 3% where whole ones would be 3% twice."""
Z_LIMIT = 4.0
"""Every z-score colour scale runs from -Z_LIMIT to +Z_LIMIT, centred at 0."""

Colorscale = list[tuple[float, str]]


def colorscale(colours: tuple[str, ...]) -> Colorscale:
    """Evenly spaced plotly colour scale of the given colours."""
    last = len(colours) - 1
    return [(i / last, colour) for i, colour in enumerate(colours)]


def z_colours() -> dict[str, Any]:
    """Keyword arguments that put z-scores on their one scale in a heat map or a marker."""
    return {"colorscale": colorscale(DIVERGING), "zmin": -Z_LIMIT, "zmax": Z_LIMIT}


def colour_of(index: int) -> str:
    """Categorical colour of the ``index``-th category; colours repeat after the last."""
    return CATEGORICAL[index % len(CATEGORICAL)]


def blend(colours: tuple[str, ...], share: float) -> str:
    """The colour at ``share`` of the way, in [0, 1], through evenly spaced colours."""
    place = share * (len(colours) - 1)
    before = min(int(place), len(colours) - 2)
    start, end = (channels(colour) for colour in colours[before : before + 2])
    mixed = (round(a + (place - before) * (b - a)) for a, b in zip(start, end, strict=True))
    return f"rgb({', '.join(map(str, mixed))})"


def channels(colour: str) -> tuple[int, ...]:
    """Red, green and blue, 0 to 255, of a colour such as ``#16697a``."""
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def label(value: object, *, width: int = 60) -> str:
    """Text from a file, made harmless for plotly, which reads a subset of HTML in every label.

    An invisible joiner keeps ``%{x}`` in a name from being filled in where the label is part of a template.
    """
    return html.escape(shortened(value, width=width), quote=False).replace("%{", "%\u2060{")


def labels(values: Iterable[object], *, width: int = 60) -> list[str]:
    """A ``label`` for each value, all different: plotly draws what is called the same on the same line."""
    return [label(text, width=width + 8) for text in shortened_apart(values, width=width)]


def base_figure(*, height: int = 360, x_title: str = "", y_title: str = "", legend: bool = True) -> go.Figure:
    """An empty figure with the project's margins, fonts and hover; titles are made harmless here."""
    # In one piece: updating an empty figure's layout takes seven times as long.
    return go.Figure(
        layout={
            "height": height + BAR * legend,
            "margin": {"l": 8, "r": 8, "t": 28 + BAR * legend, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": "sans-serif", "size": _FONT_SIZE},
            "colorway": list(CATEGORICAL),
            "showlegend": legend,
            "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0},
            "hoverlabel": {"align": "left", "namelength": -1},
            "xaxis": {
                "title": {"text": _in_two_lines(x_title), "standoff": 8},
                "automargin": True,
                "zeroline": False,
            },
            "yaxis": {"title": label(y_title), "automargin": True, "zeroline": False},
            "uirevision": "keep",
        }
    )


def _in_two_lines(title: str) -> str:
    """A long title broken at the blank nearest its middle, so that a telephone does not cut it."""
    text = shortened(title)
    breaks = [place for place, letter in enumerate(text) if letter == " "]
    if len(text) <= _LINE or not breaks:
        return label(title)
    middle = min(breaks, key=lambda place: abs(place - len(text) / 2))
    return f"{label(text[:middle])}<br>{label(text[middle:])}"


def legend_below(figure: go.Figure) -> go.Figure:
    """The legend under the axis: names that need several lines would grow into plotly's own bar."""
    return figure.update_layout(
        height=figure.layout.height - BAR,
        margin={"t": 28},
        legend={"yref": "container", "yanchor": "bottom", "y": 0.0},
    )


def text_width(text: str) -> int:
    """Pixels that a label, made harmless or not, takes in the widest of the usual fonts."""
    return round(_FONT_SIZE * sum(map(_ems, html.unescape(text))))


def _ems(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in "mwMW@%…":
        return 1.0
    return 0.75 if letter.isupper() else 0.38 if letter in "fijlrt.,:;'|!()[] " else 0.64
