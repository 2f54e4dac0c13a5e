"""Attention as lines between tokens that follow the pointer: one SVG with its own style, and no script.

Every token carries its own edges, hidden until the pointer or the keyboard reaches it, so following a token
costs no run of the page and works in a saved file too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from analytics.figures import theme
from analytics.figures.svg import Markup, element, join, picture
from analytics.words import count

LINES = 400
SMALLEST = 0.01
"""Weights below this are not drawn."""

_WIDTH, _LEFT, _RIGHT = 600, 205, 395
_COLOUR = f"var(--st-primary-color, {theme.ACCENT})"
_BANDS = (SMALLEST, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.001)
_STYLE = f"""
.walk-lines {{ width: 100%; max-width: {_WIDTH}px; height: auto; display: block; margin: 0 auto; }}
.walk-lines text {{ fill: currentColor; font: 12px sans-serif; dominant-baseline: central; }}
.walk-lines path {{ stroke: {_COLOUR}; fill: none; }}
.walk-lines rect {{ fill: transparent; }}
.walk-lines .own, .walk-lines .all {{ pointer-events: none; }}
.walk-lines .own {{ visibility: hidden; }}
.walk-lines .own path {{ stroke-opacity: 0.85; }}
.walk-lines .token {{ outline: none; cursor: default; }}
.walk-lines .token:hover rect, .walk-lines .token:focus rect {{ fill: {_COLOUR}; fill-opacity: 0.22; }}
.walk-lines .token:hover .own, .walk-lines .token:focus .own {{ visibility: visible; }}
.walk-lines:has(.token:hover, .token:focus) .all {{ opacity: 0.07; }}
.walk-lines .followed rect {{ fill: {_COLOUR}; fill-opacity: 0.22; }}
.walk-lines:not(:has(.token:hover, .token:focus)) .followed .own {{ visibility: visible; }}
.walk-lines:has(.followed) .all {{ opacity: 0.07; }}
"""


def strongest_edges(weights: np.ndarray, *, count: int = LINES) -> np.ndarray:
    """(n, 2) row and column of the strongest edges of (T, T), at most ``count``, strongest first."""
    order = np.argsort(-weights, axis=None, kind="stable")[:count]
    places = np.column_stack(np.unravel_index(order, weights.shape))
    return places[weights[places[:, 0], places[:, 1]] >= SMALLEST]


def edges_per_token(tokens: int) -> int:
    """How many edges a followed token shows: all of them in short texts, the strongest in long ones."""
    return tokens if tokens <= 64 else 10


def lines(weights: np.ndarray, tokens: Sequence[str], *, follow: int | None = None) -> Markup:
    """Lines from the token that looks (left) to the token it looks at (right), as opaque as the weight.

    ``weights`` (T, T) rows sum to 1. Without a pointer the strongest LINES edges show, or those of the token
    ``follow``; a token under the pointer, or reached by the Tab key, shows its own with their weights in
    figures: on the left where it looks, on the right what looks at it.
    """
    step = 22 if len(tokens) <= 64 else 16
    height = step * len(tokens) + 12
    names = [theme.shortened(token, width=24) for token in tokens]
    everyone = element("g", _paths(weights, strongest_edges(weights), step), class_="all")
    body = [everyone, *_tokens(weights, names, step, follow)]
    said = f"Lines between {count(len(tokens), 'token')}; reach a token to follow it"
    return picture("walk-lines", (_WIDTH, height), _STYLE, *body, alt=said)


def _tokens(weights: np.ndarray, names: list[str], step: int, follow: int | None) -> Iterator[Markup]:
    count = edges_per_token(len(names))
    for left in (True, False):
        for place, name in enumerate(names):
            values = weights[place] if left else weights[:, place]
            best = np.argsort(-values, kind="stable")[:count]
            best = best[values[best] >= SMALLEST]
            here = np.full(len(best), place)
            edges = np.column_stack([here, best] if left else [best, here])
            chosen = " followed" if left and place == follow else ""
            own = [_paths(weights, edges, step), _figures(values, best, step, at_right=left)]
            yield element(
                "g",
                _label(name, place, step, left),
                element("g", *own, class_="own"),
                class_=f"token{chosen}",
                tabindex=0,
            )


def _label(name: str, place: int, step: int, left: bool) -> Markup:
    x, anchor, start = (_LEFT - 10, "end", 50) if left else (_RIGHT + 10, "start", _RIGHT)
    y = _y(place, step)
    room = element("rect", x=start, y=y - step / 2, width=_LEFT - 50, height=step, rx=4)
    return join([room, element("text", name, x=x, y=y, text_anchor=anchor)])


def _figures(values: np.ndarray, places: np.ndarray, step: int, *, at_right: bool) -> Markup:
    x, anchor = (_WIDTH - 10, "end") if at_right else (10, "start")
    return join(
        element("text", f"{values[place]:.3f}", x=x, y=_y(int(place), step), text_anchor=anchor)
        for place in places
    )


def _paths(weights: np.ndarray, edges: np.ndarray, step: int) -> Markup:
    """One path per band of weights, each as strong as the middle of its band."""
    strength = weights[edges[:, 0], edges[:, 1]] if len(edges) else np.empty(0)
    drawn = []
    for low, high in pairwise(_BANDS):
        chosen = edges[(strength >= low) & (strength < high)]
        middle = (low + min(high, 1)) / 2
        moves = "".join(f"M{_LEFT} {_y(int(i), step):g}L{_RIGHT} {_y(int(j), step):g}" for i, j in chosen)
        if moves:
            width, opacity = 0.6 + 4 * middle, 0.15 + 0.85 * middle
            strong = {"stroke_width": f"{width:.2f}", "stroke_opacity": f"{opacity:.2f}"}
            drawn.append(element("path", d=moves, **strong))
    return join(drawn)


def _y(place: int, step: int) -> float:
    return 6 + step * (place + 0.5)
