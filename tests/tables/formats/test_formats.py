"""Parquet, workbooks and JSON lines through ``read_table``."""

import contextlib
import datetime as dt
import decimal
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables import ReadOptions, TableError, list_sheets, read_table
from tests.tables.workbooks import DATE, PERCENT, open_document, sheet_xml, workbook


def parquet(table: pa.Table, **more: object) -> bytes:
    target = io.BytesIO()
    pq.write_table(table, target, **more)
    return target.getvalue()


def cells(frame: pd.DataFrame, name: str) -> list[object]:
    return [None if pd.isna(value) else value for value in frame[name]]


def test_parquet_types() -> None:
    table = pa.table(
        {
            "big": pa.array([1, None, 2**62 + 1]),
            "bytes": [b"abc", b"\xff", None],
            "cat": pa.array(["x", "y", "x"]).dictionary_encode(),
            "date": [dt.date(2024, 1, 2), None, dt.date(1, 1, 1)],
            "exact": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("2.00")], pa.decimal128(38, 2)),
            "list": [[1, 2], None, []],
            "nothing": pa.nulls(3),
            "price": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("2.00")]),
            "struct": [{"a": 1}, {"a": None}, None],
            "time": [dt.time(1, 2, 3), None, dt.time(4)],
            "truth": [True, None, False],
        }
    )
    read = read_table(parquet(table))
    frame = read.frame
    assert cells(frame, "big") == [1, None, 2**62 + 1]
    assert cells(frame, "bytes") == ["616263", "ff", None]
    assert frame["cat"].dtype == "category"
    assert cells(frame, "date") == [pd.Timestamp("2024-01-02"), None, pd.Timestamp("0001-01-01")]
    assert cells(frame, "exact") == [1.1, None, 2.0]
    assert cells(frame, "list") == ["[1, 2]", None, "[]"]
    assert cells(frame, "price") == [1.1, None, 2.0]
    assert cells(frame, "struct") == ['{"a": 1}', '{"a": null}', None]
    assert cells(frame, "truth") == [True, None, False]
    kinds = {reading.name: reading.kind for reading in read.report.column_readings}
    assert (kinds["nothing"], kinds["list"], kinds["big"]) == ("empty", "text", "integer")
    assert (read.report.format, read.report.rows, read.report.columns) == ("parquet", 3, 11)


def test_parquet_with_two_columns_of_one_name() -> None:
    table = pa.table([pa.array(["x", "y"] * 50), pa.array(["z", "w"] * 50)], names=["a", "a"])
    frame = read_table(parquet(table)).frame
    assert frame.columns.tolist() == ["a", "a_2"]
    assert frame.iloc[1].tolist() == ["y", "w"]


def test_parquet_types_can_be_asked_for() -> None:
    data = parquet(pa.table({"n": [1, 2], "s": ["007", "x"], "t": ["1", "2"]}))
    frame = read_table(data, options=ReadOptions(column_types={"n": "text", "s": "number"})).frame
    assert cells(frame, "n") == ["1", "2"]
    assert cells(frame, "s") == [7, None]
    assert cells(frame, "t") == ["1", "2"]


@pytest.mark.slow
def test_parquet_of_one_repeated_long_text_is_refused_before_it_expands() -> None:
    data = parquet(pa.table({"s": ["x" * 10_000] * 5_000}), store_schema=False)
    assert len(data) < 10_000
    with pytest.raises(TableError, match="expands beyond"):
        read_table(data, options=ReadOptions(max_expanded_bytes=10**7))
    assert len(read_table(data).frame) == 5_000


def test_parquet_limits() -> None:
    data = parquet(pa.table({"a": np.arange(100), "b": np.arange(100)}))
    with pytest.raises(TableError, match="100 rows; the limit is 99"):
        read_table(data, options=ReadOptions(max_rows=99))
    with pytest.raises(TableError, match="2 columns; the limit is 1"):
        read_table(data, options=ReadOptions(max_columns=1))


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:60], lambda d: d[:-4] + b"XXXX", lambda d: d[:20] + b"\xff" * 30 + d[50:]]
)
def test_damaged_parquet_is_one_sentence(spoil: object) -> None:
    data = parquet(pa.table({"a": ["abc"] * 50}))
    with pytest.raises(TableError, match="damaged"):
        read_table(spoil(data))  # type: ignore[operator]


WINE = [["Wine list 2024"], [], ["name", "price", "strength", "bought", "organic", "code"],
        ["Rioja", 12.5, (0.135, PERCENT), (45292, DATE), True, "007"],
        ["Chablis", 18, (0.12, PERCENT), (45293.5, DATE), False, "012"],
        ["Barolo", None, "#N/A", None, True, None]]  # fmt: skip


