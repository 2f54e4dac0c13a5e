"""What the living pictures are put together from: ribbons, lines, small matrices, and parts to click.

Lengths are pixels of the picture. A part that can be reached carries ``data-pick``, the name of its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.figures import theme
from analytics.figures.svg import Markup, element, join
from analytics.words import number_text

ROWS = 24
"""Tokens that are drawn: more than fit on a screen beside their names."""
TOP = 74
"""Where the first row begins, below the titles of the parts."""
SMALLEST = 0.04
"""Weights below this draw no line; the matrices have them all."""
MINI = 16
"""Cells along one side of a small matrix: as many as can be told apart at that size."""
_COLOUR = f"var(--st-primary-color, {theme.ACCENT})"
_AGAINST = "#d55e00"
_BANDS = 10
STYLE = f"""
.living {{ display: block; height: auto; overflow: visible; }}
.living text {{ fill: currentColor; font: 13px sans-serif; dominant-baseline: central; }}
.living .title {{ font-weight: 600; text-anchor: middle; }}
.living .note {{ font-size: 11.5px; text-anchor: middle; }}
.living .token {{ text-anchor: end; }}
.living .ribbon, .living .given, .living .cells, .living .bar {{ fill: {_COLOUR}; }}
.living .against {{ fill: {_AGAINST}; }}
.living .line {{ fill: none; stroke: {_COLOUR}; }}
.living .frame {{ fill: transparent; stroke: rgba(128, 128, 128, .55); }}
.living .ground {{ fill: var(--st-background-color, white); }}
.living .now {{ fill: none; stroke: {_AGAINST}; stroke-width: 1.5; stroke-dasharray: 4 3;
  pointer-events: none; }}
.living [data-pick] {{ cursor: pointer; outline: none; }}
.living [data-pick] > .frame {{ transition: stroke-width .15s; }}
.living [data-pick]:hover > .frame, .living [data-pick]:focus-visible > .frame {{
  stroke: currentColor; stroke-width: 2.5; }}
.living .selected > .frame {{ stroke: {_AGAINST}; stroke-width: 3; }}
.living .chip text {{ font-size: 12px; text-anchor: middle; }}
.living .chip .frame {{ fill: {_COLOUR}; fill-opacity: .1; }}
.living.playing [data-part]:not(.lit) {{ opacity: .22; }}
.living [data-part] {{ transition: opacity .4s; }}
@media (prefers-reduced-motion: reduce) {{ .living * {{ transition: none !important; }} }}
"""


@dataclass(frozen=True)
class Rows:
    """Which tokens are drawn, at which heights. ``kept`` are their places, ``names`` their texts."""

    kept: np.ndarray
    names: tuple[str, ...]
    total: int
    step: float
    top: float = TOP

    @property
    def y(self) -> np.ndarray:
        return self.top + self.step * (np.arange(len(self.kept)) + 0.5)

    @property
    def thick(self) -> float:
        """Width of the ribbon of the longest vector: a little less than its row."""
        return 0.88 * self.step

    @property
    def bottom(self) -> float:
        return self.top + self.step * len(self.kept)

    @property
    def cut(self) -> str:
        """What to say where not all tokens are drawn."""
        if len(self.kept) == self.total:
            return ""
        return (
            f"{len(self.kept)} of {self.total} tokens are drawn, those that give most; the tables have all."
        )


def rows_of(tokens: Sequence[str], importance: np.ndarray, *, most: int = ROWS) -> Rows:
    """The ``most`` tokens of greatest ``importance`` (T,), in the order of the text."""
    kept = np.sort(np.argsort(-np.abs(importance), kind="stable")[:most])
    step = float(np.clip(300 / max(len(kept), 1), 16, 34))
    return Rows(kept, tuple(theme.shortened(tokens[place], width=15) for place in kept), len(tokens), step)


def pick(
    place: str,
    *content: Markup,
    said: str,
    here: str = "",
    part: str | None = None,
    kind: str | None = None,
) -> Markup:
    """A part that leads to ``place``, told as ``said``; selected where ``place`` is ``here``."""
    classes = " ".join(filter(None, (kind, "selected" if place == here else "")))
    return element(
        "g",
        element("title", said),
        *content,
        class_=classes or None,
        data_pick=place,
        data_part=part,
        role="button",
        aria_label=said,
    )


def frame(x: float, y: float, width: float, height: float, *, radius: float = 5) -> Markup:
    """The outline of a part; a pointer anywhere inside reaches it."""
    return element("rect", class_="frame", x=x, y=y, width=width, height=height, rx=radius)


def chip(place: str, words: str, *, x: float, y: float, here: str) -> Markup:
    """A small labelled door at the middle ``x`` that leads to ``place``."""
    width = 7.0 * len(words) + 16
    return pick(
        place,
        frame(x - width / 2, y - 11, width, 22, radius=11),
        element("text", words, x=x, y=y),
        said=words,
        here=here,
        kind="chip",
    )


def title(words: str, x: float, *, y: float = 18, note: str = "") -> Markup:
    """A part's title above it, with a line below in small print."""
    lines = [element("text", words, class_="title", x=x, y=y)]
    if note:
        lines.append(element("text", note, class_="note", x=x, y=y + 18))
    return join(lines)


def token_names(rows: Rows, x: float, *, anchor: str = "end") -> Markup:
    """The tokens' texts at the heights of their rows."""
    return join(
        element("text", name, x=x, y=f"{y:.1f}", style=f"text-anchor: {anchor}")
        for name, y in zip(rows.names, rows.y, strict=True)
    )


@dataclass(frozen=True)
class Station:
    """A place on the way where every ribbon has the width of its number. ``sizes`` (T,)."""

    x: float
    sizes: np.ndarray
    name: str


