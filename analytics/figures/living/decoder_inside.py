"""One block of a decoder, and one of its heads: what was written so far, the source, and each place alone."""

from __future__ import annotations

import numpy as np

from analytics.figures.living import heads, pieces
from analytics.figures.living.decoder_flow import decoder_flow, source_rows, target_rows
from analytics.figures.living.pieces import TOP, Rows, Station
from analytics.figures.svg import Markup, element, picture
from analytics.transformer.decoder.trace import TranslationTrace

_WIDTH, _STEP = 872, 26.0
_ROOMS = {"self_attention": (150.0, 170.0), "cross_attention": (396.0, 170.0)}
_TITLES = {"self_attention": "Masked self-attention", "cross_attention": "Cross-attention"}
_HEADS = {"self_attention": "self_head", "cross_attention": "cross_head"}
BLOCK_LEGEND = (
    "**Ribbons**: the length of each piece's vector on its way through this block; the piece being "
    "written is the strongest. **Bars**: the length of what feed-forward adds. **Small squares**: each "
    "head's weights, a row for each piece being written, a column for each piece it may look at."
)


def block_picture(trace: TranslationTrace, step: int, block: int, *, here: str = "") -> Markup:
    """Layer ``block`` of the decoder, from 0, while output piece ``step`` is written."""
    layer, flow = trace.layers[block], decoder_flow(trace, step)
    rows = target_rows(trace, flow, top=TOP, step=_STEP)
    before = trace.layers[block - 1].output if block else trace.embedding_output
    ways = {
        "input": (122.0, before),
        "after self-attention": (340.0, layer.self_attention.output),
        "after cross-attention": (588.0, layer.cross_attention.output),
        "output": (850.0, layer.output),
    }
    sizes = {name: np.linalg.norm(values, axis=-1) for name, (_, values) in ways.items()}
    largest = max(float(values.max(initial=0.0)) for values in sizes.values()) or 1.0
    stations = [Station(x, sizes[name], name) for name, (x, _) in ways.items()]
    strength = flow.written[block, step].copy()
    strength[step] = strength.max()
    adds = np.linalg.norm(layer.feed_forward.projected, axis=-1)
    number = block + 1
    forward = pieces.pick(
        f"feed_forward/{number}",
        pieces.frame(640, TOP - 6, 180, rows.bottom - TOP + 12),
        pieces.title("Feed-forward", 730, y=34, note=f"{layer.feed_forward.hidden.shape[1]:,} units, adds"),
        pieces.bars(adds, rows, 650, 150, largest=float(adds.max(initial=0.0)), name="feed-forward adds"),
        said=f"Feed-forward of block {number}",
        here=here,
    )
    drawn = [
        pieces.token_names(rows, 116),
        element("g", pieces.ribbons(stations, rows, strength, largest=largest), style="pointer-events: none"),
        *(_room(trace, block, part, rows, here) for part in _ROOMS),
        forward,
    ]
    said = f"Block {number} of the decoder: two kinds of attention and a feed-forward part. All are buttons."
    return picture("living", (_WIDTH, rows.bottom + 20), pieces.STYLE, *drawn, alt=said, role="group")


def _room(trace: TranslationTrace, block: int, part: str, rows: Rows, here: str) -> Markup:
    weights = getattr(trace.layers[block], part).weights
    (left, width), room, number = _ROOMS[part], rows.bottom - TOP, block + 1
    whole = pieces.pick(
        f"{part}/{number}",
        element("rect", class_="ground", x=left - 4, y=TOP - 6, width=width + 8, height=room + 12),
        pieces.frame(left - 4, TOP - 6, width + 8, room + 12),
        pieces.title(_TITLES[part], left + width / 2, y=34, note=f"{len(weights)} heads, add, norm"),
        said=f"{_TITLES[part]} of block {number}",
        here=here,
    )
    grid = heads.head_grid(weights, (left, TOP, width, room), place=_HEADS[part], number=number, here=here)
    return element("g", whole, grid)


def head_picture(
    trace: TranslationTrace, step: int, part: str, block: int, head: int, *, here: str = ""
) -> Markup:
    """One head of ``part``, self_attention or cross_attention, of layer ``block``; both from 0."""
    flow = decoder_flow(trace, step)
    looks = target_rows(trace, flow, top=TOP, step=_STEP)
    at = source_rows(trace, flow, top=TOP, step=_STEP) if part == "cross_attention" else looks
    place = (_HEADS[part], f"{part}.", block + 1)
    attention = getattr(trace.layers[block], part)
    return heads.head_picture(attention, head, looks=looks, at=at, place=place, here=here)
