"""The kinds of value that columns hold, and how a value of a recipe stands beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api import types
from pydantic import Field

from analytics.recipe.errors import RecipeError
from analytics.tables.columns import is_numeric

Number = Annotated[int, Field(ge=-(2**63), lt=2**63)] | Annotated[float, Field(allow_inf_nan=False)]
"""Whole numbers beyond what columns hold are taken as floats."""
Count = Annotated[int, Field(ge=1, le=2**53)]
"""How many rows, or the number of one."""
Value = bool | Number | str
"""What a step compares with or writes; times and lengths of time are texts (``2024-01-31``, ``26:30:00``)."""

_WHOLE = 2**63  # the whole numbers of columns have 64 bits

_ASKED = {
    "number": "a number",
    "truth": "true or false",
    "time": "a date such as 2024-01-31 or 2024-01-31T14:30",
    "span": "a length of time such as 26:30:00 or 2 days",
    "text": "a text",
}


def kind_of(column: pd.Series) -> str:
    """number, truth, time, span or text: what is compared with the values of the column."""
    dtype = column.dtype
    if types.is_bool_dtype(dtype):
        return "truth"
    if types.is_timedelta64_dtype(dtype):
        return "span"
    if types.is_datetime64_any_dtype(dtype):
        return "time"
    return "number" if is_numeric(column) else "text"


def fitting(column: pd.Series, value: Value) -> Any:
    """``value`` as the column's kind holds it.

    Raises:
        RecipeError: it is of another kind.
    """
    kind = kind_of(column)
    made = _MAKERS[kind](value, column)
    if made is None:
        raise RecipeError(f"{str(column.name)!r} takes {_ASKED[kind]}, not {value!r}.")
    return made


def texts_of(column: pd.Series) -> pa.Array:
    """The column's texts (n,); raises RecipeError where it holds anything else."""
    if kind_of(column) != "text":
        raise RecipeError(
            f"{str(column.name)!r} holds no texts: make it text first, or use another condition."
        )
    return pa.array(column.astype("string"), pa.large_string())


def column_of_texts(texts: pa.Array, index: pd.Index) -> pd.Series:
    """Texts (n,) as a column with this index, in their order whatever its labels are."""
    return texts.to_pandas().set_axis(index).astype("str")


def said(value: Value) -> str:
    """A value in a sentence."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else repr(value)


def differing(before: pd.Series, after: pd.Series) -> int:
    """How many cells hold another value than before; missing equals missing."""
    return len(after) if len(before) != len(after) else int(np.count_nonzero(differing_rows(before, after)))


def differing_rows(before: pd.Series, after: pd.Series) -> np.ndarray:
    """Whether each cell holds another value than before, for columns of one length; (n,) bool."""
    if before.dtype != after.dtype:
        before, after = before.astype("object"), after.astype("object")
    missing = before.isna().to_numpy(), after.isna().to_numpy()
    same = (before == after).fillna(False).to_numpy(dtype=bool)
    return ~(same | (missing[0] & missing[1]))


def as_whole(value: object) -> bool:
    """Whether a column of whole numbers can hold the number."""
    whole = isinstance(value, int | np.integer) or (isinstance(value, float) and value.is_integer())
    return whole and -_WHOLE <= value < _WHOLE  # type: ignore[operator]


def _number(value: Value, _: pd.Series) -> Number | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return value if as_whole(value) else float(value)
    except OverflowError:
        return None


def _truth(value: Value, _: pd.Series) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: Value, _: pd.Series) -> str | None:
    return value if isinstance(value, str) else None


def _time(value: Value, column: pd.Series) -> pd.Timestamp | None:
    try:
        moment = pd.Timestamp(datetime.fromisoformat(value)) if isinstance(value, str) else None
    except ValueError:
        return None
    zone = getattr(column.dtype, "tz", None)
    if moment is None or (moment.tz is None) == (zone is None):
        return moment
    return moment.tz_localize(zone) if moment.tz is None else moment.tz_localize(None)


def _span(value: Value, _: pd.Series) -> pd.Timedelta | None:
    try:
        span = pd.Timedelta(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if span is pd.NaT else span


_MAKERS = {"number": _number, "truth": _truth, "time": _time, "span": _span, "text": _text}
