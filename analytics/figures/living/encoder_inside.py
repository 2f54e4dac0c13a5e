"""One block of an encoder: its heads, what they add, and what the feed-forward part adds."""

from __future__ import annotations

import numpy as np

from analytics.figures.living import heads, pieces
from analytics.figures.living.encoder_flow import encoder_flow
from analytics.figures.living.pieces import TOP, Rows, Station
from analytics.figures.svg import Markup, element, picture
from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace

_WIDTH = 872
_HEADS = (156.0, 190.0)
"""Left edge and width of the room for the heads."""


def block_picture(trace: EncoderTrace, block: int, *, here: str = "") -> Markup:
    """Layer ``block``, from 0: its heads, what attention adds, and what the feed-forward part adds."""
    layer, rows = trace.layers[block], pieces.rows_of(trace.tokens, encoder_flow(trace).shares)
    before = trace.hidden_states[block]
    sizes = {name: np.linalg.norm(values, axis=-1) for name, values in _ways(layer, before).items()}
    largest = max(float(values.max(initial=0.0)) for values in sizes.values()) or 1.0
    places = {"input": 122.0, "attention_residual": 476.0, "attention_norm": 534.0}
    places |= {"feed_forward_residual": 762.0, "output": 824.0}
    stations = [Station(x, sizes[name], name.replace("_", " ")) for name, x in places.items()]
    number = block + 1
    hidden = f"{layer.feed_forward_hidden.shape[1]:,} units"
    columns = (
        ("attention_output", "Projection", "attention adds", 360, 84),
        ("attention_residual", "Add", "", 450, 52),
        ("attention_norm", "Norm 1", "", 508, 54),
        ("feed_forward_hidden", "Hidden", hidden, 568, 72),
        ("feed_forward_output", "Feed-forward", "adds", 646, 84),
        ("feed_forward_residual", "Add again", "", 736, 56),
        ("output", "Norm 2", "", 798, 56),
    )
    cards = [
        *_input_norm(trace, rows, here, number),
        *(_column(*column, rows, here, number) for column in columns),
    ]
    drawn = [
        pieces.token_names(rows, 116),
        element(
            "g",
            pieces.ribbons(stations, rows, sizes["output"], largest=largest),
            style="pointer-events: none",
        ),
        *_heads(trace, block, rows, here),
        *cards,
        _lengths(sizes, "attention_output", 366, 72, rows, largest),
        _lengths(sizes, "feed_forward_hidden", 574, 60, rows, float(sizes["feed_forward_hidden"].max())),
        _lengths(sizes, "feed_forward_output", 652, 72, rows, largest),
    ]
    said = (
        f"Block {number}: {len(layer.weights)} heads, what they add, and the feed-forward part. "
        "All are buttons."
    )
    return picture("living", (_WIDTH, rows.bottom + 30), pieces.STYLE, *drawn, alt=said, role="group")


BLOCK_LEGEND = (
    "**Ribbons**: the length of each token's vector on its way through this block. **Bars**: the length of "
    "what a part adds to it, on one scale for both parts (the hidden units have their own). "
    "**Small squares**: each head's attention weights, a row for each token that looks."
)


def _ways(layer: LayerTrace, before: np.ndarray) -> dict[str, np.ndarray]:
    names = (
        "attention_output",
        "attention_residual",
        "attention_norm",
        "feed_forward_hidden",
        "feed_forward_output",
        "feed_forward_residual",
        "output",
    )
    return {"input": before, **{name: getattr(layer, name) for name in names}}


def _input_norm(trace: EncoderTrace, rows: Rows, here: str, block: int) -> list[Markup]:
    """Only models that normalise before each part have this stage."""
    if trace.weights is None or not trace.weights.norm_first:
        return []
    return [_column("attention_input", "Input norm", "", 112, 38, rows, here, block)]


def _column(
    place: str, words: str, note: str, x: float, width: float, rows: Rows, here: str, block: int
) -> Markup:
    return pieces.pick(
        f"{place}/{block}",
        pieces.frame(x, TOP - 6, width, rows.bottom - TOP + 12),
        pieces.title(words, x + width / 2, y=34, note=note),
        said=f"{words}, block {block}",
        here=here,
    )


def _lengths(
    sizes: dict[str, np.ndarray], name: str, x: float, width: float, rows: Rows, largest: float
) -> Markup:
    said = f"length of {name.replace('_', ' ')}"
    drawn = pieces.bars(sizes[name], rows, x, width, largest=largest, name=said)
    return element("g", drawn, style="pointer-events: none")


def _heads(trace: EncoderTrace, block: int, rows: Rows, here: str) -> list[Markup]:
    """The room of the heads, a small matrix for each, and the door to switching some off."""
    weights, (left, width) = trace.layers[block].weights, _HEADS
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
    return [
        whole,
        grid,
        pieces.chip("heads_off", "Heads off", x=left + width / 2, y=rows.bottom + 20, here=here),
    ]


def head_picture(trace: EncoderTrace, block: int, head: int, *, here: str = "") -> Markup:
    """One head of layer ``block``, both from 0."""
    rows = pieces.rows_of(trace.tokens, encoder_flow(trace).shares)
    layer, place = trace.layers[block], ("head", "", block + 1)
    return heads.head_picture(layer, head, looks=rows, at=rows, place=place, here=here)
