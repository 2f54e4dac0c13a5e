"""Which rows a condition means, as an expression of pandas."""

from functools import singledispatch

import pandas as pd

from analytics.recipe import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Contains,
    Extreme,
    IsMissing,
    Matches,
    Not,
    OneOf,
    Shows,
)
from analytics.recipe.values import fitting, kind_of
from analytics.reproduce.literals import Code, attribute, call, joined, literal

OPERATORS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
"""What a sign is called in the module ``operator``."""

_EVERY, _NONE = Code("np.ones(len(frame), dtype=bool)"), Code("np.zeros(len(frame), dtype=bool)")


def column_code(name: str) -> Code:
    """A column of the frame."""
    return Code(f"frame[{literal(name)}]")


def comparison(left: Code, sign: str, right: Code, *, of: pd.Series) -> Code:
    """Where a comparison holds; ``of`` has the type of what stands left, whose missing cells never hold."""
    if sign != "!=" and _is_false_where_missing(of):
        return joined(sign, left, right)
    return call("compared", left, Code(f"operator.{OPERATORS[sign]}"), right)


@singledispatch
def condition_code(condition: object, frame: pd.DataFrame) -> Code:
    """The rows of ``frame`` for which a condition holds; of the frame only names and types are used."""
    raise TypeError(f"There is no expression for {condition!r}.")


@condition_code.register
def _(condition: Compare, frame: pd.DataFrame) -> Code:
    return _compared(condition.column, condition.op, condition.value, frame)


@condition_code.register
def _(condition: Between, frame: pd.DataFrame) -> Code:
    low = _compared(condition.column, ">=", condition.low, frame)
    return joined("&", low, _compared(condition.column, "<=", condition.high, frame))


@condition_code.register
def _(condition: OneOf, frame: pd.DataFrame) -> Code:
    return is_one_of(frame[condition.column], condition.values)


@condition_code.register
def _(condition: Contains, frame: pd.DataFrame) -> Code:
    return call("contains", column_code(condition.column), condition.text, same_case=condition.same_case)


@condition_code.register
def _(condition: Matches, frame: pd.DataFrame) -> Code:
    return call("matches", column_code(condition.column), condition.pattern)


@condition_code.register
def _(condition: Shows, frame: pd.DataFrame) -> Code:  # all conditions are asked alike
    columns = f"frame[{literal(list(condition.columns))}]" if condition.columns else "frame"
    return call("shows", Code(columns), condition.text)


@condition_code.register
def _(condition: IsMissing, frame: pd.DataFrame) -> Code:
    return attribute(column_code(condition.column), "isna")


@condition_code.register
def _(condition: Extreme, frame: pd.DataFrame) -> Code:
    ranks = attribute(column_code(condition.column), "rank", method="min", ascending=not condition.largest)
    return comparison(ranks, "<=", Code(literal(condition.n)), of=frame[condition.column].rank())


@condition_code.register
def _(condition: AllOf, frame: pd.DataFrame) -> Code:
    return _all([condition_code(one, frame) for one in condition.conditions], "&", _EVERY)


@condition_code.register
def _(condition: AnyOf, frame: pd.DataFrame) -> Code:
    return _all([condition_code(one, frame) for one in condition.conditions], "|", _NONE)


@condition_code.register
def _(condition: Not, frame: pd.DataFrame) -> Code:
    return Code(f"~{condition_code(condition.of, frame).text}")


def is_one_of(column: pd.Series, values: tuple[object, ...], *, code: Code | None = None) -> Code:
    """Rows whose cell is one of these values; ``code`` where the column is no column of the frame."""
    fit = [fitting(column, value) for value in values]  # type: ignore[arg-type]
    return attribute(code or column_code(str(column.name)), "isin", fit)


def _compared(name: str, sign: str, value: object, frame: pd.DataFrame) -> Code:
    column, code = frame[name], column_code(name)
    if isinstance(column.dtype, pd.CategoricalDtype):
        column, code = column.astype("string"), attribute(code, "astype", "string")
    right = Code(literal(fitting(frame[name], value)))  # type: ignore[arg-type]
    return comparison(code, sign, right, of=column)


def _all(parts: list[Code], sign: str, without_any: Code) -> Code:
    if not parts:
        return without_any
    return parts[0] if len(parts) == 1 else joined(sign, *parts)


def _is_false_where_missing(column: pd.Series) -> bool:
    """Whether comparisons of the column are plainly false for what is missing: not so of nullable types."""
    plain = column.dtype.kind in "iufbmM" and not pd.api.types.is_extension_array_dtype(column.dtype)
    return plain or column.dtype == "str" or kind_of(column) == "time"
