"""The softmax in a living picture: the most probable pieces, and the one that was written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.figures import theme
from analytics.figures.living import pieces
from analytics.figures.svg import Markup, element

WIDTH = 230.0
_LINE = 26.0


def box(
    chances: np.ndarray,
    names: Sequence[str],
    *,
    chosen: int | None,
    vocabulary: int,
    corner: tuple[float, float],
    height: float,
    here: str,
) -> Markup:
    """Bars for ``chances`` (c,) of the pieces ``names``; the place ``chosen`` of what was written has a star.

    ``corner`` is the left upper one, below the title; the box is ``height`` tall, or as its lines need.
    """
    left, top = corner
    bars = []
    for place, (name, chance) in enumerate(zip(names, chances, strict=True)):
        y = top + 20 + _LINE * place
        star = " ★" if place == chosen else ""
        bars += [
            element("text", f"{theme.shortened(name, width=11)}{star}", x=left + 96, y=y,
                    style="text-anchor: end"),
            element("rect", class_="bar", x=left + 102, y=y - 6, width=f"{70 * chance:.2f}", height=12,
                    fill_opacity=0.8, data_chance=f"{chance:.4f}"),
            element("text", _per_cent(float(chance)), x=f"{left + 108 + 70 * chance:.1f}", y=y),
        ]  # fmt: skip
    return pieces.pick(
        "next_word",
        pieces.frame(left, top, WIDTH - 6, max(height, needed(len(names)))),
        pieces.title("Softmax", left + 60, y=top - 30),
        element("text", f"over {vocabulary:,} pieces", class_="note", x=left + 60, y=top - 12),
        *bars,
        said="Softmax: the probability of every piece that could come next",
        here=here,
        part="softmax",
    )


def needed(lines: int) -> float:
    """How tall a box of so many lines must be."""
    return _LINE * lines + 8


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f}%" if share >= 0.0005 else "<0.1%"
