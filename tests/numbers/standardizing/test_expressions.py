"""The transform as SQL, run on a real database, and as spreadsheet formulas, computed by hand."""

import math
import re
import sqlite3
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analytics.numbers import StandardizeError, Standardizer
from analytics.numbers.standardizing.expressions import column_letters

RNG = np.random.default_rng(4)
FRAME = pd.DataFrame(
    {
        'odd "name"; --': [None, *RNG.normal(-1e3, 5, 59)],
        "count": RNG.integers(-3, 900, 60),
        "flat": 7.0,
        "g": RNG.choice(["o'clock", "b", None], 60),
        "n": RNG.choice([1, 2], 60),
    }
)
COLUMNS = ['odd "name"; --', "count", "flat"]
WITH_FORMULA = ["zscore", "robust", "iqr", "minmax", "maxabs", "yeo_johnson"]


@pytest.fixture
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    for name, function in {"EXP": math.exp, "LN": math.log, "SINH": math.sinh, "ATANH": math.atanh}.items():
        connection.create_function(name, 1, function)
    FRAME.to_sql("marks", connection, index=False)
    return connection


def measured(method: str, by: object) -> Standardizer:
    """Fitted; "mixed" has a method of its own for each column."""
    own = dict(zip(COLUMNS, ("robust", "yeo_johnson", "minmax"), strict=True)) if method == "mixed" else None
    return Standardizer("zscore" if own else method, methods=own, columns=COLUMNS, by=by).fit(FRAME)


@pytest.mark.parametrize("by", [None, "g", ["g", "n"]])
@pytest.mark.parametrize("method", [*WITH_FORMULA, "mixed"])
def test_sql_gives_the_same_scores(database: sqlite3.Connection, method: str, by: object) -> None:
    fitted = measured(method, by)
    result = pd.read_sql_query(fitted.to_sql("marks"), database)
    assert result.columns.tolist() == [*FRAME.columns, *(f"{name}_z" for name in COLUMNS)]
    scores = result[[f"{name}_z" for name in COLUMNS]].to_numpy(dtype=float)
    np.testing.assert_allclose(scores, fitted.transform(FRAME), rtol=1e-10, atol=1e-10)


def test_sql_scores_a_group_it_never_saw_over_all_rows(database: sqlite3.Connection) -> None:
    fitted = Standardizer(columns=["count"], by="g").fit(FRAME[FRAME["g"] == "b"])
    result = pd.read_sql_query(fitted.to_sql("main.marks"), database)["count_z"]
    np.testing.assert_allclose(result, fitted.transform(FRAME)["count"], rtol=1e-13)


class Blank(float):
    """An empty cell: equal to the empty text, and no number."""

    def __eq__(self, other: object) -> bool:
        return other == ""

    __hash__ = float.__hash__


def unless_refused(name: str) -> Callable[[float], float]:
    """A function of ``math``, NaN where it has no value: here both sides of a choice are computed."""

    def function(value: float) -> float:
        try:
            return getattr(math, name)(value)
        except (ValueError, OverflowError):
            return math.nan

    return function


def evaluate(formula: str, cells: dict[str, object]) -> object:
    """Compute the few functions our formulas use, by rewriting them as Python."""
    strings: list[str] = []

    def keep(found: re.Match[str]) -> str:
        strings.append(found.group(0)[1:-1].replace('""', '"'))
        return f"strings[{len(strings) - 1}]"

    code = re.sub(r'"(?:[^"]|"")*"', keep, formula.removeprefix("="))
    code = re.sub(r"\b([A-Z]+2)\b", r"cells['\1']", code)
    code = code.replace("<>", "!=")
    code = re.sub(r"(?<![<>!])=", "==", code).replace("AND(", "all_of(").replace("IF(", "choose(")
    names = {
        "cells": cells,
        "strings": strings,
        "choose": lambda condition, then, otherwise: then if condition else otherwise,
        "all_of": lambda *tests: all(tests),
        "ISNUMBER": lambda value: isinstance(value, (int, float)) and not isinstance(value, Blank),
        "ISTEXT": lambda value: isinstance(value, str) and value != "",
        "NA": lambda: "#N/A",
        "EXACT": lambda cell, text: str(cell) == text or (cell == "" and text == ""),
        **{name: unless_refused(name.lower()) for name in ("EXP", "SINH", "ATANH")},
        "LN": unless_refused("log"),
    }
    return eval(code, {"__builtins__": {}}, names)  # noqa: S307


