"""Numbers as people write them, and digits that must not become numbers."""

from unittest import mock

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.tables.options import ReadOptions
from analytics.tables.typed.cells import make_cells
from analytics.tables.typed.convert import Converted, convert_columns
from analytics.tables.typed.known import Known
from analytics.tables.typed.numerals import Marks, _uniform, find_numerals


def convert(
    *, options: ReadOptions | None = None, decimal: str | None = None, **columns: list[str | None]
) -> Converted:
    arrays = [pa.array(cells, pa.string()) for cells in columns.values()]
    return convert_columns(
        list(columns), arrays, options=options or ReadOptions(), known=Known(decimal=decimal)
    )


def values(cells: list[str | None], **more: object) -> list[object]:
    column = convert(x=cells, **more).frame["x"]  # type: ignore[arg-type]
    return [None if pd.isna(value) else value for value in column.tolist()]


@pytest.mark.parametrize(
    ("cells", "expected", "dtype"),
    [
        (["1", "-2", "+3"], [1, -2, 3], "int64"),
        (["1", None, "3"], [1, None, 3], "Int64"),
        (["1.5", ".5", "2."], [1.5, 0.5, 2.0], "float64"),
        (["1.5e3", "2", "1e-7"], [1500.0, 2.0, 1e-7], "float64"),
        (["9007199254740993", "-9223372036854775808"], [9007199254740993, -(2**63)], "int64"),
        (["9007199254740993", ""], [9007199254740993, None], "Int64"),
        (["$1,234.50", "-$3.20", "7"], [1234.5, -3.2, 7.0], "float64"),
        (["2.345,67 €", "18,00 €", "k. A."], [2345.67, 18.0, None], "float64"),
        (["(1,234)", "12", "(7)"], [-1234, 12, -7], "int64"),
        (["$(5.50)", "$5", "($1)"], [-5.5, 5.0, -1.0], "float64"),
        (["1,23,456", "12,34,56,789", "999"], [123456, 123456789, 999], "int64"),
        (["45%", "3.5 %", "-1%"], [45.0, 3.5, -1.0], "float64"),
        (["1 234,5", "12\u00a0345,6", "1\u202f000"], [1234.5, 12345.6, 1000.0], "float64"),
        (["1'234.5", "1’000"], [1234.5, 1000.0], "float64"),
        (["1,234,567", "2,000"], [1234567, 2000], "int64"),
        (["1.234.567", "2.000"], [1234567, 2000], "int64"),
        (["−5", "3"], [-5, 3], "int64"),
        ([" 5 ", "6"], [5, 6], "int64"),
        (["inf", "-Infinity", "1.5"], [np.inf, -np.inf, 1.5], "float64"),
        (["EUR 5", "7 EUR"], [5, 7], "int64"),
    ],
)
def test_reads(cells: list[str | None], expected: list[object], dtype: str) -> None:
    assert values(cells) == expected
    assert convert(x=cells).frame["x"].dtype == dtype


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["007", "12"], "leading zeros"),
        (["00501", "10001"], "leading zeros"),
        (["3E8", "4E2", "5"], "codes"),
        (["18446744073709551616", "1"], "64 bits"),
        (["9007199254740993", "1.5"], "more digits"),
        (["1e400", "1.5"], "too large"),
        (["+49301234567", "+49301234568"], "leading plus"),
        (["$5", "$6", "$7", "$8", "£7"], "4 of 5 cells are numbers"),
        (["1.2.3", "1.2.4"], "Text"),
        (["12-34", "56-78"], "Text"),
        (["(1)", "(2)"], "Text"),
        (["1,2,3", "4,5,6"], "Text"),
        (["12:30", "13:45"], "Text"),
        (["192.168.0.1", "10.0.0.1"], "Text"),
        (["0x1F", "0x2A"], "Text"),
        (["1_000", "2_000"], "Text"),
    ],
)
def test_keeps_as_text(cells: list[str | None], reason: str) -> None:
    converted = convert(x=cells)
    assert values(cells) == cells
    assert reason in converted.readings[0].sentence


@pytest.mark.parametrize("name", ["zip", "Zip Code", "phone", "ISBN", "post_code"])
def test_digits_named_as_code_stay_text(name: str) -> None:
    assert convert(**{name: ["12345", "99999"]}).frame[name].tolist() == ["12345", "99999"]


