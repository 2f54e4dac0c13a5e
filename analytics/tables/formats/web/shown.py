"""What a browser shows of the tables of a web page: what is hidden or struck out is taken out and counted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

from analytics.tables.report import Repair
from analytics.words import count

_HIDING = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE
)
_STRUCK_TEXT = "text"
_STRUCK = ("del", "s", "strike")
_VALUED = (
    "",
    "text",
    "number",
    "date",
    "time",
    "datetime-local",
    "month",
    "week",
    "tel",
    "email",
    "url",
    "search",
)
"""Kinds of fields whose value a browser shows as text."""
_LOWERED = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_PARTS = {"tr": "row", "td": "cell", "th": "cell"}
_INLINE, _INLINES = "part of a cell", "parts of cells"


def keep_shown(root: Any) -> dict[Any, Counter[str]]:
    """Take out of the tables what is hidden or struck out; per table how often which kind of part was.

    Fields of a form become their values, lists to choose from what is chosen, and digits below or above the
    line the signs for them: 12 with a note 1 is not 121.
    """
    taken: dict[Any, Counter[str]] = defaultdict(Counter)
    struck: dict[Any, list[Any]] = defaultdict(list)
    for element in [one for one in root.iter() if isinstance(one.tag, str)]:
        table = next(element.iterancestors("table"), None)
        if table is None:
            continue
        if _is_hidden(element) and not _is_around(element):
            taken[table][_PARTS.get(element.tag, _INLINE)] += 1
            _take_out(element)
        elif element.tag in _STRUCK:
            struck[next(element.iterancestors("td", "th"), table)].append(element)
        elif element.tag == "input":
            _fill_in(element)
        elif element.tag == "select":
            _choose(element)
    for cell, elements in struck.items():
        if cell.tag != "table" and _says_more(cell, elements):
            taken[next(cell.iterancestors("table"))][_STRUCK_TEXT] += len(elements)
            for element in elements:
                _take_out(element)
    for tag, signs in (("sup", _RAISED), ("sub", _LOWERED)):
        for shifted in root.iter(tag):
            _shift_digits(shifted, signs)
    return taken


def taken_notes(taken: Counter[str]) -> tuple[Repair, ...]:
    """What is told of a table from which parts were taken out."""
    told = []
    for part, number in taken.items():
        many = _INLINES if part == _INLINE else None
        seen = "struck out" if part == _STRUCK_TEXT else "that a browser does not show"
        told.append(Repair("hidden", None, f"{count(number, part, many)} {seen} left out", number))
    return tuple(told)


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_HIDING.search(element.get("style") or ""))


def _is_around(element: Any) -> bool:
    """Whether a whole table, or a part of one, is hidden: pages do so until a visitor asks for it."""
    return (
        element.tag in ("table", "tbody", "thead", "tfoot") or next(element.iter("table"), None) is not None
    )


def _says_more(cell: Any, struck: list[Any]) -> bool:
    """Whether the cell says something beside its struck out texts, which that then takes the place of."""
    gone = sum(_length(one) for one in struck if next(one.iterancestors(*_STRUCK), None) is None)
    return _length(cell) > gone


def _length(element: Any) -> int:
    return len("".join("".join(element.itertext()).split()))


def _take_out(element: Any) -> None:
    """A row or cell goes as a whole; of a part of a cell what stands behind it stays."""
    if element.tag in _PARTS:
        element.getparent().remove(element)
    else:
        element.clear(keep_tail=True)


def _fill_in(field: Any) -> None:
    if (field.get("type") or "").lower() in _VALUED and field.get("value"):
        field.text = field.get("value")


def _choose(choice: Any) -> None:
    options = list(choice.iter("option"))
    chosen = [one for one in options if one.get("selected") is not None] or options[:1]
    text = " ".join("".join(one.itertext()) for one in chosen)
    for child in list(choice):
        choice.remove(child)
    choice.text = text


def _shift_digits(shifted: Any, signs: dict[int, int]) -> None:
    before = shifted.getprevious()
    text = (shifted.getparent().text if before is None else before.tail) or ""
    if text.rstrip()[-1:].isdigit() and len(shifted) == 0 and shifted.text:
        shifted.text = shifted.text.translate(signs)
