"""What every step of a recipe is: plain data with a sentence, and a change of a frame with its account."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from analytics.recipe.plain import plain
from analytics.recipe.values import differing
from analytics.tables.report import ColumnReading

MOST_EXAMPLES = 100  # as many as a list on a page is read through


@dataclass(frozen=True)
class Outcome:
    """The frame after a step. ``cells`` counts values that changed in rows that were there before.

    ``failures`` counts cells that the step left without a value though they had one (or all it takes to
    make one); ``examples`` are some of them, as (row number, what stands there).
    """

    frame: pd.DataFrame = field(repr=False)
    cells: int = 0
    failures: int = 0
    examples: tuple[tuple[int, str], ...] = ()


@plain
class Step(ABC):
    """One change. Frames are never changed in place; their index is the position of each row in the file.

    A step that is not ``active`` stays in the recipe and does nothing.
    """

    active: bool = field(default=True, kw_only=True)
    by_row: ClassVar[bool] = False
    """Whether it names rows by their number in the file, which say nothing of another file."""
    reshapes: ClassVar[bool] = False
    """Whether the rows after it are no longer rows of the file."""

    @abstractmethod
    def sentence(self) -> str:
        """What it does, in words."""

    @abstractmethod
    def apply(self, frame: pd.DataFrame) -> Outcome:
        """The frame after it; raises RecipeError where it does not fit."""

    def inverse(self) -> Step | None:
        """The step that takes this one back, where there is one."""
        return None

    def readings(self, readings: tuple[ColumnReading, ...]) -> tuple[ColumnReading, ...]:
        """What is said of the columns after it."""
        return readings

    def uses(self, uses: dict[str, str]) -> dict[str, str]:
        """What columns are used as after it, by name, where that was chosen."""
        return uses


def told_anew(readings: tuple[ColumnReading, ...], column: str, **changes: Any) -> tuple[ColumnReading, ...]:
    """The readings with other words for one column."""
    return tuple(replace(one, **changes) if one.name == column else one for one in readings)


def rows_of(frame: pd.DataFrame, numbers: np.ndarray) -> np.ndarray:
    """Whether each row's number in the file is one of ``numbers``, counted from 1; (n,) bool."""
    return np.isin(frame.index.to_numpy(), numbers - 1)


def changed(frame: pd.DataFrame, column: str, values: pd.Series) -> Outcome:
    """The frame with other values in one column; cells that lost their value are failures."""
    before = frame[column]
    lost = (before.notna() & values.isna()).to_numpy()
    return Outcome(
        frame.assign(**{column: values}),
        differing(before, values),
        int(lost.sum()),
        examples_of(before, lost),
    )


def examples_of(column: pd.Series, rows: np.ndarray) -> tuple[tuple[int, str], ...]:
    """The first of these rows, as (row number, text of the cell)."""
    places = np.flatnonzero(rows)[:MOST_EXAMPLES]
    return tuple((int(column.index[place]) + 1, str(column.iloc[place])) for place in places)


def with_missing(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """The column without a value in these rows; whole numbers and truth values stay what they are."""
    kind = column.dtype.kind
    if kind in "iu" and isinstance(column.dtype, np.dtype):
        nullable = column.dtype.name.replace("uint", "UInt").replace("int", "Int")
        column = column.astype(pd.api.types.pandas_dtype(nullable))
    elif kind == "b" and isinstance(column.dtype, np.dtype):
        column = column.astype("boolean")
    return column.mask(rows)
