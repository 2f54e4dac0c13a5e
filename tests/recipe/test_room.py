"""A recipe is a stranger's file: whatever it asks for is made, or passed over in a sentence beforehand."""

import json

import pytest

from analytics.errors import ZetascopeError
from analytics.recipe import Made, Recipe, suggest
from analytics.tables import ReadOptions, Table, read_table


@pytest.fixture(scope="module")
def table() -> Table:
    rows = (
        f"word {i},{i},{i / 3},2024-01-{i % 28 + 1:02},2024-01-01T00:00:0{i % 9}Z,{'ab'[i % 2]}\n"
        for i in range(500)
    )
    return read_table(f"name,n,m,day,moment,group\n{''.join(rows)}".encode())


def made(table: Table, *steps: dict, limit: int | None = None) -> Made:
    limits = None if limit is None else ReadOptions(max_table_bytes=limit)
    recipe: Recipe = Recipe.from_json(json.dumps({"zetascope_recipe": 1, "steps": steps}), limits=limits)
    return recipe.apply(table)


GROWING = {
    "texts one after another": [
        {"step": "derive", "column": f"c{i}", "formula": f"join({', '.join([before] * 50)})"}
        for i, before in enumerate(["name", "c0", "c1", "c2", "c3", "c4"])
    ],
    "a long text for all rows": [
        {"step": "derive", "column": f"c{i}", "formula": f"'{'x' * 9000}'"} for i in range(5)
    ],
    "a long text in place of many": [
        {"step": "replace", "column": "group", "values": ["a", "b"], "by": "x" * 100_000}
    ],
    "a long text where there is none": [
        {"step": "missing", "column": "group", "values": ["a", "b"]},
        {"step": "fill", "column": "group", "how": "value", "value": "x" * 100_000},
    ],
    "rows of columns beside a long text": [
        {"step": "derive", "column": "long", "formula": f"join({', '.join(['name'] * 80)})"},
        *({"step": "derive", "column": f"c{i}", "formula": "n"} for i in range(60)),
        {"step": "unpivot", "columns": [f"c{i}" for i in range(60)], "name": "which", "value": "many"},
    ],
}


@pytest.mark.parametrize("name", GROWING)
def test_what_a_step_would_make_is_counted(name: str, table: Table) -> None:
    result = made(table, *GROWING[name], limit=10_000_000)
    assert any("would fill" in problem.problem for problem in result.problems())
    assert result.frame.memory_usage(deep=True).sum() < 12_000_000


@pytest.mark.slow
def test_a_pivot_is_counted_by_its_rows_and_columns() -> None:
    rows = "".join(f"{i},{i % 2000},1\n" for i in range(200_000))
    wide = read_table(f"key,name,value\n{rows}".encode())
    result = made(wide, {"step": "pivot", "rows": ["key"], "columns": "name", "values": "value"})
    assert "would fill 3,202 MB" in result.problems()[0].problem


def test_a_table_that_is_large_already_can_be_made_smaller(table: Table) -> None:
    step = {"step": "sample", "rows": 400}
    assert len(made(table, step, limit=1000).frame) == 400


HUGE = [
    10**18,
    10**30,
    10**400,
    -(10**30),
    1e308,
    5e-324,
    "9" * 9 + " days",
    "9999-12-31T23:59:59+23:59",
    "\0",
    "",
]


@pytest.mark.parametrize("column", ["name", "n", "m", "day", "moment", "group"])
def test_values_of_any_size_and_kind(column: str, table: Table) -> None:
    for value in HUGE:
        for step in (
            {"step": "keep", "where": {"condition": "compare", "column": column, "op": "<", "value": value}},
            {"step": "drop", "where": {"condition": "one of", "column": column, "values": [value]}},
            {"step": "keep", "where": {"condition": "extreme", "column": column, "n": value}},
            {"step": "missing", "column": column, "values": [value]},
            {"step": "replace", "column": column, "values": [value], "by": value},
            {"step": "fence", "column": column, "low": value, "high": None, "action": "winsorize"},
            {"step": "drop numbers", "rows": [value]},
            {"step": "tags", "column": "z", "tags": [[value, "x"]]},
        ):
            try:
                result = made(table, step)
            except ZetascopeError as error:
                assert str(error).endswith(".")
                continue
            assert all("fault is ours" not in problem.problem for problem in result.problems())


@pytest.mark.parametrize(
    "formula",
    [
        "left(name, 1e300)",
        "left(name, n / 0)",
        "left(name, -1)",
        "left(name, n)",
        "left(name, 0.5)",
        "day < moment",
        "day == moment",
        "days(moment, day)",
        "first(day, moment)",
        "if(n > 3, day, moment)",
        "+".join(["n"] * 3000),
        f"min({','.join(['n'] * 3000)})",
        "bins(n, 1e300)",
        "bins(n, -5)",
        "round(m, 1e300)",
        "2^2^2^2^2^2^2^2^2",
    ],
)
def test_formulas_give_values_or_a_sentence(formula: str, table: Table) -> None:
    try:
        result = made(table, {"step": "derive", "column": "z", "formula": formula})
    except ZetascopeError as error:
        assert str(error).endswith(".")
        return
    assert result.frame.shape == (500, 7) or "fault is ours" not in result.problems()[0].problem


def test_conditions_are_counted(table: Table) -> None:
    one = {"condition": "compare", "column": "n", "op": "<", "value": 5}
    with pytest.raises(ZetascopeError, match="more than 1,000 conditions"):
        made(table, {"step": "keep", "where": {"condition": "all of", "conditions": [one] * 2000}})


@pytest.mark.slow
def test_long_categories_take_no_square_of_their_length() -> None:
    rows = "".join(f"{'word ' * 4000}{i % 12},{i}\n" for i in range(240))
    table = read_table(f"group,n\n{rows}".encode())
    assert not [one for one in suggest(table) if one.kind == "one letter"]