def test_workbook_with_a_title() -> None:
    read = read_table(workbook({"Wines": sheet_xml(WINE)}))
    frame = read.frame
    assert frame.columns.tolist() == ["name", "price", "strength", "bought", "organic", "code"]
    assert cells(frame, "price") == [12.5, 18, None]
    assert cells(frame, "strength") == [0.135, 0.12, None]
    assert cells(frame, "bought") == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02 12:00"), None]
    assert frame["organic"].dtype == bool
    assert cells(frame, "code") == ["007", "012", None]
    assert read.report.header_row == 3
    assert read.report.preamble == ("Wine list 2024",)


def test_text_cells_stay_text_and_mixed_columns_name_their_rows() -> None:
    rows = [["digits", "mixed"], *([str(i), i] for i in range(1, 10)), ["10", "ten"]]
    read = read_table(workbook({"s": sheet_xml(rows)}))
    assert cells(read.frame, "digits") == [str(i) for i in range(1, 11)]
    assert cells(read.frame, "mixed") == [*map(str, range(1, 10)), "ten"]
    assert read.report.column_readings[1].exceptions == ((11, "ten"),)


def test_merged_header_cells_name_all_their_columns() -> None:
    rows = [["name", "size", None], [None, "width", "height"], ["a", 1, 2], ["b", 3, 4], ["c", 5, 6]]
    frame = read_table(workbook({"s": sheet_xml(rows, ["B1:C1", "A1:A2"])})).frame
    assert frame.columns.tolist() == ["name", "size width", "size height"]
    assert frame["size height"].tolist() == [2, 4, 6]


def test_sheets_are_listed_and_chosen() -> None:
    numbers = {name: sheet_xml([["x"], [i], [i + 1]]) for i, name in enumerate(["first", "second", "secret"])}
    data = workbook({"empty": sheet_xml([]), **numbers}, hidden=("secret",))
    assert list_sheets(data) == ["empty", "first", "second"]
    assert list_sheets(io.BytesIO(data)) == ["empty", "first", "second"]
    read = read_table(data)
    assert read.frame["x"].tolist() == [0, 1]
    assert read.report.decisions[0].value == "first"
    assert "second" in read.report.decisions[0].alternatives
    assert read_table(data, options=ReadOptions(sheet="second")).frame["x"].tolist() == [1, 2]
    assert read_table(data, options=ReadOptions(sheet=2)).frame["x"].tolist() == [1, 2]
    with pytest.raises(TableError, match="no sheet 'third'; choose one of 'empty', 'first', 'second'"):
        read_table(data, options=ReadOptions(sheet="third"))
    with pytest.raises(TableError, match="no cell"):
        read_table(data, options=ReadOptions(sheet="empty"))


def test_a_cover_is_passed_over_for_a_table_behind_it_and_that_is_told() -> None:
    cover, numbers = sheet_xml([["About this file"], ["Made by us"]]), sheet_xml([["x"], [1], [2]])
    read = read_table(workbook({"Notes": cover, "Data": numbers}))
    assert read.frame["x"].tolist() == [1, 2]
    assert "The sheet 'Data' was read, one of 2; 'Notes' before it has no table." in read.report.sentences()
    asked = read_table(workbook({"Notes": cover, "Data": numbers}), options=ReadOptions(sheet="Notes"))
    assert asked.frame.columns.tolist() == ["About this file"]
    assert read_table(workbook({"a": cover, "b": cover})).report.decisions[0].value == "a"
    long = sheet_xml([["said"], *([f"text {i}"] for i in range(40))])
    assert len(read_table(workbook({"Texts": long, "Data": numbers})).frame) == 40


