"""One block of an encoder: its heads, what they add, and what the feed-forward part adds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.figures.living import heads, pieces
from analytics.figures.living.encoder_flow import encoder_flow
from analytics.figures.living.pieces import TOP, Rows, Station
from analytics.figures.svg import Markup, element, picture
from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace

_WIDTH = 872
_HEADS = (156.0, 190.0)
"""Left edge and width of the room for the heads."""
_COLUMNS = {
    "attention_input": (112.0, 38.0),
    "attention_output": (360.0, 84.0),
    "attention_residual": (450.0, 52.0),
    "attention_norm": (508.0, 54.0),
    "feed_forward_hidden": (568.0, 72.0),
    "feed_forward_output": (646.0, 84.0),
    "feed_forward_residual": (736.0, 56.0),
    "output": (798.0, 56.0),
}
"""Left edge and width of every other part, by its stage."""
_ON_THE_WAY = {
    "input": 122.0,
    "attention_residual": 476.0,
    "attention_norm": 534.0,
    "feed_forward_residual": 762.0,
    "output": 824.0,
}
"""Where a ribbon has the width of the vector itself; the other parts are what is added to it."""
_DOOR = _HEADS[0] + _HEADS[1] / 2


def block_picture(trace: EncoderTrace, block: int, *, here: str = "") -> Markup:
    """Layer ``block``, from 0: its heads, what attention adds, and what the feed-forward part adds."""
    layer = trace.layers[block]
    rows = pieces.rows_of(trace.tokens, encoder_flow(trace).shares)
    return layer_picture(
        layer,
        trace.hidden_states[block],
        block,
        rows=rows,
        norm_first=trace.weights is not None and trace.weights.norm_first,
        ends=True,
        strength=np.linalg.norm(layer.output, axis=-1),
        doors=[pieces.chip("heads_off", "Heads off", x=_DOOR, y=rows.bottom + 20, here=here)],
        here=here,
    )


def layer_picture(
    layer: LayerTrace,
    before: np.ndarray,
    block: int,
    *,
    rows: Rows,
    norm_first: bool,
    ends: bool,
    strength: np.ndarray,
    doors: Sequence[Markup] = (),
    here: str = "",
) -> Markup:
    """One layer of an encoder or of a decoder-only model.

    ``before`` (T, d) is what comes in; ``strength`` (T,) how strong each token's ribbon is. ``norm_first``:
    norms make copies for each part, and the sums go on. ``ends``: whether the layer's output is a stage of
    its own.
    """
    order = _parts(norm_first=norm_first, ends=ends)
    sizes = {"input": np.linalg.norm(before, axis=-1)}
    sizes |= {name: np.linalg.norm(getattr(layer, name), axis=-1) for name in order}
    way = [name for name in ("input", *order) if name in _ON_THE_WAY]
    if norm_first:
        way.remove("attention_norm")
    largest = max(float(values.max(initial=0.0)) for values in sizes.values()) or 1.0
    stations = [Station(_ON_THE_WAY[name], sizes[name], name.replace("_", " ")) for name in way]
    drawn = [
        pieces.token_names(rows, 116),
        element(
            "g",
            pieces.ribbons(stations, rows, strength, largest=largest),
            style="pointer-events: none",
        ),
        *_heads(layer.weights, block, rows, here),
        *(_column(name, words, layer, rows, here, block + 1) for name, words in order.items()),
        _lengths(sizes, "attention_output", rows, largest),
        _lengths(sizes, "feed_forward_hidden", rows, float(sizes["feed_forward_hidden"].max())),
        _lengths(sizes, "feed_forward_output", rows, largest),
        *doors,
    ]
    said = (
        f"Block {block + 1}: {len(layer.weights)} heads, what they add, and the feed-forward part. "
        "All are buttons."
    )
    return picture("living", (_WIDTH, rows.bottom + 30), pieces.STYLE, *drawn, alt=said, role="group")


BLOCK_LEGEND = (
    "**Ribbons**: the length of each token's vector on its way through this block. **Bars**: the length of "
    "what a part adds to it, on one scale for both parts (the hidden units have their own). "
    "**Small squares**: each head's attention weights, a row for each token that looks."
)


def _parts(*, norm_first: bool, ends: bool) -> dict[str, str]:
    """What the parts are called, by stage, in the order of the way."""
    parts = {"attention_input": "Norm"} if norm_first else {}
    parts |= {
        "attention_output": "Projection",
        "attention_residual": "Add",
        "attention_norm": "Norm" if norm_first else "Norm 1",
        "feed_forward_hidden": "Hidden",
        "feed_forward_output": "Feed-forward",
        "feed_forward_residual": "Add again",
    }
    return parts | ({"output": "Result" if norm_first else "Norm 2"} if ends else {})


def _column(name: str, words: str, layer: LayerTrace, rows: Rows, here: str, block: int) -> Markup:
    x, width = _COLUMNS[name]
    notes = {
        "attention_output": "attention adds",
        "feed_forward_hidden": f"{layer.feed_forward_hidden.shape[1]:,} units",
        "feed_forward_output": "adds",
    }
    return pieces.pick(
        f"{name}/{block}",
        pieces.frame(x, TOP - 6, width, rows.bottom - TOP + 12),
        pieces.title(words, x + width / 2, y=34, note=notes.get(name, "")),
        said=f"{words}, block {block}",
        here=here,
    )


def _lengths(sizes: dict[str, np.ndarray], name: str, rows: Rows, largest: float) -> Markup:
    x, width = _COLUMNS[name]
    said = f"length of {name.replace('_', ' ')}"
    drawn = pieces.bars(sizes[name], rows, x + 6, width - 12, largest=largest, name=said)
    return element("g", drawn, style="pointer-events: none")


def _heads(weights: np.ndarray, block: int, rows: Rows, here: str) -> list[Markup]:
    """The room of the heads: a small matrix for each."""
    left, width = _HEADS
    room = rows.bottom - TOP
    whole = pieces.pick(
        f"attention/{block + 1}",
        element("rect", class_="ground", x=left - 4, y=TOP - 6, width=width + 8, height=room + 12),
        pieces.frame(left - 4, TOP - 6, width + 8, room + 12),
        pieces.title("Attention", left + width / 2, y=34, note=f"{len(weights)} heads"),
        said=f"Attention of block {block + 1}: all its heads",
        here=here,
    )
    grid = heads.head_grid(weights, (left, TOP, width, room), place="head", number=block + 1, here=here)
    return [whole, grid]


def head_picture(trace: EncoderTrace, block: int, head: int, *, here: str = "") -> Markup:
    """One head of layer ``block``, both from 0."""
    rows = pieces.rows_of(trace.tokens, encoder_flow(trace).shares)
    layer, place = trace.layers[block], ("head", "", block + 1)
    return heads.head_picture(layer, head, looks=rows, at=rows, place=place, here=here)
