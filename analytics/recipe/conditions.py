"""Which rows a step means: conditions on columns of every kind, joined by and, or and not.

A comparison never holds for a cell without a value; ``IsMissing`` asks for those, and ``Not`` takes them in.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from analytics.recipe.errors import RecipeError
from analytics.recipe.plain import plain
from analytics.recipe.searching import rows_showing
from analytics.recipe.values import Count, Value, fitting, said, texts_of

Operator = Literal["==", "!=", "<", "<=", ">", ">="]
_HOLDS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPERATORS: dict[Operator, str] = {
    "==": "is",
    "!=": "is not",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}
"""How a value stands beside another, in words."""
_MOST_SHOWN = 5


class _Condition(ABC):
    """Something that holds for a row or does not."""

    @abstractmethod
    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        """Whether it holds, per row (n,) bool; raises RecipeError where it does not fit the frame."""

    @abstractmethod
    def sentence(self) -> str:
        """The condition in words."""


@plain
class Compare(_Condition):
    """One column beside one value; texts are ordered by their characters."""

    column: str
    op: Operator
    value: Value
    condition: Literal["compare"] = "compare"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        column = column_of(frame, self.column)
        holds = _HOLDS[self.op](_plain(column), fitting(column, self.value))
        return _true(holds) & column.notna().to_numpy()

    def sentence(self) -> str:
        return f"{self.column} {OPERATORS[self.op]} {said(self.value)}"


@plain
class Between(_Condition):
    """A range with both its ends."""

    column: str
    low: Value
    high: Value
    condition: Literal["between"] = "between"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        column = column_of(frame, self.column)
        low, high = fitting(column, self.low), fitting(column, self.high)
        return _true((_plain(column) >= low) & (_plain(column) <= high)) & column.notna().to_numpy()

    def sentence(self) -> str:
        return f"{self.column} is from {said(self.low)} to {said(self.high)}"


@plain
class OneOf(_Condition):
    """Any of a set of values."""

    column: str
    values: tuple[Value, ...]
    condition: Literal["one of"] = "one of"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        column = column_of(frame, self.column)
        return _true(column.isin([fitting(column, value) for value in self.values]))

    def sentence(self) -> str:
        shown = ", ".join(map(said, self.values[:_MOST_SHOWN]))
        rest = len(self.values) - _MOST_SHOWN
        return f"{self.column} is one of {shown}" + (f" and {rest:,} more" if rest > 0 else "")


@plain
class Contains(_Condition):
    """A text anywhere in a cell."""

    column: str
    text: str
    same_case: bool = False
    condition: Literal["contains"] = "contains"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        texts = texts_of(column_of(frame, self.column))
        return _found(pc.match_substring(texts, self.text, ignore_case=not self.same_case))

    def sentence(self) -> str:
        return f"{self.column} contains {self.text!r}" + (" in this case" if self.same_case else "")


@plain
class Matches(_Condition):
    """A regular expression anywhere in a cell, by RE2, whose time grows with the text alone."""

    column: str
    pattern: str
    condition: Literal["matches"] = "matches"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        texts = texts_of(column_of(frame, self.column))
        try:
            return _found(pc.match_substring_regex(texts, self.pattern))
        except pa.ArrowInvalid as error:
            raise RecipeError(f"{self.pattern!r} is no regular expression: change it.") from error

    def sentence(self) -> str:
        return f"{self.column} matches {self.pattern!r}"


@plain
class Shows(_Condition):
    """A text anywhere in a cell of these columns, or of any where none is named, as cells are shown.

    Unlike ``Contains`` it asks columns of every kind; letters of either case are the same, and so are accents
    composed or not.
    """

    text: Annotated[str, Field(min_length=1)]
    columns: tuple[str, ...] = ()
    condition: Literal["shows"] = "shows"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        names = self.columns or tuple(frame.columns)
        if not names:
            return np.zeros(len(frame), dtype=bool)
        return rows_showing([column_of(frame, name) for name in names], self.text)

    def sentence(self) -> str:
        return f"{' or '.join(self.columns) or 'any column'} shows {self.text!r}"


@plain
class IsMissing(_Condition):
    """Cells without a value."""

    column: str
    condition: Literal["missing"] = "missing"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        return column_of(frame, self.column).isna().to_numpy()

    def sentence(self) -> str:
        return f"{self.column} has no value"


@plain
class Extreme(_Condition):
    """The n largest or smallest values; rows that tie with the last of them too."""

    column: str
    n: Count
    largest: bool = True
    condition: Literal["extreme"] = "extreme"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        column = column_of(frame, self.column)
        ranks = column.rank(method="min", ascending=not self.largest)
        return (ranks <= self.n).to_numpy(dtype=bool, na_value=False)

    def sentence(self) -> str:
        # "Top", since the values may be times, which are late and not large.
        end = "top" if self.largest else "bottom"
        return f"{self.column} is among its {end} {self.n:,}, ties with the last of them too"


@plain
class AllOf(_Condition):
    """Every one of these holds; without any, all rows."""

    conditions: tuple[Condition, ...]
    condition: Literal["all of"] = "all of"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        masks = [one.mask(frame) for one in self.conditions]
        return np.logical_and.reduce([np.ones(len(frame), dtype=bool), *masks])

    def sentence(self) -> str:
        return _joined(self.conditions, "and") or "always"


@plain
class AnyOf(_Condition):
    """At least one of these holds; without any, no row."""

    conditions: tuple[Condition, ...]
    condition: Literal["any of"] = "any of"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        masks = [one.mask(frame) for one in self.conditions]
        return np.logical_or.reduce([np.zeros(len(frame), dtype=bool), *masks])

    def sentence(self) -> str:
        return _joined(self.conditions, "or") or "never"


@plain
class Not(_Condition):
    """All other rows, those without a value among them."""

    of: Condition
    condition: Literal["not"] = "not"

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        return ~self.of.mask(frame)

    def sentence(self) -> str:
        return f"not ({self.of.sentence()})"


Condition = Annotated[
    Compare | Between | OneOf | Contains | Matches | Shows | IsMissing | Extreme | AllOf | AnyOf | Not,
    Field(discriminator="condition"),
]


def column_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column by its name; raises RecipeError where the frame has none."""
    if name not in frame.columns:
        raise RecipeError(f"There is no column {name!r}.")
    return frame[name]


def require_columns(frame: pd.DataFrame, names: Iterable[str]) -> None:
    """Raises RecipeError where the frame lacks one of these columns."""
    for name in names:
        column_of(frame, name)


def _plain(column: pd.Series) -> pd.Series:
    """Categories as the texts they stand for, which can be ordered."""
    return column.astype("string") if isinstance(column.dtype, pd.CategoricalDtype) else column


def _true(holds: pd.Series) -> np.ndarray:
    return holds.to_numpy(dtype=bool, na_value=False) if holds.hasnans else holds.to_numpy(dtype=bool)


def _found(found: pa.Array) -> np.ndarray:
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False)


def _joined(conditions: tuple[Condition, ...], word: str) -> str:
    single = (Compare, Between, OneOf, Contains, Matches, Shows, IsMissing, Extreme, Not)
    parts = [one.sentence() if isinstance(one, single) else f"({one.sentence()})" for one in conditions]
    return f" {word} ".join(parts)
