"""Forms that make or change one step of a recipe, a function for each kind of step."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple, get_args

import pandas as pd
import streamlit as st

from analytics.recipe import (
    FUNCTIONS,
    Derive,
    DropDuplicates,
    DropNumbers,
    Fence,
    Fill,
    LeaveOut,
    Measure,
    Pivot,
    Rename,
    Replace,
    Sample,
    SetMissing,
    SetType,
    SetUnit,
    SplitByUnit,
    Step,
    StripUnit,
    Summarise,
    Tidy,
    ToUnit,
    Unpivot,
)
from analytics.recipe.errors import RecipeError
from analytics.recipe.steps.outliers import Action
from analytics.recipe.steps.reshaping import How
from analytics.recipe.suggestions.texts import unit_in
from analytics.recipe.suggestions.units import unit_columns
from analytics.recipe.values import Value, kind_of
from analytics.words import count

_OFFERED = 200  # values of a column in one list: more are typed
_TYPES = ("number", "category", "text", "date", "duration", "identifier")
_FILLS = ("value", "mean", "median", "most frequent", "previous")
_CASES = ("keep", "lower", "upper")
_ROWS = re.compile(r"([0-9]{1,15})(?:-([0-9]{1,15}))?")
_PIVOTED = ("mean", "sum", "median", "min", "max", "values")


class Form(NamedTuple):
    """What a kind of step is called, and what asks for it: frame, the step to begin with, key."""

    words: str
    ask: Callable[[pd.DataFrame, Any, str], Step | None]


def _names(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame.columns]


def _one(label: str, offered: list[str], now: str | None, key: str) -> str:
    return st.selectbox(
        label, offered, index=offered.index(now) if now in offered else 0, key=f"{key}_{label}"
    )


def _several(label: str, offered: list[str], now: tuple[str, ...], key: str) -> tuple[str, ...]:
    default = [name for name in now if name in offered]
    return tuple(st.multiselect(label, offered, default=default, key=f"{key}_{label}"))


def _word(label: str, now: str, key: str, **settings: Any) -> str:
    return st.text_input(label, value=now, key=f"{key}_{label}", **settings).strip()


def _values(label: str, column: pd.Series, now: tuple[Value, ...], key: str) -> tuple[Value, ...]:
    """Values of a column, chosen from its own or typed."""
    own = column.value_counts().index[:_OFFERED]
    offered = dict.fromkeys([*map(str, now), *map(str, own)])
    typed = st.multiselect(
        label,
        list(offered),
        default=list(map(str, now)),
        key=f"{key}_{label}_{column.name}",
        accept_new_options=True,
        placeholder="Choose, or type a value",
    )
    return tuple(value_of(column, text) for text in typed)


def value_of(column: pd.Series, text: str) -> Value:
    """What somebody typed, as the column's kind of value; a text where it is none."""
    kind = kind_of(column)
    if kind == "truth" and text.strip().lower() in ("true", "false"):
        return text.strip().lower() == "true"
    if kind != "number":
        return text
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _set_type(frame: pd.DataFrame, step: SetType | None, key: str) -> Step | None:
    column = _one("Column", _names(frame), step.column if step else None, key)
    kind, _, form = step.to.partition(":") if step else ("", "", "")
    to = st.selectbox(
        "Take as",
        _TYPES,
        index=_TYPES.index(kind) if kind in _TYPES else None,  # any would empty cells of one column or other
        key=f"{key}_Take as",
        placeholder="Choose a type",
    )
    if to is None:
        return None
    if to == "date":
        written = _word(
            "Written as (empty: found)",
            form,
            key,
            placeholder="%d.%m.%Y",
            help="Several ways with | between them.",
        )
        return SetType(column, f"date:{written}" if written else "date")
    return SetType(column, to)


def _rename(frame: pd.DataFrame, step: Rename | None, key: str) -> Step | None:
    column = _one("Column", _names(frame), step.column if step else None, key)
    to = _word("New name", step.to if step else "", key)
    return Rename(column, to) if to else None


def _leave_out(frame: pd.DataFrame, step: LeaveOut | None, key: str) -> Step | None:
    columns = _several("Columns", _names(frame), step.columns if step else (), key)
    return LeaveOut(columns) if columns else None


def _set_unit(frame: pd.DataFrame, step: SetUnit | None, key: str) -> Step | None:
    column = _one("Column", _names(frame), step.column if step else None, key)
    unit = _word("Unit", step.unit if step else "", key, placeholder="kg")
    return SetUnit(column, unit) if unit else None


