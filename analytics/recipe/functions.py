"""What a formula can compute: operators and functions on whole columns.

Numbers are float64 with NaN for missing; what has no result (a division by 0, the logarithm of -1) is
missing. Comparisons with a missing value do not hold.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from analytics.recipe.conditions import column_of
from analytics.recipe.errors import RecipeError
from analytics.recipe.formula import Call, Column, Constant, Part
from analytics.recipe.room import check_room, text_bytes
from analytics.recipe.values import fitting, kind_of
from analytics.tables.budget import NUMBER

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Function:
    """One function: kinds of its arguments (the last one may repeat), and what makes the result."""

    takes: tuple[str, ...]
    make: Callable[..., pd.Series]
    words: str
    repeats: bool = False


def value_of(part: Part, frame: pd.DataFrame) -> pd.Series:
    """The values of a formula, one per row of ``frame``; raises RecipeError where kinds do not fit."""
    if isinstance(part, Constant):
        check_room(len(frame) * (len(part.value.encode()) if isinstance(part.value, str) else NUMBER))
        return pd.Series([part.value] * len(frame), frame.index, dtype=_DTYPES[type(part.value)])
    if isinstance(part, Column):
        return _as_value(column_of(frame, part.name))
    if part.function in _COMPARED:
        return _compare(part, frame)
    if part.function in ("if", "first"):
        return _choose(part, frame)
    function = FUNCTIONS.get(part.function) or _OPERATORS.get(part.function)
    if function is None:
        raise RecipeError(f"There is no function {part.function!r}: choose from {', '.join(FUNCTIONS)}.")
    return function.make(*_arguments(part, function, frame))


_DTYPES: Mapping[type, str] = MappingProxyType({float: "float64", str: "str", bool: "bool"})


def _as_value(column: pd.Series) -> pd.Series:
    kind = kind_of(column)
    if kind == "number":
        return pd.Series(column.to_numpy(dtype=np.float64, na_value=np.nan), column.index)
    if kind == "text":
        return column.astype("str")
    return column.astype("boolean") if kind == "truth" and column.hasnans else column


def _arguments(part: Call, function: Function, frame: pd.DataFrame) -> list[pd.Series]:
    least, given = len(function.takes), len(part.arguments)
    if given < least or (given > least and not function.repeats):
        raise RecipeError(f"{part.function} takes {least} values, not {given}: {function.words}.")
    values = [value_of(one, frame) for one in part.arguments]
    asked = [*function.takes, *[function.takes[-1]] * (given - least)]
    for kind, value in zip(asked, values, strict=True):
        if kind != "any" and kind_of(value) != kind:
            raise RecipeError(f"{part.function} takes {_NAMED[kind]}, not {_NAMED[kind_of(value)]}.")
    return values


_NAMED = {
    "number": "numbers",
    "truth": "what is true or false",
    "time": "dates",
    "span": "lengths of time",
    "text": "texts",
}


def _compare(part: Call, frame: pd.DataFrame) -> pd.Series:
    left, right = part.arguments
    if isinstance(left, Constant) and not isinstance(right, Constant):
        left, right = right, left
        holds = _COMPARED[_TURNED.get(part.function, part.function)]
    else:
        holds = _COMPARED[part.function]
    values = value_of(left, frame)
    if isinstance(right, Constant):
        other: Any = fitting(values.rename(getattr(left, "name", "The formula")), right.value)
        known = values.notna()
    else:
        other = value_of(right, frame)
        if kind_of(values) != kind_of(other):
            raise RecipeError(f"{_NAMED[kind_of(values)]} cannot be compared with {_NAMED[kind_of(other)]}.")
        _check_zones(values, other)
        known = values.notna() & other.notna()
    return holds(values, other).fillna(False).astype(bool) & known


_COMPARED: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "==": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _choose(part: Call, frame: pd.DataFrame) -> pd.Series:
    if len(part.arguments) != (3 if part.function == "if" else 2):
        raise RecipeError("if takes a condition and two values; first takes two values.")
    *condition, first, second = (value_of(one, frame) for one in part.arguments)
    if kind_of(first) != kind_of(second) or _zoned(first) != _zoned(second):
        raise RecipeError(f"{part.function} takes two values of one kind.")
    if condition and kind_of(condition[0]) != "truth":
        raise RecipeError("if takes a condition first, such as price > 5.")
    return first.where(condition[0].fillna(False).astype(bool) if condition else first.notna(), second)


def _finite(make: Callable[..., np.ndarray]) -> Callable[..., pd.Series]:
    """A function of float64 arrays; what is infinite or no number is missing."""

    def made(*columns: pd.Series) -> pd.Series:
        with np.errstate(all="ignore"):
            values = make(*(column.to_numpy(dtype=np.float64) for column in columns))
        return pd.Series(np.where(np.isfinite(values), values, np.nan), columns[0].index)

    return made


def _round(values: np.ndarray, digits: np.ndarray) -> np.ndarray:
    scale = 10.0**digits
    return np.round(values * scale) / scale


def _zscore(values: np.ndarray) -> np.ndarray:
    known = values[~np.isnan(values)]
    if not len(known):
        return values
    off = values - known.mean()
    off -= np.nanmean(off)
    return off / np.sqrt(np.nanmean(off**2))


def _bins(values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Number of the bin of equal width from 1."""
    n = wanted[:1].sum()
    low, high = np.nanmin(values, initial=np.inf), np.nanmax(values, initial=-np.inf)
    return np.clip(np.floor((values - low) / (high - low) * n), 0, n - 1) + 1


