"""The whole encoder in one picture: tokens as ribbons through embedding, blocks and pooling to the vector."""

from __future__ import annotations

import numpy as np

from analytics.figures.living import blocks, pieces
from analytics.figures.living.encoder_flow import EncoderFlow, encoder_flow
from analytics.figures.living.pieces import TOP, Rows, Station
from analytics.figures.matrix import signed_limit
from analytics.figures.svg import Markup, element, join, picture
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.words import count, number_text

_NAMES, _EMBEDDED, _BLOCKS = 104, 122, 270
_NARROWEST, _ROOM = 62, 456
_POOLED, _VECTOR = 84, 34
_SEAM = 2.5
"""How far before the end of a block its output stands."""


def model_picture(trace: EncoderTrace, *, here: str = "") -> Markup:
    """The picture; ``here`` is the place that is selected, named by a stage's key or a part of the model."""
    flow = encoder_flow(trace)
    rows = pieces.rows_of(trace.tokens, flow.shares)
    number = len(trace.hidden_states) - 1
    wide = max(_NARROWEST, _ROOM / max(number, 1))
    end = _BLOCKS + wide * number
    width, height = end + _POOLED + _VECTOR + 14, rows.bottom + 44
    stations = _stations(flow, wide)
    drawn = [
        _inputs(trace, rows, here),
        *(blocks.frame(index, _BLOCKS + wide * index, wide, rows, here) for index in range(number)),
        element(
            "g",
            pieces.ribbons(stations, rows, flow.shares, largest=flow.largest),
            style="pointer-events: none",
        ),
        *(
            blocks.inside(flow, index, _BLOCKS + wide * index, wide, rows, here)
            for index in range(len(trace.layers))
        ),
        _pooling(flow, rows, end, stations[-1].sizes, here),
        _vector(trace.vector, end + _POOLED, rows, here),
        _doors(trace, end, rows.bottom + 26, here),
    ]
    said = (
        f"{count(len(trace.tokens), 'token')} as ribbons from left to right through the embedding, "
        f"{count(number, 'block')} and {trace.ledger_mode} pooling to {count(len(trace.vector), 'number')}. "
        "Every part is a button."
    )
    return picture("living model", (width, height), pieces.STYLE, *drawn, alt=said, role="group")


def legend(trace: EncoderTrace) -> str:
    """What widths and colours of the picture stand for, in one or two sentences."""
    flow = encoder_flow(trace)
    rows = pieces.rows_of(trace.tokens, flow.shares)
    said = (
        "A ribbon is one token. **Width**: the length of its vector at that place (the widest is "
        f"{number_text(flow.largest)}). **Strength of colour**: its share of the final vector (the strongest "
        f"is {100 * np.abs(flow.shares).max():.0f}%). "
    )
    if trace.layers:
        said += (
            f"**Lines in a block**: attention weights of at least {pieces.SMALLEST}, mean of its heads, from "
            "the token looked at to the one that looks. **Squares**: its heads, stronger where a head looks "
            "at one token only. **Bars**: how much the feed-forward part adds. "
        )
    return said + rows.cut


def _stations(flow: EncoderFlow, wide: float) -> list[Station]:
    places = {"token": _EMBEDDED, "with position": _EMBEDDED + 66, "normed": _EMBEDDED + 132}
    stations = []
    for name, sizes in flow.lengths.items():
        if name in places:
            x = float(places[name])
        else:
            number = int(name.split(",")[0].removeprefix("block "))
            x = _BLOCKS + wide * number - (0.42 * wide if "middle" in name else _SEAM)
        stations.append(Station(x, sizes, name))
    return stations


