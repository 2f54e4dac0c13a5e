"""An encoder with a decoder in one picture, while one piece is written: two bands, and what joins them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analytics.figures.living import chances, pieces
from analytics.figures.living.decoder_flow import DecoderFlow, decoder_flow, source_rows, target_rows
from analytics.figures.living.pieces import Rows, Station
from analytics.figures.svg import Markup, element, join, picture
from analytics.transformer.decoder.trace import TranslationTrace
from analytics.words import count, number_text

_STEP, _TOP, _BETWEEN = 22.0, 46.0, 96.0
_NAMES, _EMBEDDED, _BLOCKS = 104, 122, 186
_ENCODER_ROOM, _DECODER_ROOM = 270.0, 420.0
_WIDTH = _BLOCKS + _DECODER_ROOM + chances.WIDTH + 20


def model_picture(
    trace: TranslationTrace, step: int, piece: Callable[[int], str], *, here: str = ""
) -> Markup:
    """The picture while output piece ``step``, from 0, is written; ``piece`` writes a token's number."""
    flow = decoder_flow(trace, step)
    source = source_rows(trace, flow, top=_TOP, step=_STEP)
    target = target_rows(trace, flow, top=source.bottom + _BETWEEN, step=_STEP)
    written = trace.steps[step].id
    drawn = [
        *_encoder(trace, flow, source, here),
        *_decoder(trace, flow, target, here),
        _looks_across(trace, flow, source, target),
        chances.box(
            flow.chances,
            [piece(int(one)) for one in flow.best],
            chosen=[int(one) for one in flow.best].index(written) if written in flow.best else None,
            vocabulary=trace.logits.shape[1],
            corner=(_BLOCKS + _DECODER_ROOM + 10, target.top - 6),
            height=target.bottom - target.top + 12,
            here=here,
        ),
        *_doors(target.bottom + 28, here),
    ]
    now = trace.steps[step]
    said = (
        f"{count(source.total, 'piece')} pass an encoder; the decoder has read {count(step + 1, 'piece')} "
        f"and writes {now.text} with probability {now.probability:.2f}. Every part is a button."
    )
    size = (_WIDTH, target.bottom + 46)
    return picture("living model", size, pieces.STYLE, *drawn, alt=said, role="group")


def legend(trace: TranslationTrace, step: int) -> str:
    """What widths and colours stand for."""
    flow = decoder_flow(trace, step)
    source = source_rows(trace, flow, top=_TOP, step=_STEP)
    shown = (
        f"{len(source.kept)} of {source.total} source pieces are drawn. "
        if len(source.kept) < source.total
        else ""
    )
    rows = target_rows(trace, flow, top=_TOP, step=_STEP)
    shown += (
        f"{len(rows.kept)} of {rows.total} output pieces are drawn. " if len(rows.kept) < rows.total else ""
    )
    return (
        "A ribbon is one piece: the sentence above, the output so far below. **Width**: the length of its "
        f"vector (the widest is {number_text(flow.largest)}). **Strength of colour**: how much the piece "
        "being written looks at it, mean of all layers and heads. **Lines**: attention weights of at least "
        f"{pieces.SMALLEST}, mean of the heads; between the bands those of the piece being written. "
        f"**Bars**: what feed-forward adds, and at the right the probabilities. {shown}"
    )


def _encoder(trace: TranslationTrace, flow: DecoderFlow, rows: Rows, here: str) -> list[Markup]:
    layers = len(trace.source.layers)
    wide = _ENCODER_ROOM / layers
    end = _BLOCKS + _ENCODER_ROOM
    stations = [Station(_x(name, wide, {"middle": 0.4}), sizes, name) for name, sizes in flow.source.items()]
    looked = flow.looked[:, flow.step].mean(0)
    drawn = [
        pieces.pick(
            "encoder",
            pieces.frame(4, _TOP - 6, end - 2, rows.bottom - _TOP + 12),
            pieces.title("The sentence", 58, note=""),
            pieces.title(f"Encoder, {count(layers, 'block')}", _BLOCKS + _ENCODER_ROOM / 2),
            pieces.token_names(rows, _NAMES),
            said="The encoder: the sentence becomes vectors",
            here=here,
            part="encoder",
        ),
        _untouched(pieces.ribbons(stations, rows, looked, largest=flow.largest)),
    ]
    for index, mixing in enumerate(flow.source_mixing):
        x = _BLOCKS + wide * index
        weights = pieces.between(mixing[np.ix_(rows.kept, rows.kept)])
        edges = pieces.strongest(weights, most=2 * len(rows.kept))
        drawn.append(_untouched(pieces.lines(weights, rows, (x + 2, x + 0.38 * wide), edges)))
    return [element("g", *drawn, data_part="encoder")]


def _x(name: str, wide: float, inside: dict[str, float]) -> float:
    """Where a station is; ``inside`` has the places within a block."""
    if name == "embedding":
        return float(_EMBEDDED)
    number, _, part = name.removeprefix("block ").partition(", ")
    return _BLOCKS + wide * (int(number) - 1 + inside.get(part, 0.98))


def _untouched(drawn: Markup) -> Markup:
    """What lies over a part that is clicked; its hints stay, as the pointer passes through to the part."""
    return element("g", drawn, style="pointer-events: none")