def test_decimal_comma_is_decided_for_the_whole_file() -> None:
    converted = convert(weight=["3.504", "3.693"], used=["18,0", "15,0"], price=["4.099,68 €", "4.320,81 €"])
    assert (converted.decimal, converted.thousands) == (",", ".")
    assert converted.frame["weight"].tolist() == [3504, 3693]
    assert converted.frame["used"].tolist() == [18.0, 15.0]
    assert [decision.what for decision in converted.decisions] == ["decimal", "thousands"]


def test_one_polluted_cell_does_not_hide_the_decimal_comma() -> None:
    converted = convert(weight=["3.504"] * 50, price=["4.099,68"] * 49 + ["Preis"])
    assert converted.decimal == ","
    assert converted.frame["weight"].tolist() == [3504] * 50


def test_thousands_that_might_be_decimals_are_reported() -> None:
    converted = convert(x=["1,234", "5,678"])
    assert converted.frame["x"].tolist() == [1234, 5678]
    assert any(d.what == "decimal" and d.alternatives == (",",) for d in converted.decisions)
    assert values(["1,234", "5,678"], options=ReadOptions(decimal=",")) == [1.234, 5.678]


def test_commas_of_long_numbers_only_are_thousands() -> None:
    assert [d.what for d in convert(x=["1,234", "5,678", "12"]).decisions] == ["thousands"]


def test_a_column_with_its_own_decimal_mark_is_still_read() -> None:
    converted = convert(a=["1,5", "2,75"], b=["3,1", "4,2"], c=["1.25", "2.5"])
    assert converted.decimal == ","
    assert converted.frame["c"].tolist() == [1.25, 2.5]


@pytest.mark.parametrize(
    "token", ["NA", "n/a", "-", "?", "#N/A", "null", "None", "nan", ".", "k. A.", "unknown"]
)
def test_tokens_are_missing_among_numbers_only(token: str) -> None:
    assert values(["1", token, "3"]) == [1, None, 3]
    assert values(["Namibia", token, "Norway"]) == ["Namibia", token, "Norway"]
    assert token in convert(x=["a", token]).readings[0].sentence


def test_a_column_of_tokens_only_stays_as_it_is() -> None:
    assert values(["NA", "NA"]) == ["NA", "NA"]


def test_na_values_apply_everywhere() -> None:
    options = ReadOptions(na_values=("NA", "99"))
    assert values(["a", "NA"], options=options) == ["a", None]
    assert values(["1", "99"], options=options) == [1, None]


def test_few_words_among_numbers_are_missing_and_listed_with_their_lines() -> None:
    cells: list[str | None] = [str(i) for i in range(500)]
    cells[123] = "see note"
    reading = convert(x=cells).readings[0]
    assert reading.kind == "integer"
    assert reading.exceptions == ((125, "see note"),)
    assert reading.alternatives == ("text",)
    assert values(cells)[122:125] == [122, None, 124]


def test_a_cell_with_digits_keeps_the_column_text() -> None:
    cells: list[str | None] = [*map(str, range(500)), "12a"]
    reading = convert(x=cells).readings[0]
    assert reading.kind == "text"
    assert reading.exceptions == ((502, "12a"),)
    assert "500 of 501" in reading.sentence
    assert reading.alternatives == ("number",)
    assert values(cells, options=ReadOptions(column_types={"x": "number"}))[-2:] == [499, None]


def test_lines_are_those_of_the_file() -> None:
    found = convert_columns(
        ["x"],
        [pa.array(["1", "2", "3", "4", "5x"])],
        options=ReadOptions(),
        known=Known(lines=np.array([5, 6, 7, 9, 12])),
    )
    assert found.readings[0].exceptions == ((12, "5x"),)


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("text", ["1", "2"], ["1", "2"]),
        ("category", ["1", "2"], ["1", "2"]),
        ("number", ["007", "12"], [7, 12]),
        ("number", ["abc", "12"], [None, 12]),
        ("integer", ["1.0", "2.5"], [1, None]),
        ("number", ["18446744073709551616"], [18446744073709551616.0]),
        ("boolean", ["yes", "maybe"], [True, None]),
    ],
)
def test_asked_types_win(kind: str, cells: list[str | None], expected: list[object]) -> None:
    assert values(cells, options=ReadOptions(column_types={"x": kind})) == expected


