"""Quotes as evidence of text."""

import pandas as pd
import pyarrow as pa
import pytest

from analytics.tables import ReadOptions, read_table
from analytics.tables.typed.convert import convert_columns
from analytics.tables.typed.known import Known
from benchmarks.both_ways import both_ways, difference
from tests.tables.typed.reading import answers, chosen, convert, values


def frame_of(
    columns: dict[str, list[str | None]], quoted: list[list[bool]], header: list[bool] | None = None
) -> pd.DataFrame:
    arrays = [pa.array(cells, pa.string()) for cells in columns.values()]
    masks = [pa.array(mask) for mask in quoted]
    known = Known(quoted=masks, quoted_header=header)
    return convert_columns(list(columns), arrays, options=ReadOptions(), known=known).frame


def test_quoted_digits_beside_bare_numbers_are_text() -> None:
    frame = frame_of({"a": ["1", "2"], "b": ["1", "2"]}, [[False, False], [True, True]])
    assert frame["a"].tolist() == [1, 2]
    assert frame["b"].tolist() == ["1", "2"]


def test_a_file_quoted_throughout_says_nothing() -> None:
    frame = frame_of({"a": ["1", "2"], "b": ["x", "y"]}, [[True, True]] * 2, [True, True])
    assert frame["a"].tolist() == [1, 2]
    frame = frame_of({"a": ["1", "2"], "b": ["x", "y"]}, [[True, True]] * 2, [False, False])
    assert frame["a"].tolist() == [1, 2]


def test_one_bare_name_marks_a_file_of_text_only() -> None:
    frame = frame_of({"a": ["1", "2"], "b": ["true", "y"]}, [[True, True]] * 2, [False, True])
    assert frame["a"].tolist() == ["1", "2"]


def test_quotes_for_the_thousands_mark_are_no_evidence_below_a_bare_name() -> None:
    columns: dict[str, list[str | None]] = {"a": ["1", "2"], "b": ["1,234", "2,000"]}
    masks = [[False, False], [True, True]]
    assert frame_of(columns, masks, [False, False])["b"].tolist() == [1234, 2000]
    assert frame_of(columns, masks, [False, True])["b"].tolist() == ["1,234", "2,000"]


def test_quoted_empty_is_the_empty_text_and_bare_is_missing() -> None:
    frame = frame_of(
        {"a": ["1", "2", "3"], "b": ["", None, "x"]}, [[False] * 3, [True, False, True]], [False, True]
    )
    assert frame["b"][0] == ""
    assert pd.isna(frame["b"][1])


def test_bare_na_in_a_single_quoted_column_is_missing() -> None:
    frame = frame_of({"a": ["NA", "NA", "1"]}, [[True, False, True]], [False])
    assert frame["a"][0] == "NA"
    assert pd.isna(frame["a"][1])


def test_quoted_numbers_and_dates_are_asked() -> None:
    columns: dict[str, list[str | None]] = {
        "a": ["1", "2"], "b": ["12.5", "3"], "c": ["2024-01-05", "2024-01-06"], "d": ["x", "y"],
    }  # fmt: skip
    arrays = [pa.array(cells, pa.string()) for cells in columns.values()]
    masks = [pa.array([mask] * 2) for mask in (False, True, True, True)]
    known = Known(quoted=masks, quoted_header=[False, True, True, True])
    converted = convert_columns(list(columns), arrays, options=ReadOptions(), known=known)
    assert converted.frame["b"].tolist() == ["12.5", "3"]
    assert [(doubt.column, doubt.alternatives[0].label) for doubt in converted.doubts] == [
        ("b", "numbers"),
        ("c", "dates"),
    ]
    options = converted.doubts[0].alternatives[0].chosen(ReadOptions())
    again = convert_columns(list(columns), arrays, options=options, known=known)
    assert again.frame["b"].tolist() == [12.5, 3]
    assert [doubt.column for doubt in again.doubts] == ["c"]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,234", "12,345", "999"], ["1234", "12345", "999"]),
        (["$1,234.50", "$12", "$99"], ["1234.5", "12", "99"]),
        (["12,5 %", "3 %", "99 %"], ["12.5", "3", "99"]),
    ],
)
def test_written_numbers_in_quotes_are_asked(cells: list[str], numbers: list[str]) -> None:
    data = "\n".join(["x;v", *(f'a;"{cell}"' for cell in cells), ""]).encode()
    table = read_table(data)
    assert table.frame["v"].tolist() == cells
    (doubt,) = table.report.doubts
    assert answers(doubt) == {"numbers": numbers}
    again = read_table(data, options=doubt.alternatives[0].chosen(ReadOptions()))
    assert again.frame["v"].tolist() == list(map(float, numbers))


@pytest.mark.parametrize("cells", [["601 123 456", "601 123 457"], ["10.0.0.1", "10.0.0.2"], ["a1", "b2"]])
def test_codes_and_words_in_quotes_are_not_asked(cells: list[str]) -> None:
    data = "\n".join(["x;v", *(f'a;"{cell}"' for cell in cells), ""]).encode()
    assert not read_table(data).report.doubts


