"""An output with each piece coloured by its probability, and what the colours mean."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from analytics.figures import theme
from analytics.figures.svg import Markup, element

_BANDS = (
    (0.0, "under 25%", "#b2182b", "#ffffff"),
    (0.25, "25 to 50%", "#ef8a62", "#000000"),
    (0.5, "50 to 75%", "#fddbc7", "#000000"),
    (0.75, "75 to 90%", "#d1e5f0", "#000000"),
    (0.9, "90% and more", "#67a9cf", "#000000"),
)
"""From, words, colour and the text on it: ColorBrewer's RdBu, which the colour-blind can tell apart."""
_PUT = ("#d9d9d9", "#000000")
_COLOURS = {f"band{place}": band[2:] for place, band in enumerate(_BANDS)} | {"put": _PUT}
_MARKS = {"now": "being written", "foreign": "not in the sentence"}
_STYLE = """
.sure .pieces { display: flex; flex-wrap: wrap; gap: 5px; padding: 4px; }
.sure .piece { padding: 3px 9px; border-radius: 4px; border: 1px solid #8886; font: 14px/1.5 sans-serif; }
.sure .piece[data-pick] { cursor: pointer; }
.sure .now { outline: 3px solid #d55e00; outline-offset: 1px; }
.sure .piece.foreign, .sure i.foreign { border-bottom: 4px double currentColor; }
.sure .legend { display: flex; flex-wrap: wrap; gap: 2px 14px; margin-top: 8px; font: 12.5px/1.6 sans-serif; }
.sure .legend i { display: inline-block; width: 13px; height: 13px; margin-right: 6px; vertical-align: -2px; }
""" + "\n".join(
    f".sure .{name} {{ background: {colour}; color: {ink}; }}" for name, (colour, ink) in _COLOURS.items()
)


def coloured_pieces(
    names: Sequence[str],
    probabilities: Sequence[float],
    forced: Sequence[bool],
    *,
    alt: str,
    put_there: str = "put there",
    now: int | None = None,
    foreign: Collection[int] = (),
) -> Markup:
    """Pieces in lines as wide as there is room, with a legend; a click on one gives its number from 0.

    ``forced`` marks pieces that were put there, which are grey: they were not the model's choice, and may
    have NaN for a probability. ``put_there`` says so in the legend. ``now`` is framed; ``foreign`` ones are
    underlined, as they write what is not in the source. Returns HTML, which flows as no SVG does.
    """
    rows = zip(names, probabilities, forced, strict=True)
    told = [(f"band{place}", words) for place, (_, words, _, _) in enumerate(_BANDS)]
    told += [("put", put_there)] if any(forced) else []
    told += [("now", _MARKS["now"])] if now is not None else []
    told += [("foreign", "number or name that is not in the sentence: check")] if foreign else []
    pieces = []
    for place, row in enumerate(rows):
        marks = {"now": place == now, "foreign": place in foreign}
        pieces.append(_piece(place, *row, put_there, [name for name, marked in marks.items() if marked]))
    legend = [element("span", element("i", " ", class_=band), words) for band, words in told]
    return element(
        "div",
        element("style", Markup(_STYLE)),
        element("div", *pieces, class_="pieces", role="group", aria_label=alt),
        element("div", *legend, class_="legend"),
        class_="sure",
    )


def _piece(place: int, name: str, probability: float, put: bool, put_there: str, marks: list[str]) -> Markup:
    size = f"{100 * probability:.4g}%" if math.isfinite(probability) else ""
    words = [size, put_there if put else "", *(_MARKS[mark] for mark in marks)]
    told = f"{theme.shortened(name)}: " + ", ".join(filter(None, words))
    return element(
        "span",
        theme.shortened(name, width=24),
        class_=" ".join(["piece", "put" if put else _band(probability), *marks]),
        data_pick=place,
        title=told,
        tabindex="0",
        role="button",
        aria_label=told,
    )


def _band(probability: float) -> str:
    """The last band that begins at or below a probability."""
    return f"band{max(place for place, band in enumerate(_BANDS) if probability >= band[0])}"
