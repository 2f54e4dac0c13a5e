"""What a decoder keeps from step to step: a row for each step, a column for each token read."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.figures import theme
from analytics.figures.svg import Markup, element, join, picture

_WIDTH, _LEFT, _RIGHT = 720, 70, 6
_ROW, _LEGEND, _NAMES = 18, 26, 56
_NARROWEST = 13
"""Pixels of a column below which names of tokens would lie on each other."""
_FOUND, _COMPUTED = "#67a9cf", "#ef8a62"
"""Blue for what was there, orange for what was done: the pair of the decoder's badges."""
_STYLE = """
.kept { width: 100%; min-width: 540px; max-width: 800px; height: auto; display: block; }
.kept text { fill: currentColor; font: 12px sans-serif; dominant-baseline: central; }
.kept .chosen { fill: none; stroke: currentColor; stroke-width: 2; }
"""


def store_picture(
    steps: Sequence[tuple[int, int]], tokens: Sequence[str], *, chosen: int, alt: str
) -> Markup:
    """Tokens found in the store and tokens computed, (found, computed) a step, over the tokens read.

    What is neither was let go, as a model with a window does, or was not read yet. Returns SVG.
    """
    wide = (_WIDTH - _LEFT - _RIGHT) / max(len(tokens), 1)
    named = wide >= _NARROWEST
    top = _LEGEND + (_NAMES if named else 0)
    drawn = [_legend()]
    if named:
        drawn += [_name(token, _LEFT + (place + 0.5) * wide, top - 6) for place, token in enumerate(tokens)]
    read = 0
    for place, (found, computed) in enumerate(steps):
        y = top + place * _ROW
        drawn.append(element("text", f"step {place + 1}", x=2, y=y + _ROW / 2))
        runs = ((read - found, found, _FOUND, "found"), (read, computed, _COMPUTED, "computed"))
        drawn.append(
            join(_run(first, many, colour, told, wide, y) for first, many, colour, told in runs if many)
        )
        if place == chosen:
            box = {"x": _LEFT, "y": y, "width": f"{wide * len(tokens):.1f}", "height": _ROW}
            drawn.append(element("rect", class_="chosen", **box))
        read += computed
    return picture("kept", (_WIDTH, top + len(steps) * _ROW + 2), _STYLE, *drawn, alt=alt)


def _run(first: int, many: int, colour: str, told: str, wide: float, y: float) -> Markup:
    box = {"x": f"{_LEFT + first * wide:.1f}", "y": y + 1, "width": f"{many * wide:.1f}", "height": _ROW - 2}
    return element(
        "rect", element("title", f"{told}: tokens {first + 1} to {first + many}"), fill=colour, **box
    )


def _name(token: str, x: float, y: float) -> Markup:
    shown = theme.shortened(token, width=10)
    return element("text", shown, x=f"{x:.1f}", y=y, transform=f"rotate(-60 {x:.1f} {y})")


def _legend() -> Markup:
    parts: list[Markup] = []
    for x, colour, words in ((_LEFT, _FOUND, "found in the store"), (_LEFT + 170, _COMPUTED, "computed")):
        parts.append(element("rect", x=x, y=4, width=14, height=14, fill=colour))
        parts.append(element("text", words, x=x + 20, y=11))
    return join(parts)
