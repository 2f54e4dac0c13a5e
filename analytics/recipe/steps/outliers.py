"""What was decided about unusual values: by a rule that other files can take, or by row number."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from analytics.recipe.conditions import column_of, require_columns
from analytics.recipe.errors import RecipeError
from analytics.recipe.plain import plain
from analytics.recipe.steps.base import Outcome, Step, rows_of, with_missing
from analytics.recipe.steps.rows import RowNumber
from analytics.recipe.values import Number, as_whole, differing, kind_of
from analytics.words import count

Action = Literal["drop", "mark", "winsorize", "set missing"]
MARKS = "unusual"
"""The column of truth values in which rows are marked."""

_SAID = {
    "keep": "Keep rows",
    "drop": "Drop rows",
    "mark": "Mark rows",
    "winsorize": "Move values to the fence",
    "set missing": "Set values missing",
}


@plain
class Fence(Step):
    """One action for all values of a column below ``low`` or above ``high``."""

    column: str
    low: Number | None
    high: Number | None
    action: Action
    step: Literal["fence"] = "fence"

    def sentence(self) -> str:
        ends = [
            f"below {_short(self.low)}" if self.low is not None else "",
            f"above {_short(self.high)}" if self.high is not None else "",
        ]
        where = " or ".join(filter(None, ends)) or "beyond nothing"
        return f"{_SAID[self.action]} where {self.column!r} is {where}"

    def beyond(self, frame: pd.DataFrame) -> np.ndarray:
        """Whether each row's value lies outside; (n,) bool. Raises RecipeError where it does not fit."""
        column = _numbers(frame, self.column)
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        return ((column < low) | (column > high)).to_numpy(dtype=bool, na_value=False)

    def apply(self, frame: pd.DataFrame) -> Outcome:
        beyond, column = self.beyond(frame), frame[self.column]
        if self.action == "winsorize":
            whole = all(as_whole(end) for end in (self.low, self.high) if end is not None)
            if not whole and pd.api.types.is_integer_dtype(column.dtype):
                column = column.astype("Float64" if column.hasnans else "float64")
            values = column.clip(*(_end(column, end) for end in (self.low, self.high)))
            return Outcome(frame.assign(**{self.column: values}), differing(column, values))
        return _act(frame, self.action, beyond, [self.column])


def _short(value: Number) -> str:
    """A threshold in a sentence: six digits, or all of a whole number; the step has it in full."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


@plain
class Decide(Step):
    """One action for rows by their number; ``columns`` are those whose cells are set missing.

    Rows that are kept stay as they are: it says that somebody looked at them.
    """

    rows: tuple[RowNumber, ...]
    action: Literal["keep", "drop", "mark", "set missing"]
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


@plain
class SetValues(Step):
    """Other numbers in one column, by row number."""

    column: str
    rows: tuple[RowNumber, ...]
    values: tuple[Number, ...]
    step: Literal["set values"] = "set values"
    by_row: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.values):
            raise RecipeError(f"{count(len(self.rows), 'row')} and {count(len(self.values), 'value')}.")

    def sentence(self) -> str:
        pairs = zip(self.rows[:3], self.values, strict=False)
        shown = ", ".join(f"{value:.6g} in row {row:,}" for row, value in pairs)
        return f"Set {self.column!r} to {shown}" + (", ..." if len(self.rows) > 3 else "")

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column = _numbers(frame, self.column)
        given = pd.Series(self.values, pd.Index(self.rows) - 1, dtype=np.float64)
        given = given[~given.index.duplicated(keep="last")].reindex(frame.index)
        whole = pd.api.types.is_integer_dtype(column.dtype) and (given.dropna() % 1 == 0).all()
        before = column if whole else column.astype("float64")
        values = before.mask(given.notna(), given.astype("Int64") if whole else given)
        return Outcome(frame.assign(**{self.column: values}), differing(column, values))


def _act(frame: pd.DataFrame, action: str, rows: np.ndarray, columns: list[str]) -> Outcome:
    if action == "keep":
        return Outcome(frame)
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
