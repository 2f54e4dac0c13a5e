"""Columns whose dates are written in more than one way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from analytics.recipe.steps.columns import SetType
from analytics.recipe.suggestions.suggestion import Suggestion

_DATE = re.compile(r"(\d{4}|\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{1,2})")
_SHARE = 0.8  # of the cells: fewer, and the column is about something else
_LEAST = 2  # cells of a way: a single one may be a slip
_MONTHS = 12


def two_formats(name: str, known: pd.Series, size: int) -> Iterator[Suggestion]:
    """A suggestion for a column of ``size`` texts, of which ``known`` are looked at."""
    cells = [match for text in known if (match := _DATE.fullmatch(text.strip()))]
    ways = Counter(map(_way, cells))
    told = [way for way, times in ways.most_common() if times >= _LEAST]
    if len(told) < 2 or sum(ways[way] for way in told) < _SHARE * len(known):
        return
    formats = [_format([cell for cell in cells if _way(cell) == way]) for way in told]
    shown = {way: next(cell[0] for cell in cells if _way(cell) == way) for way in told}
    said = ", ".join(f"{shown[way]!r} ({ways[way]:,})" for way in told)
    sure = [form for form in formats if form]
    steps = (SetType(name, f"date:{'|'.join(sure)}"),) if len(sure) == len(told) else ()
    open_ = "" if steps else " Whether day or month stands first is open in one of them."
    yield Suggestion(
        "dates in two formats",
        f"{name!r} has dates written in {len(told)} ways: {said}.{open_}",
        size,
        (name,),
        steps,
    )


def _way(cell: re.Match[str]) -> tuple[bool, str, bool]:
    """Whether the year stands first, what is between, and whether a year has four digits."""
    front = len(cell[1]) == 4
    return front, cell[2], front or len(cell[4]) == 4


def _format(cells: list[re.Match[str]]) -> str:
    """How these cells, all of one way, are written; "" where day and month cannot be told apart."""
    front, mark, long = _way(cells[0])
    if front:
        return f"%Y{mark}%m{mark}%d"
    first, second = (max(int(cell[place]) for cell in cells) for place in (1, 3))
    if (first > _MONTHS) == (second > _MONTHS):
        return ""
    days = ("%d", "%m") if first > _MONTHS else ("%m", "%d")
    return mark.join((*days, "%Y" if long else "%y"))
