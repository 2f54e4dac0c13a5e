"""A recipe's steps as expressions of an engine, equal to pandas whatever order the rows are in.

Steps that look at other rows in an order (the first of duplicates, the row before), draw at random or name
rows by number mean nothing where rows have no order; ``lazy_problems`` says which these are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import pandas as pd

from analytics.recipe import Recipe, conditions, steps
from analytics.recipe.errors import RecipeError
from analytics.recipe.steps.base import Step
from analytics.recipe.values import as_whole, fitting, kind_of
from analytics.scale.columns import when_no_nan
from analytics.scale.engines import BigTable, Native, ScaleError, big_table, collected, engine_name
from analytics.scale.summaries import among_extreme, summarise
from analytics.scale.unit_steps import split_by_unit, to_unit


@dataclass(frozen=True)
class _State:
    """The table before a step, and a frame of pandas without rows that has its columns' kinds."""

    table: BigTable
    empty: pd.DataFrame

    @property
    def never(self) -> nw.Expr:
        """What holds for no row; a literal would be one value and not one per row."""
        absent = nw.col("c0").is_null()
        return absent & ~absent

    def cell(self, name: str) -> nw.Expr:
        """A column with NaN, which has no value, as NULL."""
        column = nw.col(self.table.place(name))
        return when_no_nan(column) if self.table.schema[name].is_float() else column

    def value(self, name: str, value: Any) -> Any:
        """A value of the recipe as the column holds it; raises RecipeError where it does not fit."""
        conditions.column_of(self.empty, name)
        if kind_of(self.empty[name]) == "span":
            raise ScaleError("lengths of time are compared in memory only")
        made = fitting(self.empty[name], value)
        return made.to_pydatetime() if isinstance(made, pd.Timestamp) else made


def recipe_lazy(recipe: Recipe, frame: object) -> Native:
    """The engine's table after all active steps. Reading options are the engine's own business.

    Raises:
        ScaleError: for a step that does not run on an engine, or does not fit the table, by its number.
    """
    table = big_table(frame)
    if problems := _problems(recipe, engine_name(table.frame.to_native())):
        raise ScaleError(" ".join(f"{step} can't be taken: {why}" for step, why in problems))
    for number, step in enumerate(recipe.steps, start=1):
        if not step.active:
            continue
        try:
            table = _taken(table, step)
        except (ScaleError, RecipeError) as error:
            raise ScaleError(f"Step {number} ({step.sentence()}) can't be taken: {_reason(error)}") from None
    return table.native


def lazy_problems(recipe: Recipe, *, engine: str = "duckdb") -> tuple[str, ...]:
    """For each active step that does not run on an engine, its number, what it does and why not."""
    return tuple(f"{step}: {why}" for step, why in _problems(recipe, engine))


def _problems(recipe: Recipe, engine: str) -> list[tuple[str, str]]:
    return [
        (f"Step {number} ({step.sentence()})", why)
        for number, step in enumerate(recipe.steps, start=1)
        if step.active and (why := _why_not(step, engine))
    ]


def _why_not(step: Step, engine: str) -> str:
    """Why a step has no expression, "" where it has one."""
    if step.by_row:
        return "it names rows by number, and those of an engine have none."
    if type(step) not in _TAKEN:
        return "it looks at rows in an order, or has no expression in SQL."
    if isinstance(step, steps.DropDuplicates) and step.columns:
        return "rows of an engine have no order, so that none is the first."
    if isinstance(step, steps.ToUnit) and step.units is None:
        return "texts become numbers in memory only."
    if isinstance(step, steps.Fill) and (step.how != "value" or step.value is None):
        return "only a stated value fills cells on an engine."
    return _without_expression(step.where, engine) if isinstance(step, steps.Keep | steps.Drop) else ""


def looks_at_all_rows(recipe: Recipe) -> bool:
    """Whether an active step needs all rows together, so that no part of them can be worked on alone."""
    whole = (steps.DropDuplicates, steps.SplitByUnit, steps.Summarise)
    return any(
        isinstance(step, whole) or (isinstance(step, steps.Keep | steps.Drop) and _has_extreme(step.where))
        for step in recipe.steps
        if step.active
    )


