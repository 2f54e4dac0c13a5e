"""Every step of a recipe as lines of pandas that change ``frame``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

import pandas as pd

from analytics.recipe import (
    Decide,
    Derive,
    Drop,
    DropDuplicates,
    DropNumbers,
    Fence,
    Fill,
    Keep,
    LeaveOut,
    Measure,
    Pivot,
    Rename,
    Replace,
    Sample,
    SetMissing,
    SetTags,
    SetType,
    SetUnit,
    SetValues,
    SplitByUnit,
    Step,
    StripUnit,
    Summarise,
    Tidy,
    ToUnit,
    Unpivot,
)
from analytics.recipe.formula import parse
from analytics.recipe.steps.outliers import MARKS
from analytics.recipe.values import fitting
from analytics.reproduce.cleaning.conditions import column_code, condition_code, is_one_of
from analytics.reproduce.cleaning.formulas import formula_code
from analytics.reproduce.literals import Code, attribute, call, joined, literal

_METHODS = {"values": "count", "sd": "std"}
"""What pandas calls a figure where it has another name for it."""


@singledispatch
def step_lines(step: Step, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """The lines of a step; of the frames before and after it only names and types are used."""
    raise TypeError(f"There are no lines for {step!r}.")


@step_lines.register
def _(step: Keep, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [_rows(condition_code(step.where, before))]


@step_lines.register
def _(step: Drop, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [_rows(_not(condition_code(step.where, before)))]


@step_lines.register
def _(step: DropNumbers, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [_rows(_not(_numbered(step.rows)))]


@step_lines.register
def _(step: DropDuplicates, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    named = {"subset": list(step.columns)} if step.columns else {}
    return [_rows(_not(call("frame.duplicated", **named)))]


@step_lines.register
def _(step: Sample, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [f"frame = {call('sampled', Code('frame'), step.rows, step.seed).text}"]


@step_lines.register
def _(step: Rename, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [f"frame = {call('frame.rename', columns={step.column: step.to}).text}"]


@step_lines.register
def _(step: LeaveOut, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [f"frame = {call('frame.drop', columns=list(step.columns)).text}"]


@step_lines.register
def _(step: SetUnit, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return []


@step_lines.register
def _(step: SetType, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    made, *others = (call("as_type", column_code(step.column), one) for one in step.types)
    for other in others:
        made = attribute(made, "fillna", other)
    return [_sets(step.column, made)]


@step_lines.register
def _(step: StripUnit, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [_sets(step.column, call("without_unit", column_code(step.column), step.unit))]


@step_lines.register
def _(step: ToUnit, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    named = {"units": step.units} if step.units is not None else {}
    return [f"frame = {call('in_one_unit', Code('frame'), step.column, step.unit, **named).text}"]


@step_lines.register
def _(step: SplitByUnit, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return [f"frame = {call('split_by_unit', Code('frame'), step.column, step.units).text}"]


@step_lines.register
def _(step: Tidy, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    case = {} if step.case == "keep" else {"case": step.case}
    return [_sets(step.column, call("tidied", column_code(step.column), **case))]


@step_lines.register
def _(step: SetMissing, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    rows = is_one_of(before[step.column], step.values)
    return [_empties(step.column, rows, before, after)]


@step_lines.register
def _(step: Replace, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    column, code = before[step.column], column_code(step.column)
    lines = []
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
        lines = [_sets(step.column, attribute(code, "astype", str(column.dtype)))]
    rows = is_one_of(column, step.values, code=code)
    by = fitting(column, step.by)
    if column.dtype != after[step.column].dtype:
        code = attribute(code, "astype", str(after[step.column].dtype))
    return [*lines, _sets(step.column, attribute(code, "mask", rows, by))]


@step_lines.register
def _(step: Fill, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    column, code = before[step.column], column_code(step.column)
    if step.how == "previous":
        return [_sets(step.column, attribute(code, "ffill"))]
    if column.dtype != after[step.column].dtype:
        code = attribute(code, "astype", str(after[step.column].dtype))
    if step.how == "most frequent":
        return [_sets(step.column, call("most_frequent", code))]
    if step.how == "value":
        by: object = fitting(column, step.value)  # type: ignore[arg-type]
    else:
        by = attribute(column_code(step.column), step.how)
    return [_sets(step.column, attribute(code, "fillna", by))]


@step_lines.register
def _(step: Derive, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    line = _sets(step.column, formula_code(parse(step.formula), before))
    return ['with np.errstate(all="ignore"):', "    " + line.replace("\n", "\n    ")]


@step_lines.register
def _(step: Fence, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    column = column_code(step.column)
    if step.action == "winsorize":
        if before[step.column].dtype != after[step.column].dtype:
            column = attribute(column, "astype", str(after[step.column].dtype))
        return [_sets(step.column, attribute(column, "clip", step.low, step.high))]
    ends = [
        joined(sign, column, Code(literal(end)))
        for sign, end in (("<", step.low), (">", step.high))
        if end is not None
    ]
    beyond = joined("|", *ends) if ends else Code("pd.Series(False, frame.index)")
    if pd.api.types.is_extension_array_dtype(before[step.column].dtype):
        beyond = attribute(attribute(beyond, "fillna", False), "astype", Code("bool"))
    return _acts(step.action, beyond, (step.column,), before, after)


@step_lines.register
def _(step: Decide, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    return _acts(step.action, _numbered(step.rows), step.columns, before, after)


@step_lines.register
def _(step: SetValues, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    column, kind = column_code(step.column), after[step.column].dtype
    if before[step.column].dtype != kind:
        column = attribute(column, "astype", str(kind))
    given = dict(zip(step.rows, step.values, strict=True))
    return [_sets(step.column, call("with_numbers", column, given))]


@step_lines.register
def _(step: SetTags, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    has = step.column in before.columns
    tags = column_code(step.column) if has else Code('pd.Series(pd.NA, frame.index, dtype="str")')
    return [_sets(step.column, call("tagged", tags, dict(step.tags)))]


@step_lines.register
def _(step: Summarise, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    keys = list(step.by) if step.by else Code("np.zeros(len(frame), dtype=np.int8)")
    groups = call("frame.groupby", keys, dropna=False, sort=True, observed=True)
    figures = {measure.name: _figure(measure) for measure in step.measures}
    reset = "reset_index()" if step.by else "reset_index(drop=True)"
    return [f"groups = {groups.text}", f"frame = {call('pd.DataFrame', figures).text}.{reset}"]


@step_lines.register
def _(step: Pivot, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    groups = call("frame.groupby", [*step.rows, step.columns], dropna=False, sort=True, observed=True)
    figure = _figure(Measure(step.how, step.values))
    return [
        f"groups = {groups.text}",
        f"wide = {attribute(figure, 'unstack', step.columns).text}",
        "wide.columns = column_names(wide.columns)",
        "frame = wide.reset_index()",
    ]


@step_lines.register
def _(step: Unpivot, before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    kept = [name for name in before.columns if name not in step.columns]
    long = call("frame.melt", kept, list(step.columns), step.name, step.value)
    return [f"frame = {attribute(long, 'astype', {step.name: 'str'}).text}"]


def _rows(mask: Code) -> str:
    return f"frame = frame{_bracketed(mask)}"


def _bracketed(code: Code) -> str:
    """An expression in square brackets, in place of those it may have around it."""
    if code.bracketed:
        return f"[{code.text[1:-1]}]"
    inner = code.text.replace("\n", "\n    ")
    return f"[{inner}]" if inner == code.text else f"[\n    {inner}\n]"


def _not(code: Code) -> Code:
    return Code(f"~{code.text}")


def _numbered(rows: Iterable[int]) -> Code:
    """Rows by their number in the file, counted from 1."""
    return attribute(Code("(frame.index + 1)"), "isin", list(rows))


def _sets(column: str, values: Code) -> str:
    return f"{column_code(column).text} = {values.text}"


def _empties(column: str, rows: Code, before: pd.DataFrame, after: pd.DataFrame) -> str:
    code, kind = column_code(column), after[column].dtype
    if before[column].dtype != kind:
        code = attribute(code, "astype", str(kind))
    return _sets(column, attribute(code, "mask", rows))


def _acts(
    action: str, rows: Code, columns: Iterable[str], before: pd.DataFrame, after: pd.DataFrame
) -> list[str]:
    if action == "keep":
        return []
    if action == "drop":
        return [_rows(_not(rows))]
    if action == "mark":
        marked = joined("|", column_code(MARKS), rows) if MARKS in before.columns else rows
        return [_sets(MARKS, marked)]
    return [_empties(name, rows, before, after) for name in columns]


def _figure(measure: Measure) -> Code:
    if measure.column is None or measure.how in ("rows", "share"):
        sizes = Code("groups.size()")
        return sizes if measure.how == "rows" else joined("/", sizes, Code("len(frame)"))
    groups = Code(f"groups[{literal(measure.column)}]")
    return attribute(groups, _METHODS.get(measure.how, measure.how))
