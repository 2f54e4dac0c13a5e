"""Dates out of order: against the rows around them, and against another date of the same row."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from analytics.numbers.basics.parameters import Label

_FEWEST = 20  # rows that show an order
_SORTED_BUT = 0.05
"""A column counts as sorted where at most so many of its dates would have to move."""
_BEFORE_BUT = 0.01
"""One date comes before another where at most so many rows say otherwise, as many as are flagged anyway."""
MOST_ROWS = 200_000  # beyond, whether a column is sorted takes longer than all else
_MOST_PAIRS = 45  # of ten columns of dates


@dataclass(frozen=True)
class OutOfOrder:
    """Rows (m,) whose date of ``column`` stands out of order, or before that of ``other``, each with the same
    surprise ``term``: -ln of their share."""

    column: Label
    other: Label | None
    rows: np.ndarray = field(repr=False)
    term: float
    downward: bool = False


def out_of_order(dates: Mapping[Label, np.ndarray]) -> tuple[OutOfOrder, ...]:
    """What is out of order in columns of dates, each as seconds (n,), NaN where there is none."""
    return (*_between_rows(dates), *_between_columns(dates))


def _between_rows(dates: Mapping[Label, np.ndarray]) -> Iterator[OutOfOrder]:
    for name, seconds in dates.items():
        known = np.flatnonzero(~np.isnan(seconds))
        if not _FEWEST <= len(known) <= MOST_ROWS:
            continue
        values = seconds[known]
        steps = np.diff(values)
        down = bool((steps < 0).sum() > (steps > 0).sum())
        # As many steps back as dates that would have to move, at least half of them: no need to look closer.
        if ((steps > 0) if down else (steps < 0)).mean() > 2 * _SORTED_BUT:
            continue
        odd = known[_not_in_longest_run(-values if down else values)]
        if 0 < len(odd) <= _SORTED_BUT * len(known):
            yield OutOfOrder(name, None, odd, -float(np.log(len(odd) / len(known))), down)


def _not_in_longest_run(values: np.ndarray) -> np.ndarray:
    """The places (m,) that must go for the rest to never fall, as few as possible (patience sorting)."""
    tops: list[float] = []
    places: list[int] = []
    before = np.full(len(values), -1, dtype=np.int64)
    for place, value in enumerate(values.tolist()):
        pile = bisect_right(tops, value)
        if pile == len(tops):
            tops.append(value)
            places.append(place)
        else:
            tops[pile], places[pile] = value, place
        before[place] = places[pile - 1] if pile else -1
    kept = np.zeros(len(values), dtype=bool)
    place = places[-1] if places else -1
    while place >= 0:
        kept[place] = True
        place = int(before[place])
    return np.flatnonzero(~kept)


def _between_columns(dates: Mapping[Label, np.ndarray]) -> Iterator[OutOfOrder]:
    pairs = list(combinations(dates.items(), 2))[:_MOST_PAIRS]
    for (first, early), (second, late) in pairs:
        both = ~np.isnan(early) & ~np.isnan(late)
        if both.sum() < _FEWEST:
            continue
        for column, other, odd in (
            (second, first, both & (late < early)),
            (first, second, both & (early < late)),
        ):
            share = odd.sum() / both.sum()
            if 0 < share <= max(_BEFORE_BUT, 1 / both.sum()):
                yield OutOfOrder(column, other, np.flatnonzero(odd), -float(np.log(share)))
