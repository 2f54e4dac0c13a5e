"""Rows that stand more than once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analytics.recipe.steps.rows import DropDuplicates
from analytics.recipe.suggestions.suggestion import Suggestion, first_rows
from analytics.tables.columns import Role
from analytics.words import count

_NARROWED_BY = 4  # columns; one of measurements leaves hardly a row, and all of a wide table take seconds


def repeated(
    frame: pd.DataFrame, roles: Mapping[str, Role], unique: Mapping[str, bool]
) -> Iterator[Suggestion]:
    """Rows alike in every cell, and keys that name two rows; ``unique`` columns are known to have none."""
    again = _copies(frame)
    if again.any():
        copies = int(again.sum())
        are = "is" if copies == 1 else "are"
        yield Suggestion(
            "duplicate rows",
            f"{count(copies, 'row')} {are} like an earlier one in every cell.",
            copies * frame.shape[1],
            steps=(DropDuplicates(),),
            rows=first_rows(again),
        )
    for name, role in roles.items():
        if role.kind == "identifier" and not unique.get(name):
            keys = frame[name]
            twice = (keys.duplicated() & keys.notna()).to_numpy() & ~again
            times = int(twice.sum())
            if 0 < times <= len(frame) // 2:
                yield Suggestion(
                    "repeated key",
                    f"{name!r} tells rows apart, but {count(times, 'row')} of it have a key used before.",
                    times * frame.shape[1],
                    (name,),
                    (DropDuplicates((name,)),),
                    first_rows(twice),
                )


def _copies(frame: pd.DataFrame) -> np.ndarray:
    """Whether each row (n,) is like an earlier one in every cell.

    Such rows have the same value twice in each column, so rows that do not in one are out of it at once.
    """
    left = np.arange(len(frame))
    floats = [place for place, kind in enumerate(frame.dtypes) if kind.kind == "f"]
    others = [place for place in range(frame.shape[1]) if place not in set(floats)]
    for place in (*floats, *others)[:_NARROWED_BY]:
        left = left[frame.iloc[left, place].duplicated(keep=False).to_numpy()]
    again = np.zeros(len(frame), dtype=bool)
    if len(left) and frame.shape[1]:
        again[left] = frame.iloc[left].duplicated().to_numpy()
    return again
