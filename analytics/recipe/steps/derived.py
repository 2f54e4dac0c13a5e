"""A column computed from others."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from analytics.recipe.errors import RecipeError
from analytics.recipe.formula import columns_of, parse
from analytics.recipe.functions import value_of
from analytics.recipe.plain import plain
from analytics.recipe.steps.base import MOST_EXAMPLES, Outcome, Step


@plain
class Derive(Step):
    """A new column by a formula; rows that have every value it takes and no result are failures."""

    column: Annotated[str, Field(min_length=1)]
    formula: str
    step: Literal["derive"] = "derive"

    def __post_init__(self) -> None:
        parse(self.formula)

    def sentence(self) -> str:
        return f"{self.column!r} is {self.formula}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        if self.column in frame.columns:
            raise RecipeError(f"There is a column {self.column!r} already: choose another name.")
        part = parse(self.formula)
        values = value_of(part, frame)
        taken = frame[list(columns_of(part))]
        lost = (taken.notna().all(axis=1) & values.isna()).to_numpy()
        return Outcome(frame.assign(**{self.column: values}), 0, int(lost.sum()), _examples(taken, lost))


def _examples(taken: pd.DataFrame, rows: np.ndarray) -> tuple[tuple[int, str], ...]:
    some = taken[rows].head(MOST_EXAMPLES)
    texts = (", ".join(f"{name} {value}" for name, value in row.items()) for _, row in some.iterrows())
    return tuple((int(place) + 1, text) for place, text in zip(some.index, texts, strict=True))
