"""What was decided about unusual values: by a rule that other files can take, or by row number."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic.dataclasses import dataclass

from analytics.recipe.conditions import column_of, require_columns
from analytics.recipe.errors import RecipeError
from analytics.recipe.plain import PLAIN
from analytics.recipe.steps.base import Outcome, Step, rows_of, with_missing
from analytics.recipe.steps.rows import RowNumber
from analytics.recipe.values import Number, differing, kind_of

Action = Literal["drop", "mark", "winsorize", "set missing"]
MARKS = "unusual"
"""The column of truth values in which rows are marked."""

_SAID = {
    "drop": "Drop rows",
    "mark": "Mark rows",
    "winsorize": "Move values to the fence",
    "set missing": "Set values missing",
}


@dataclass(frozen=True, config=PLAIN)
class Fence(Step):
    """One action for all values of a column below ``low`` or above ``high``."""

    column: str
    low: Number | None
    high: Number | None
    action: Action
    step: Literal["fence"] = "fence"

    def sentence(self) -> str:
        ends = [
            f"below {self.low:,}" if self.low is not None else "",
            f"above {self.high:,}" if self.high is not None else "",
        ]
        where = " or ".join(filter(None, ends)) or "beyond nothing"
        return f"{_SAID[self.action]} where {self.column!r} is {where}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column = _numbers(frame, self.column)
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        beyond = ((column < low) | (column > high)).to_numpy(dtype=bool, na_value=False)
        if self.action == "winsorize":
            values = column.clip(*(_end(column, end) for end in (self.low, self.high)))
            return Outcome(frame.assign(**{self.column: values}), differing(column, values))
        return _act(frame, self.action, beyond, [self.column])


@dataclass(frozen=True, config=PLAIN)
class Decide(Step):
    """One action for rows by their number; ``columns`` are those whose cells are set missing."""

    rows: tuple[RowNumber, ...]
    action: Literal["drop", "mark", "set missing"]
    columns: tuple[str, ...] = ()
    step: Literal["decide"] = "decide"
    by_row: ClassVar[bool] = True

    def sentence(self) -> str:
        shown = ", ".join(f"{row:,}" for row in self.rows[:5]) + (", ..." if len(self.rows) > 5 else "")
        where = f" of {', '.join(map(repr, self.columns))}" if self.columns else ""
        return f"{_SAID[self.action]}{where} by number ({shown})"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        require_columns(frame, self.columns)
        return _act(
            frame, self.action, rows_of(frame, np.array(self.rows, dtype=np.int64)), list(self.columns)
        )


def _act(frame: pd.DataFrame, action: str, rows: np.ndarray, columns: list[str]) -> Outcome:
    if action == "drop":
        return Outcome(frame[~rows])
    if action == "mark":
        before = frame.get(MARKS, pd.Series(False, frame.index))
        if not pd.api.types.is_bool_dtype(before.dtype):
            raise RecipeError(f"{MARKS!r} is a column of the file: rename it, so that rows can be marked.")
        marked = before | rows
        return Outcome(frame.assign(**{MARKS: marked}), int((marked & ~before).sum()))
    emptied = {name: with_missing(frame[name], rows) for name in columns}
    cells = sum(int((frame[name].notna() & values.isna()).sum()) for name, values in emptied.items())
    return Outcome(frame.assign(**emptied), cells)


def _end(column: pd.Series, end: Number | None) -> Number | None:
    """An end of the fence, where a column of whole numbers can reach it."""
    beyond = end is not None and pd.api.types.is_integer_dtype(column.dtype) and abs(end) >= 2**63
    return None if beyond else end


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    column = column_of(frame, name)
    if kind_of(column) != "number":
        raise RecipeError(f"{name!r} holds no numbers: take it as numbers first.")
    return column
