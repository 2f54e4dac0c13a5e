"""Steps after which the rows are no longer rows of the file: summaries, wide to long and back."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from analytics.recipe.conditions import column_of, require_columns
from analytics.recipe.errors import RecipeError
from analytics.recipe.plain import plain
from analytics.recipe.room import check_cells, check_room, text_bytes
from analytics.recipe.steps.base import Outcome, Step
from analytics.recipe.values import kind_of
from analytics.words import count

How = Literal["rows", "values", "sum", "mean", "median", "sd", "min", "max", "share"]
_OF_NUMBERS = {"sum", "mean", "median", "sd"}
_MOST_COLUMNS = 2_000  # as many as a page of columns can be read through


@plain
class Measure:
    """A figure per group: ``sd`` with n - 1, ``share`` of all rows; ``rows`` and ``share`` need no column."""

    how: How
    column: str | None = None

    @property
    def name(self) -> str:
        """The name of its column."""
        return self.how if self.column is None else f"{self.how} of {self.column}"


@plain
class Summarise(Step):
    """One row per group, in order; missing keys are a group too. Without ``by`` one row of all."""

    by: tuple[str, ...]
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    step: Literal["summarise"] = "summarise"
    reshapes: ClassVar[bool] = True

    def sentence(self) -> str:
        figures = ", ".join(measure.name for measure in self.measures)
        return (
            f"{figures[:1].upper()}{figures[1:]} for each {' and '.join(map(repr, self.by))}"
            if self.by
            else figures
        )

    def apply(self, frame: pd.DataFrame) -> Outcome:
        require_columns(frame, self.by)
        keys = list(self.by) or np.zeros(len(frame), dtype=np.int8)
        groups = frame.groupby(keys, dropna=False, sort=True, observed=True)
        figures = {measure.name: _figure(frame, groups, measure) for measure in self.measures}
        if set(figures) & set(self.by) or len(figures) < len(self.measures):
            raise RecipeError("Two columns of the summary have one name: rename a key, or leave one out.")
        made = pd.DataFrame(figures)
        return Outcome(made.reset_index() if self.by else made.reset_index(drop=True))


@plain
class Pivot(Step):
    """One column for each value of ``columns``; where several rows meet, their ``how``."""

    rows: Annotated[tuple[str, ...], Field(min_length=1)]
    columns: str
    values: str
    how: Literal["sum", "mean", "median", "min", "max", "values"] = "mean"
    step: Literal["pivot"] = "pivot"
    reshapes: ClassVar[bool] = True

    def sentence(self) -> str:
        rows = " and ".join(map(repr, self.rows))
        return f"The {self.how} of {self.values!r} for each {rows}, a column for each {self.columns!r}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        keys = [*self.rows, self.columns]
        require_columns(frame, keys)
        if len(set(keys)) < len(keys):
            raise RecipeError("A pivot takes each of its columns once: choose another.")
        names = frame[self.columns].nunique(dropna=False)
        if names > _MOST_COLUMNS:
            raise RecipeError(
                f"{self.columns!r} has {names:,} values, more than {_MOST_COLUMNS:,} columns: choose another."
            )
        measure = Measure(self.how, self.values)
        check_cells(len(frame[list(self.rows)].drop_duplicates()), names + len(self.rows))
        long = _figure(frame, frame.groupby(keys, dropna=False, sort=True, observed=True), measure)
        wide = long.unstack(self.columns)
        wide.columns = pd.Index(
            ["missing" if pd.isna(name) else str(name) for name in wide.columns], dtype="str"
        )
        if not wide.columns.is_unique or set(wide.columns) & set(self.rows):
            raise RecipeError(f"A value of {self.columns!r} is the name of another column: change it first.")
        return Outcome(wide.reset_index())


@plain
class Unpivot(Step):
    """One row for each cell of ``columns``: their name in one column, their value in another."""

    columns: Annotated[tuple[str, ...], Field(min_length=1)]
    name: str = "name"
    value: str = "value"
    step: Literal["unpivot"] = "unpivot"
    reshapes: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"{count(len(self.columns), 'column')} to rows, as {self.name!r} and {self.value!r}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        kinds = {kind_of(column_of(frame, name)) for name in self.columns}
        if len(kinds) > 1:
            raise RecipeError(
                f"These columns hold {' and '.join(sorted(kinds))}: choose columns of one kind."
            )
        kept = [name for name in frame.columns if name not in self.columns]
        if {self.name, self.value} & set(kept) or self.name == self.value:
            raise RecipeError(f"{self.name!r} or {self.value!r} is a column already: choose other names.")
        every = sum(text_bytes(frame[name]) for name in kept)
        check_room(every * len(self.columns) + sum(text_bytes(frame[name]) for name in self.columns))
        long = frame.melt(kept, list(self.columns), self.name, self.value)
        return Outcome(long.astype({self.name: "str"}))


def _figure(frame: pd.DataFrame, groups: pd.api.typing.DataFrameGroupBy, measure: Measure) -> pd.Series:
    if measure.how in ("rows", "share"):
        sizes = groups.size()
        return sizes if measure.how == "rows" else sizes / len(frame)
    if measure.column is None:
        raise RecipeError(f"Say of which column the {measure.how} is taken.")
    column = column_of(frame, measure.column)
    if measure.how in _OF_NUMBERS and kind_of(column) != "number":
        raise RecipeError(f"{measure.column!r} holds no numbers, so it has no {measure.how}.")
    if measure.how in ("min", "max") and isinstance(column.dtype, pd.CategoricalDtype):
        raise RecipeError(f"{measure.column!r} holds categories, which have no order.")
    return getattr(groups[measure.column], {"values": "count", "sd": "std"}.get(measure.how, measure.how))()
