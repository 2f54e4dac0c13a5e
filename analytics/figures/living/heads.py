"""Heads of attention: all of a layer as small matrices, and one with the way from Q and K to mixed values."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from analytics.figures.living import pieces
from analytics.figures.living.pieces import MINI, TOP, Rows
from analytics.figures.matrix import shrink, signed_limit
from analytics.figures.svg import Markup, element, join, picture

_CARD, _GAP = 88.0, 26.0
_WIDTH, _PANEL = 872, 372
LEGEND = (
    "**Lines**: this head's attention weights, from the token looked at (left) to the token that looks "
    f"(right); a weight of 1 is 9 pixels wide, and those below {pieces.SMALLEST} are left out. **Small "
    "matrices**: the numbers themselves, stronger colour for what is farther from 0, orange below 0."
)


class Attention(Protocol):
    """The numbers of an attention block, of an encoder's layer or of a decoder's. H heads, T look at S."""

    @property
    def q(self) -> np.ndarray: ...  # (H, T, d_head)
    @property
    def k(self) -> np.ndarray: ...  # (H, S, d_head)
    @property
    def v(self) -> np.ndarray: ...  # (H, S, d_head)
    @property
    def scores(self) -> np.ndarray: ...  # (H, T, S)
    @property
    def mask(self) -> np.ndarray: ...  # (T, S)
    @property
    def weights(self) -> np.ndarray: ...  # (H, T, S)
    @property
    def heads(self) -> np.ndarray: ...  # (H, T, d_head)


def head_grid(
    weights: np.ndarray, box: tuple[float, float, float, float], *, place: str, number: int, here: str
) -> Markup:
    """A small matrix for each of the ``weights`` (H, T, S), in as many columns as leave them largest.

    ``place`` and the layer's ``number`` name the heads: ``head/2/5``. ``box`` is x, y, width, height.
    """
    left, top, width, height = box
    small = shrink(weights[None], MINI)[0] if weights.shape[1] == weights.shape[2] else weights
    sides = {n: min(width / n, height / -(-len(small) // n)) for n in range(1, len(small) + 1)}
    across = max(sides, key=lambda n: sides[n])
    side = sides[across]
    drawn = []
    for head, one in enumerate(small):
        x, y = round(left + side * (head % across) + 2, 1), round(top + side * (head // across) + 2, 1)
        inner = round(side - 6, 1)
        drawn.append(
            pieces.pick(
                f"{place}/{number}/{head + 1}",
                element("rect", class_="ground", x=x, y=y, width=inner, height=inner),
                pieces.small_matrix(one, (x, y, inner, inner), limit=1.0),
                pieces.frame(x, y, inner, inner, radius=2),
                said=f"Block {number}, head {head + 1}",
                here=here,
            )
        )
    return join(drawn)


def head_picture(
    block: Attention, head: int, *, looks: Rows, at: Rows, place: tuple[str, str, int], here: str = ""
) -> Markup:
    """One head, from 0: where each token looks, and the matrices from Q and K to the mixed values.

    ``place``: what its own place is called, what the stages' places begin with, and the layer's number.
    """
    own, prefix, number = place
    weights = block.weights[head]
    kept = weights[np.ix_(looks.kept, at.kept)]
    edges = pieces.strongest(kept, most=4 * len(kept))
    ending = f"{number}/{head + 1}"
    height = max(looks.bottom, at.bottom, TOP + 2 * (_CARD + 50)) + 12
    panel = pieces.pick(
        f"{own}/{ending}",
        pieces.frame(4, TOP - 6, _PANEL, max(looks.bottom, at.bottom) - TOP + 12),
        pieces.title(f"Head {head + 1}", 4 + _PANEL / 2, y=18),
        pieces.token_names(at, 116),
        pieces.lines(kept, looks, (122, 256), edges, at_rows=at),
        pieces.token_names(looks, 264, anchor="start"),
        said=f"Block {number}, head {head + 1}: where each token looks",
        here=here,
    )
    drawn = [
        panel,
        pieces.title("is looked at", 80, y=50),
        pieces.title("looks", 284, y=50),
        *_cards(block, head, prefix, ending, here),
    ]
    said = f"Block {number}, head {head + 1}: lines between tokens, and seven matrices. All are buttons."
    return picture("living", (_WIDTH, height), pieces.STYLE, *drawn, alt=said, role="group")


def _cards(block: Attention, head: int, prefix: str, ending: str, here: str) -> list[Markup]:
    """The seven matrices with the signs between them, in two lines."""
    shown = {
        "q": ("Q", "", block.q[head]),
        "k": ("K", "×", block.k[head]),
        "scores": ("Scores", "→", block.scores[head]),
        "mask": ("Mask", "+", block.mask),
        "weights": ("Weights", "→", block.weights[head]),
        "v": ("V", "×", block.v[head]),
        "heads": ("Mixed values", "→", block.heads[head]),
    }
    cards = []
    for index, (key, (name, sign, values)) in enumerate(shown.items()):
        x, y = _PANEL + 44 + (index % 4) * (_CARD + _GAP), TOP + (index // 4) * (_CARD + 50)
        limit = 1.0 if key in ("mask", "weights") else signed_limit(values)
        cards.append(_card(f"{prefix}{key}/{ending}", name, values, limit, x, y, here))
        if sign:
            cards.append(element("text", sign, class_="title", x=x - _GAP / 2, y=y + _CARD / 2))
    return cards


def _card(place: str, name: str, values: np.ndarray, limit: float, x: float, y: float, here: str) -> Markup:
    size = f"{values.shape[0]} × {values.shape[1]}"
    return pieces.pick(
        place,
        pieces.small_matrix(_shrunk(values), (x, y, _CARD, _CARD), limit=limit),
        pieces.frame(x, y, _CARD, _CARD, radius=3),
        pieces.title(name, x + _CARD / 2, y=y + _CARD + 14, note=size),
        said=f"{name}: {size} numbers",
        here=here,
    )


def _shrunk(values: np.ndarray, side: int = 32) -> np.ndarray:
    """The matrix with blocks of cells averaged so that no side is longer than ``side``."""
    for axis in (0, 1):
        if values.shape[axis] > side:
            edges = np.linspace(0, values.shape[axis], side + 1).astype(int)
            sizes = np.diff(edges)
            shape = (-1, 1) if axis == 0 else (1, -1)
            values = np.add.reduceat(values, edges[:-1], axis=axis) / sizes.reshape(shape)
    return values