def _has_extreme(condition: Any) -> bool:
    return isinstance(condition, conditions.Extreme) or any(map(_has_extreme, _parts(condition)))


def _parts(condition: Any) -> tuple[Any, ...]:
    return getattr(condition, "conditions", (condition.of,) if isinstance(condition, conditions.Not) else ())


def _without_expression(condition: Any, engine: str) -> str:
    """Why the first part of a condition that does not run on an engine does not, "" where all do."""
    for part in _parts(condition):
        if why := _without_expression(part, engine):
            return why
    if type(condition) not in _HOLDS:
        return f"{condition.sentence()} has no expression in SQL."
    if isinstance(condition, conditions.Contains) and not (condition.same_case or condition.text.isascii()):
        return "engines fold the case of other letters than a to z in ways of their own."
    if isinstance(condition, conditions.Matches) and engine == "spark":
        return "Spark's regular expressions are not RE2's: use DuckDB."
    return ""


def _reason(error: Exception) -> str:
    text = str(error)
    return text if text.endswith(".") else f"{text}."


def _taken(table: BigTable, step: Step) -> BigTable:
    some = collected(table.frame.head(0)).rename_columns(list(table.names))
    state = _State(table, some.to_pandas(types_mapper=pd.ArrowDtype))
    return _TAKEN[type(step)](state, step)


def _keep(state: _State, step: steps.Keep) -> BigTable:
    return replace(state.table, frame=state.table.frame.filter(_holds(state, step.where)))


def _drop(state: _State, step: steps.Drop) -> BigTable:
    return replace(state.table, frame=state.table.frame.filter(~_holds(state, step.where)))


def _unique(state: _State, _step: steps.DropDuplicates) -> BigTable:
    cells = {name: state.cell(name) for name, dtype in state.table.schema.items() if dtype.is_float()}
    one = (cell.alias(state.table.place(name)) for name, cell in cells.items())  # NaN and NULL are alike
    return replace(state.table, frame=state.table.frame.with_columns(*one).unique())


def _rename(state: _State, step: steps.Rename) -> BigTable:
    step.apply(state.empty)  # raises what it raises in memory
    names = tuple(step.to if name == step.column else name for name in state.table.names)
    return BigTable(state.table.frame, names)


def _leave_out(state: _State, step: steps.LeaveOut) -> BigTable:
    step.apply(state.empty)
    kept = tuple(name for name in state.table.names if name not in step.columns)
    if not kept:
        raise RecipeError("It leaves no column: leave out fewer.")
    frame = state.table.frame.select(
        nw.col(state.table.place(name)).alias(f"c{place}") for place, name in enumerate(kept)
    )
    return BigTable(frame, kept)


def _summarise(state: _State, step: steps.Summarise) -> BigTable:
    made = summarise(state.table, step)
    step.apply(state.empty)  # raises what it raises in memory
    return made


def _same(state: _State, step: steps.SetUnit) -> BigTable:
    conditions.column_of(state.empty, step.column)
    return state.table


def _set_missing(state: _State, step: steps.SetMissing) -> BigTable:
    rows = _one_of(state, step.column, step.values)
    return _with(state, step.column, nw.when(~rows).then(nw.col(state.table.place(step.column))))


def _replace(state: _State, step: steps.Replace) -> BigTable:
    rows, by = _one_of(state, step.column, step.values), state.value(step.column, step.by)
    return _with(
        state, step.column, nw.when(rows).then(nw.lit(by)).otherwise(_holding(state, step.column, by))
    )


def _fill(state: _State, step: steps.Fill) -> BigTable:
    by = state.value(step.column, step.value)
    missing = state.cell(step.column).is_null()
    return _with(
        state, step.column, nw.when(missing).then(nw.lit(by)).otherwise(_holding(state, step.column, by))
    )


def _holding(state: _State, name: str, value: Any) -> nw.Expr:
    """A column as a type that also holds a value: fractions make numbers of whole numbers."""
    column = nw.col(state.table.place(name))
    fraction = isinstance(value, float) and not as_whole(value)
    return column.cast(nw.Float64) if state.table.schema[name].is_integer() and fraction else column