def test_two_cells_far_apart_do_not_fill_the_memory() -> None:
    far = sheet_xml([["a"]]).replace("</row>", '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(TableError, match="1,048,576 rows and 16,384 columns"):
        read_table(workbook({"s": far}))


CUT = "damaged or cut short: copy or download it again"


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_workbook_that_is_cut_short_is_called_a_workbook(name: str) -> None:
    data = workbook({"one": sheet_xml(WINE)})
    for part in (data[: len(data) // 2], data[:-30]):
        with pytest.raises(TableError, match=f"The workbook is {CUT}"):
            read_table(part, name=name)


def test_damaged_workbook_is_one_sentence() -> None:
    data = workbook({"s": sheet_xml(WINE)})
    with pytest.raises(TableError):
        read_table(data[:-40], name="x.xlsx")
    for sheet in ("<worksheet><sheetData><row><c r=</row>", "<worksheet><sheetData><row>"):
        with pytest.raises(TableError, match="damaged"):
            read_table(workbook({"s": sheet}))


def test_an_open_document_that_is_cut_short_does_not_hang() -> None:
    with zipfile.ZipFile(io.BytesIO(open_document([["name", "n"], ["a", 1]]))) as whole:
        content = whole.read("content.xml").replace(b"</table:table-row>", b"<able:table-row>", 1)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as spoilt:
            for name in whole.namelist():
                spoilt.writestr(name, content if name == "content.xml" else whole.read(name))
    with pytest.raises(TableError, match="damaged"):
        read_table(target.getvalue(), name="x.ods")
    with pytest.raises(TableError, match="damaged"):
        list_sheets(target.getvalue())


def test_open_document() -> None:
    data = open_document([["name", "n"], ["a", 1], ["b", 2.5]])
    assert list_sheets(data) == ["Data"]
    frame = read_table(data, name="x.ods").frame
    assert frame["n"].tolist() == [1, 2.5]


def test_no_sheets_in_other_files(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert list_sheets(tmp_path / "x.csv") == []


def test_json_lines_with_missing_keys_nested_values_and_bad_lines() -> None:
    lines = [
        '{"id": 1, "code": "007", "when": "2024-01-02T03:04:05Z"}',
        '{"id": 9007199254740993, "tags": ["a", {"b": 1}], "code": ""}',
        "not json",
        "",
        "[1, 2]",
        '{"id": null, "x": 1.5, "code": "5", "ok": true}',
    ]
    read = read_table("\n".join(lines).encode(), name="x.jsonl")
    frame = read.frame
    assert cells(frame, "id") == [1, 9007199254740993, None]
    assert cells(frame, "code") == ["007", "", "5"]
    assert cells(frame, "when") == [pd.Timestamp("2024-01-02T03:04:05Z"), None, None]
    assert cells(frame, "tags") == [None, '["a", {"b": 1}]', None]
    assert cells(frame, "ok") == [None, None, True]
    assert [(repair.kind, repair.line) for repair in read.report.repairs] == [
        ("bad JSON", 3),
        ("bad JSON", 5),
    ]


def test_json_lines_of_nothing_but_noise() -> None:
    with pytest.raises(TableError, match="JSON object"):
        read_table(b"1\n2\n", name="x.jsonl")


def test_strings_in_json_are_not_numbers() -> None:
    frame = read_table(b'{"a":"1","b":1}\n{"a":"2","b":2.5}\n', name="x.jsonl").frame
    assert cells(frame, "a") == ["1", "2"]
    assert cells(frame, "b") == [1.0, 2.5]


VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5)
RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, min_size=1), min_size=1, max_size=8
)


@pytest.mark.slow
@given(RECORDS)
@settings(deadline=None, max_examples=40)
def test_any_json_objects_keep_their_rows_and_strings(records: list[dict[str, object]]) -> None:
    data = "\n".join(json.dumps(record) for record in records).encode()
    frame = read_table(data, name="x.jsonl").frame
    assert len(frame) == len(records)
    for name in frame:
        given_values = [record.get(name) for record in records]
        if all(isinstance(value, int) and not isinstance(value, bool) for value in given_values):
            assert frame[name].tolist() == given_values
        if all(isinstance(value, str) for value in given_values) and frame[name].dtype == "str":
            assert frame[name].tolist() == given_values


@pytest.mark.slow
@given(
    st.binary(min_size=1, max_size=8),
    st.integers(0, 10_000),
    st.sampled_from(["parquet", "xlsx", "ods", "jsonl"]),
)
@settings(deadline=None, max_examples=400)
def test_damage_anywhere_gives_a_table_or_one_sentence(noise: bytes, place: int, kind: str) -> None:
    data = {
        "parquet": parquet(pa.table({"a": ["abc", None] * 50, "l": [[1], [2]] * 50})),
        "xlsx": workbook({"s": sheet_xml(WINE)}),
        "ods": open_document([["n", "m"], ["a", 1], ["b", 2]]),
        "jsonl": b'{"a":1,"b":"x"}\n{"a":2.5,"c":[1,{"z":null}]}\n',
    }[kind]
    place %= len(data)
    with contextlib.suppress(TableError):
        read_table(data[:place] + noise + data[place + len(noise) :], name=f"x.{kind}")