def _dated(attribute: str, *, plus: int = 0) -> Callable[[pd.Series], pd.Series]:
    return lambda dates: (getattr(dates.dt, attribute) + plus).astype("float64")


def _truth(make: Callable[..., pd.Series]) -> Callable[..., pd.Series]:
    return lambda *columns: make(*(column.fillna(False).astype(bool) for column in columns))


def _text(make: Callable[..., pd.Series]) -> Callable[..., pd.Series]:
    return lambda *columns: make(*columns).astype("str")


def _left(texts: pd.Series, many: pd.Series) -> pd.Series:
    first = float(many.iloc[0]) if len(many) else 0.0
    if not (first >= 0 and first.is_integer() and (many == first).all()):
        raise RecipeError("left takes one whole number of characters for all rows, such as left(name, 3).")
    return texts.str[: min(int(first), 2**31 - 1)]


def _joined(*texts: pd.Series) -> pd.Series:
    check_room(sum(map(text_bytes, texts)))
    return sum(texts[1:], start=texts[0])


def _days(first: pd.Series, last: pd.Series) -> pd.Series:
    _check_zones(first, last)
    return (last - first) / _DAY  # type: ignore[operator]


def _zoned(column: pd.Series) -> bool:
    return getattr(column.dtype, "tz", None) is not None


def _check_zones(first: pd.Series, other: pd.Series) -> None:
    if _zoned(first) != _zoned(other):
        raise RecipeError(
            "Dates with a zone and dates without one cannot be compared: take both as one kind."
        )


_OPERATORS: Mapping[str, Function] = MappingProxyType(
    {
        "+": Function(("number", "number"), _finite(np.add), "a + b"),
        "-": Function(("number", "number"), _finite(np.subtract), "a - b"),
        "*": Function(("number", "number"), _finite(np.multiply), "a * b"),
        "/": Function(("number", "number"), _finite(np.divide), "a / b"),
        "%": Function(("number", "number"), _finite(np.mod), "what is left of a / b"),
        "^": Function(("number", "number"), _finite(np.power), "a to the power of b"),
        "negative": Function(("number",), _finite(np.negative), "-a"),
        "and": Function(("truth", "truth"), _truth(operator.and_), "a and b"),
        "or": Function(("truth", "truth"), _truth(operator.or_), "a or b"),
        "not": Function(("truth",), _truth(operator.invert), "not a"),
    }
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "log": Function(("number",), _finite(np.log), "natural logarithm"),
        "log10": Function(("number",), _finite(np.log10), "logarithm to the base of 10"),
        "log1p": Function(("number",), _finite(np.log1p), "natural logarithm of 1 + x, for small x and 0"),
        "exp": Function(("number",), _finite(np.exp), "e to the power of x"),
        "sqrt": Function(("number",), _finite(np.sqrt), "square root"),
        "abs": Function(("number",), _finite(np.abs), "without its sign"),
        "round": Function(("number", "number"), _finite(_round), "x to so many decimals"),
        "floor": Function(("number",), _finite(np.floor), "the whole number below"),
        "min": Function(
            ("number", "number"), _finite(lambda *v: np.minimum.reduce(v)), "the smallest", repeats=True
        ),
        "max": Function(
            ("number", "number"), _finite(lambda *v: np.maximum.reduce(v)), "the largest", repeats=True
        ),
        "difference": Function(("number",), lambda x: x.diff(), "from the row above"),
        "previous": Function(("any",), lambda x: x.shift(), "the value of the row above"),
        "change": Function(
            ("number",), lambda x: _finite(np.divide)(x.diff(), x.shift()), "share of the row above"
        ),
        "zscore": Function(
            ("number",), _finite(_zscore), "distance from the mean in standard deviations (n)"
        ),
        "rank": Function(("number",), lambda x: x.rank(method="average"), "place among the values, from 1"),
        "bins": Function(("number", "number"), _finite(_bins), "number of the bin of equal width, from 1"),
        "year": Function(("time",), _dated("year"), "year"),
        "quarter": Function(("time",), _dated("quarter"), "quarter, 1 to 4"),
        "month": Function(("time",), _dated("month"), "month, 1 to 12"),
        "day": Function(("time",), _dated("day"), "day of the month"),
        "weekday": Function(("time",), _dated("dayofweek", plus=1), "day of the week, Monday is 1"),
        "hour": Function(("time",), _dated("hour"), "hour, 0 to 23"),
        "days": Function(("time", "time"), _days, "days from the first to the second"),
        "hours": Function(("span",), lambda x: x / pd.Timedelta(hours=1), "a length of time in hours"),
        "length": Function(("text",), lambda x: x.str.len().astype("float64"), "characters"),
        "lower": Function(("text",), _text(lambda x: x.str.lower()), "in lower case"),
        "upper": Function(("text",), _text(lambda x: x.str.upper()), "in upper case"),
        "left": Function(("text", "number"), _text(_left), "the first so many characters"),
        "join": Function(("text", "text"), _text(_joined), "one text after another", repeats=True),
        "missing": Function(("any",), lambda x: x.isna(), "whether there is no value"),
    }
)
"""Stand before brackets, as do if(condition, a, b) and first(a, b), which takes b where a is missing."""