def _strip_unit(frame: pd.DataFrame, step: StripUnit | None, key: str) -> Step | None:
    found = {name: unit_in(frame[name]) for name in _texts(frame)}
    column = _one(
        "Column", sorted(found, key=lambda name: not found[name]), step.column if step else None, key
    )
    now = step.unit if step and step.column == column else found.get(column, "")
    unit = _word("Unit in its texts", now, f"{key}_{column}")
    return StripUnit(column, unit) if unit and column else None


def _to_unit(frame: pd.DataFrame, step: ToUnit | None, key: str) -> Step | None:
    now = step.column if step else None
    columns = [name for name in _names(frame) if kind_of(frame[name]) in ("number", "text")]
    column = _one("Column", columns, now, key)
    if not column:
        return None
    unit = _word("Unit that all become", step.unit if step else "", key, placeholder="kg")
    units = None
    if kind_of(frame[column]) == "number":
        named = step.units if step and step.units else _named_units(frame, column)
        units = _one("Column that names each row's unit", _texts(frame), named, key)
    return ToUnit(column, unit, units) if unit and (units or kind_of(frame[column]) == "text") else None


def _split_by_unit(frame: pd.DataFrame, step: SplitByUnit | None, key: str) -> Step | None:
    numbers = [name for name in _names(frame) if kind_of(frame[name]) == "number"]
    column = _one("Column", numbers, step.column if step else None, key)
    named = step.units if step else _named_units(frame, column) if column else None
    units = _one("Column that names each row's unit", _texts(frame), named, key)
    return SplitByUnit(column, units) if column and units else None


def _named_units(frame: pd.DataFrame, column: str) -> str | None:
    """The column that stands first in the choice: one of units beside these numbers."""
    return next((units for units, numbers in unit_columns(frame) if numbers == column), None)


def _set_missing(frame: pd.DataFrame, step: SetMissing | None, key: str) -> Step | None:
    column = _one("Column", _names(frame), step.column if step else None, key)
    values = _values("Values that mean missing", frame[column], step.values if step else (), key)
    return SetMissing(column, values) if values else None


def _replace(frame: pd.DataFrame, step: Replace | None, key: str) -> Step | None:
    column = _one("Column", _names(frame), step.column if step else None, key)
    values = _values("These values", frame[column], step.values if step else (), key)
    by = _word("become", str(step.by) if step else "", key)
    return Replace(column, values, value_of(frame[column], by)) if values and by else None


def _tidy(frame: pd.DataFrame, step: Tidy | None, key: str) -> Step | None:
    column = _one("Column", _texts(frame), step.column if step else None, key)
    case = _one("Upper and lower case", list(_CASES), step.case if step else None, key)
    return Tidy(column, case) if column else None  # type: ignore[arg-type]


def _fill(frame: pd.DataFrame, step: Fill | None, key: str) -> Step | None:
    column = _one("Column", _names(frame), step.column if step else None, key)
    how = _one("With", list(_FILLS), step.how if step else None, key)
    if how != "value":
        return Fill(column, how)  # type: ignore[arg-type]
    value = _word("Value", str(step.value) if step and step.value is not None else "", key)
    return Fill(column, "value", value_of(frame[column], value)) if value else None


def _derive(frame: pd.DataFrame, step: Derive | None, key: str) -> Step | None:
    name = _word("Name of the new column", step.column if step else "", key)
    example = _names(frame)[0] if len(frame.columns) else "price"
    formula = _word("Formula", step.formula if step else "", key, placeholder=f"log({example})")
    with st.popover("Functions", icon=":material/functions:"):
        listed = [{"function": name, "gives": one.words} for name, one in FUNCTIONS.items()]
        st.dataframe(pd.DataFrame(listed), hide_index=True, alt="Functions that a formula can take")
    return Derive(name, formula) if name and formula else None


def _drop_duplicates(frame: pd.DataFrame, step: DropDuplicates | None, key: str) -> Step:
    label = "Columns that make rows alike (none: all)"
    return DropDuplicates(_several(label, _names(frame), step.columns if step else (), key))


def _drop_numbers(frame: pd.DataFrame, step: DropNumbers | None, key: str) -> Step | None:
    now = ", ".join(map(str, step.rows)) if step else ""
    said = _word("Row numbers, with commas between", now, key, placeholder="such as 12, 40-43")
    return DropNumbers(rows_said(said, most=len(frame))) if said else None


