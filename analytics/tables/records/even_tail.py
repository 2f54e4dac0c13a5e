"""The last lines of a text, where a mark stands equally often in each: a table below much of another sort."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_MARKS = ("\t", ";", "|", ",")
_FEWEST_MARKS, _FEWEST_LINES = 3, 3
"""Three lines of four cells each, one below the other at the end, are no prose."""
_FEWEST_NUMBERS = 2
"""Numbers side by side between blanks in each line, and nothing else, are no prose either."""
_NUMBERS = re.compile(r"[ \t]*+(?:[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eEdD][-+]?\d++)?(?:[ \t]++|$))++")
_MOST_LINES = 400
_MOST_BELOW = 3
"""Lines below the last record: a total, a note."""


def even_tail(texts: Sequence[str]) -> tuple[str, range] | None:
    """(the mark, the places of the lines) of the longest such run near the end; ``None`` without one."""
    first = max(0, len(texts) - _MOST_LINES)
    last = list(texts[first:])
    kept = [place for place, text in enumerate(last, first) if text.strip()]
    cells = {mark: _marks(mark) for mark in _MARKS}
    runs = [(mark, _run(last, kept, first, count, _FEWEST_MARKS)) for mark, count in cells.items()]
    runs.append((" ", _run(last, kept, first, _numbers, _FEWEST_NUMBERS)))
    mark, run = max(runs, key=lambda found: len(found[1]))
    return (mark, run) if len(run) >= _FEWEST_LINES else None


def _marks(mark: str) -> Callable[[str], int]:
    return lambda line: line.count(mark)


def _numbers(line: str) -> int:
    """How many numbers between blanks make up a line; 0 where it holds anything else."""
    return len(line.split()) if _NUMBERS.fullmatch(line) else 0


def _run(last: list[str], kept: list[int], first: int, cells: Callable[[str], int], fewest: int) -> range:
    best = range(0)
    counts = [cells(last[place - first]) for place in kept]
    for end in range(len(kept), max(0, len(kept) - _MOST_BELOW - 1), -1):
        count, start = counts[end - 1], end
        while count >= fewest and start and counts[start - 1] == count:
            start -= 1
        if end - start > len(best):
            best = range(kept[start], kept[end - 1] + 1)
    return best
