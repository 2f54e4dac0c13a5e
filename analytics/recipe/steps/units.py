"""Steps on numbers that are not all in one unit."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from pydantic import Field

from analytics.recipe.conditions import column_of
from analytics.recipe.errors import RecipeError
from analytics.recipe.measures import known_unit, scales_to
from analytics.recipe.plain import plain
from analytics.recipe.room import check_cells
from analytics.recipe.steps.base import MOST_EXAMPLES, Outcome, Step, told_anew
from analytics.recipe.values import column_of_texts, differing, kind_of, texts_of
from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading
from analytics.tables.typed.retype import read_again

MOST_UNITS = 50  # columns that one becomes: a legend of more is read by nobody, and it is no column of units
_APART = r"^(?P<number>[-+(]?\s*[\d.,].*?)\s*(?P<unit>[^\d\s.,()+-][^\d]*(?:\d)?)?$"
"""A number, then its unit, which may end in the digit of m2."""
WITHOUT = "no unit"


@plain
class ToUnit(Step):
    """Numbers in different units as numbers in one.

    ``units`` is the column that names each row's unit, which then says ``unit``; None where units stand
    behind the numbers in ``column`` itself (``5 kg``). Numbers whose unit is missing or cannot become
    ``unit`` have no value afterwards, and are failures.
    """

    column: str
    unit: Annotated[str, Field(min_length=1)]
    units: str | None = None
    step: Literal["to unit"] = "to unit"

    def __post_init__(self) -> None:
        if not scales_to(self.unit):
            raise RecipeError(
                f"{self.unit!r} is no unit that others can be converted to, such as kg, m or °C."
            )

    def sentence(self) -> str:
        by = "" if self.units is None else f" by the units in {self.units!r}"
        return f"Convert {self.column!r} to {self.unit}{by}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        before = column_of(frame, self.column)
        if self.units is None:
            numbers, units = apart(before)
        else:
            numbers, units = numbers_of(before), column_of(frame, self.units)
        values, fits = in_one_unit(numbers, units, self.unit)
        lost = (before.notna() & values.isna()).to_numpy()
        made = {self.column: values}
        moved = before.notna() if self.units is None else numbers.notna() & (numbers != values)
        cells = int(moved.sum())
        if self.units is not None:
            made[self.units] = units.astype("str").mask(fits & values.notna().to_numpy(), self.unit)
            cells += differing(units.astype("str"), made[self.units])
        examples = _examples(before, units, lost)
        return Outcome(frame.assign(**made), cells, int(lost.sum()), examples)

    def readings(self, readings: tuple[ColumnReading, ...]) -> tuple[ColumnReading, ...]:
        said = f"{self.sentence()}, by a step."
        return told_anew(readings, self.column, kind="number", sentence=said, unit=self.unit)


@plain
class SplitByUnit(Step):
    """A column of numbers for each unit that another column names, in place of the one that mixes them."""

    column: str
    units: str
    step: Literal["split by unit"] = "split by unit"

    def sentence(self) -> str:
        return f"Split {self.column!r} into a column for each unit in {self.units!r}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        numbers = numbers_of(column_of(frame, self.column))
        made = split_by_unit(numbers, column_of(frame, self.units))
        if len(made.columns) > MOST_UNITS:
            raise RecipeError(f"{self.units!r} names {len(made.columns):,} units, more than {MOST_UNITS}.")
        taken = [name for name in made.columns if name in frame.columns]
        if taken:
            raise RecipeError(f"There is a column {taken[0]!r} already: rename it first.")
        check_cells(len(frame), len(made.columns))
        place = list(frame.columns).index(self.column)
        rest = frame.drop(columns=self.column)
        return Outcome(pd.concat([rest.iloc[:, :place], made, rest.iloc[:, place:]], axis=1))


def apart(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Texts such as ``5 kg`` as numbers and their units; missing where there is none."""
    texts = pc.utf8_trim_whitespace(texts_of(column))
    found = pc.extract_regex(texts, _APART)
    parts = (pc.struct_field(found, name) for name in ("number", "unit"))
    number, unit = (column_of_texts(part, column.index) for part in parts)
    options = ReadOptions(column_types={str(column.name): "number"})
    numbers = read_again(number.rename(str(column.name)), options)
    return numbers_of(numbers), unit.str.strip().replace("", None)


def in_one_unit(numbers: pd.Series, units: pd.Series, unit: str) -> tuple[pd.Series, np.ndarray]:
    """The numbers in ``unit``, missing where theirs cannot become it; whether each row's can, (n,) bool."""
    codes, named = pd.factorize(units.astype("str"))
    scales = scales_to(unit)
    known = [scales.get(known_unit(str(name)) or "", (0, 0, 0)) for name in named]
    by, plus, below = np.array([*known, (0, 0, 0)], dtype=np.float64)[codes].T.reshape(3, -1)  # -1: missing
    fits = below != 0
    values = numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(fits, (values * by + plus) / below, np.nan)
    return pd.Series(values, numbers.index, name=numbers.name), fits


def split_by_unit(numbers: pd.Series, units: pd.Series) -> pd.DataFrame:
    """The numbers in a column for each unit, the most frequent first; those without one in their own."""
    texts = units.astype("str").str.strip()
    spelled = {text: known_unit(text) or text or WITHOUT for text in map(str, texts.dropna().unique())}
    texts = texts.map(spelled).fillna(WITHOUT).where(numbers.notna())
    named = texts.value_counts().index[: MOST_UNITS + 1]
    made = {f"{numbers.name} ({unit})": numbers.where(texts == unit) for unit in named}
    return pd.DataFrame(made, numbers.index)


def numbers_of(column: pd.Series) -> pd.Series:
    """The column as float64; raises RecipeError where it holds anything but numbers."""
    if kind_of(column) != "number":
        raise RecipeError(f"{str(column.name)!r} holds no numbers: take it as numbers first.")
    return pd.Series(column.to_numpy(dtype=np.float64, na_value=np.nan), column.index, name=column.name)


def _examples(column: pd.Series, units: pd.Series, rows: np.ndarray) -> tuple[tuple[int, str], ...]:
    places = np.flatnonzero(rows)[:MOST_EXAMPLES]
    beside = kind_of(column) == "number"
    named = ["no unit" if pd.isna(one) else str(one) for one in units.iloc[places]]
    cells = [str(cell) for cell in column.iloc[places]]
    return tuple(
        (int(column.index[place]) + 1, f"{cell} {unit}" if beside else cell)
        for place, cell, unit in zip(places, cells, named, strict=True)
    )
