"""Which rows a condition means, held against DuckDB's answer to the same question in SQL."""

from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.recipe import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Condition,
    Contains,
    Extreme,
    IsMissing,
    Matches,
    Not,
    OneOf,
    RecipeError,
)
from analytics.recipe.conditions import Operator
from analytics.tables import read_table

TABLE = b"""number,whole,text,day,truth
1.5,1,Rome,2024-01-31,true
-2,,rome,2024-02-01,false
,3,,,
1.5,4,R\xc3\xb4me,2023-12-31,true
8,4,it's 50 %,2024-01-31,
"""
FRAME = read_table(TABLE).frame

OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
VALUES = {
    "number": st.sampled_from([1.5, -2.0, 0.0, 8.0]),
    "whole": st.sampled_from([1, 3, 4, 5]),
    "text": st.sampled_from(["Rome", "rome", "it's 50 %", "", "R\u00f4me"]),
    "day": st.sampled_from(["2024-01-31", "2024-02-01", "2020-01-01"]),
}


def literal(value: object) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def sql(condition: Condition) -> str:
    """The condition for DuckDB, where a comparison with a missing value does not hold."""
    return SQL[type(condition)](condition)


def known(comparison: str) -> str:
    return f"coalesce({comparison}, false)"


SQL: dict[type, Callable[..., str]] = {
    Compare: lambda one: known(f"{one.column} {one.op} {literal(one.value)}"),
    Between: lambda one: known(f"{one.column} between {literal(one.low)} and {literal(one.high)}"),
    OneOf: lambda one: known(f"{one.column} in ({', '.join(map(literal, one.values)) or 'null'})"),
    IsMissing: lambda one: f"{one.column} is null",
    AllOf: lambda one: f"({' and '.join(['true', *map(sql, one.conditions)])})",
    AnyOf: lambda one: f"({' or '.join(['false', *map(sql, one.conditions)])})",
    Not: lambda one: f"not {sql(one.of)}",
}


def singles() -> st.SearchStrategy[Condition]:
    columns = st.sampled_from(sorted(VALUES))
    return columns.flatmap(
        lambda name: st.one_of(
            st.builds(Compare, st.just(name), OPERATORS, VALUES[name]),
            st.builds(Between, st.just(name), VALUES[name], VALUES[name]),
            st.builds(OneOf, st.just(name), st.lists(VALUES[name], max_size=3).map(tuple)),
            st.builds(IsMissing, st.just(name)),
        )
    )


CONDITIONS = st.recursive(
    singles(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(CONDITIONS)
def test_a_condition_holds_where_sql_says_so(condition: Condition) -> None:
    text = FRAME.text.astype("object").where(FRAME.text.notna(), None)
    with duckdb.connect() as database:
        database.register("rows", FRAME.assign(place=range(len(FRAME)), text=text))
        wanted = database.sql(f"select place from rows where {sql(condition)} order by place").fetchall()
    assert np.flatnonzero(condition.mask(FRAME)).tolist() == [place for (place,) in wanted]


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        (Contains("text", "ROM"), [0, 1]),
        (Contains("text", "rom", same_case=True), [1]),
        (Contains("text", ".*"), []),
        (Matches("text", "^[Rr].me$"), [0, 1, 3]),
        (Matches("text", r"\d+ %"), [4]),
        (Extreme("number", 1), [4]),
        (Extreme("number", 2), [0, 3, 4]),
        (Extreme("number", 1, largest=False), [1]),
        (Compare("truth", "==", True), [0, 3]),
        (Compare("day", ">", "2024-01-31"), [1]),
        (Compare("day", ">=", "2024-01-31T00:00"), [0, 1, 4]),
    ],
)
def test_rows_that_a_reader_would_name(condition: Condition, rows: list[int]) -> None:
    assert np.flatnonzero(condition.mask(FRAME)).tolist() == rows


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Compare("number", "<", "5"), "takes a number, not '5'"),
        (Compare("number", "==", True), "takes a number, not True"),
        (Compare("text", "==", 5), "takes a text, not 5"),
        (Compare("day", "<", "yesterday"), "takes a date such as"),
        (Compare("truth", "==", "true"), "takes true or false"),
        (Contains("number", "5"), "holds no texts"),
        (Matches("text", "("), "no regular expression"),
        (Matches("text", r"(a)\1"), "no regular expression"),
        (Compare("gone", "<", 5), "There is no column 'gone'"),
    ],
)
def test_what_does_not_fit_is_told(condition: Condition, said: str) -> None:
    with pytest.raises(RecipeError, match=said.replace("(", r"\(")):
        condition.mask(FRAME)


def test_categories_compare_as_their_texts_and_times_keep_their_zone() -> None:
    frame = pd.DataFrame(
        {
            "kind": pd.Categorical(["b", "a", None]),
            "at": pd.to_datetime(["2024-01-01T00:30", "2024-01-01T12:00", None]).tz_localize("Europe/Rome"),
            "long": pd.to_timedelta(["26h", "90min", None]),
        }
    )
    masks: dict[str, tuple[str, Operator, str]] = {
        "a": ("kind", "<", "b"),
        "b": ("at", "<", "2024-01-01"),
        "c": ("at", "<", "2024-01-01T00:00+00:00"),
        "d": ("long", ">", "2 hours"),
    }
    found = {name: Compare(*one).mask(frame).tolist() for name, one in masks.items()}
    assert found == {
        "a": [False, True, False],
        "b": [False, False, False],
        "c": [True, False, False],
        "d": [True, False, False],
    }


def test_a_condition_reads_as_a_sentence() -> None:
    condition = AllOf((Compare("price", ">", 1200), AnyOf((IsMissing("day"), Contains("text", "x")))))
    assert condition.sentence() == "price is above 1,200 and (day has no value or text contains 'x')"