def rows_said(said: str, *, most: int) -> tuple[int, ...]:
    """Row numbers as somebody types them: ``12, 40-43``; what is none is refused, never passed over."""
    rows: set[int] = set()
    joined = "-".join(end.strip() for end in said.strip(" ,;").replace("\u2013", "-").split("-"))
    for part in re.split(r"[,;\s]+", joined):
        if not (found := _ROWS.fullmatch(part)):
            raise RecipeError(f"{part!r} is no row number: type them as 12, 40-43.")
        first, last = int(found[1]), int(found[2] or found[1])
        if not 0 < first <= last:
            raise RecipeError(f"{part!r} names no row: they count from 1, the smaller number first.")
        if len(rows) + last - first >= most:
            raise RecipeError(f"{part!r} names more rows than the {count(most, 'row')} that are here.")
        rows.update(range(first, last + 1))
    return tuple(sorted(rows))


def _sample(frame: pd.DataFrame, step: Sample | None, key: str) -> Step:
    most = max(1, len(frame))
    now = min(step.rows if step else 1_000, most)
    # A number typed before another step made the table shorter would lie beyond the range.
    rows = st.number_input("Rows", 1, most, value=now, key=f"{key}_rows_of_{most}")
    seed = st.number_input("Seed", 0, 2**32 - 1, value=step.seed if step else 0, key=f"{key}_seed")
    return Sample(int(rows), int(seed))


def _fence(frame: pd.DataFrame, step: Fence | None, key: str) -> Step | None:
    numbers = [name for name in _names(frame) if kind_of(frame[name]) == "number"]
    column = _one("Column", numbers, step.column if step else None, key)
    low = st.number_input("Below", value=step.low if step else None, key=f"{key}_low", format="%g")
    high = st.number_input("Above", value=step.high if step else None, key=f"{key}_high", format="%g")
    action = _one("Do", list(get_args(Action)), step.action if step else None, key)
    asked = column and (low is not None or high is not None)
    return Fence(column, low, high, action) if asked else None  # type: ignore[arg-type]


def _summarise(frame: pd.DataFrame, step: Summarise | None, key: str) -> Step | None:
    names = _names(frame)
    by = _several("One row for each", names, step.by if step else (), key)
    now = step.measures if step else ()
    kinds = _several("Figures", list(get_args(How)), tuple(one.how for one in now), key)
    columns = _several("of these columns", names, tuple(one.column for one in now if one.column), key)
    alone = ("rows", "share")
    measures = [Measure(how) for how in kinds if how in alone]  # type: ignore[arg-type]
    measures += [Measure(how, name) for name in columns for how in kinds if how not in alone]  # type: ignore[arg-type]
    return Summarise(by, tuple(measures)) if measures else None


def _pivot(frame: pd.DataFrame, step: Pivot | None, key: str) -> Step | None:
    names = _names(frame)
    rows = _several("One row for each", names, step.rows if step else (), key)
    columns = _one("A column for each value of", names, step.columns if step else None, key)
    values = _one("Values of", names, step.values if step else None, key)
    how = _one("Where several meet", list(_PIVOTED), step.how if step else None, key)
    return Pivot(rows, columns, values, how) if rows else None  # type: ignore[arg-type]


def _unpivot(frame: pd.DataFrame, step: Unpivot | None, key: str) -> Step | None:
    columns = _several("Columns that become rows", _names(frame), step.columns if step else (), key)
    name = _word("Their names go to", step.name if step else "name", key)
    value = _word("Their values go to", step.value if step else "value", key)
    return Unpivot(columns, name, value) if columns and name and value else None


def _texts(frame: pd.DataFrame) -> list[str]:
    return [name for name in _names(frame) if kind_of(frame[name]) == "text"]


FORMS: dict[type[Step], Form] = {
    SetType: Form("Take a column as another type", _set_type),
    SetMissing: Form("Say which values mean missing", _set_missing),
    Replace: Form("Replace values, merge categories", _replace),
    Tidy: Form("Tidy blanks and case", _tidy),
    StripUnit: Form("Take texts with a unit as numbers", _strip_unit),
    ToUnit: Form("Convert numbers to one unit", _to_unit),
    SplitByUnit: Form("Split numbers by their unit", _split_by_unit),
    Fill: Form("Fill missing values", _fill),
    Derive: Form("Compute a new column", _derive),
    Rename: Form("Rename a column", _rename),
    SetUnit: Form("Say a column's unit", _set_unit),
    LeaveOut: Form("Leave columns out", _leave_out),
    DropDuplicates: Form("Keep the first of alike rows", _drop_duplicates),
    DropNumbers: Form("Drop rows by number", _drop_numbers),
    Fence: Form("Act on values beyond a range", _fence),
    Sample: Form("Keep rows by chance", _sample),
    Summarise: Form("Group and summarise", _summarise),
    Pivot: Form("Pivot: values to columns", _pivot),
    Unpivot: Form("Unpivot: columns to rows", _unpivot),
}
"""Steps that can be made here; rows are kept and dropped by condition in the table of rows."""
