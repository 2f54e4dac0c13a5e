"""Commas within the values of a file that is parted by commas: decimals, thousands, names as Smith, John."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

from analytics.tables.records.cell_kinds import group_of

_WHOLE, _BEHIND = re.compile(r"[+-]?\d+"), re.compile(r"\d+|\d{3}\.\d+")
_LEADING, _INNER = re.compile(r"[+-]?[1-9]\d{0,2}"), re.compile(r"\d{2,3}")
_LAST = re.compile(r"\d{3}(?:\.\d+)?")
"""What stands before, between and behind the commas of 1,234,567.8 or, as in India, 12,34,567."""
_MOST_COMMAS, _MOST_WAYS = 6, 2
"""Commas of one record that may be within numbers, and ways to choose them that are offered: with more,
nothing tells which."""


def number_commas(rows: Sequence[Sequence[str]], lacking: int) -> list[tuple[int, ...]]:
    """The ways to choose as many cells as names are lacking, from 1, that a comma within a number parted from
    the cell before."""
    if not 0 < lacking <= _MOST_COMMAS:
        return []
    columns = list(zip(*rows, strict=True))
    places = [
        place
        for place, (left, right) in enumerate(pairwise(columns), 2)
        if all(map(_WHOLE.fullmatch, left)) and all(map(_BEHIND.fullmatch, right))
    ]
    if len(places) > 2 * _MOST_COMMAS:
        return []
    found = [
        way
        for way in combinations(places, lacking)
        if all(b - a > 1 for a, b in pairwise(way)) or are_thousands(rows, way)
    ]
    return found if len(found) <= _MOST_WAYS else []


def are_thousands(rows: Sequence[Sequence[str]], way: Sequence[int]) -> bool:
    """Whether these cells (from 1) continue numbers whose thousands commas part, in every row."""
    chosen = set(way)
    for place in chosen:
        form = _INNER if place + 1 in chosen else _LAST
        if not all(form.fullmatch(row[place - 1]) for row in rows):
            return False
    first = (place - 2 for place in chosen if place - 1 not in chosen)
    return all(_LEADING.fullmatch(row[place]) for place in first for row in rows)


def text_commas(rows: Sequence[Sequence[str]], lacking: int) -> tuple[int, ...]:
    """The cells, from 1, that a comma with a blank behind it parted from the text before, in every row: as
    many as names are lacking, and no other cell begins with a blank."""
    blank = {tuple(place for place, cell in enumerate(row, 1) if cell[:1] == " ") for row in rows}
    if len(blank) != 1:
        return ()
    (places,) = blank
    if len(places) != lacking or 1 in places or any(b - a == 1 for a, b in pairwise(places)):
        return ()
    texts = all(group_of(row[place - 2].strip()) == "other" for row in rows for place in places)
    return places if texts else ()


def joined(row: list[str], places: Sequence[int]) -> list[str]:
    """The row with each of these cells (from 1) put together with the one before: 12,5 or Smith, John."""
    row = list(row)
    for place in sorted(places, reverse=True):
        left, right = row[place - 2 : place]
        behind = right.strip() if _BEHIND.fullmatch(right.strip()) else right
        row[place - 2 : place] = [f"{left.strip()},{behind}"]
    return row
