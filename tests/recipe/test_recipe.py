"""A recipe as a whole: order, accounts, undoing, other files, JSON."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.recipe import (
    AllOf,
    Between,
    Compare,
    Decide,
    Derive,
    DropDuplicates,
    DropNumbers,
    Fence,
    Fill,
    IsMissing,
    Keep,
    LeaveOut,
    Measure,
    Not,
    Recipe,
    RecipeError,
    Rename,
    Replace,
    Sample,
    SetMissing,
    SetTags,
    SetType,
    SetUnit,
    SplitByUnit,
    Step,
    Summarise,
    Tidy,
    ToUnit,
    next_of,
    started,
)
from analytics.tables import ReadOptions, read_table

TABLE = read_table(
    b"city,price,n,day\nRome,1.5,3,2024-01-31\n rome  ,,-999,2024-02-01\nOslo,4,2,\nOslo,100,2,2024-01-31\n"
)
NAMES = st.sampled_from(["city", "price", "n", "day", "town", "gone", "<b>x</b>"])
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Rename, NAMES, NAMES, active=st.booleans()),
    st.builds(LeaveOut, st.lists(NAMES, max_size=2).map(tuple)),
    st.builds(SetType, NAMES, st.sampled_from(["text", "number", "category", "identifier", "date:%Y"])),
    st.builds(SetUnit, NAMES, st.text(max_size=3)),
    st.builds(ToUnit, NAMES, st.sampled_from(["kg", "°C"]), st.none() | NAMES),
    st.builds(SplitByUnit, NAMES, NAMES),
    st.builds(SetMissing, NAMES, st.lists(st.sampled_from([-999, 4.0, "Oslo", True]), max_size=2).map(tuple)),
    st.builds(Replace, NAMES, st.just(("Oslo",)), st.text(max_size=3)),
    st.builds(Tidy, NAMES, st.sampled_from(["keep", "lower"])),
    st.builds(Fill, NAMES, st.sampled_from(["mean", "most frequent", "previous"])),
    st.builds(Fence, NAMES, st.just(2), st.just(50.5), st.sampled_from(["drop", "mark", "winsorize"])),
    st.builds(Decide, st.just((1, 3)), st.sampled_from(["drop", "mark"])),
    st.builds(DropNumbers, st.lists(st.integers(1, 5), max_size=3).map(tuple)),
    st.builds(SetTags, NAMES, st.just(((1, "a"), (2, "b")))),
    st.builds(DropDuplicates, st.lists(NAMES, max_size=1).map(tuple)),
    st.builds(Sample, st.integers(1, 5), st.integers(0, 9)),
    st.builds(Derive, NAMES, st.sampled_from(["price * 2", "n / [price]", "length(city)", "year(day)"])),
    NAMES.map(lambda name: Keep(Not(IsMissing(name)))),
    st.just(Keep(AllOf((Compare("n", ">", 0), Between("day", "2024-01-01", "2024-12-31"))))),
    st.builds(Summarise, st.lists(NAMES, max_size=1).map(tuple), st.just((Measure("rows"),))),
)
RECIPES = st.builds(
    Recipe, st.just(ReadOptions(decimal=",", header=2)), st.lists(STEPS, max_size=5).map(tuple)
)


@settings(deadline=None, max_examples=40)
@given(RECIPES)
def test_json_gives_the_same_recipe_again(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(RECIPES, STEPS)
def test_a_step_applied_and_taken_back_leaves_the_same_table(recipe: Recipe, step: Step) -> None:
    before = recipe.apply(TABLE)
    longer = recipe.with_step(step)
    again = longer.without(len(recipe.steps)).apply(TABLE)
    pd.testing.assert_frame_equal(before.frame, again.frame)
    switched = longer.replaced(len(recipe.steps), replace(step, active=False)).apply(TABLE)
    pd.testing.assert_frame_equal(before.frame, switched.frame)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(RECIPES)
def test_what_is_kept_of_a_beginning_goes_on_to_the_same_end(recipe: Recipe) -> None:
    made = started(TABLE)
    for step in recipe.steps:
        made = next_of(made, step)
    whole = recipe.apply(TABLE)
    pd.testing.assert_frame_equal(made.frame, whole.frame)
    assert made.account == whole.account
    for account in whole.account:
        assert account.sentence().endswith(".")
        if account.problem or not account.step.active:
            assert account.rows[0] == account.rows[1] and not account.cells


def test_the_account_says_what_each_step_did() -> None:
    recipe = Recipe(
        steps=(
            Rename("n", "count"),
            SetMissing("count", (-999,)),
            Keep(Compare("price", ">", 2)),
            Keep(Compare("gone", ">", 2)),
            Derive("each", "price / count"),
            Rename("price", "cost", active=False),
        )
    )
    assert [account.sentence() for account in recipe.apply(TABLE).account] == [
        "Rename 'n' to 'count': 1 name changed.",
        "-999 in 'count' means missing: 1 cell changed.",
        "Keep rows where price is above 2: 4 rows became 2.",
        "Keep rows where gone is above 2: passed over. There is no column 'gone'.",
        "'each' is price / count: 4 columns became 5.",
        "Rename 'price' to 'cost': switched off.",
    ]


def test_readings_units_and_uses_follow_their_column() -> None:
    made = Recipe(steps=(SetUnit("price", "EUR"), SetType("n", "identifier"), Rename("n", "key"))).apply(
        TABLE
    )
    readings = {one.name: one for one in made.report.column_readings}
    assert readings["price"].unit == "EUR"
    assert readings["key"].sentence == "Take 'n' as identifier, by a step."
    assert made.uses == {"key": "identifier"}
    assert (made.report.rows, made.report.columns) == (4, 4)
    assert "key" in made.frame.columns and "n" not in {*readings}


def test_rows_of_the_file_are_named_no_more_once_they_are_summed_up() -> None:
    made = Recipe(steps=(Summarise(("city",), (Measure("rows"),)), DropNumbers((1,)))).apply(TABLE)
    assert "no longer those of the file" in made.problems()[0].problem
    assert len(made.frame) == 3


def test_another_file_takes_rules_but_no_row_numbers() -> None:
    rule, by_row = Fence("price", None, 50, "set missing"), Decide((4,), "drop")
    own = Recipe(steps=(rule, by_row), file=TABLE.sha256).apply(TABLE)
    assert len(own.frame) == 3 and not own.problems()
    other = Recipe(steps=(rule, by_row), file="0" * 64).apply(TABLE)
    assert len(other.frame) == 4 and pd.isna(other.frame.price[3])
    assert [account.problem for account in other.account] == [
        "",
        "The row numbers are those of another file.",
    ]


def test_rows_keep_their_line_of_the_file() -> None:
    made = Recipe(steps=(DropNumbers((1, 3)), Rename("n", "count"))).apply(TABLE)
    assert TABLE.lines is not None and made.lines is not None
    assert made.lines.tolist() == [3, 5]
    assert Recipe(steps=(Summarise((), (Measure("rows"),)),)).apply(TABLE).lines is None


def test_steps_can_be_moved() -> None:
    first, second, third = Rename("city", "town"), Tidy("city"), Fill("n", "mean")
    recipe = Recipe(steps=(first, second, third))
    assert recipe.moved(0, 2).steps == (second, third, first)
    assert recipe.moved(2, 0).steps == (third, first, second)
    assert recipe.switched(1).steps[1] == Tidy("city", active=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[]", "no recipe"),
        ("{}", "no recipe"),
        ('{"zetascope_recipe": 2}', "version 2"),
        ('{"zetascope_recipe": 1, "run": "x"}', "not known: 'run'"),
        ('{"zetascope_recipe": 1, "steps": {}}', "must be a list"),
        ('{"zetascope_recipe": 1, "steps": [{"step": "shell"}]}', "Step 1 of the recipe"),
        ('{"zetascope_recipe": 1, "steps": [{"step": "shell"}]}', "knows no step 'shell'"),
        ('{"zetascope_recipe": 1, "steps": [{"column": "a"}]}', "which step it is: 'step' is missing"),
        (
            '{"zetascope_recipe": 1, "steps": [{"step": "keep", "where": {"condition": "x"}}]}',
            "knows no condition 'x'",
        ),
        (
            '{"zetascope_recipe": 1, "steps": [{"step": "keep", "where": {"column": "a"}}]}',
            "which condition it is: 'condition' is missing",
        ),
        ('{"zetascope_recipe": 1, "steps": [5]}', "Step 1 of the recipe"),
        ('{"zetascope_recipe": 1, "steps": [{"step": "rename", "column": "a", "to": 5}]}', "to: "),
        ('{"zetascope_recipe": 1, "steps": [{"step": "rename", "column": "a", "to": "b", "x": 1}]}', "x: "),
        ('{"zetascope_recipe": 1, "steps": [{"step": "sample", "rows": -1}]}', "rows: "),
        (
            '{"zetascope_recipe": 1, "steps": [{"step": "derive", "column": "a", "formula": "(1"}]}',
            "closing bracket",
        ),
        (
            '{"zetascope_recipe": 1, "steps": [{"step": "type", "column": "a", "to": "shell"}]}',
            "cannot be read as",
        ),
        ('{"zetascope_recipe": 1, "read": {"encoding": "rot13"}}', "way of reading"),
        ('{"zetascope_recipe": 1, "read": {"max_rows": 5}}', "not known"),
        ('{"zetascope_recipe": 1, "read": {"header": "x"}}', "way of reading"),
        ('{"zetascope_recipe": 1, "file": 5}', "names its file by no text"),
        ("[" * 200_000, "deep in each other"),
        (
            json.dumps({"zetascope_recipe": 1, "steps": [{"step": "tidy", "column": "a"}] * 1_001}),
            "at most 1,000",
        ),
    ],
)
def test_a_recipe_that_cannot_be_used_is_told_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said) as told:
        Recipe.from_json(text)
    assert "\n" not in str(told.value)


def test_limits_are_those_of_the_machine_that_reads() -> None:
    recipe = Recipe(ReadOptions(decimal=",", max_rows=7))
    assert "max_rows" not in recipe.to_json()
    assert Recipe.from_json(recipe.to_json(), limits=ReadOptions(max_rows=9)).read == ReadOptions(
        decimal=",", max_rows=9
    )