@pytest.mark.parametrize("by", [None, "g", ["g", "n"]])
@pytest.mark.parametrize("method", [*WITH_FORMULA, "mixed"])
def test_spreadsheet_formulas_give_the_same_scores(method: str, by: object) -> None:
    fitted = measured(method, by)
    formulas, expected = fitted.to_spreadsheet_formula(), fitted.transform(FRAME)
    for position in range(0, 60, 7):
        row = FRAME.iloc[position]
        cells = {
            f"{column_letters(i)}2": Blank("nan") if pd.isna(value) else value for i, value in enumerate(row)
        }
        cells = {
            name: value.item() if isinstance(value, np.generic) else value for name, value in cells.items()
        }
        for name in COLUMNS:
            found = evaluate(formulas[name], cells)
            wanted = expected[name].iloc[position]
            assert found == "" if np.isnan(wanted) else found == pytest.approx(wanted, rel=1e-10, abs=1e-10)


def test_the_formula_of_a_z_score_reads_as_one_writes_it() -> None:
    fitted = Standardizer().fit(pd.DataFrame({"name": ["a", "b"], "x": [1.0, 3.0]}))
    assert fitted.to_spreadsheet_formula() == {"x": '=IF(ISNUMBER(B2),(B2 - 2.0) / 1.0,"")'}
    assert fitted.to_spreadsheet_formula(["x"]) == {"x": '=IF(ISNUMBER(A2),(A2 - 2.0) / 1.0,"")'}
    assert fitted.to_sql("t") == 'SELECT *,\n  (CAST("x" AS DOUBLE PRECISION) - 2.0) / 1.0 AS "x_z"\nFROM "t"'


def test_what_has_no_formula_says_so() -> None:
    ranks = Standardizer("rank_gauss", columns=["count"]).fit(FRAME)
    with pytest.raises(StandardizeError, match="Ranks have no SQL"):
        ranks.to_sql("t")
    with pytest.raises(StandardizeError, match="Ranks have no spreadsheet formula"):
        ranks.to_spreadsheet_formula()
    many = pd.DataFrame({"g": [f"group {i}" for i in range(200)], "x": np.arange(200.0)})
    with pytest.raises(StandardizeError, match="200 groups are too many"):
        Standardizer(columns=["x"], by="g").fit(many).to_spreadsheet_formula()


def test_column_letters_count_as_sheets_do() -> None:
    assert [column_letters(i) for i in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]


@pytest.mark.parametrize("odd", ["a\\", "\\' OR 1=1 -- ", '\\" --', "a\\b"])
def test_sql_is_given_for_no_backslash(odd: str) -> None:
    """In MySQL and BigQuery it takes the meaning from the quote behind it."""
    groups = pd.DataFrame({"x": [1.0, 2.0, 3.0, 5.0], "g": ["b", "b", odd, odd]})
    named = pd.DataFrame({odd: [1.0, 2.0, 3.0]})
    for fitted in (Standardizer(columns=["x"], by="g").fit(groups), Standardizer(columns=[odd]).fit(named)):
        with pytest.raises(StandardizeError, match="backslash"):
            fitted.to_sql("t")
    with pytest.raises(StandardizeError, match="backslash"):
        Standardizer(columns=["x"]).fit(groups).to_sql("t\\")
