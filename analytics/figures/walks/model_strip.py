"""The whole encoder-decoder in one strip, the part in view lit: SVG, which a page redraws in no time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.figures import theme
from analytics.figures.svg import Markup, element, join

_WIDTH, _HEIGHT = 690, 176
_BOX_WIDTH, _BOX_HEIGHT = 100, 50
_UP, _DOWN = 34, 130
_STEP = 118
LONGEST = 20
"""Characters of a text shown in a box."""
_STYLE = f"""
.model-strip {{ overflow-x: auto; }}
.model-strip svg {{ min-width: 470px; width: 100%; max-width: 900px; height: auto; display: block; }}
.model-strip text {{ fill: currentColor; font: 12.5px sans-serif; text-anchor: middle; }}
.model-strip rect {{ fill: none; stroke: rgba(128, 128, 128, 0.6); }}
.model-strip .lit rect {{ fill: {theme.ACCENT}; fill-opacity: 0.24; stroke: {theme.ACCENT}; }}
.model-strip .lit text {{ font-weight: bold; }}
.model-strip .lit rect {{ stroke-width: 2.5; }}
.model-strip path {{ fill: none; stroke: rgba(128, 128, 128, 0.9); }}
.model-strip marker path {{ fill: rgb(128, 128, 128); stroke: none; }}
"""
_ARROWS = (
    ("source", "encoder"),
    ("encoder", "memory"),
    ("written", "self_attention"),
    ("self_attention", "cross_attention"),
    ("cross_attention", "feed_forward"),
    ("feed_forward", "next_word"),
    ("next_word", "following"),
)


@dataclass(frozen=True)
class Box:
    """One box: its left edge, its middle's height and one or two lines of text."""

    x: float
    y: float
    lines: tuple[str, ...]


def model_strip(here: str, *, source: str, written: str, following: str, sizes: Mapping[str, int]) -> Markup:
    """HTML with the strip; the part called ``here`` is lit, and texts are cut here.

    Parts: encoder, self_attention, cross_attention, feed_forward, next_word. ``sizes`` has source (tokens),
    width, vocabulary, encoder_layers, decoder_layers.
    """
    boxes = _boxes(source, written, following, sizes)
    drawn = [_box(box, lit=key == here) for key, box in boxes.items()]
    drawn += [_arrow(boxes[start], boxes[end]) for start, end in _ARROWS]
    drawn.append(_downwards(boxes["memory"], boxes["cross_attention"]))
    drawn.append(_bracket(boxes, f"{sizes['decoder_layers']} layers of these three"))
    lit = f"; {here.replace('_', ' ')} is lit" if here in boxes else ""
    said = f"The encoder reads the sentence, the decoder writes {following} after {written}{lit}"
    size = f"0 0 {_WIDTH} {_HEIGHT}"
    strip = element("svg", _HEAD, *drawn, viewBox=size, role="img", aria_label=said)
    return join([element("style", Markup(_STYLE)), element("div", strip, class_="model-strip")])


_HEAD = element(
    "defs",
    element(
        "marker",
        element("path", d="M0 0L8 4L0 8z"),
        id="strip-head",
        viewBox="0 0 8 8",
        refX=7,
        refY=4,
        markerWidth=7,
        markerHeight=7,
        orient="auto",
    ),
)


def _boxes(source: str, written: str, following: str, sizes: Mapping[str, int]) -> dict[str, Box]:
    upper = {
        "source": _in_lines(source),
        "encoder": ("encoder", f"{sizes['encoder_layers']} layers"),
        "memory": (f"{sizes['source']} vectors", f"of {sizes['width']}"),
    }
    lower = {
        "written": _in_lines(written, end=True),
        "self_attention": ("masked self-", "attention"),
        "cross_attention": ("cross-", "attention"),
        "feed_forward": ("feed-", "forward"),
        "next_word": ("softmax over", f"{sizes['vocabulary']:,} pieces"),
        "following": _in_lines(following),
    }
    return {
        key: Box(place * _STEP, height, lines)
        for row, height in ((upper, _UP), (lower, _DOWN))
        for place, (key, lines) in enumerate(row.items())
    }


def _in_lines(text: str, *, end: bool = False) -> tuple[str, ...]:
    """At most two lines of a box, parted at the space nearest to the middle; ``end`` keeps the last words."""
    words = " ".join(text.split())
    if len(words) > LONGEST:
        words = f"…{words[1 - LONGEST :]}" if end else f"{words[: LONGEST - 1]}…"
    spaces = [place for place, sign in enumerate(words) if sign == " "]
    if len(words) < 13 or not spaces:
        return (words,)
    middle = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return words[:middle], words[middle + 1 :]


def _box(box: Box, *, lit: bool) -> Markup:
    first = box.y + 4 - 7.5 * (len(box.lines) - 1)
    middle, top = box.x + _BOX_WIDTH / 2, box.y - _BOX_HEIGHT / 2
    texts = [element("text", line, x=middle, y=first + 15 * place) for place, line in enumerate(box.lines)]
    rect = element("rect", x=box.x + 1, y=top, width=_BOX_WIDTH - 2, height=_BOX_HEIGHT, rx=4)
    return element("g", rect, *texts, class_="lit" if lit else None)


def _arrow(start: Box, end: Box) -> Markup:
    return _line(start.x + _BOX_WIDTH, start.y, end.x - 1, end.y)


def _downwards(start: Box, end: Box) -> Markup:
    middle = start.x + _BOX_WIDTH / 2
    return _line(middle, start.y + _BOX_HEIGHT / 2, end.x + _BOX_WIDTH / 2, end.y - _BOX_HEIGHT / 2 - 2)


def _line(x0: float, y0: float, x1: float, y1: float) -> Markup:
    return element("path", d=f"M{x0:g} {y0:g}L{x1:g} {y1:g}", marker_end="url(#strip-head)")


def _bracket(boxes: Mapping[str, Box], words: str) -> Markup:
    """A line under the decoder's three blocks that says how often they come."""
    left, right = boxes["self_attention"].x, boxes["feed_forward"].x + _BOX_WIDTH
    height = _DOWN + _BOX_HEIGHT / 2 + 5
    line = element("path", d=f"M{left:g} {height:g}H{right:g}")
    return join([line, element("text", words, x=(left + right) / 2, y=height + 13)])
