"""Columns that name the unit of the numbers beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

import pandas as pd

from analytics.recipe.measures import known_unit, quantity_of
from analytics.recipe.steps.columns import SetUnit
from analytics.recipe.steps.units import MOST_UNITS, SplitByUnit, ToUnit
from analytics.recipe.suggestions.suggestion import Suggestion, first_rows
from analytics.recipe.values import kind_of
from analytics.words import count

_UNIT_WORDS = frozenset(
    (
        "unit units uom einheit einheiten maßeinheit masseinheit mengeneinheit unité unités unidad unidades "
        "unità eenheid jednostka"
    ).split()
)
_CURRENCY_WORDS = frozenset(
    "currency currencies curr währung waehrung devise moneda moeda valuta waluta".split()
)
_LINKS = frozenset("of for code name de des di der von in".split())
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_CURRENCY = re.compile(r"[A-Z]{3}|[€$£¥₹]")
_PIECES = frozenset(
    (
        "pc pcs pce piece pieces ea each item items box boxes bottle bottles can cans bag bags pack packs "
        "pair pairs dozen tablet tablets count ct st stk stück karton flasche cup cups tbsp tsp iu mol mmol "
        "bpm rpm score points"
    ).split()
)
"""Units that nothing is converted to, but that only a column of units holds."""
_SIGNS = frozenset("%‰°€$£¥")
_CELLS = 20_000  # looked at where the name says nothing
_LISTED = 5


def units(frame: pd.DataFrame, apart: Collection[str]) -> Iterator[Suggestion]:
    """One suggestion for each column of units; numbers ``apart`` have a unit already, or measure nothing."""
    for named, numbers in unit_columns(frame):
        if numbers not in apart:
            yield from _of_pair(frame, named, numbers)


def unit_columns(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs of a column that names units and the column of numbers that they are of.

    By their names (weight and weight_unit), or else the nearest numbers before the units, or behind them.
    """
    names = [str(name) for name in frame.columns]
    numbers = [name for name in names if kind_of(frame[name]) == "number"]
    pairs = []
    for place, name in enumerate(names):
        if place and _holds_numbers(frame.iloc[:, place - 1]):
            continue  # the units are of these, once they are numbers
        if numbers and kind_of(frame[name]) == "text" and _names_units(name, frame[name]):
            pairs.append((name, _measured(name, place, names, numbers)))
    return [(name, of) for name, of in pairs if of]


def _holds_numbers(column: pd.Series) -> bool:
    """Whether a column of text is one of numbers with words among them."""
    if kind_of(column) != "text":
        return False
    known = column.dropna().astype("str").iloc[:_CELLS]
    return len(known) > 0 and bool(2 * pd.to_numeric(known, errors="coerce").notna().sum() > len(known))


def _names_units(name: str, column: pd.Series) -> bool:
    known = column.dropna()
    words = _words(name)
    of_units, of_currency = not _UNIT_WORDS.isdisjoint(words), not _CURRENCY_WORDS.isdisjoint(words)
    told = of_units or of_currency
    some = known if told else known.iloc[:_CELLS]
    values = [str(value).strip() for value in some.unique()[: MOST_UNITS + 1]]
    if not values or len(values) > MOST_UNITS:
        return False
    if of_currency and all(_CURRENCY.fullmatch(value) for value in values):
        return True
    if of_units:  # of a business unit, no value is a unit
        return any(known_unit(value) or value.rstrip(".").casefold() in _PIECES for value in values)
    # Without a name that says so: m and f are sexes, A and C are marks, MO and PA are states.
    long = any(len(value) > 1 or value in _SIGNS for value in values)
    return long and all(known_unit(value) is not None for value in values)


def _measured(name: str, place: int, names: list[str], numbers: list[str]) -> str | None:
    stem = "".join(word for word in _words(name) if word not in _UNIT_WORDS | _CURRENCY_WORDS | _LINKS)
    if stem and stem != "".join(_words(name)):
        joined = {one: "".join(_words(one)) for one in numbers}
        same = [one for one in numbers if joined[one] == stem] + [
            one for one in numbers if stem in joined[one]
        ]
        if same:
            return same[0]
    before = [one for one in names[:place] if one in numbers]
    behind = [one for one in names[place + 1 :] if one in numbers]
    return before[-1] if before else behind[0] if behind else None


def _words(name: str) -> list[str]:
    return _WORD.findall(_CAMEL.sub(" ", name).casefold())


def _of_pair(frame: pd.DataFrame, named: str, numbers: str) -> Iterator[Suggestion]:
    beside = frame[named].where(frame[numbers].notna()).astype("str").str.strip()
    times = Counter({str(unit): int(n) for unit, n in beside.value_counts().items() if unit})
    if not times:
        return
    most = times.most_common(1)[0][0]
    about = (numbers, named)
    same = {unit for unit in times if (known_unit(unit) or unit) == (known_unit(most) or most)}
    if len(same) == len(times):
        sentence = f"{named!r} says {most!r} in every row that has a value: the unit of {numbers!r}."
        yield Suggestion("column of one unit", sentence, times.total(), about, (SetUnit(numbers, most),))
        return
    listed = ", ".join(f"{unit} ({n:,})" for unit, n in times.most_common(_LISTED))
    listed += f" and {len(times) - _LISTED:,} more" if len(times) > _LISTED else ""
    others = times.total() - sum(times[unit] for unit in same)
    alike = quantity_of(most) is not None and all(quantity_of(unit) == quantity_of(most) for unit in times)
    stand = "it stands" if others == 1 else "they stand"
    sentence = (
        f"{numbers!r} has numbers in different units, named by {named!r}: {listed}. "
        f"{count(others, 'value')} cannot be compared with the others as {stand}."
    )
    split = SplitByUnit(numbers, named)
    steps = (ToUnit(numbers, most, named), split) if alike else (split,)
    rows = first_rows((beside.notna() & ~beside.isin(same)).to_numpy())
    yield Suggestion("column of units", sentence, others, about, steps, rows)
