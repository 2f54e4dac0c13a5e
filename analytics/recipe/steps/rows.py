"""Steps that choose rows, or say something of rows by their number in the file."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from analytics.recipe.conditions import Condition, require_columns
from analytics.recipe.errors import RecipeError
from analytics.recipe.plain import plain
from analytics.recipe.steps.base import Outcome, Step, rows_of
from analytics.recipe.values import Count, differing
from analytics.words import count

RowNumber = Count
"""A row's number in the file as it was read, counted from 1."""


@plain
class Keep(Step):
    """Only rows for which a condition holds."""

    where: Condition
    step: Literal["keep"] = "keep"

    def sentence(self) -> str:
        return f"Keep rows where {self.where.sentence()}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        return Outcome(frame[self.where.mask(frame)])


@plain
class Drop(Step):
    """No rows for which a condition holds."""

    where: Condition
    step: Literal["drop"] = "drop"

    def sentence(self) -> str:
        return f"Drop rows where {self.where.sentence()}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        return Outcome(frame[~self.where.mask(frame)])


@plain
class DropNumbers(Step):
    """No rows of these numbers."""

    rows: tuple[RowNumber, ...]
    step: Literal["drop numbers"] = "drop numbers"
    by_row: ClassVar[bool] = True

    def sentence(self) -> str:
        shown = ", ".join(f"{row:,}" for row in self.rows[:5])
        return (
            f"Drop {count(len(self.rows), 'row')} by number ({shown}{', ...' if len(self.rows) > 5 else ''})"
        )

    def apply(self, frame: pd.DataFrame) -> Outcome:
        return Outcome(frame[~rows_of(frame, np.array(self.rows, dtype=np.int64))])


@plain
class DropDuplicates(Step):
    """The first of the rows that are alike in these columns, or in all where none is named."""

    columns: tuple[str, ...] = ()
    step: Literal["drop duplicates"] = "drop duplicates"

    def sentence(self) -> str:
        where = f"the same {' and '.join(map(repr, self.columns))}" if self.columns else "all cells alike"
        return f"Keep the first of rows with {where}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        require_columns(frame, self.columns)
        again = frame.duplicated(subset=list(self.columns) or None)
        return Outcome(frame[~again.to_numpy()])


@plain
class Sample(Step):
    """Some rows by chance, in their order; the same ones for one seed."""

    rows: Count
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    step: Literal["sample"] = "sample"

    def sentence(self) -> str:
        return f"Keep {count(self.rows, 'row')} by chance (seed {self.seed})"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        if self.rows >= len(frame):
            return Outcome(frame)
        chosen = np.random.default_rng(self.seed).choice(len(frame), self.rows, replace=False)
        return Outcome(frame.iloc[np.sort(chosen)])


@plain
class SetTags(Step):
    """A column of tags that a reader gave to rows by their number; others have none."""

    column: Annotated[str, Field(min_length=1)]
    tags: tuple[tuple[RowNumber, str], ...]
    step: Literal["tags"] = "tags"
    by_row: ClassVar[bool] = True

    def sentence(self) -> str:
        return f"Tag {count(len(self.tags), 'row')} in {self.column!r}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        before = frame.get(self.column, pd.Series(pd.NA, frame.index, dtype="str"))
        if not pd.api.types.is_string_dtype(before.dtype):
            raise RecipeError(f"{self.column!r} is a column of the file: give the tags another name.")
        given = pd.Series({row - 1: tag for row, tag in self.tags}, dtype="str").reindex(frame.index)
        values = given.where(given.notna(), before)
        return Outcome(frame.assign(**{self.column: values}), differing(before, values))
