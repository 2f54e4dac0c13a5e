"""A decoder-only model in one picture while one token is written, and one of its blocks or heads."""

from __future__ import annotations

from collections.abc import Callable

from analytics.figures.living import blocks, chances, encoder_inside, heads, pieces
from analytics.figures.living.causal_flow import CANDIDATES, CausalFlow, causal_flow, read_rows
from analytics.figures.living.pieces import Rows, Station
from analytics.figures.svg import Markup, element, picture
from analytics.transformer.causal.trace import CausalTrace
from analytics.words import count, number_text

_NAMES, _EMBEDDED, _BLOCKS = 104, 122, 186
_NARROWEST, _ROOM = 62, 396
_NORM = 58
_SEAM = 2.5
"""How far before the end of a block its output stands."""


def model_picture(trace: CausalTrace, step: int, piece: Callable[[int], str], *, here: str = "") -> Markup:
    """The picture while the token of ``step``, from 0, is written; ``piece`` writes a token's number."""
    flow = causal_flow(trace, step)
    rows = read_rows(trace, flow)
    number, now = len(trace.layers), trace.steps[step]
    wide = max(_NARROWEST, _ROOM / number)
    end = _BLOCKS + wide * number
    best = [int(one) for one in flow.best]
    ribbons = pieces.ribbons(_stations(flow, wide), rows, flow.strength, largest=flow.largest)
    drawn = [
        _read(rows, here),
        *(blocks.frame(index, _BLOCKS + wide * index, wide, rows, here) for index in range(number)),
        element("g", ribbons, style="pointer-events: none"),
        *(blocks.inside(flow, index, _BLOCKS + wide * index, wide, rows, here) for index in range(number)),
        _last_token(rows, end),
        pieces.pick(
            "last_hidden",
            pieces.frame(end + 4, 4, _NORM - 8, rows.bottom + 2),
            pieces.title("Norm", end + _NORM / 2, note="last"),
            pieces.title("→", end + _NORM / 2, y=float(rows.y[-1])),
            said="The last norm",
            here=here,
            part="last_hidden",
        ),
        chances.box(
            flow.chances,
            [piece(one) for one in best],
            chosen=best.index(now.id) if now.id in best else None,
            vocabulary=trace.logits.shape[1],
            corner=(end + _NORM + 4, pieces.TOP - 6),
            height=rows.bottom - pieces.TOP + 12,
            here=here,
        ),
        *_doors(end, _floor(rows) + 24, here),
    ]
    said = (
        f"{count(rows.total, 'token')} as ribbons through {count(number, 'block')}; the last one looks back, "
        f"and {now.text} is written with probability {now.probability:.2f}. Every part is a button."
    )
    size = (end + _NORM + chances.WIDTH, _floor(rows) + 42)
    return picture("living model", size, pieces.STYLE, *drawn, alt=said, role="group")


def legend(trace: CausalTrace, step: int) -> str:
    """What widths and colours stand for."""
    flow = causal_flow(trace, step)
    rows = read_rows(trace, flow)
    cut = (
        f" {len(rows.kept)} of {rows.total} tokens are drawn, those that are looked at most."
        if len(rows.kept) < rows.total
        else ""
    )
    return (
        "A ribbon is one token that was read. **Width**: the length of its vector (the widest is "
        f"{number_text(flow.largest)}). **Strength of colour**: how much the last token looks at it, mean of "
        "all layers and heads; the last one's own vector becomes the next token. **Lines**: attention "
        f"weights of at least {pieces.SMALLEST}, mean of the heads, always from earlier tokens. **Squares**: "
        "a block's heads, stronger where a head looks at one token only. **Bars**: what feed-forward adds, "
        f"and at the right the probabilities.{cut}"
    )


def block_picture(trace: CausalTrace, step: int, block: int, *, here: str = "") -> Markup:
    """Layer ``block``, from 0, with the tokens that were read when the token of ``step`` was written."""
    flow = causal_flow(trace, step)
    return encoder_inside.layer_picture(
        trace.layers[block],
        trace.layers[block - 1].output if block else trace.embedding_output,
        block,
        rows=read_rows(trace, flow),
        norm_first=True,
        ends=False,
        strength=flow.strength,
        here=here,
    )


def head_picture(trace: CausalTrace, step: int, block: int, head: int, *, here: str = "") -> Markup:
    """One head of layer ``block``, both from 0."""
    rows = read_rows(trace, causal_flow(trace, step))
    place = ("head", "", block + 1)
    return heads.head_picture(trace.layers[block], head, looks=rows, at=rows, place=place, here=here)


def _stations(flow: CausalFlow, wide: float) -> list[Station]:
    stations = [Station(_EMBEDDED, flow.lengths["embedding"], "embedding")]
    for index in range(len(flow.focus)):
        x, name = _BLOCKS + wide * index, f"block {index + 1}"
        stations.append(Station(x + 0.58 * wide, flow.lengths[f"{name}, middle"], f"{name}, middle"))
        stations.append(Station(x + wide - _SEAM, flow.lengths[name], name))
    return stations


def _read(rows: Rows, here: str) -> Markup:
    return pieces.pick(
        "embedding_sum",
        pieces.frame(4, pieces.TOP - 6, _BLOCKS - 10, rows.bottom - pieces.TOP + 12),
        pieces.title("Read so far", 90, note=f"{count(rows.total, 'token')}, embedded"),
        pieces.token_names(rows, _NAMES),
        said="The tokens read so far, and their embeddings",
        here=here,
        part="read",
    )


def _last_token(rows: Rows, end: float) -> Markup:
    """A frame around the one whose vector becomes the next token."""
    y = float(rows.y[-1]) - rows.step / 2
    return element("rect", class_="now", x=6, y=f"{y:.1f}", width=end - 8, height=f"{rows.step:.1f}", rx=4)


def _floor(rows: Rows) -> float:
    """The lower edge of the tallest part."""
    return max(rows.bottom, pieces.TOP - 6 + chances.needed(CANDIDATES))


def _doors(end: float, y: float, here: str) -> list[Markup]:
    """The views that belong to several parts, below the picture."""
    doors = (
        ("kept", "What is kept", 64.0),
        ("attention", "Attention", (_BLOCKS + end) / 2),
        ("sampling", "Sampling", end + _NORM + 56),
        ("checks", "Checks", end + _NORM + 142),
    )
    return [pieces.chip(place, words, x=x, y=y, here=here) for place, words, x in doors]
