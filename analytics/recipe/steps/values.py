"""Steps on the cells of one column: what means missing, other spellings, other values."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from analytics.recipe.conditions import column_of
from analytics.recipe.errors import RecipeError
from analytics.recipe.plain import plain
from analytics.recipe.room import check_room, text_bytes
from analytics.recipe.steps.base import Outcome, Step, changed, told_anew, with_missing
from analytics.recipe.values import (
    Value,
    as_whole,
    column_of_texts,
    differing,
    fitting,
    kind_of,
    said,
    texts_of,
)
from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading
from analytics.tables.typed.retype import read_again

_BLANKS = r"[\s\pZ]+"
_CASES = {"keep": "", "lower": ", in lower case", "upper": ", in upper case"}


@plain
class SetMissing(Step):
    """Values that stand for none, such as -999 or ``TBD``."""

    column: str
    values: tuple[Value, ...]
    step: Literal["missing"] = "missing"

    def sentence(self) -> str:
        return f"{', '.join(map(said, self.values))} in {self.column!r} means missing"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column = column_of(frame, self.column)
        rows = column.isin([fitting(column, value) for value in self.values]).to_numpy(dtype=bool)
        return Outcome(frame.assign(**{self.column: with_missing(column, rows)}), int(rows.sum()))


@plain
class Replace(Step):
    """Other values for some: one for a mistake, or one for many spellings of a category."""

    column: str
    values: tuple[Value, ...]
    by: Value
    step: Literal["replace"] = "replace"

    def sentence(self) -> str:
        return f"{', '.join(map(said, self.values))} in {self.column!r} becomes {said(self.by)}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column = column_of(frame, self.column)
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype(column.cat.categories.dtype)
        rows = column.isin([fitting(column, value) for value in self.values]).to_numpy(dtype=bool)
        by = fitting(column, self.by)
        _check_texts(column, by, int(rows.sum()))
        if pd.api.types.is_integer_dtype(column.dtype) and not as_whole(by):
            column = column.astype("float64")
        values = column.mask(rows, by)
        return Outcome(frame.assign(**{self.column: values}), differing(frame[self.column], values))


@plain
class Tidy(Step):
    """Texts without blanks at their ends, with one blank where several stand, and in one case if wanted.

    Signs that are written in several ways (é as one or as e with an accent) are written in one (NFC).
    """

    column: str
    case: Literal["keep", "lower", "upper"] = "keep"
    step: Literal["tidy"] = "tidy"

    def sentence(self) -> str:
        return f"Tidy the blanks in {self.column!r}{_CASES[self.case]}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column = column_of(frame, self.column)
        encoded = texts_of(column).dictionary_encode()  # each spelling is tidied once
        tidied = self._tidied(encoded.dictionary)
        texts = pc.take(tidied, encoded.indices)
        values = column_of_texts(texts, frame.index)
        return Outcome(frame.assign(**{self.column: values}), differing(column.astype("str"), values))

    def _tidied(self, texts: pa.Array) -> pa.Array:
        texts = pc.utf8_normalize(texts, "NFC")
        texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _BLANKS, " "))
        if self.case == "keep":
            return texts
        return (pc.utf8_lower if self.case == "lower" else pc.utf8_upper)(texts)


@plain
class StripUnit(Step):
    """Texts such as ``5 kg`` as numbers, the unit kept beside the name; others have no value afterwards."""

    column: str
    unit: Annotated[str, Field(min_length=1)]
    step: Literal["strip unit"] = "strip unit"

    def sentence(self) -> str:
        return f"Take {self.column!r} as numbers in {self.unit!r}"

    def apply(self, frame: pd.DataFrame) -> Outcome:
        texts = pc.utf8_trim_whitespace(texts_of(column_of(frame, self.column)))
        for has, cut in ((pc.ends_with, _without_end), (pc.starts_with, _without_start)):
            texts = pc.if_else(has(texts, self.unit), cut(texts, self.unit), texts)
        bare = column_of_texts(pc.utf8_trim_whitespace(texts), frame.index).rename(self.column)
        options = ReadOptions(column_types={self.column: "number"})
        return changed(frame, self.column, read_again(bare, options))

    def readings(self, readings: tuple[ColumnReading, ...]) -> tuple[ColumnReading, ...]:
        said = f"{self.sentence()}, by a step."
        return told_anew(readings, self.column, kind="number", sentence=said, unit=self.unit)


@plain
class Fill(Step):
    """A value for cells without one."""

    column: str
    how: Literal["value", "mean", "median", "most frequent", "previous"]
    value: Value | None = None
    step: Literal["fill"] = "fill"

    def sentence(self) -> str:
        what = said(self.value) if self.how == "value" and self.value is not None else f"the {self.how}"
        return f"Fill missing {self.column!r} with {what}" + (" row's" if self.how == "previous" else "")

    def apply(self, frame: pd.DataFrame) -> Outcome:
        column = column_of(frame, self.column)
        values = column.ffill() if self.how == "previous" else self._filled(column)
        return Outcome(frame.assign(**{self.column: values}), differing(column, values))

    def _filled(self, column: pd.Series) -> pd.Series:
        if self.how == "value":
            if self.value is None:
                raise RecipeError(f"Say which value fills {self.column!r}.")
            by = fitting(column, self.value)
        elif self.how == "most frequent":
            counts = column.value_counts(sort=False)
            by = counts.index[int(np.argmax(counts))] if len(counts) else None
        elif kind_of(column) in ("number", "time", "span"):
            by = getattr(column, self.how)() if column.notna().any() else None
        else:
            raise RecipeError(f"{self.column!r} has no {self.how}: fill it with a value.")
        if by is None:
            return column
        if pd.api.types.is_integer_dtype(column.dtype) and not as_whole(by):
            column = column.astype("Float64")
        _check_texts(column, by, int(column.isna().sum()))
        return column.fillna(by)


def _check_texts(column: pd.Series, by: object, times: int) -> None:
    """Raise RecipeError where a text that stands so many times would fill too much."""
    if isinstance(by, str):
        check_room(text_bytes(column) + times * len(by.encode("utf-8", "replace")))


def _without_end(texts: pa.Array, unit: str) -> pa.Array:
    return pc.utf8_slice_codeunits(texts, 0, -len(unit))


def _without_start(texts: pa.Array, unit: str) -> pa.Array:
    return pc.utf8_slice_codeunits(texts, len(unit))
