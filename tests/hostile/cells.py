"""Columns of hostile texts, and what a recipe's steps and suggestions, formulas and recipes themselves do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pandas as pd

from analytics.errors import ZetascopeError
from analytics.recipe import (
    Derive,
    DropDuplicates,
    Keep,
    Matches,
    Pivot,
    Recipe,
    RecipeError,
    SetType,
    Shows,
    Step,
    StripUnit,
    Tidy,
    ToUnit,
    suggest,
)
from analytics.recipe.formula import parse
from analytics.recipe.json_form import VERSION, from_text
from analytics.tables import Table, read_table

UNITS = {
    "letters": "x",
    "blanks": " ",
    "digits": "1",
    "digits and blanks": "1 ",
    "numbers with units": "5 kg ",
    "hyphens": "a-",
    "dots": "A.",
    "addresses": "http://a.b ",
    "mail": "a@b.c ",
    "brackets": "(1",
    "accents": "e\u0301",
    "mojibake": "Ã©",
}
STEPS: tuple[Step, ...] = (
    Tidy("value"),
    Tidy("value", case="upper"),
    StripUnit("value", unit="kg"),
    ToUnit("value", unit="kg"),
    SetType("value", to="date"),
    SetType("value", to="number"),
    Keep(Matches("value", pattern="(a|b|x)*[0-9]+$")),
    Keep(Shows("x 1")),
    DropDuplicates(),
)


@cache
def _read() -> Table:
    return read_table(b"value,n\na,1\n")


def table_of(text: bytes | str) -> Table:
    """Each line one cell, beside a number."""
    assert isinstance(text, str)
    cells = text.split("\n")
    frame = pd.DataFrame({"value": pd.array(cells, "str"), "n": range(len(cells))})
    return replace(_read(), frame=frame, lines=None)


def suggested(text: bytes | str) -> object:
    return suggest(table_of(text))


def stepped(text: bytes | str) -> object:
    """Each step by itself, so that none works on what another left."""
    table = table_of(text)
    return [Recipe(steps=(step,)).apply(table).account for step in STEPS]


def reshaped(text: bytes | str) -> object:
    """As many columns as there are lines, at most as many as fit."""
    step = Pivot(("n",), columns="value", values="n")
    return Recipe(steps=(step,)).apply(table_of(text)).account


def formula(text: bytes | str) -> object:
    try:
        made = parse(str(text))
        return Recipe(steps=(Derive("more", formula=str(text)),)).apply(table_of("a\nb")), made
    except ZetascopeError as error:
        return error


def recipe(text: bytes | str) -> object:
    try:
        return from_text(str(text))
    except RecipeError as error:
        return error


def long_cells(unit: str) -> Callable[[int], str]:
    """Ten cells of a tenth of the size each."""
    return lambda n: "\n".join([unit * (n // 10 // len(unit))] * 9 + [unit * (n // 10 // len(unit)) + "y"])


def many_cells(unit: str) -> Callable[[int], str]:
    """Short cells, each another one."""
    return lambda n: "\n".join(f"{unit * 2}{i}" for i in range(n // (2 * len(unit) + 6)))


def _step(where: str) -> str:
    return f'{{"zetascope_recipe": {VERSION}, "steps": [{{"step": "keep", "where": {where}}}]}}'


FORMULAS: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "(" * n,
    "signs": lambda n: "-" * n + "1",
    "names": lambda n: "[a" * (n // 2),
    "quotes": lambda n: "'" * n,
    "sums": lambda n: "1+" * (n // 2) + "1",
    "digits": lambda n: "1" * n,
    "points": lambda n: "1." * (n // 2),
    "blanks": lambda n: " " * n + "1",
    "functions": lambda n: "abs(" * (n // 4),
}
RECIPES: dict[str, Callable[[int], str]] = {
    "lists": lambda n: "[" * n,
    "nothing but steps": lambda n: f'{{"zetascope_recipe": {VERSION}, "steps": [' + "{}," * (n // 3) + "{}]}",
    "conditions that deny one another": lambda n: _step(
        '{"condition": "not", "of": ' * (n // 27) + "{}" + "}" * (n // 27)
    ),
    "many conditions": lambda n: _step(
        '{"condition": "any", "of": [' + '{"condition": "x"},' * (n // 19) + "{}]}"
    ),
    "one long value": lambda n: _step('{"condition": "contains", "column": "a", "text": "' + "x" * n + '"}'),
    "escapes": lambda n: _step('"' + "\\u00e9" * (n // 6) + '"'),
    "keys again": lambda n: "{" + '"steps": [], ' * (n // 13) + '"steps": []}',
}