def _decoder(trace: TranslationTrace, flow: DecoderFlow, rows: Rows, here: str) -> list[Markup]:
    layers = len(trace.layers)
    wide = _DECODER_ROOM / layers
    inside = {"self": 0.34, "cross": 0.62}
    stations = [Station(_x(name, wide, inside), sizes, name) for name, sizes in flow.target.items()]
    strength = flow.written[:, flow.step].mean(0).copy()
    strength[flow.step] = strength.max()
    drawn = [
        pieces.pick(
            "embedding",
            pieces.frame(4, rows.top - 6, _BLOCKS - 10, rows.bottom - rows.top + 12),
            pieces.title("Read so far", 58, y=rows.top - 18),
            pieces.token_names(rows, _NAMES),
            said="The pieces read so far, and their embeddings",
            here=here,
            part="written",
        ),
        *(_block(index, wide, rows, here) for index in range(layers)),
        _untouched(pieces.ribbons(stations, rows, strength, largest=flow.largest)),
    ]
    now = int(np.flatnonzero(rows.kept == flow.step)[0])
    y = float(rows.y[now])
    drawn.append(
        element(
            "rect", class_="now", x=6, y=y - _STEP / 2, width=_BLOCKS + _DECODER_ROOM - 8, height=_STEP, rx=4
        )
    )
    for index in range(layers):
        x = _BLOCKS + wide * index
        weights = pieces.between(flow.written[index][np.ix_(rows.kept, rows.kept)])
        edges = pieces.strongest(weights, most=2 * len(rows.kept))
        drawn.append(
            element(
                "g",
                pieces.lines(weights, rows, (x + 4, x + 0.32 * wide), edges),
                style="pointer-events: none",
                data_part=f"self {index + 1}",
            )
        )
        adds = flow.feed_forward[index]
        largest = float(flow.feed_forward.max(initial=0.0))
        forward = pieces.bars(
            adds, rows, x + 0.7 * wide, 0.24 * wide, largest=largest, name="feed-forward adds"
        )
        drawn.append(
            element("g", forward, style="pointer-events: none", data_part=f"feed-forward {index + 1}")
        )
    return drawn


def _block(index: int, wide: float, rows: Rows, here: str) -> Markup:
    x, number = _BLOCKS + wide * index, index + 1
    top, tall = rows.top - 6, rows.bottom - rows.top + 12
    whole = pieces.pick(
        f"block/{number}",
        pieces.frame(x + 2, top - 42, wide - 4, tall + 42),
        pieces.title(f"Block {number}", x + 0.22 * wide, y=top - 30),
        said=f"Block {number}: masked self-attention, cross-attention, feed-forward",
        here=here,
        part=f"block {number}",
    )
    parts = (
        ("self_attention", "self", 0.02, 0.34, "Masked self-attention"),
        ("cross_attention", "cross", 0.36, 0.28, "Cross-attention"),
        ("feed_forward", "feed", 0.66, 0.32, "Feed-forward"),
    )
    doors = [
        pieces.pick(
            f"{part}/{number}",
            pieces.frame(round(x + start * wide, 1), top, round(share * wide, 1), tall, radius=3),
            element("text", short, class_="note", x=f"{x + (start + share / 2) * wide:.1f}", y=top - 9),
            said=f"{name} of block {number}",
            here=here,
            part=f"block {number}",
        )
        for part, short, start, share, name in parts
    ]
    return join([whole, *doors])


def _looks_across(trace: TranslationTrace, flow: DecoderFlow, source: Rows, target: Rows) -> Markup:
    """From the encoder's vectors to the piece being written: its weights of cross-attention in each block."""
    wide = _DECODER_ROOM / len(trace.layers)
    now = int(np.flatnonzero(target.kept == flow.step)[0])
    y1, x0 = float(target.y[now]), _BLOCKS + _ENCODER_ROOM
    drawn = []
    for index, looked in enumerate(flow.looked[:, flow.step]):
        x1, low = _BLOCKS + wide * (index + 0.5), source.bottom + 24
        strands = []
        for row, place in enumerate(source.kept):
            weight = float(looked[place])
            if weight < pieces.SMALLEST:
                continue
            y0 = float(source.y[row])
            strands.append(
                pieces.look(
                    f"M{x0 - 4:.1f} {y0:.1f}C{x0 + 46:.1f} {y0:.1f} {x0 + 40:.1f} {low:.1f} "
                    f"{(x0 + x1) / 2:.1f} {low + 2:.1f}S{x1:.1f} {low + 16:.1f} {x1:.1f} {y1:.1f}",
                    weight,
                    f"block {index + 1} looks at {source.names[row]}: {weight:.3f}",
                )
            )
        drawn.append(element("g", *strands, data_part=f"cross {index + 1}", style="pointer-events: none"))
    return join(drawn)


def _doors(y: float, here: str) -> list[Markup]:
    """The views that belong to several parts, below the picture."""
    doors = (
        ("alignment", "Alignment", 60.0),
        ("mask_lab", "Mask lab", 152.0),
        ("layers", "Layers", 232.0),
        ("by_hand", "By hand", 308.0),
        ("checks", "Checks", 386.0),
        ("memory", "Memory", 464.0),
        ("sampling", "Sampling", 612.0),
        ("beams", "Beam tree", 692.0),
        ("why", "Why this piece", 794.0),
    )
    return [pieces.chip(place, words, x=x, y=y, here=here) for place, words, x in doors]
