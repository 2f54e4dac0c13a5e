"""An output with each piece coloured by its probability, and what the colours mean."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analytics.figures import theme
from analytics.figures.svg import Markup, element, picture

_WIDTH, _HIGH, _BETWEEN, _PADDING = 720, 30, 5, 9
_LEGEND_ROW = 26
_BANDS = (
    (0.0, "under 25 %", "#b2182b", "#ffffff"),
    (0.25, "25 to 50 %", "#ef8a62", "#000000"),
    (0.5, "50 to 75 %", "#fddbc7", "#000000"),
    (0.75, "75 to 90 %", "#d1e5f0", "#000000"),
    (0.9, "90 % and more", "#67a9cf", "#000000"),
)
"""From, words, colour and the text on it: ColorBrewer's RdBu, which the colour-blind can tell apart."""
_FORCED = ("#d9d9d9", "#000000")
_STYLE = """
.sure { width: 100%; max-width: 800px; height: auto; display: block; }
.sure text { font: 14px sans-serif; dominant-baseline: central; text-anchor: middle; }
.sure .legend { fill: currentColor; font-size: 12.5px; text-anchor: start; }
.sure rect { stroke: currentColor; stroke-opacity: .25; }
.sure [data-pick] { cursor: pointer; }
"""


def coloured_pieces(
    names: Sequence[str],
    probabilities: Sequence[float],
    forced: Sequence[bool],
    *,
    alt: str,
    put_there: str = "put there",
) -> Markup:
    """Pieces in lines, with a legend; a click on one gives its number from 0. Returns SVG.

    ``forced`` marks pieces that were put there, which are grey: they were not the model's choice, and may
    have NaN for a probability. ``put_there`` says so in the legend.
    """
    drawn: list[Markup] = []
    x, y = 1.0, 1.0
    for place, (name, probability, put) in enumerate(zip(names, probabilities, forced, strict=True)):
        shown = theme.shortened(name, width=24)
        wide = theme.text_width(shown) + 2 * _PADDING
        if x + wide > _WIDTH and x > 1:
            x, y = 1.0, y + _HIGH + _BETWEEN
        colour, ink = _FORCED if put else _band(probability)[1:]
        size = f"{100 * probability:.4g} %" if math.isfinite(probability) else ""
        told = f"{theme.shortened(name)}: " + ", ".join(filter(None, (size, put_there if put else "")))
        box = {"x": f"{x:.1f}", "y": y, "width": f"{wide:.1f}", "height": _HIGH, "rx": 4}
        drawn.append(
            element(
                "g",
                element("title", told),
                element("rect", **box, fill=colour),
                element("text", shown, x=f"{x + wide / 2:.1f}", y=y + _HIGH / 2, fill=ink),
                data_pick=place,
                tabindex="0",
                role="button",
                aria_label=told,
            )
        )
        x += wide + _BETWEEN
    bands = [(words, colour) for _, words, colour, _ in _BANDS]
    bands += [(put_there, _FORCED[0])] if any(forced) else []
    legend, bottom = _legend(bands, y + _HIGH + 12)
    return picture("sure", (_WIDTH, bottom), _STYLE, *drawn, *legend, alt=alt, role="group")


def _band(probability: float) -> tuple[str, str, str]:
    return next(band[1:] for band in reversed(_BANDS) if probability >= band[0])


def _legend(bands: Sequence[tuple[str, str]], y: float) -> tuple[list[Markup], float]:
    drawn, x = [], 1.0
    for words, colour in bands:
        wide = theme.text_width(words) + 34
        if x + wide > _WIDTH:
            x, y = 1.0, y + _LEGEND_ROW
        drawn.append(element("rect", x=f"{x:.1f}", y=y, width=14, height=14, fill=colour))
        drawn.append(element("text", words, class_="legend", x=f"{x + 20:.1f}", y=y + 7))
        x += wide
    return drawn, y + 18