def test_a_word_for_missing_among_the_numbers_of_a_typed_source_is_no_number() -> None:
    known = Known(quoted=[pa.array([False, False, True])], typed_source=True)
    converted = convert_columns(["x"], [pa.array(["1", "2", "NA"])], options=ReadOptions(), known=known)
    assert converted.readings[0].kind == "integer"
    assert not converted.doubts


def test_true_and_false_in_quotes_among_bare_numbers_are_asked_about() -> None:
    data = b'"n","flag","word"\n1,"True","a"\n2,"False","b"\n3,"True","c"\n'
    table = read_table(data)
    (doubt,) = table.report.doubts
    assert doubt.question == "Is flag text, or true or false?"
    assert table.frame["flag"].tolist() == ["True", "False", "True"]
    (other,) = doubt.alternatives
    answered = read_table(data, options=other.chosen(ReadOptions()))
    assert answered.frame["flag"].tolist() == [True, False, True]
    assert not answered.report.doubts


def test_lengths_of_time_in_quotes_are_asked() -> None:
    table = read_table(b'{"t":"26:30:00"}\n{"t":"01:15:00"}\n', name="t.jsonl")
    (doubt,) = table.report.doubts
    assert doubt.question == "Is t text, or lengths of time?"
    asked = doubt.alternatives[0].chosen(ReadOptions())
    frame = read_table(b'{"t":"26:30:00"}\n{"t":"01:15:00"}\n', name="t.jsonl", options=asked).frame
    assert frame["t"].tolist() == [pd.Timedelta("26:30:00"), pd.Timedelta("01:15:00")]


def test_words_for_missing_in_a_typed_source_are_asked_about() -> None:
    data = b'[{"g":"NA","v":1},{"g":"b","v":2}]'
    table = read_table(data, name="t.json")
    (doubt,) = table.report.doubts
    assert doubt.question == "Do words like 'NA' in g mean missing?" and table.frame["g"][0] == "NA"
    answered = read_table(data, name="t.json", options=doubt.alternatives[0].chosen(ReadOptions()))
    assert answered.frame["g"].isna().tolist() == [True, False] and not answered.report.doubts


def test_words_in_quotes_of_a_text_are_words() -> None:
    assert not read_table(b'g,v\n"NA",1\n"b",2\n"c",3\n').report.doubts


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("日期", ["20260721", "20260722"]),
        ("时间", ["20260721"]),
        ("作成日時", ["20260721"]),
        ("date", ["20260721", None]),
        ("x", ["20260721", "20260722", "20260723"]),
    ],
)
def test_digits_stored_as_text_that_make_dates_are_asked(name: str, cells: list[str | None]) -> None:
    stored = Known(quoted=[pa.array([True] * len(cells))], typed_source=True)
    converted = convert({name: cells}, known=stored)
    assert values(converted, name) == cells
    (doubt,) = converted.doubts
    assert answers(doubt)["dates"][0] == "2026-07-21"
    assert values(chosen({name: cells}, doubt.alternatives[0]), name)[0] == pd.Timestamp("2026-07-21")


@pytest.mark.parametrize(("name", "cells"), [("Datum", ["20260799"]), ("order id", ["20260721"] * 4)])
def test_digits_that_make_no_dates_or_are_a_code_by_name_are_not_asked(
    name: str, cells: list[str | None]
) -> None:
    stored = Known(quoted=[pa.array([True] * len(cells))], typed_source=True)
    assert not convert({name: cells}, known=stored).doubts


def test_digits_kept_as_text_for_spreadsheets_are_text() -> None:
    text = b'="plz",n,="amount"\n="01067",1,="12.5"\n="80331",2,="7.25"\n,3,\n'
    table = read_table(text)
    assert table.frame["plz"].tolist()[:2] == ["01067", "80331"]
    assert pd.isna(table.frame["plz"].iloc[2])
    assert table.frame["amount"].tolist()[:2] == ["12.5", "7.25"]
    (doubt,) = table.report.doubts
    assert doubt.question == "Is amount text, or numbers?"
    asked = read_table(text, options=doubt.alternatives[0].chosen(ReadOptions()))
    assert asked.frame["amount"].tolist()[:2] == [12.5, 7.25]


def test_formulas_in_quotes_are_read_alike_either_way() -> None:
    rows = "".join(f'"=""{n:05d}""","{n}"\n' for n in range(300))
    quick, careful = both_ways(f'"code","v"\n{rows}'.encode())
    assert not difference(quick, careful)
    assert careful.frame["code"].iloc[7] == "00007"  # type: ignore[union-attr]


def test_other_formulas_stay_as_they_are() -> None:
    frame = read_table(b'a,n\n="x"&B1,1\n="01",2\n=A1,3\n').frame
    assert frame["a"].tolist() == ['="x"&B1', '="01"', "=A1"]
