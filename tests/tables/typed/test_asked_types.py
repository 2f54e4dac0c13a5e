"""Every type that can be asked for is really made; what does not fit is missing, counted and listed."""

import pandas as pd
import pytest

from analytics.tables import ReadOptions, read_again
from analytics.tables.options import COLUMN_TYPES
from tests.tables.typed.reading import read, values

CELLS: list[str | None] = ["1", "word", None, "2024-01-05", "ja", "2.5"]


@pytest.mark.parametrize(
    ("kind", "expected", "misfits"),
    [
        ("text", ["1", "word", None, "2024-01-05", "ja", "2.5"], []),
        ("category", ["1", "word", None, "2024-01-05", "ja", "2.5"], []),
        ("number", [1, None, None, None, None, 2.5], [3, 5, 6]),
        ("integer", [1, None, None, None, None, None], [3, 5, 6, 7]),
        ("boolean", [True, None, None, None, True, None], [3, 5, 7]),
        ("date", [None, None, None, pd.Timestamp("2024-01-05"), None, None], [2, 3, 6, 7]),
        ("time", [None, None, None, pd.Timestamp("2024-01-05"), None, None], [2, 3, 6, 7]),
        ("duration", [None] * 6, [2, 3, 5, 6, 7]),
    ],
)
def test_one_column_as_every_type(kind: str, expected: list[object], misfits: list[int]) -> None:
    converted = read(CELLS, options=ReadOptions(column_types={"x": kind}))
    assert values(converted) == expected
    assert [line for line, _ in converted.readings[0].exceptions] == misfits
    dtypes = {"category": "category", "number": "float64", "integer": "Int64", "boolean": "boolean"}
    if kind in dtypes:
        assert converted.frame["x"].dtype == dtypes[kind]


def test_no_type_is_left_out() -> None:
    tried = ("text", "category", "number", "integer", "boolean", "date", "time", "duration")
    assert set(tried) == set(COLUMN_TYPES)


@pytest.mark.parametrize(
    ("word", "truth"), [("oui", True), ("Nein", False), ("WAHR", True), ("t", True), ("0", False)]
)
def test_truth_values_of_other_languages_count_where_asked(word: str, truth: bool) -> None:
    assert values(read([word], options=ReadOptions(column_types={"x": "boolean"}))) == [truth]
    assert read([word, "red"]).readings[0].kind == "text"


def test_categories_keep_the_order_in_which_they_come() -> None:
    column = read(["b", "a", "", "b"], options=ReadOptions(column_types={"x": "category"})).frame["x"]
    assert column.cat.categories.tolist() == ["b", "a"]
    assert column.cat.codes.tolist() == [0, 1, -1, 0]


@pytest.mark.parametrize("name", [0, ("a", "b"), None, float("nan"), "x"])
def test_a_column_whose_name_is_no_text_is_read_again(name: object) -> None:
    column = pd.Series(["1", "2.5"], dtype="str", name=name)
    again = read_again(column, ReadOptions(column_types={str(name): "number"}))
    assert again.tolist() == [1, 2.5] and again.name is name
    assert read_again(column, ReadOptions(as_text=True)).tolist() == ["1", "2.5"]
