"""Steps on whole columns: their names, types and units, and which of them stay."""

from __future__ import annotations

from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from analytics.recipe.conditions import column_of, require_columns
from analytics.recipe.errors import RecipeError
from analytics.recipe.plain import plain
from analytics.recipe.steps.base import Outcome, Step, changed, told_anew
from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading
from analytics.tables.typed.retype import read_again

_USED_AS = {
    "integer": "number",
    "number": "number",
    "text": "text",
    "category": "category",
    "date": "time",
    "time": "time",
    "duration": "time",
    "identifier": "identifier",
}
"""What a column of a type is used for; truth values are left to what they hold."""


@plain
class Rename(Step):
    """Another name for a column."""

    column: str
    to: Annotated[str, Field(min_length=1)]
    step: Literal["rename"] = "rename"

    def sentence(self) -> str:
        return f"Rename {self.column!r} to {self.to!r}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column_of(frame, self.column)
        if self.to in frame.columns and self.to != self.column:
            raise RecipeError(f"There is a column {self.to!r} already: choose another name.")
        return Outcome(frame.rename(columns={self.column: self.to}))

    def inverse(self) -> Step:
        return Rename(self.to, self.column)

    def readings(self, readings: tuple[ColumnReading, ...]) -> tuple[ColumnReading, ...]:
        return told_anew(readings, self.column, name=self.to)

    def uses(self, uses: dict[str, str]) -> dict[str, str]:
        return {self.to if name == self.column else name: kind for name, kind in uses.items()}


@plain
class LeaveOut(Step):
    """Columns that nothing after this step sees."""

    columns: tuple[str, ...]
    step: Literal["leave out"] = "leave out"

    def sentence(self) -> str:
        return f"Leave out {', '.join(map(repr, self.columns))}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        require_columns(frame, self.columns)
        return Outcome(frame.drop(columns=list(self.columns)))


@plain
class SetType(Step):
    """A column really taken as another type, its cells by way of their text.

    ``to`` is what ``ReadOptions.column_types`` takes (``date:%d.%m.%Y``, ``number:,``), or ``identifier``, a
    text that names its row. Dates may be written in several ways (``date:%Y-%m-%d|%d.%m.%Y``), of which the
    first that a cell fits counts. Cells that do not fit have no value afterwards, and are failures.
    """

    column: str
    to: str
    step: Literal["type"] = "type"

    def __post_init__(self) -> None:
        self._options()

    def sentence(self) -> str:
        kind, _, form = self.to.partition(":")
        if kind == "date":
            form = form.replace("|", " or ")
        return f"Take {self.column!r} as {kind}" + (f" ({form})" if form else "")

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column = column_of(frame, self.column)
        values, *others = (read_again(column, options) for options in self._options())
        for other in others:
            values = values.fillna(other)
        return changed(frame, self.column, values)

    @property
    def types(self) -> tuple[str, ...]:
        """What cells are taken as, each where those before do not fit; as ``ReadOptions`` has it."""
        kind, _, form = self.to.partition(":")
        if kind == "date" and "|" in form:
            return tuple(f"date:{one}" for one in form.split("|"))
        return ("text" if self.to == "identifier" else self.to,)

    def readings(self, readings: tuple[ColumnReading, ...]) -> tuple[ColumnReading, ...]:
        kind, said = self.to.partition(":")[0], f"{self.sentence()}, by a step."
        return told_anew(readings, self.column, kind=kind, sentence=said, exceptions=(), alternatives=())

    def uses(self, uses: dict[str, str]) -> dict[str, str]:
        kept = {name: kind for name, kind in uses.items() if name != self.column}
        kind = _USED_AS.get(self.to.partition(":")[0])
        return kept | ({self.column: kind} if kind else {})

    def _options(self) -> tuple[ReadOptions, ...]:
        try:
            return tuple(ReadOptions(column_types={self.column: one}) for one in self.types)
        except TableError as error:
            raise RecipeError(str(error)) from error


@plain
class SetUnit(Step):
    """What a column's values are measured in; the values stay."""

    column: str
    unit: str
    step: Literal["unit"] = "unit"

    def sentence(self) -> str:
        return f"{self.column!r} is in {self.unit!r}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column_of(frame, self.column)
        return Outcome(frame)

    def readings(self, readings: tuple[ColumnReading, ...]) -> tuple[ColumnReading, ...]:
        return told_anew(readings, self.column, unit=self.unit)
