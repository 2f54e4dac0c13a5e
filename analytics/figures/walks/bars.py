"""Bars beside names as our own small SVG, and pieces end to end on one line: redrawn in no time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.figures import theme
from analytics.figures.svg import Markup, element, picture

_WIDTH, _LEFT, _RIGHT = 420, 104, 56
_TOP, _LEGEND = 6, 22
_NAME = 13
_POINT = "#d55e00"
_STYLE = f"""
.bars {{ width: 100%; max-width: 500px; height: auto; display: block; }}
.bars text {{ fill: currentColor; font: 13px sans-serif; dominant-baseline: central; }}
.bars .name {{ text-anchor: end; }}
.bars .within {{ text-anchor: middle; pointer-events: none; }}
.bars .axis {{ opacity: .75; font-size: 12px; }}
.bars .hit {{ fill: transparent; }}
.bars g:hover > .hit {{ fill: currentColor; opacity: .08; }}
.bars .base {{ stroke: currentColor; opacity: .4; }}
.bars .faint {{ opacity: .45; }}
.bars .point {{ stroke: {_POINT}; stroke-width: 3; pointer-events: none; }}
"""


@dataclass(frozen=True)
class Series:
    """One bar per name, as shares of 1; ``faint`` has the places of bars that step back."""

    name: str
    shares: Sequence[float]
    colour: str = theme.ACCENT
    faint: frozenset[int] = frozenset()


def bars(names: Sequence[str], series: Sequence[Series], *, alt: str, rest: float | None = None) -> Markup:
    """Rows of bars with their per cent in figures, the series of a name below each other.

    ``rest`` is a last grey bar, named by the last of ``names``. Several series get a legend. Returns SVG.
    """
    thick = 17 if len(series) == 1 else 13
    row = thick * len(series) + (10 if len(series) == 1 else 8)
    legend, top = _legend(series) if len(series) > 1 else ([], _TOP)
    shares = [share for one in series for share in one.shares]
    longest = max([*shares, rest or 0.0, 1e-12])
    drawn = list(legend)
    for place, name in enumerate(names):
        values = [(one, float(one.shares[place])) for one in series if place < len(one.shares)]
        if rest is not None and place == len(names) - 1:
            values = [(Series("", (), theme.UNSELECTED, frozenset([place])), rest)]
        drawn.append(_row(name, place, values, y=top + row * place, height=row, thick=thick, longest=longest))
    bottom = top + row * len(names)
    drawn.append(element("line", class_="base", x1=_LEFT, x2=_LEFT, y1=top, y2=bottom))
    return picture("bars", (_WIDTH, bottom + 4), _STYLE, *drawn, alt=alt)


def _row(
    name: str,
    place: int,
    values: Sequence[tuple[Series, float]],
    *,
    y: float,
    height: float,
    thick: float,
    longest: float,
) -> Markup:
    told = "; ".join(" ".join((one.name, f"{100 * share:.4g}%")).strip() for one, share in values)
    shown = theme.shortened(name, width=_NAME)
    parts = [
        element("title", f"{theme.shortened(name)}: {told}"),
        element("rect", class_="hit", x=0, y=y, width=_WIDTH, height=height),
        element("text", shown, class_="name", x=_LEFT - 8, y=y + height / 2),
    ]
    start = y + (height - thick * len(values)) / 2
    for index, (one, share) in enumerate(values):
        long = max(0.0, share / longest) * (_WIDTH - _LEFT - _RIGHT)
        at = start + thick * index
        parts.append(
            element(
                "rect",
                class_="faint" if place in one.faint else None,
                x=_LEFT,
                y=at + 1,
                width=f"{long:.1f}",
                height=thick - 2,
                fill=one.colour,
            )
        )
        small = "font-size: 11.5px" if thick < 14 else None
        x, middle = f"{_LEFT + long + 6:.1f}", at + thick / 2
        parts.append(element("text", _per_cent(share), x=x, y=middle, style=small))
    return element("g", *parts)


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f}%" if share >= 0.0005 else "<0.1%" if share > 0 else "0"


def _legend(series: Sequence[Series]) -> tuple[list[Markup], float]:
    """Squares with their names, in as many lines as they need, and where the bars begin below them."""
    drawn, x, y = [], 0.0, float(_TOP)
    for one in series:
        wide = 28 + 6.7 * len(one.name)
        if x and x + wide > _WIDTH:
            x, y = 0.0, y + _LEGEND
        drawn.append(element("rect", x=x, y=y + 2, width=12, height=12, fill=one.colour))
        drawn.append(element("text", theme.shortened(one.name), x=x + 17, y=y + 8))
        x += wide
    return drawn, y + _LEGEND + 4


def end_to_end(pieces: Sequence[tuple[str, float]], *, point: float, alt: str, axis: str) -> Markup:
    """Named shares of 1 beside each other, what is missing to 1 in grey, and a line at ``point``."""
    whole = sum(share for _, share in pieces)
    shown = [(name, share, theme.colour_of(place)) for place, (name, share) in enumerate(pieces)]
    if whole < 1 - 1e-6:
        shown.append(("all others kept", 1 - whole, theme.UNSELECTED))
    drawn, x = [], 0.0
    for name, share, colour in shown:
        wide = share * _WIDTH
        fits = int((wide - 6) / 8)
        text = theme.shortened(name, width=fits) if fits >= 2 else ""
        size = {"width": f"{wide:.2f}", "height": 34}
        drawn.append(
            element(
                "g",
                element("title", f"{theme.shortened(name)}: {share:.4g}"),
                element("rect", class_="faint", x=f"{x:.2f}", y=_TOP, **size, fill=colour),
                element("text", text, class_="within", x=f"{x + wide / 2:.2f}", y=_TOP + 17),
            )
        )
        x += wide
    at = f"{point * _WIDTH:.2f}"
    drawn.append(element("line", class_="point", x1=at, x2=at, y1=_TOP - 4, y2=_TOP + 38))
    drawn.append(element("text", axis, class_="axis", x=0, y=_TOP + 52))
    return picture("bars", (_WIDTH, _TOP + 62), _STYLE, *drawn, alt=alt)
