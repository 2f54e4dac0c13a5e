"""Columns of words or times that say what another column says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from analytics.recipe.steps.columns import LeaveOut
from analytics.recipe.suggestions.suggestion import Suggestion
from analytics.tables.columns import Role

_KINDS = frozenset(("category", "identifier", "text", "time"))
_SAMPLE = 20_000  # rows that rule nearly every pair out
_TIMES = 3  # rows for each value: fewer, and values go together by chance
_MOST_COLUMNS = 300  # pairs grow with the square


def repeats(frame: pd.DataFrame, roles: Mapping[str, Role]) -> Iterator[Suggestion]:
    """Copies, which can be left out, and columns whose values go with each other one by one."""
    names = [name for name, role in roles.items() if role.kind in _KINDS][:_MOST_COLUMNS]
    some = frame[names].iloc[:: max(1, len(frame) // _SAMPLE)]
    coded = {name: pd.factorize(some[name])[0] for name in names}  # by order of coming, not by name
    gone: set[str] = set()
    for first, other in combinations(names, 2):
        # Missing is -1 in both, so gaps go together too.
        if {first, other} & gone or not np.array_equal(coded[first], coded[other]):
            continue
        if frame[first].dtype == frame[other].dtype and frame[first].equals(frame[other]):
            gone.add(other)
            sentence = f"{other!r} is a copy of {first!r}."
            yield Suggestion("copy", sentence, len(frame), (other, first), (LeaveOut((other,)),))
        elif _are_few(coded[first]) and _one_by_one(frame[first], frame[other]):
            sentence = (
                f"{first!r} and {other!r} say the same by other names: each value of one always stands "
                "beside one value of the other."
            )
            yield Suggestion("same by other names", sentence, len(frame), (first, other))


def _one_by_one(first: pd.Series, other: pd.Series) -> bool:
    codes, _ = pd.factorize(first)
    return _are_few(codes) and np.array_equal(codes, pd.factorize(other)[0])


def _are_few(codes: np.ndarray) -> bool:
    """Whether the values that these codes stand for come again and again."""
    values = int(codes.max(initial=-1)) + 1
    return values > 1 and values * _TIMES <= len(codes)
