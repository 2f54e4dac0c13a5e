"""A formula as an expression of pandas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from analytics.recipe.formula import Call, Column, Constant, Part
from analytics.recipe.functions import value_of
from analytics.recipe.values import fitting, kind_of
from analytics.reproduce.cleaning.conditions import column_code, comparison
from analytics.reproduce.literals import Code, attribute, call, joined, literal

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COMPARED = {"==", "!=", *_TURNED}
_ARITHMETIC = {"+", "-", "*", "/"}
_INDEX = Code("frame.index")


@dataclass(frozen=True)
class _Written:
    """An expression, and a series without rows of the type that it has."""

    code: Code
    kind: pd.Series


def formula_code(part: Part, frame: pd.DataFrame) -> Code:
    """The values of a formula, one per row of ``frame``; of the frame only names and types are used."""
    return _written(part, frame.iloc[:0]).code


def _written(part: Part, frame: pd.DataFrame) -> _Written:
    if isinstance(part, Constant):
        return _Written(_constant(part), value_of(part, frame))
    if isinstance(part, Column):
        return _Written(_column(frame[part.name]), value_of(part, frame))
    if part.function in _COMPARED:
        return _Written(_comparison(part, frame), pd.Series(dtype=bool))
    values = [_written(one, frame) for one in part.arguments]
    names = [str(place) for place in range(len(values))]
    sample = pd.DataFrame({name: one.kind for name, one in zip(names, values, strict=True)})
    kind = value_of(Call(part.function, tuple(map(Column, names))), sample)
    if part.function in _ARITHMETIC:
        return _Written(_arithmetic(part, values), kind)
    return _Written(_CODES[part.function](*(one.code for one in values)), kind)


def _constant(part: Constant) -> Code:
    kind = {"dtype": "str"} if isinstance(part.value, str) else {}
    kind = {"dtype": "bool"} if isinstance(part.value, bool) else kind
    return call("pd.Series", part.value, _INDEX, **kind)


def _column(column: pd.Series) -> Code:
    code, kind = column_code(str(column.name)), kind_of(column)
    wanted = {"number": "float64", "text": "str"}.get(kind)
    return code if wanted is None or column.dtype == wanted else attribute(code, "astype", wanted)


def _comparison(part: Call, frame: pd.DataFrame) -> Code:
    (left, right), sign = part.arguments, part.function
    if isinstance(left, Constant) and not isinstance(right, Constant):
        left, right, sign = right, left, _TURNED.get(sign, sign)
    values = _written(left, frame)
    if not isinstance(right, Constant):
        return comparison(values.code, sign, _written(right, frame).code, of=_never_plain(values.kind))
    return comparison(
        values.code, sign, Code(literal(fitting(values.kind.rename("x"), right.value))), of=values.kind
    )


def _never_plain(kind: pd.Series) -> pd.Series:
    """Two columns are compared by the function that looks for missing cells in both."""
    return pd.Series(dtype="boolean") if kind.dtype != "float64" else kind


def _arithmetic(part: Call, values: list[_Written]) -> Code:
    """Plain numbers beside a column stand as they are."""
    codes = [one.code for one in values]
    constant = [isinstance(one, Constant) for one in part.arguments]
    if not all(constant):
        codes = [
            Code(literal(one.value)) if isinstance(one, Constant) else code
            for one, code in zip(part.arguments, codes, strict=True)
        ]
    return call("finite", joined(part.function, *codes))


def _of(function: str) -> Callable[..., Code]:
    return lambda *values: call(function, *values)


def _finite_of(function: str) -> Callable[..., Code]:
    return lambda *values: call("finite", call(function, *values))


def _method(name: str, **named: object) -> Callable[..., Code]:
    return lambda value: attribute(value, name, **named)


def _dated(name: str) -> Callable[[Code], Code]:
    return lambda dates: Code(f'{dates.text}.dt.{name}.astype("float64")')


def _truths(sign: str) -> Callable[..., Code]:
    return lambda *values: joined(sign, *(call("truth", value) for value in values))


def _span(mark: str) -> Code:
    return Code(f"pd.Timedelta({mark}=1)")


_CODES: Mapping[str, Callable[..., Code]] = MappingProxyType(
    {
        "%": _finite_of("np.mod"),
        "^": _finite_of("np.power"),
        "negative": _finite_of("np.negative"),
        "and": _truths("&"),
        "or": _truths("|"),
        "not": lambda value: Code(f"(~{call('truth', value).text})", bracketed=True),
        "if": lambda holds, first, second: attribute(first, "where", call("truth", holds), second),
        "first": lambda first, second: attribute(first, "where", attribute(first, "notna"), second),
        "log": _finite_of("np.log"),
        "log10": _finite_of("np.log10"),
        "log1p": _finite_of("np.log1p"),
        "exp": _finite_of("np.exp"),
        "sqrt": _finite_of("np.sqrt"),
        "abs": _finite_of("np.abs"),
        "round": _of("rounded"),
        "floor": _finite_of("np.floor"),
        "min": _of("smallest"),
        "max": _of("largest"),
        "difference": _method("diff"),
        "previous": _method("shift"),
        "change": lambda value: call("finite", joined("/", _diff(value), _shift(value))),
        "zscore": _of("zscore"),
        "rank": _method("rank", method="average"),
        "bins": _of("bins"),
        "year": _dated("year"),
        "quarter": _dated("quarter"),
        "month": _dated("month"),
        "day": _dated("day"),
        "weekday": lambda dates: Code(f'({dates.text}.dt.dayofweek + 1).astype("float64")'),
        "hour": _dated("hour"),
        "days": lambda first, second: joined("/", joined("-", second, first), _span("days")),
        "hours": lambda value: joined("/", value, _span("hours")),
        "length": lambda texts: Code(f'{texts.text}.str.len().astype("float64")'),
        "lower": lambda texts: Code(f'{texts.text}.str.lower().astype("str")'),
        "upper": lambda texts: Code(f'{texts.text}.str.upper().astype("str")'),
        "left": _of("first_letters"),
        "join": lambda *texts: Code(f'{joined("+", *texts).text}.astype("str")'),
        "missing": _method("isna"),
    }
)


def _diff(value: Code) -> Code:
    return attribute(value, "diff")


def _shift(value: Code) -> Code:
    return attribute(value, "shift")
