"""The recipe's steps on a column of units as expressions of an engine: first asked which units there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw

from analytics.recipe import steps
from analytics.recipe.measures import Scale, known_unit, scales_to
from analytics.recipe.steps.units import MOST_UNITS, WITHOUT
from analytics.scale.columns import float_cells, when_no_nan
from analytics.scale.engines import BigTable, ScaleError, collected

_MOST_SPELLINGS = 1_000  # an expression names each; a column of more is one of texts


@dataclass(frozen=True)
class _Spelling:
    """A text in the column of units (None: no text), and in how many rows it stands beside a number."""

    text: str | None
    count: int


def to_unit(table: BigTable, step: steps.ToUnit) -> BigTable:
    """The numbers in one unit by the units beside them, NULL where theirs cannot become it."""
    units = str(step.units)  # steps without are refused before: texts become numbers in memory only
    numbers, cell = _numbers(table, step.column), nw.col(table.place(units))
    scales = scales_to(step.unit)
    spelled: dict[Scale, list[str | None]] = {}
    for one in _spellings(table, step.column, units):
        if (scale := scales.get(known_unit(one.text or "") or "")) is not None:
            spelled.setdefault(scale, []).append(one.text)
    values = nw.lit(None, dtype=nw.Float64)
    for (by, plus, below), texts in spelled.items():
        converted = (numbers * float(by) + float(plus)) / float(below)
        values = nw.when(cell.is_in(texts)).then(converted).otherwise(values)
    place, other = table.place(step.column), table.place(units)
    frame = table.frame.with_columns(values.alias(place))
    named = nw.when(~nw.col(place).is_null()).then(nw.lit(step.unit)).otherwise(cell)
    return BigTable(frame.with_columns(named.alias(other)), table.names)


def split_by_unit(table: BigTable, step: steps.SplitByUnit) -> BigTable:
    """A column for each unit, that of most rows first and by name among equals."""
    numbers, cell = _numbers(table, step.column), nw.col(table.place(step.units))
    made = _by_unit(_spellings(table, step.column, step.units))
    if len(made) > MOST_UNITS:
        raise ScaleError(f"{step.units!r} names {len(made):,} units, more than {MOST_UNITS}")
    names = tuple(f"{step.column} ({unit})" for unit in made)
    taken = [name for name in names if name in table.names]
    if taken:
        raise ScaleError(f"There is a column {taken[0]!r} already: rename it first")
    cells = [nw.when(_stands(cell, texts)).then(numbers) for texts in made.values()]
    at = table.names.index(step.column)
    before, after = table.names[:at], table.names[at + 1 :]
    parts = [nw.col(table.place(name)) for name in before] + cells
    parts += [nw.col(table.place(name)) for name in after]
    frame = table.frame.select(part.alias(f"c{place}") for place, part in enumerate(parts))
    return BigTable(frame, (*before, *names, *after))


def _numbers(table: BigTable, name: str) -> nw.Expr:
    table.place(name)
    if not table.schema[name].is_numeric():
        raise ScaleError(f"{name!r} holds no numbers: take it as numbers first")
    return when_no_nan(float_cells(table, name))


def _spellings(table: BigTable, column: str, units: str) -> Sequence[_Spelling]:
    place = table.place(units)
    if table.schema[units] not in (nw.String, nw.Categorical, nw.Enum):
        raise ScaleError(f"{units!r} holds no texts")
    numbers = table.frame.select(nw.col(place), _numbers(table, column).alias("number"))
    counted = numbers.group_by(place).agg(nw.col("number").count().alias("rows"))
    found = collected(counted.head(_MOST_SPELLINGS + 1)).to_pydict()
    if len(found[place]) > _MOST_SPELLINGS:
        raise ScaleError(f"{units!r} holds more than {_MOST_SPELLINGS:,} different texts, which are no units")
    return [_Spelling(*pair) for pair in zip(found[place], found["rows"], strict=True)]


def _by_unit(spellings: Sequence[_Spelling]) -> Mapping[str, Sequence[str | None]]:
    """The spellings of each unit that stands beside a number."""
    units: dict[str, list[_Spelling]] = {}
    for one in spellings:
        if one.count:
            text = (one.text or "").strip()
            units.setdefault(known_unit(text) or text or WITHOUT, []).append(one)
    order = sorted(units, key=lambda unit: (-sum(one.count for one in units[unit]), unit))
    return {unit: [one.text for one in units[unit]] for unit in order}


def _stands(cell: nw.Expr, texts: Sequence[str | None]) -> nw.Expr:
    named = cell.is_in([text for text in texts if text is not None])
    return (named | cell.is_null()) if None in texts else named