def _inputs(trace: EncoderTrace, rows: Rows, here: str) -> Markup:
    high = rows.bottom - TOP
    names = pieces.pick(
        "tokens",
        pieces.frame(4, TOP - 6, _NAMES + 4, high + 12),
        pieces.title("Tokens", 58, note=count(len(trace.tokens), "piece")),
        pieces.token_names(rows, _NAMES),
        said="Tokens: the text in pieces",
        here=here,
        part="tokens",
    )
    first = pieces.pick(
        "embedding_sum",
        pieces.frame(_EMBEDDED - 6, TOP - 6, 84, high + 12),
        pieces.title("Embedding", _EMBEDDED + 36, note="+ position"),
        said="Embedding: each piece's row of a table, plus its position",
        here=here,
        part="embedding_sum",
    )
    normed = pieces.pick(
        "embedding_output",
        pieces.frame(_EMBEDDED + 86, TOP - 6, 54, high + 12),
        pieces.title("Norm", _EMBEDDED + 113),
        said="Norm of the embeddings",
        here=here,
        part="embedding_output",
    )
    return join([names, first, normed])


def _pooling(flow: EncoderFlow, rows: Rows, end: float, sizes: np.ndarray, here: str) -> Markup:
    """From each ribbon to its share of the vector's height."""
    sized = np.abs(flow.shares[rows.kept])
    total = float(np.abs(flow.shares).sum()) or 1.0
    high = rows.bottom - TOP
    drawn, top = [], float(TOP)
    for row, place in enumerate(rows.kept):
        tall = high * float(sized[row]) / total
        low = top + tall
        half = max(float(sizes[place]) * rows.thick / flow.largest, 0.8) / 2
        y, x0, x1 = float(rows.y[row]), end - _SEAM, end + _POOLED
        drawn.append(
            element(
                "path",
                element("title", f"{rows.names[row]}: {100 * flow.shares[place]:.1f}% of the vector"),
                class_="given against" if flow.shares[place] < 0 else "given",
                d=f"M{x0:.1f} {y - half:.2f}C{x0 + 38:.1f} {y - half:.2f} {x1 - 38:.1f} {top:.2f} {x1:.1f} "
                f"{top:.2f}V{low:.2f}C{x1 - 38:.1f} {low:.2f} {x0 + 38:.1f} {y + half:.2f} {x0:.1f} "
                f"{y + half:.2f}Z",
                fill_opacity=f"{pieces.opacity(flow.shares[place], flow.shares):.3f}",
                data_share=f"{flow.shares[place]:.4f}",
            )
        )
        top = low
    return pieces.pick(
        "pooled",
        pieces.frame(end + 4, 4, _POOLED - 8, rows.bottom + 2),
        pieces.title("Pooling", end + _POOLED / 2, note="shares"),
        *drawn,
        said="Pooling: one vector from all tokens",
        here=here,
        part="pooled",
    )


def _vector(vector: np.ndarray, x: float, rows: Rows, here: str) -> Markup:
    box = (x + 4, float(TOP), float(_VECTOR - 8), rows.bottom - TOP)
    return pieces.pick(
        "vector",
        pieces.small_matrix(vector[:, None], box, limit=signed_limit(vector)),
        pieces.frame(x, TOP - 6, _VECTOR, rows.bottom - TOP + 12),
        pieces.title("Vector", x + _VECTOR / 2, note=f"{len(vector):,}"),
        said=f"The vector: {count(len(vector), 'number')}",
        here=here,
        part="vector",
    )


def _doors(trace: EncoderTrace, end: float, y: float, here: str) -> Markup:
    """The views that belong to no single stage, each below its part."""
    middle = (_BLOCKS + end) / 2
    doors = [("importance", "Tokens that matter", 76.0), ("by_hand", "By hand", 200.0)]
    if trace.layers:
        doors.append(("heads_off", "Heads off", middle - 140))
    doors += [("layers", "Layers", middle - 30), ("ledger", "What each token gives", end - 62.0)]
    doors.append(("pair", "Two texts", end + _POOLED - 6))
    return join(pieces.chip(place, words, x=x, y=y, here=here) for place, words, x in doors)
