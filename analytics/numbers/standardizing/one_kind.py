"""Which two columns are of one kind, so that comparing their values needs no explanation."""

import re
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analytics.numbers.basics.selection import float_values

_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_UNIT = re.compile(r"[(\[]([^()\[\]]+)[)\]]$")
_EMPTY_WORDS = frozenset(
    (
        "a an and col column der des di die for in la le num number no nr of per the total unnamed "
        "value var x y z"
    ).split()
)
"""Words that say nothing about what a column measures."""
_MIDDLE = (0.05, 0.95)  # of the values: what one wrong value in twenty cannot stretch
_LEAST_SHARED = 0.1  # of the two ranges together: acids from 5 to 16 and from 0.1 to 1.6 are of two kinds
_LEAST_DISTINCT = 4  # with fewer a shared range is that of flags and of yes, no and perhaps
_ONE_UNIT = 4  # the rank of names with one unit, above those of shared words
_MOST_COLUMNS = 200  # 19,900 pairs; those of wider tables are looked for in the first


def two_of_one_kind(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[str, str] | None:
    """The two of ``columns`` (numbers) that are likest in kind, in their order; None where no two are.

    Two are of one kind where their names end in the same unit in brackets; or their ranges overlap and their
    names share the last word (city-mpg, highway-mpg) or another, in this order; or where both run over
    exactly one scale, as marks from 1 to 6 do. Of equal pairs, the ranges that overlap most decide.
    """
    looked = list(columns[:_MOST_COLUMNS])
    spans = {name: _Span(float_values(frame[name], name)) for name in looked}
    best: tuple[tuple[int, float], tuple[str, str]] | None = None
    for pair in combinations([name for name in looked if spans[name].distinct >= 2], 2):
        first, second = (spans[name] for name in pair)
        shared = _overlap(first.middle, second.middle)
        rank = _alike_by_name(*pair)
        if rank < _ONE_UNIT and shared < _LEAST_SHARED:
            rank = 0
        same = first.ends == second.ends and min(first.distinct, second.distinct) >= _LEAST_DISTINCT
        found = (rank or int(same), shared)
        if found[0] and (best is None or found > best[0]):
            best = (found, pair)
    return best[1] if best else None


class _Span:
    """Where the finite values of one column lie."""

    def __init__(self, values: np.ndarray) -> None:
        known = values[np.isfinite(values)]
        self.distinct = len(np.unique(known))
        self.ends = (known.min(), known.max()) if known.size else None
        self.middle = tuple(np.quantile(known, _MIDDLE)) if known.size else (np.nan, np.nan)


def _overlap(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """The share of both ranges together that both cover; 0 where they do not meet."""
    both = min(first[1], second[1]) - max(first[0], second[0])
    whole = max(first[1], second[1]) - min(first[0], second[0])
    return float(both / whole) if both > 0 else 0.0


def _alike_by_name(first: str, second: str) -> int:
    """``_ONE_UNIT`` for one unit in brackets, 3 for one last word, 2 for another shared word, else 0."""
    units = [_UNIT.search(name.strip()) for name in (first, second)]
    if units[0] and units[1]:
        return _ONE_UNIT if _folded(units[0]) == _folded(units[1]) else 0
    left, right = _words(first), _words(second)
    if not left or not right:
        return 0
    if left[-1] == right[-1]:
        return 3
    return 2 if set(left) & set(right) else 0


def _folded(unit: re.Match[str]) -> str:
    return unit[1].strip().casefold()


def _words(name: str) -> list[str]:
    words = _WORD.findall(_CAMEL.sub(" ", _UNIT.sub("", name.strip())))
    return [word.casefold() for word in words if word.casefold() not in _EMPTY_WORDS]
