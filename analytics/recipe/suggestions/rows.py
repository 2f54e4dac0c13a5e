"""Rows that stand more than once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analytics.recipe.steps.rows import DropDuplicates
from analytics.recipe.suggestions.suggestion import Suggestion, first_rows
from analytics.tables.columns import Role
from analytics.words import count


def repeated(frame: pd.DataFrame, roles: Mapping[str, Role]) -> Iterator[Suggestion]:
    """Rows alike in every cell, and keys that name two rows."""
    again = frame.duplicated().to_numpy()
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
        if role.kind == "identifier":
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