def _with(state: _State, name: str, cells: nw.Expr) -> BigTable:
    frame = state.table.frame.with_columns(cells.alias(state.table.place(name)))
    return replace(state.table, frame=frame)


_TAKEN: Mapping[type, Callable[[_State, Any], BigTable]] = {
    steps.Keep: _keep,
    steps.Drop: _drop,
    steps.DropDuplicates: _unique,
    steps.Rename: _rename,
    steps.LeaveOut: _leave_out,
    steps.SetUnit: _same,
    steps.SetMissing: _set_missing,
    steps.Replace: _replace,
    steps.Fill: _fill,
    steps.ToUnit: lambda state, step: to_unit(state.table, step),
    steps.SplitByUnit: lambda state, step: split_by_unit(state.table, step),
    steps.Summarise: _summarise,
}


def _holds(state: _State, condition: Any) -> nw.Expr:
    """Whether a condition holds for a row: true or false, never NULL."""
    return _HOLDS[type(condition)](state, condition)


def _true(holds: nw.Expr) -> nw.Expr:
    return holds.fill_null(False)


def _compare(state: _State, asked: conditions.Compare) -> nw.Expr:
    cell, value = state.cell(asked.column), nw.lit(state.value(asked.column, asked.value))
    made = {
        "==": cell == value, "!=": cell != value, "<": cell < value, "<=": cell <= value, ">": cell > value,
        ">=": cell >= value,
    }  # fmt: skip
    return _true(made[asked.op])


def _between(state: _State, asked: conditions.Between) -> nw.Expr:
    cell = state.cell(asked.column)
    low, high = (nw.lit(state.value(asked.column, end)) for end in (asked.low, asked.high))
    return _true((cell >= low) & (cell <= high))


def _one_of(state: _State, name: str, values: tuple[Any, ...]) -> nw.Expr:
    cell = state.cell(name)
    equal = [cell == nw.lit(state.value(name, value)) for value in values]
    return _true(nw.any_horizontal(*equal, ignore_nulls=False)) if equal else state.never


def _contains(state: _State, asked: conditions.Contains) -> nw.Expr:
    cell = _text(state, asked.column)
    if asked.same_case:
        return _true(cell.str.contains(asked.text, literal=True))
    return _true(cell.str.to_lowercase().str.contains(asked.text.lower(), literal=True))


def _matches(state: _State, asked: conditions.Matches) -> nw.Expr:
    return _true(_text(state, asked.column).str.contains(asked.pattern))


def _text(state: _State, name: str) -> nw.Expr:
    conditions.column_of(state.empty, name)
    if kind_of(state.empty[name]) != "text":
        raise RecipeError(f"{name!r} holds no texts: make it text first, or use another condition.")
    return state.cell(name)


def _missing(state: _State, asked: conditions.IsMissing) -> nw.Expr:
    conditions.column_of(state.empty, asked.column)
    return state.cell(asked.column).is_null()


def _extreme(state: _State, asked: conditions.Extreme) -> nw.Expr:
    conditions.column_of(state.empty, asked.column)
    return _true(among_extreme(state.table, asked))


def _all_of(state: _State, asked: conditions.AllOf) -> nw.Expr:
    parts = [_holds(state, one) for one in asked.conditions]
    return nw.all_horizontal(*parts, ignore_nulls=False) if parts else ~state.never


def _any_of(state: _State, asked: conditions.AnyOf) -> nw.Expr:
    parts = [_holds(state, one) for one in asked.conditions]
    return nw.any_horizontal(*parts, ignore_nulls=False) if parts else state.never


_HOLDS: Mapping[type, Callable[[_State, Any], nw.Expr]] = {
    conditions.Compare: _compare,
    conditions.Between: _between,
    conditions.OneOf: lambda state, asked: _one_of(state, asked.column, asked.values),
    conditions.Contains: _contains,
    conditions.Matches: _matches,
    conditions.Extreme: _extreme,
    conditions.IsMissing: _missing,
    conditions.AllOf: _all_of,
    conditions.AnyOf: _any_of,
    conditions.Not: lambda state, asked: ~_holds(state, asked.of),
}