def test_truths() -> None:
    assert convert(x=["true", "FALSE"]).frame["x"].tolist() == [True, False]
    assert convert(x=["true", None]).frame["x"].dtype == "boolean"
    assert "guess" in convert(x=["yes", "No", "yes"]).readings[0].sentence
    assert values(["yes", "yes"]) == ["yes", "yes"]
    assert values(["0", "1"]) == [0, 1]
    assert values(["true", "maybe"]) == ["true", "maybe"]


def test_empty_columns_and_no_rows() -> None:
    converted = convert(x=[None, ""], y=["a", "b"])
    assert converted.readings[0].kind == "empty"
    assert converted.frame["x"].isna().all()
    assert convert(x=[]).frame.shape == (0, 1)
    assert convert_columns([], [], options=ReadOptions()).frame.shape[1] == 0


def test_text_keeps_its_spaces() -> None:
    assert values(["  a", "b  ", "   "]) == ["  a", "b  ", "   "]


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=1, max_size=150))
@settings(deadline=None, max_examples=50)
def test_every_int64_comes_back(numbers: list[int | None]) -> None:
    cells = [None if number is None else str(number) for number in numbers]
    assert values(cells) == numbers or all(number is None for number in numbers)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=150))
@settings(deadline=None, max_examples=50)
@example([1000000000000000.5])
@example([1234567890123456.8, 2.5])
def test_every_float_comes_back(numbers: list[float]) -> None:
    assert values([repr(number) for number in numbers]) == numbers


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=50),
    st.sampled_from([",.", ".,", "'.", " ,"]),
)
@settings(deadline=None, max_examples=50)
def test_grouped_numbers_come_back(numbers: list[object], marks: str) -> None:
    group, point = marks
    cells = [f"{number:,.2f}".translate(str.maketrans(",.", group + point)) for number in numbers]
    read = values(cells, options=ReadOptions(decimal=point))
    assert read == [float(number) for number in numbers]  # type: ignore[arg-type]


@given(st.lists(st.text(max_size=12) | st.none(), max_size=60))
@settings(deadline=None, max_examples=50)
def test_any_text_is_read_without_error_and_row_by_row(cells: list[str | None]) -> None:
    converted = convert(x=cells)
    assert len(converted.frame) == len(cells)
    if converted.readings[0].kind == "text":
        assert values(cells) == [cell or None for cell in cells]


@pytest.mark.slow
@given(
    st.lists(
        st.sampled_from(["1", "2.5", "007", "x", "NA", None, "3,5", "1,234", "31/12/2024", "true"]),
        max_size=200,
    )
)
@settings(deadline=None, max_examples=50)
def test_few_and_many_rows_are_read_alike(cells: list[str | None]) -> None:
    """Repeating all cells changes neither type nor values: the dictionary and sample paths agree."""
    once, often = convert(x=cells), convert(x=cells * 7)
    assert once.readings[0].kind == often.readings[0].kind
    pd.testing.assert_series_equal(
        pd.concat([once.frame["x"]] * 7, ignore_index=True), often.frame["x"], check_dtype=False
    )


WRITTEN_CELLS = st.tuples(
    st.sampled_from(["", "-", "−", "+", "(", "$", "€ ", "-$", "$-", "- ", "USD "]),
    st.sampled_from(["0", "5", "007", "1,5", "1.234,5", "1,234.50", "12 000", "1'000", ",5", "5.", "1,2,3"]),
    st.sampled_from(["", "", "%", " %", " €", "e3", ")", " kr"]),
).map("".join)
ODD_CELLS = st.sampled_from(["", "NA", "-", "inf", "word", "1e5", "12"])


@pytest.mark.slow
@given(
    st.lists(WRITTEN_CELLS, min_size=1, max_size=3, unique=True),
    st.lists(ODD_CELLS, max_size=2),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_the_short_way_to_uniform_numbers_says_what_the_long_one_does(
    written: list[str], odd: list[str], many: bool
) -> None:
    column = pa.array((written * 40 if many else written) + odd, pa.large_string())
    cells = make_cells("x", column)
    short = _uniform(cells)
    with mock.patch("analytics.tables.typed.numerals._uniform", return_value=None):
        long = find_numerals(make_cells("x", column))
    if short is None or long is None:
        return
    assert short.unit == long.unit
    assert short.infinite.tolist() == long.infinite.tolist()
    for marks in (Marks(), Marks(",", "."), Marks(".", ","), Marks(",", ""), Marks(".", " ")):
        fits = short.fits(marks)
        assert fits.tolist() == long.fits(marks).tolist()
        assert short.normalised(marks, fits).equals(long.normalised(marks, fits))