def ribbons(stations: Sequence[Station], rows: Rows, strength: np.ndarray, *, largest: float) -> Markup:
    """One ribbon a token through all stations, as wide as its numbers and as opaque as ``strength`` (T,).

    ``largest`` is the number whose ribbon nearly fills its row.
    """
    drawn = []
    for row, place in enumerate(rows.kept):
        y = float(rows.y[row])
        sizes = [float(station.sizes[place]) for station in stations]
        told = ", ".join(
            f"{station.name} {number_text(size)}" for station, size in zip(stations, sizes, strict=True)
        )
        drawn.append(
            element(
                "path",
                element("title", f"{rows.names[row]}: {told}"),
                class_="ribbon",
                d=_ribbon([station.x for station in stations], sizes, y, rows.thick / largest),
                fill_opacity=f"{opacity(strength[place], strength):.3f}",
            )
        )
    return join(drawn)


def opacity(value: float, among: np.ndarray) -> float:
    """From .18 for nothing to .95 for the largest of all."""
    largest = float(np.abs(among).max(initial=0.0)) or 1.0
    return 0.18 + 0.77 * abs(float(value)) / largest


def _ribbon(xs: Sequence[float], sizes: Sequence[float], y: float, scale: float) -> str:
    """The outline of a ribbon: its upper edge forwards, its lower edge back."""
    half = [max(size * scale, 0.8) / 2 for size in sizes]
    upper = [f"{x:.1f} {y - h:.2f}" for x, h in zip(xs, half, strict=True)]
    lower = [f"{x:.1f} {y + h:.2f}" for x, h in zip(reversed(xs), reversed(half), strict=True)]
    return f"M{'L'.join([*upper, *lower])}Z"


def strongest(weights: np.ndarray, *, most: int) -> list[tuple[int, int]]:
    """(row, column) of the strongest ``most`` weights, strongest first."""
    order = np.argsort(-weights, axis=None, kind="stable")[:most]
    pairs = zip(*np.unravel_index(order, weights.shape), strict=True)
    return [(int(i), int(j)) for i, j in pairs if weights[i, j] >= SMALLEST]


def between(weights: np.ndarray) -> np.ndarray:
    """The weights (T, T) between different tokens: what a token keeps of itself is its own ribbon."""
    return np.where(np.eye(len(weights), dtype=bool), 0.0, weights)


def lines(
    weights: np.ndarray,
    rows: Rows,
    span: tuple[float, float],
    edges: Iterable[tuple[int, int]],
    *,
    at_rows: Rows | None = None,
) -> Markup:
    """Lines from the token that is looked at (left) to the one that looks (right), as wide as the weight.

    ``weights`` and ``edges`` are of the tokens drawn; a weight of 1 is 9 pixels wide. ``at_rows`` are those
    looked at, where they are others than those that look.
    """
    seen = at_rows or rows
    start, end = span
    third = (end - start) / 3
    drawn = []
    for looks, at in edges:
        weight, y0, y1 = float(weights[looks, at]), seen.y[at], rows.y[looks]
        drawn.append(
            look(
                f"M{start:.1f} {y0:.1f}C{start + third:.1f} {y0:.1f} {end - third:.1f} {y1:.1f} "
                f"{end:.1f} {y1:.1f}",
                weight,
                f"{rows.names[looks]} looks at {seen.names[at]}: {weight:.3f}",
            )
        )
    return join(drawn)


def look(path: str, weight: float, title: str) -> Markup:
    """A line as wide and as strong as the weight of attention that it stands for."""
    return element(
        "path",
        element("title", title),
        class_="line",
        d=path,
        stroke_width=f"{9 * weight:.2f}",
        stroke_opacity=f"{0.25 + 0.7 * weight:.2f}",
        data_weight=f"{weight:.4f}",
    )


def bars(values: np.ndarray, rows: Rows, x: float, width: float, *, largest: float, name: str) -> Markup:
    """A bar for each token's number, ``width`` pixels for the ``largest``."""
    drawn = []
    for row, place in enumerate(rows.kept):
        value = float(values[place])
        drawn.append(
            element(
                "rect",
                element("title", f"{rows.names[row]}: {name} {number_text(value)}"),
                class_="bar",
                x=x,
                y=f"{rows.y[row] - 4:.1f}",
                width=f"{max(width * value / (largest or 1.0), 0.5):.2f}",
                height=8,
                fill_opacity=0.75,
            )
        )
    return join(drawn)


def small_matrix(values: np.ndarray, box: tuple[float, float, float, float], *, limit: float) -> Markup:
    """A matrix (r, c) as cells in ``box`` (x, y, width, height): stronger colour for what is farther from 0.

    ``limit`` has the strongest colour; negative numbers have the other one. Two paths a shade, so that a
    picture of many matrices stays light.
    """
    x, y, width, height = box
    high, wide = height / values.shape[0], width / values.shape[1]
    sizes = np.minimum(np.abs(values) / (limit or 1.0), 1.0)  # first, as a mask's numbers times ten overflow
    shade = np.ceil(_BANDS * np.nan_to_num(sizes)).astype(int)
    drawn = []
    for sign, kind in ((1, "cells"), (-1, "cells against")):
        for band in range(1, _BANDS + 1):
            places = np.argwhere((shade == band) & (np.sign(values) == sign))
            moves = "".join(
                f"M{x + wide * column:.1f} {y + high * row:.1f}h{wide:.1f}v{high:.1f}h-{wide:.1f}z"
                for row, column in places
            )
            if moves:
                drawn.append(element("path", class_=kind, d=moves, fill_opacity=f"{band / _BANDS:.1f}"))
    return join(drawn)
