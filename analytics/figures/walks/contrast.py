"""Two candidates for one place, and which pieces speak for which: bars to the right and to the left."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.figures import theme
from analytics.figures.svg import Markup, element, picture

_WIDTH, _LEFT, _RIGHT = 560, 132, 8
_ROW, _TOP, _GAP = 24, 50, 26
_FIGURES = 46
"""Room for a number beside the end of a bar."""
_MIDDLE = (_LEFT + _WIDTH - _RIGHT) / 2
_REACH = (_WIDTH - _RIGHT - _LEFT) / 2 - _FIGURES
FOR, AGAINST = theme.colour_of(0), theme.colour_of(1)
_STYLE = """
.contrast { width: 100%; max-width: 620px; height: auto; display: block; }
.contrast text { fill: currentColor; font: 13px sans-serif; dominant-baseline: central; }
.contrast .name, .contrast .left { text-anchor: end; }
.contrast .head { font-weight: 600; }
.contrast .group { opacity: .75; }
.contrast .hit { fill: transparent; }
.contrast g:hover > .hit { fill: currentColor; opacity: .08; }
.contrast .base { stroke: currentColor; opacity: .4; }
.contrast .error { stroke: currentColor; stroke-width: 1.5; }
"""


def contrast_bars(
    groups: Sequence[tuple[str, Sequence[str], np.ndarray]],
    *,
    written: str,
    other: str,
    alt: str,
    uncertainty: Sequence[np.ndarray] = (),
) -> Markup:
    """Groups of named numbers, above 0 to the right for ``written``, below 0 to the left for ``other``.

    A group is its title, its names and their numbers in logits. ``uncertainty`` has the standard errors of
    each group, drawn as thin lines. Returns SVG.
    """
    sizes = [float(np.abs(values).max(initial=0.0)) for _, _, values in groups]
    scale = _REACH / max([*sizes, 1e-12])
    drawn = [
        element("text", f"← for {theme.shortened(other, width=16)}", class_="left head", x=_MIDDLE - 8, y=14),
        element("text", f"for {theme.shortened(written, width=16)} →", class_="head", x=_MIDDLE + 8, y=14),
    ]
    y = float(_TOP)
    for place, (title, names, values) in enumerate(groups):
        drawn.append(element("text", title, class_="group", x=0, y=y - 12))
        errors = uncertainty[place] if uncertainty else np.zeros(len(values))
        for name, value, error in zip(names, values, errors, strict=True):
            drawn.append(_row(name, float(value), float(error), y=y, scale=scale))
            y += _ROW
        y += _GAP
    bottom = y - _GAP
    drawn.append(element("line", class_="base", x1=_MIDDLE, x2=_MIDDLE, y1=_TOP - 24, y2=bottom))
    return picture("contrast", (_WIDTH, bottom + 4), _STYLE, *drawn, alt=alt)


def _row(name: str, value: float, error: float, *, y: float, scale: float) -> Markup:
    middle, long = y + _ROW / 2, abs(value) * scale
    forward = value >= 0
    x = _MIDDLE if forward else _MIDDLE - long
    end = _MIDDLE + long if forward else _MIDDLE - long
    told = f"{theme.shortened(name)}: {value:+.4g}" + (f" ± {error:.2g}" if error else "")
    parts = [
        element("title", told),
        element("rect", class_="hit", x=0, y=y, width=_WIDTH, height=_ROW),
        element("text", theme.shortened(name, width=15), class_="name", x=_LEFT - 10, y=middle),
        element(
            "rect",
            x=f"{x:.1f}",
            y=y + 4,
            width=f"{long:.1f}",
            height=_ROW - 8,
            fill=FOR if forward else AGAINST,
        ),
    ]
    if error:
        reach = error * scale
        parts.append(
            element(
                "line", class_="error", x1=f"{end - reach:.1f}", x2=f"{end + reach:.1f}", y1=middle, y2=middle
            )
        )
    beyond = error * scale + 5
    at = f"{end + beyond if forward else end - beyond:.1f}"
    parts.append(element("text", f"{value:+.2f}", class_=None if forward else "left", x=at, y=middle))
    return element("g", *parts)
