"""Formulas against plain Python, row by row, and what their grammar refuses."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.recipe import FUNCTIONS, Derive, RecipeError
from analytics.recipe.formula import Call, Column, Constant, Part, columns_of, parse
from analytics.recipe.functions import value_of

FRAME = pd.DataFrame(
    {
        "x": [4.0, -1.0, np.nan, 0.0, 2.5],
        "n": pd.array([3, None, 2, 0, -7], dtype="Int64"),
        "net price": [1, 2, 3, 4, 5],
        "name": pd.Series(["Anna", "B\u00f6", None, "", "C d"], dtype="str"),
        "on": pd.to_datetime(
            ["2024-01-31T14:30", None, "2023-12-31", "2024-02-29", "2024-07-01"], format="ISO8601"
        ),
        "to": pd.to_datetime(
            ["2024-02-01T14:30", "2024-01-01", "2024-01-01", "2024-03-01", "2024-07-01"], format="ISO8601"
        ),
        "late": pd.to_timedelta(["90min", None, "26h", "0s", "-1h"]),
        "paid": [True, False, True, False, True],
    }
)


def values(formula: str) -> list[object]:
    made = value_of(parse(formula), FRAME)
    filtered = value_of(parse(formula), FRAME.set_axis([3, 7, 8, 11, 20]))
    assert filtered.index.tolist() == [3, 7, 8, 11, 20]
    pd.testing.assert_series_equal(filtered.reset_index(drop=True), made, check_names=False)
    return [None if pd.isna(value) else value for value in made.tolist()]


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("1 + 2 * 3 ^ 2", [19.0] * 5),
        ("-2 ^ 2", [-4.0] * 5),
        ("2 ^ 3 ^ 0", [2.0] * 5),
        ("(1 + 2) * 3 - 4 / 8 % 3", [8.5] * 5),
        ("10 - 4 - 3", [3.0] * 5),
        ("x / n", [4 / 3, None, None, None, 2.5 / -7]),
        ("sqrt(x)", [2.0, None, None, 0.0, math.sqrt(2.5)]),
        ("log(x)", [math.log(4), None, None, None, math.log(2.5)]),
        ("[net price] * 2", [2.0, 4.0, 6.0, 8.0, 10.0]),
        ("x > 1 and not paid or name = 'Anna'", [True, False, False, False, False]),
        ("3 < n", [False] * 5),
        ("3 >= n", [True, False, True, True, True]),
        ("n = net_or(1)", RecipeError),
        (
            "if(x >= 0, 'at least', 'below or missing')",
            ["at least", *["below or missing"] * 2, *["at least"] * 2],
        ),
        ("first(x, n)", [4.0, -1.0, 2.0, 0.0, 2.5]),
        ("difference([net price])", [None, 1.0, 1.0, 1.0, 1.0]),
        ("change([net price])", [None, 1.0, 0.5, 4 / 3 - 1, 0.25]),
        ("previous(name)", [None, "Anna", "B\u00f6", None, ""]),
        ("year(on)", [2024.0, None, 2023.0, 2024.0, 2024.0]),
        ("quarter(on) * 10 + month(on)", [11.0, None, 52.0, 12.0, 37.0]),
        ("weekday(on)", [3.0, None, 7.0, 4.0, 1.0]),
        ("day(on) + hour(on) / 100", [31.14, None, 31.0, 29.0, 1.0]),
        ("days(on, to)", [1.0, None, 1.0, 1.0, 0.0]),
        ("hours(late)", [1.5, None, 26.0, 0.0, -1.0]),
        ("length(name)", [4.0, 2.0, None, 0.0, 3.0]),
        ("join(upper(left(name, 1)), lower(name))", ["Aanna", "Bb\u00f6", None, "", "Cc d"]),
        ("missing(x)", [False, False, True, False, False]),
        ("rank(x)", [4.0, 1.0, None, 2.0, 3.0]),
        ("bins(x, 5)", [5.0, 1.0, None, 2.0, 4.0]),
        ("min(x, n, 1)", [1.0, None, None, 0.0, -7.0]),
        ("max(x, 1)", [4.0, 1.0, None, 1.0, 2.5]),
        ("round(x / 3, 2)", [1.33, -0.33, None, 0.0, 0.83]),
        ("on > '2024-01-31'", [True, False, False, True, True]),
        ("'it''s'", ["it's"] * 5),
    ],
)
def test_a_formula_gives_what_a_reader_expects(formula: str, wanted: list[object] | type) -> None:
    if isinstance(wanted, type):
        with pytest.raises(RecipeError):
            values(formula)
        return
    assert values(formula) == pytest.approx(wanted)


def test_zscores_have_mean_0_and_sd_1_far_from_0_too() -> None:
    frame = pd.DataFrame({"x": 1e9 + np.arange(1000) * 1e-3})
    scores = value_of(parse("zscore(x)"), frame)
    assert scores.mean() == pytest.approx(0, abs=1e-9)
    assert scores.std(ddof=0) == pytest.approx(1)
    assert scores.iloc[-1] == pytest.approx(499.5 / math.sqrt((1000**2 - 1) / 12), rel=1e-5)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("", "ends too early"),
        ("1 +", "ends too early"),
        ("(1", "lacks a closing bracket"),
        ("1 2", "cannot be read at '2'"),
        ("x ** 2", "cannot be read at '*'"),
        ("x; y", "cannot be read at"),
        ("'open", "cannot be read at"),
        ("__import__('os')", "There is no function '__import__'"),
        ("x.__class__", "cannot be read at"),
        ("gone + 1", "There is no column 'gone'"),
        ("log(name)", "log takes numbers, not texts"),
        ("log(x, 2)", "log takes 1 values, not 2"),
        ("x = name", "cannot be compared"),
        ("x > 'a'", "takes a number"),
        ("if(x, 1, 2)", "takes a condition first"),
        ("if(paid, 1, 'a')", "two values of one kind"),
        ("name + name", "takes numbers, not texts"),
        ("(" * 4_000 + "1" + ")" * 4_000, "deep in each other"),
        ("-" * 5_000 + "1", "deep in each other"),
        ("not " * 2_000 + "paid", "deep in each other"),
        ("x" + "+x" * 4_000, "more than 150 parts"),
        ("1" * 20_000, "takes 10,000 characters"),
    ],
)
def test_what_is_no_formula_is_told(formula: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said.replace("*", r"\*").replace("'", ".")):
        value_of(parse(formula), FRAME)


OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else math.nan,
}
NUMBERS = st.one_of(
    st.builds(Constant, st.sampled_from([0.0, 1.0, 2.5, 10.0])),
    st.builds(Column, st.sampled_from(["x", "n", "net price"])),
)
TREES = st.recursive(
    NUMBERS,
    lambda inner: st.builds(Call, st.sampled_from(sorted(OPERATIONS)), st.tuples(inner, inner)),
    max_leaves=8,
)


def written(part: Part) -> str:
    """The tree as a formula, with no bracket that the rules of arithmetic do not ask for."""
    if isinstance(part, Constant):
        return str(part.value)
    if isinstance(part, Column):
        return f"[{part.name}]"
    left, right = part.arguments
    strong = part.function in "*/"
    first = f"({written(left)})" if strong and is_sum(left) else written(left)
    loose = isinstance(right, Call) and (strong or is_sum(right))
    second = f"({written(right)})" if loose else written(right)
    return f"{first} {part.function} {second}"


def is_sum(part: Part) -> bool:
    return isinstance(part, Call) and part.function in "+-"


def computed(part: Part, row: dict[str, float]) -> float:
    if isinstance(part, Constant):
        return float(part.value)
    if isinstance(part, Column):
        return row[part.name]
    return OPERATIONS[part.function](*(computed(one, row) for one in part.arguments))


@pytest.mark.slow
@settings(deadline=None)
@given(TREES)
@example(Call("-", (Constant(1.0), Call("-", (Constant(2.0), Constant(3.0))))))
def test_arithmetic_is_that_of_python(tree: Part) -> None:
    assert parse(written(tree)) == tree
    numbers = FRAME[["x", "n", "net price"]].astype("float64").to_dict("records")
    wanted = [computed(tree, row) for row in numbers]
    made = value_of(tree, FRAME).to_numpy(dtype=float)
    assert made == pytest.approx(
        [value if math.isfinite(value) else math.nan for value in wanted], nan_ok=True
    )


@settings(deadline=None)
@given(st.text(alphabet="x1 +-*/^()[]',<>=naotrd.\u00e9", max_size=30))
def test_any_text_gives_a_column_or_one_sentence(text: str) -> None:
    try:
        made = value_of(parse(text), FRAME)
    except RecipeError as error:
        assert str(error).endswith(".")
    else:
        assert len(made) == len(FRAME)


def test_names_of_columns_are_known() -> None:
    assert columns_of(parse("log(x) + [net price] * x")) == ("x", "net price")


def test_every_function_says_what_it_does() -> None:
    assert all(function.words for function in FUNCTIONS.values())


def test_rows_without_a_result_are_failures_and_told_with_their_numbers() -> None:
    outcome = Derive("ratio", "x / n").apply(FRAME)
    assert outcome.failures == 1
    assert outcome.examples == ((4, "x 0.0, n 0"),)
    with pytest.raises(RecipeError, match="already"):
        Derive("x", "n + 1").apply(FRAME)
