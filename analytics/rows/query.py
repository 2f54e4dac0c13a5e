"""Which rows are asked for, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.recipe import Condition
from analytics.recipe.conditions import column_of
from analytics.rows.ordering import first_of, order_of


@dataclass(frozen=True)
class SortKey:
    """A column to sort by. Rows without a value come last, whichever way."""

    column: str
    descending: bool = False

    def sentence(self) -> str:
        """The key in words."""
        return f"{self.column}, descending" if self.descending else self.column


@dataclass(frozen=True)
class Query:
    """``where`` chooses rows, all without one; ``sort`` puts them in order, by the first key first.

    Rows that are alike in all keys stay in the order of the table.
    """

    where: Condition | None = None
    sort: tuple[SortKey, ...] = ()


def matching(frame: pd.DataFrame, where: Condition | None) -> np.ndarray:
    """Places of the rows for which a condition holds, in the table's order; (m,) int32.

    Raises:
        RecipeError: the condition does not fit the frame.
    """
    if where is None:
        return np.arange(len(frame), dtype=np.int32)
    return np.flatnonzero(where.mask(frame)).astype(np.int32)


def in_order(
    frame: pd.DataFrame, places: np.ndarray, sort: tuple[SortKey, ...], *, first: int | None = None
) -> np.ndarray:
    """These places (m,) of a frame's rows as the keys order them; the ``first`` ones only, which is quicker.

    Raises:
        RecipeError: the frame has no such column.
    """
    columns = [(column_of(frame, key.column), key.descending) for key in sort]
    if not sort:
        return places[:first]
    if first is not None and first < len(places):
        column, descending = columns[0]
        places = first_of(column, places, descending=descending, first=first)
    return order_of(columns, places)[:first]
