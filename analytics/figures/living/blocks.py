"""A block in the picture of a whole model: its frame, its heads as squares, where it looks, what it adds."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from analytics.figures.living import pieces
from analytics.figures.living.pieces import Rows
from analytics.figures.svg import Markup, element

_ACROSS = 6
_SQUARE = 12.0  # of a head: small enough that six stand side by side in a narrow block


class Flow(Protocol):
    """The numbers of all blocks. L layers, H heads, T tokens."""

    @property
    def mixing(self) -> np.ndarray: ...  # (L, T, T) attention weights, the mean over heads
    @property
    def focus(self) -> np.ndarray: ...  # (L, H) the largest weight, the mean over tokens
    @property
    def feed_forward(self) -> np.ndarray: ...  # (L, T) the length of what that part adds


def frame(index: int, x: float, wide: float, rows: Rows, here: str) -> Markup:
    """The outline of block ``index``, from 0, with its title."""
    return pieces.pick(
        f"block/{index + 1}",
        pieces.frame(x + 2, 4, wide - 4, rows.bottom + 2),
        pieces.title(f"Block {index + 1}", x + wide / 2),
        said=f"Block {index + 1}: attention and feed-forward, each added to what came in and normed",
        here=here,
        part=f"block {index + 1}",
    )


def inside(flow: Flow, index: int, x: float, wide: float, rows: Rows, here: str) -> Markup:
    """What is in the frame: lines between tokens, bars of what is added, and a square for each head."""
    weights = flow.mixing[index][np.ix_(rows.kept, rows.kept)]
    edges = pieces.strongest(pieces.between(weights), most=3 * len(rows.kept))
    largest = float(flow.feed_forward.max(initial=0.0))
    heads = len(flow.focus[index])
    side = min(_SQUARE, (wide - 10) / min(heads, _ACROSS))
    squares = [
        _head_square(index, head, float(flow.focus[index, head]), x + 6, side, here) for head in range(heads)
    ]
    looks = pieces.lines(weights, rows, (x + 4, x + 0.56 * wide), edges)
    adds = pieces.bars(
        flow.feed_forward[index],
        rows,
        x + 0.66 * wide,
        0.26 * wide,
        largest=largest,
        name="feed-forward adds",
    )
    return element(
        "g",
        element("g", looks, data_part=f"mixing {index + 1}"),
        element("g", adds, data_part=f"feed-forward {index + 1}"),
        element("g", *squares, data_part=f"heads {index + 1}"),
        data_part=f"block {index + 1}",
    )


def _head_square(block: int, head: int, focus: float, x: float, side: float, here: str) -> Markup:
    across, down = head % _ACROSS, head // _ACROSS
    left, top = x + side * across, 30 + side * down
    return pieces.pick(
        f"head/{block + 1}/{head + 1}",
        element(
            "rect",
            class_="bar",
            x=f"{left:.1f}",
            y=f"{top:.1f}",
            width=f"{side - 2:.1f}",
            height=f"{side - 2:.1f}",
            fill_opacity=f"{focus:.2f}",
        ),
        pieces.frame(round(left, 1), round(top, 1), round(side - 2, 1), round(side - 2, 1), radius=1),
        said=f"Block {block + 1}, head {head + 1}: its largest weight is {focus:.2f} on average",
        here=here,
    )
