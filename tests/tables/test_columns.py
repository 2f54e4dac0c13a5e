import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.tables.columns import column_roles, known_numbers, number_columns
from analytics.tables.errors import TableError

N = 200
rng = np.random.default_rng(7)
SENTENCES = [f"The quick brown fox number {i} jumps over the lazy dog again and again." for i in range(N)]

CASES = {
    "price": (rng.normal(size=N), "number"),
    "quality": (rng.integers(3, 10, N), "number"),
    "population": (np.sort(rng.integers(10**3, 10**9, N)), "number"),
    "year": (np.arange(1821, 1821 + N), "number"),
    "id": (rng.permutation(N), "identifier"),
    "customerId": (rng.integers(0, 10**6, N), "identifier"),
    "row": (np.arange(1, N + 1), "identifier"),
    "hash": (np.full(N, 2**60) + rng.integers(0, 2**59, N), "identifier"),
    "group": (rng.integers(0, 4, N), "category"),
    "flagged": (np.arange(N) % 2, "category"),
    "is_new": (np.arange(N) % 2 == 0, "category"),
    "colour": (rng.choice(["red", "green"], N), "category"),
    "country": (rng.choice([f"land {i}" for i in range(40)], N), "category"),
    "levels": (pd.Categorical(rng.choice(["a", "b"], N)), "category"),
    "sku": ([f"A-{i:05d}" for i in range(N)], "identifier"),
    "comment": (SENTENCES, "text"),
    "when": (pd.date_range("2020-01-01", periods=N), "time"),
    "took": (pd.to_timedelta(np.arange(N), unit="s"), "time"),
    "same": (np.full(N, 14.62), "constant"),
    "same_word": (["x"] * N, "constant"),
    "always": ([True] * N, "constant"),
    "nothing": ([np.nan] * N, "empty"),
    "no_words": (pd.array([None] * N, dtype="str"), "empty"),
}


@pytest.mark.parametrize("name", CASES)
def test_role_of(name: str) -> None:
    values, kind = CASES[name]
    role = column_roles(pd.DataFrame({name: values}))[name]
    assert role.kind == kind, role.reason
    assert role.reason


@pytest.mark.parametrize(
    "dtype", ["int8", "uint64", "Int64", "float32", "Float64", "int64[pyarrow]", "double[pyarrow]"]
)
def test_number_in_every_flavour(dtype: str) -> None:
    column = pd.Series([5, 3, 9, 4, 3] * 10, dtype=dtype)
    frame = pd.DataFrame({"x": column})
    assert number_columns(frame) == ["x"]
    assert known_numbers(frame["x"]).tolist() == column.tolist()


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "float64", "int64[pyarrow]"])
def test_missing_values_are_left_out_of_known_numbers(dtype: str) -> None:
    values = known_numbers(pd.Series([2**60 + 1 if "nt" in dtype else 1.5, None, 3], dtype=dtype))
    assert values.tolist() == [2**60 + 1 if "nt" in dtype else 1.5, 3]


def test_arrow_dates_are_times() -> None:
    frame = pd.DataFrame({"d": pd.array([1, 2], dtype=pd.ArrowDtype(pa.date32()))})
    assert column_roles(frame)["d"].kind == "time"


def test_infinities_do_not_hide_a_number() -> None:
    assert column_roles(pd.DataFrame({"x": [np.inf, 1.0, -np.inf, np.nan]}))["x"].kind == "number"


def test_one_row_is_not_constant() -> None:
    roles = column_roles(pd.DataFrame({"x": [1.5], "y": ["a"]}))
    assert [role.kind for role in roles.values()] == ["number", "category"]


def test_no_rows_are_empty() -> None:
    assert column_roles(pd.DataFrame({"x": pd.Series([], dtype="float64")}))["x"].kind == "empty"


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(TableError, match="'a'"):
        column_roles(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_given_roles_are_used() -> None:
    frame = pd.DataFrame({"x": [1.5, 2], "y": [1.5, 3]})
    roles = column_roles(frame)
    assert number_columns(frame, {"y": roles["y"]}) == ["y"]


@pytest.mark.parametrize("order", ["falling", "rising", "shuffled"])
def test_the_order_of_rows_makes_no_identifier(order: str) -> None:
    points = np.array([88, 84, 82, 74, 71, 69, 67, 66, 62, 60, 58, 53, 51, 49, 47, 45, 39, 33, 31, 28])
    points = points if order == "falling" else points[::-1] if order == "rising" else rng.permutation(points)
    assert column_roles(pd.DataFrame({"points": points}))["points"].kind == "number"


@pytest.mark.parametrize("name", ["measured", "No"])
def test_a_counter_is_one_in_any_order(name: str) -> None:
    frame = pd.DataFrame({name: rng.permutation(np.arange(5, 45))})
    assert column_roles(frame)[name].kind == "identifier"


@pytest.mark.parametrize("dtype", ["int64", "Int64", "uint64", "float64"])
def test_whole_numbers_next_to_each_other_are_not_constant(dtype: str) -> None:
    step = 2 if dtype == "float64" else 1
    column = pd.Series([2**53, 2**53 + step, 2**53], dtype=dtype)
    assert column_roles(pd.DataFrame({"x": column}))["x"].kind != "constant"


def test_equal_rows_have_values() -> None:
    roles = column_roles(pd.DataFrame({"x": [3.5] * 50, "n": [7] * 50}))
    assert {role.kind for role in roles.values()} == {"constant"}
