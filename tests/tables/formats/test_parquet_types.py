"""Types of Parquet columns that lost digits, zones or the process: what they become, and what is said."""

import datetime as dt
import io
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.tables import ReadOptions, Table, TableError, read_table


def read(values: pa.Array, **options: int) -> Table:
    target = io.BytesIO()
    pq.write_table(pa.table({"a": values}), target)
    return read_table(target.getvalue(), options=ReadOptions(**options))  # type: ignore[arg-type]


def cells(table: Table) -> list[object]:
    return [None if pd.isna(value) else value for value in table.frame["a"]]


def said(table: Table) -> str:
    return table.report.column_readings[0].sentence


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        (pa.decimal128(38, 0), ["1", "123"], [1, 123]),
        (pa.decimal128(38, 0), ["999999999999999999"], [999999999999999999]),
        (pa.decimal128(18, 2), ["1.10", "2.00"], [1.1, 2.0]),
        (pa.decimal128(38, 10), ["0.000001", "100"], [0.000001, 100.0]),
        (pa.decimal256(60, 5), ["1.5", "2.25"], [1.5, 2.25]),
        (pa.decimal128(38, 18), ["123456.789", "-0.1"], [123456.789, -0.1]),
    ],
)
def test_decimals_that_fit_are_numbers(kind: pa.DataType, given: list[str], wanted: list[object]) -> None:
    table = read(pa.array([*map(Decimal, given), None], kind))
    assert cells(table) == [*wanted, None]
    assert table.report.column_readings[0].kind in ("integer", "number")


@pytest.mark.parametrize(
    ("kind", "text"),
    [(pa.decimal128(38, 0), "100000000000000000001"), (pa.decimal128(38, 9), "1234567890.123456789")],
)
def test_longer_decimals_are_exact_text_with_the_reason(kind: pa.DataType, text: str) -> None:
    table = read(pa.array([Decimal(text), None], kind))
    assert cells(table) == [text, None]
    assert "15 digits" in said(table)
    assert text in said(table)


def test_zones_keep_the_wall_time_and_are_named() -> None:
    noon = dt.datetime(2024, 7, 1, 12)
    for zone, hours in (("Europe/Rome", 14), ("+02:00", 14), ("UTC", 12)):
        table = read(pa.array([noon, None], pa.timestamp("us", zone)))
        assert table.frame["a"][0].hour == hours
        assert zone in said(table)


@pytest.mark.parametrize("zone", ["+25:00", "Mars/Base"])
def test_a_zone_that_nobody_knows_is_told(zone: str) -> None:
    table = read(pa.array([0, None], pa.timestamp("us", zone)))
    assert str(table.frame["a"][0]) == "1970-01-01 00:00:00+00:00"
    assert zone in said(table)
    assert "not known" in said(table)
    nested = read(pa.array([[0], None], pa.list_(pa.timestamp("us", zone))))
    assert cells(nested) == ["[0]", None]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_of_every_unit(unit: str) -> None:
    table = read(pa.array([dt.datetime(2024, 1, 2, 3, 4, 5), None], pa.timestamp(unit)))
    assert cells(table) == [pd.Timestamp("2024-01-02 03:04:05"), None]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (pa.array([2**31 - 1, None], pa.int32()).cast(pa.date32()), "5881580-07-11 00:00:00"),
        (pa.array([2**62, None], pa.timestamp("us")), "148108-07-06 14:00:27.387904"),
        (pa.array([[2**62], None], pa.list_(pa.timestamp("us"))), f"[{2**62}]"),
        (pa.array(np.array([1.5, 2], np.float16)), "1.5"),
        (pa.array([dt.time(1, 2, 3), None], pa.time32("ms")), "01:02:03"),
        (pa.array([dt.time(1, 2, 3, 5), None]), "01:02:03.000005"),
        (pa.array([b"0123456789abcdef"], pa.uuid()), "30313233-3435-3637-3839-616263646566"),
        (pa.array([{"b": b"\xff", "d": Decimal("1.10")}]), '{"b": "ff", "d": "1.10"}'),
        (pa.array([2**63 + 5, None], pa.uint64()), str(2**63 + 5)),
        (pa.array([dt.timedelta(hours=26.5), None]), "1 days 02:30:00"),
        (pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array([7, 8])), "7"),
    ],
)
def test_rare_types(values: pa.Array, wanted: str) -> None:
    frame = read(values).frame
    assert str(frame["a"][0]) == wanted
    frame.to_csv().encode("utf-8")


def test_half_floats_become_numbers_that_pages_can_use() -> None:
    assert read(pa.array(np.array([1.5, 2], np.float16))).frame["a"].dtype == "float64"


def test_a_number_that_is_none_is_told_from_a_missing_value() -> None:
    (repair,) = read(pa.array([float("nan"), None, None, 1.0])).report.repairs
    assert (repair.kind, repair.count) == ("not a number", 1)
    assert "(2)" in repair.detail


def test_a_file_without_columns_is_refused() -> None:
    target = io.BytesIO()
    pq.write_table(pa.table({}), target)
    with pytest.raises(TableError, match="no column"):
        read_table(target.getvalue())


@pytest.mark.parametrize(
    "values",
    [
        pa.array(["x" * 10_000] * 5_000, pa.large_string()),
        pa.array([list(range(10)) * 100_000]),
        pa.array(np.zeros(2_000_000)),
    ],
    ids=["one long text", "one long list", "one number"],
)
def test_what_is_small_only_in_the_file_is_refused_by_what_it_becomes(values: pa.Array) -> None:
    with pytest.raises(TableError, match="expands"):
        read(values, max_expanded_bytes=10_000_000)


def test_texts_of_parquet_that_say_more_are_asked_about() -> None:
    frame = pd.DataFrame(
        {
            "n": ["12.5", "13", "14"],
            "d": ["2024-01-01", "2024-01-02", None],
            "o": ["01/02/2024", "02/03/2024", "03/04/2024"],
            "w": ["NA", "b", "c"],
            "t": ["some words", "more words", "2 words"],
        }
    )
    target = io.BytesIO()
    frame.to_parquet(target)
    table = read_table(target.getvalue(), name="t.parquet")
    assert table.frame.astype(object).where(table.frame.notna(), None).equals(frame.astype(object))
    asked = {doubt.column: doubt for doubt in table.report.doubts}
    assert list(asked) == ["n", "d", "o", "w"]
    assert all("line" not in doubt.evidence and "row 1: " in doubt.evidence for doubt in asked.values())
    options = ReadOptions()
    for doubt in asked.values():
        options = doubt.alternatives[0].chosen(options)
    again = read_table(target.getvalue(), name="t.parquet", options=options)
    assert again.frame["n"].tolist() == [12.5, 13, 14]
    assert again.frame["d"].iloc[1] == pd.Timestamp("2024-01-02")
    assert again.frame["w"].isna().tolist() == [True, False, False]
    assert [doubt.question for doubt in again.report.doubts] == [
        "Which comes first in the dates of o, the day or the month?"
    ]


def test_row_names_that_pandas_keeps_as_a_range_are_a_column_where_they_have_a_name() -> None:
    frame = pd.DataFrame({"v": [1.5, 2.5, 3.5]}, index=pd.RangeIndex(10, 16, 2, name="id"))
    target = io.BytesIO()
    frame.to_parquet(target)
    assert read_table(target.getvalue()).frame.to_dict("list") == {"id": [10, 12, 14], "v": [1.5, 2.5, 3.5]}
    plain = io.BytesIO()
    frame.rename_axis(None).to_parquet(plain)
    assert read_table(plain.getvalue()).frame.columns.tolist() == ["v"]
