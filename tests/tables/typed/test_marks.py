"""Points and commas between thousands or before decimals: what the file proves, and what is asked."""

import pytest

from analytics.tables import ReadOptions
from tests.tables.typed.reading import answers, chosen, convert, read, values


@pytest.mark.parametrize("unit", ["", " €", " EUR"])
@pytest.mark.parametrize(("mark", "other"), [(".", ","), (",", ".")])
def test_one_rule_serves_points_and_commas(mark: str, other: str, unit: str) -> None:
    cells: list[str | None] = [f"1{mark}200{unit}", f"999{unit}", f"45{mark}100{unit}"]
    assert values(read(cells, name="Einwohner"), "Einwohner") == [1200, 999, 45100]
    assert read(cells, options=ReadOptions(decimal=mark)).frame["x"].tolist() == [1.2, 999, 45.1]
    assert not read(cells, options=ReadOptions(decimal=other)).doubts


def test_points_between_thousands_are_a_doubt_with_both_readings() -> None:
    cells: list[str | None] = ["1.200", "999", "45.100"]
    (doubt,) = read(cells).doubts
    assert doubt.taken.cells == (("1.200", "1200"), ("45.100", "45100"))
    assert answers(doubt) == {"a point stands before decimals": ["1.2", "45.1"]}
    assert "line 2: 1.200, line 4: 45.100" in doubt.evidence
    again = chosen({"x": cells}, doubt.alternatives[0])
    assert values(again) == [1.2, 999, 45.1]
    assert not again.doubts


@pytest.mark.parametrize("cells", [["1.234", "5.678"], ["1,234", "5,678"]])
def test_numbers_with_three_digits_behind_each_mark_are_a_doubt(cells: list[str | None]) -> None:
    (doubt,) = read(cells).doubts
    assert [made for _, made in doubt.taken.cells] != answers(doubt)[doubt.alternatives[0].label]


def test_decimals_elsewhere_decide_and_leave_a_doubt_where_the_column_speaks_against_them() -> None:
    columns: dict[str, list[str | None]] = {"a": ["0.5", "2.25", "1.5"], "b": ["1.200", "999", "45.100"]}
    converted = convert(columns)
    assert values(converted, "b") == [1.2, 999, 45.1]
    (doubt,) = converted.doubts
    assert doubt.column == "b"
    again = chosen(columns, doubt.alternatives[0])
    assert values(again, "b") == [1200, 999, 45100]
    assert values(again, "a") == [0.5, 2.25, 1.5]
    assert not again.doubts


def test_number_commas_elsewhere_prove_that_points_set_thousands_apart() -> None:
    converted = convert({"a": ["0,5", "2,25", "1,5"], "b": ["1.200", "999", "45.100"]})
    assert values(converted, "b") == [1200, 999, 45100]
    assert not converted.doubts


@pytest.mark.parametrize(
    "cells", [["1.2", "1.200"], ["0.123", "1.200"], ["1.200", "12345", "999"], ["1.5", "999"]]
)
def test_what_can_only_be_decimals_is_no_doubt(cells: list[str | None]) -> None:
    converted = read(cells)
    assert converted.frame["x"].tolist() == [float(str(cell)) for cell in cells]
    assert not [
        doubt for doubt in converted.doubts if "999" in str(doubt.taken) and "thousands" in doubt.taken.label
    ]


def test_a_column_may_be_asked_for_with_its_own_mark() -> None:
    options = ReadOptions(column_types={"b": "number:,"})
    converted = convert({"a": ["1.5", "2"], "b": ["1.200", "7,5"]}, options=options)
    assert values(converted, "a") == [1.5, 2]
    assert values(converted, "b") == [1200, 7.5]


def test_both_decimal_marks_in_one_column_are_said_and_asked() -> None:
    converted = read(["0,5", "1.5", "2.25"])
    assert values(converted) == ["0,5", "1.5", "2.25"]
    assert "a decimal point and with a decimal comma" in converted.readings[0].sentence
    (doubt,) = converted.doubts
    assert [made for _, made in doubt.alternatives[0].cells] == ["missing", "1.5", "2.25"]


def test_columns_with_the_same_marks_ask_once() -> None:
    columns: dict[str, list[str | None]] = {name: ["1.200", "999", "45.100"] for name in ("a", "b", "{}")}
    (doubt,) = convert(columns).doubts
    assert "a point in a, b, {} set" in doubt.question
    assert doubt.column is None
    assert [values(chosen(columns, doubt.alternatives[0]), name) for name in columns] == [
        [1.2, 999, 45.1]
    ] * 3
