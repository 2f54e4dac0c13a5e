"""What is written reads back the same, and no spreadsheet runs it."""

import datetime as dt
import decimal
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables import ReadOptions, read_table, write_csv, write_parquet
from analytics.tables.errors import TableError


def csv_of(frame: pd.DataFrame, **more: bool) -> bytes:
    target = io.BytesIO()
    write_csv(frame, target, **more)
    return target.getvalue()


GIVEN = ReadOptions(
    delimiter=",", quote='"', escape="", header=0, header_rows=1, encoding="utf-8", skip_footer=0
)


def back(frame: pd.DataFrame, options: ReadOptions | None = None, **more: bool) -> pd.DataFrame:
    return read_table(csv_of(frame, **more), name="x.csv", options=options).frame


def widened(frame: pd.DataFrame) -> pd.DataFrame:
    """The dtypes in which a text file comes back: the widest of a family; str where no cell has a value."""
    return pd.DataFrame({name: _widened(frame[name]) for name in frame})


def _widened(column: pd.Series) -> pd.Series:
    if column.isna().all():
        return pd.Series([None] * len(column), dtype="str")
    return next(widen(column) for test, widen in WIDER if test(column.dtype))


def _whole(column: pd.Series) -> pd.Series:
    if column.max() >= 2**63:
        return column.astype("str")
    return column.astype("Int64" if column.isna().any() else "int64")


def _shortest(column: pd.Series) -> pd.Series:
    return column.astype(str).where(column.notna()).astype("float64")


def _moments(column: pd.Series) -> pd.Series:
    micro = (column.dt.tz_convert("UTC") if column.dt.tz else column).dt.as_unit("us")
    return micro if micro.equals(column) or (micro == column)[column.notna()].all() else column


def _spans(column: pd.Series) -> pd.Series:
    counts = column[column.notna()].to_numpy().astype("timedelta64[ns]").astype("int64")
    return column.dt.as_unit("ns" if (counts % 1000).any() else "us")


def _spelled(column: pd.Series) -> pd.Series:
    return pd.Series([None if pd.isna(cell) else str(cell) for cell in column], dtype="str", name=column.name)


WIDER = (
    (pd.api.types.is_bool_dtype, lambda c: c.astype("boolean" if c.isna().any() else "bool")),
    (pd.api.types.is_integer_dtype, _whole),
    (lambda dtype: dtype in ("float32", "Float32"), _shortest),
    (pd.api.types.is_float_dtype, lambda c: c.astype("float64")),
    (lambda dtype: dtype == "date32[pyarrow]", lambda c: c.astype("datetime64[us]")),
    (pd.api.types.is_datetime64_any_dtype, _moments),
    (pd.api.types.is_timedelta64_dtype, _spans),
    (lambda dtype: isinstance(dtype, pd.PeriodDtype) or dtype.kind == "c", _spelled),
    (lambda _: True, lambda c: c.astype("str")),
)


CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t,;\"'")
AWKWARD = [
    "",
    "007",
    "1e5",
    "NA",
    "null",
    "true",
    "2024-01-02",
    "1,234",
    "3,5",
    "-",
    "a,b",
    'say "hi"',
    "x\ny",
    " x ",
    "=1+1",
    "'=1+1",
    "''-x",
    "-3",
    "@a",
    "+49",
    "\tx",
    "\rx",
    "x\r\ny",
    "'",
    "1 days 02:03:04",
]
TEXTS = st.text(CHARACTERS, max_size=8) | st.sampled_from(AWKWARD)
ROWS = st.shared(st.integers(1, 12), key="rows")


def column(values: st.SearchStrategy[object], dtype: str) -> st.SearchStrategy[pd.Series]:
    full = ROWS.flatmap(lambda rows: st.lists(values, min_size=rows, max_size=rows))
    return full.map(lambda cells: pd.Series(cells, dtype=dtype))


MOMENTS = st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2250, 1, 1))
SPANS = st.timedeltas(dt.timedelta(-90_000), dt.timedelta(90_000))
INTEGERS = {
    kind: st.integers(np.iinfo(kind).min, np.iinfo(kind).max)
    for kind in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
}
COLUMNS = st.one_of(
    *(column(values, kind) for kind, values in INTEGERS.items()),
    *(
        column(values | st.none(), kind.replace("i", "I", 1).replace("uI", "UI"))
        for kind, values in INTEGERS.items()
    ),
    column(st.floats(allow_nan=True), "float64"),
    column(st.floats(allow_nan=False) | st.none(), "Float64"),
    column(st.floats(width=32, allow_nan=False, allow_infinity=False), "float32"),
    column(st.floats(width=32, allow_nan=False, allow_infinity=False) | st.none(), "Float32"),
    column(st.floats(width=16, allow_nan=False, allow_infinity=False), "float16"),
    column(st.integers(-5, 5) | st.none(), "double[pyarrow]"),
    column(st.complex_numbers(allow_nan=False, allow_infinity=False), "complex128"),
    column(st.booleans(), "bool"),
    column(st.booleans() | st.none(), "boolean"),
    column(TEXTS | st.none(), "str"),
    column(TEXTS | st.none(), "string"),
    column(TEXTS | st.none(), "string[pyarrow]"),
    column(TEXTS | st.none(), "object"),
    column(TEXTS | st.none(), "category"),
    column(MOMENTS | st.none(), "datetime64[us]"),
    column(MOMENTS | st.none(), "datetime64[ns]"),
    column(st.dates(dt.date(1, 1, 1)) | st.none(), "datetime64[s]"),
    column(st.dates(dt.date(1, 1, 1)) | st.none(), "date32[pyarrow]"),
    column(MOMENTS | st.none(), "datetime64[us, UTC]"),
    column(SPANS | st.none(), "timedelta64[s]"),
    column(SPANS | st.none(), "timedelta64[us]"),
    column(st.integers(-(2**62), 2**62) | st.none(), "timedelta64[ns]"),
    column(st.dates().map(str) | st.none(), "period[D]"),
)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    columns = draw(st.lists(COLUMNS, min_size=1, max_size=5))
    return pd.DataFrame({f"column {i}": values for i, values in enumerate(columns)})


@pytest.mark.slow
@given(frames(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_csv_reads_back_the_same(frame: pd.DataFrame, formula_safe: bool) -> None:
    read = back(frame, GIVEN, formula_safe=formula_safe)
    pd.testing.assert_frame_equal(
        read, widened(frame), check_column_type=False, check_index_type=False, check_dtype=True
    )


@pytest.mark.slow
@given(frames())
@settings(max_examples=40, deadline=None)
def test_parquet_reads_back_the_same(frame: pd.DataFrame) -> None:
    target = io.BytesIO()
    write_parquet(frame, target)
    read = read_table(target.getvalue()).frame
    for name in frame:
        pd.testing.assert_series_equal(
            read[name], as_stored(frame[name]), check_dtype=False, check_categorical=False
        )


def as_stored(values: pd.Series) -> pd.Series:
    """The dtypes in which Parquet gives a column back."""
    if values.dtype == object:
        return values.astype("str")
    if isinstance(values.dtype, pd.PeriodDtype) or values.dtype.kind == "c":
        return _spelled(values)
    if values.dtype in ("Float32", "Float64", "double[pyarrow]"):
        return values.astype("float64")
    if values.dtype == "date32[pyarrow]":
        return values.astype("datetime64[us]")
    return values.dt.as_unit("ms") if values.dtype == "datetime64[s]" else values


@given(st.lists(TEXTS, min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_a_single_text_column_reads_back(cells: list[str]) -> None:
    frame = pd.DataFrame({"only": pd.array(cells, dtype="str")})
    assert back(frame, GIVEN)["only"].tolist() == cells


def test_a_frame_of_all_kinds_reads_back_untold() -> None:
    frame = pd.DataFrame(
        {
            "whole": range(6),
            "gaps": pd.array([1, None, 2**62 + 1, 4, 5, None], dtype="Int64"),
            "real": [1.0, 2.5, np.nan, 1e300, -0.0, np.inf],
            "truth": [True, False, True, True, False, True],
            "maybe": pd.array([True, None, False, True, None, True], dtype="boolean"),
            "word": pd.array(["007", "NA", None, "", "3,5", 'say "hi",\nok'], dtype="str"),
            "digits": pd.array(["1", "2", "3", "4", "5", "6"], dtype="str"),
            "day": pd.date_range("2024-01-29", periods=6),
            "moment": pd.date_range("2024-01-29 10:00:00.5", periods=6, freq="h"),
            "zoned": pd.date_range("2024-01-29", periods=6, tz="UTC", freq="h"),
        }
    )
    pd.testing.assert_frame_equal(back(frame), widened(frame), check_column_type=False)
    texts = frame[["word", "digits"]]
    pd.testing.assert_frame_equal(back(texts), texts, check_column_type=False)
    pd.testing.assert_frame_equal(back(frame[["digits"]]), frame[["digits"]], check_column_type=False)


def test_text_is_quoted_and_numbers_are_bare() -> None:
    frame = pd.DataFrame({"n": [1, 2], "f": [1.0, np.nan], "zip": ["007", None], "b": [True, False]})
    assert csv_of(frame) == b'n,f,"zip",b\n1,1.0,"007",true\n2,,,false\n'


def test_formulas_are_defused_and_counted() -> None:
    frame = pd.DataFrame(
        {"=name": ["=1+1", "@x", "+49", "-3", "\tx", "\rx", "safe", "a=b", None], "n": range(-9, 0)}
    )
    target = io.BytesIO()
    written = write_csv(frame, target)
    assert written.defused == 7
    assert "7 text cells" in written.sentence()
    lines = target.getvalue().decode().split("\n")
    assert lines[0] == '"\'=name",n'
    assert lines[1] == '"\'=1+1",-9'
    assert '"safe",-3' in lines
    assert csv_of(frame, formula_safe=False).startswith(b'"=name",n\n"=1+1",-9')


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([dt.date(2024, 1, 2), None], b"2024-01-02"),
        ([decimal.Decimal("1.10"), None], b"1.10"),
        (pd.period_range("2024-01", periods=2, freq="M"), b'"2024-01"'),
        (pd.to_timedelta(["1h", "2h"]), b"0 days 01:00:00"),
        ([1, "a"], b'"1"'),
        ([[1, 2], None], b'"[1, 2]"'),
        ([1 + 2j, 0], b'"(1+2j)"'),
        (
            pd.to_datetime(["2024-01-02 03:04:05.5", "2024-01-02"], format="ISO8601"),
            b"2024-01-02 03:04:05.500",
        ),
        (np.array([0.1, 3], "float32"), b"0.1"),
        ([1e300, 1], b"1e+300"),
    ],
)
def test_other_values(values: object, expected: bytes) -> None:
    lines = csv_of(pd.DataFrame({"x": values, "n": [1, 2]})).split(b"\n")
    assert lines[1] == expected + b",1"


def test_named_zones_keep_the_instant() -> None:
    times = pd.date_range("2024-03-30 22:00", periods=4, freq="12h", tz="Europe/Paris")
    assert back(pd.DataFrame({"t": times}), GIVEN)["t"].tolist() == times.tz_convert("UTC").tolist()


def test_no_rows_write_the_header() -> None:
    assert (
        csv_of(pd.DataFrame({"a": pd.Series([], dtype="float64"), "b": pd.Series([], dtype="str")}))
        == b'a,"b"\n'
    )


def test_bad_frames_are_refused() -> None:
    with pytest.raises(TableError, match="no columns"):
        write_csv(pd.DataFrame(), io.BytesIO())
    with pytest.raises(TableError, match="'a'"):
        write_csv(pd.DataFrame([[1, 2]], columns=["a", "a"]), io.BytesIO())
    with pytest.raises(TableError, match="'1'"):
        write_parquet(pd.DataFrame([[1, 2]], columns=[1, "1"]), io.BytesIO())
    with pytest.raises(TableError, match="'x'"):
        write_csv(pd.DataFrame({"x": pd.Series(["\ud800"], dtype=object)}), io.BytesIO())
    with pytest.raises(TableError, match="cannot be written"):
        write_csv(pd.DataFrame({"x": [1]}), "/no/such/folder/x.csv")


def test_paths_and_many_rows(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"i": np.arange(70_000), "s": pd.array([f"t{i}" for i in range(70_000)], dtype="str")}
    )
    write_csv(frame, tmp_path / "x.csv")
    write_parquet(frame, tmp_path / "x.parquet")
    for name in ("x.csv", "x.parquet"):
        pd.testing.assert_frame_equal(read_table(tmp_path / name).frame, frame, check_column_type=False)


def test_defused_cells_and_names_come_back_untold() -> None:
    frame = pd.DataFrame({"=n": ["=1+1", "'=1+1", "''-x", "plain"], "s": [1, -2, 3, -4]})
    table = read_table(csv_of(frame))
    pd.testing.assert_frame_equal(table.frame, frame, check_column_type=False)
    said = [decision for decision in table.report.decisions if decision.what == "defused"]
    assert [decision.sentence for decision in said] == [
        "The apostrophe in front of 4 texts that start like a formula was taken off."
    ]
    kept = read_table(csv_of(frame), options=ReadOptions(defused=False)).frame
    assert kept["'=n"].tolist() == ["'=1+1", "''=1+1", "'''-x", "plain"]


@pytest.mark.slow
def test_defused_cells_of_a_large_file_come_back() -> None:
    frame = pd.DataFrame({"n": range(100_000), "s": [f"-{i}x" if i % 9 else None for i in range(100_000)]})
    table = read_table(csv_of(frame))
    pd.testing.assert_frame_equal(table.frame, frame, check_column_type=False)


@pytest.mark.parametrize(
    "text",
    [
        'n,"s"\n1,"\'=x"\n2,"y"\n',
        'n,"s"\n1,"\'=x"\n2,"=y"',
        'n,s\n1,"\'=x"\n2,"y"',
        '"n","s"\n"1","\'=x"\n"2","y"',
        '"n","s"\n1,"\'=x"\n2,"y"',
        "n,s\n1,'=x\n2,y",
        'n;"s"\n1;"\'=x"\n2;"y"',
        "n,s,'=z\n1,'=x,2\n2,y,3",
    ],
    ids=[
        "line end",
        "live formula",
        "bare name",
        "all quoted",
        "names quoted",
        "no quotes",
        "semicolon",
        "name",
    ],
)
def test_apostrophes_of_other_writers_stay(text: str) -> None:
    assert read_table(text.encode()).frame["s"][0] == "'=x"
    told = read_table(text.encode(), options=ReadOptions(defused=True)).frame
    assert told["s"][0] == "=x"


def test_a_column_without_values_reads_back_without_values() -> None:
    for dtype in ("float64", "str", "datetime64[us]", "timedelta64[us]", "Int64"):
        lone = pd.DataFrame({"x": pd.Series([None, None, None], dtype=dtype)})
        assert back(lone)["x"].isna().tolist() == [True] * 3
        beside = pd.DataFrame({"s": ["007", "1", "=2"], "x": lone["x"], "y": lone["x"]})
        pd.testing.assert_frame_equal(back(beside), widened(beside), check_column_type=False)


def test_lengths_of_time_come_back_untold() -> None:
    spans = pd.to_timedelta(["1 days 02:03:04", "-00:00:01.5", None, "0 days", "400 days 00:00:00.000001"])
    table = read_table(csv_of(pd.DataFrame({"t": spans, "n": range(5)})))
    assert table.frame["t"].dtype == "timedelta64[us]"
    assert table.frame["t"].tolist() == spans.tolist()
    written = csv_of(pd.DataFrame({"t": spans})).decode().split("\n")
    assert written[1:4] == ["1 days 02:03:04.000000", "-1 days +23:59:58.500000", "NA"]
    assert list(pd.to_timedelta([written[1], written[2]])) == list(spans[:2])


@pytest.mark.parametrize("cell", ["1 days 25:00:00", "1 day ago", "999999999999 days 00:00:00.5", "days"])
def test_what_is_no_length_of_time_stays_text(cell: str) -> None:
    frame = read_table(f"t,n\n1 days 02:03:04,1\n{cell},2\n".encode()).frame
    assert frame["t"].tolist() == ["1 days 02:03:04", cell]


def test_very_long_times_are_counted_in_seconds() -> None:
    spans = pd.Series(np.array([1, -(2**55), 2**55], "timedelta64[s]"))
    assert back(pd.DataFrame({"t": spans, "n": range(3)}))["t"].tolist() == spans.tolist()


@pytest.mark.parametrize("first", [[None, None], [1, None]])
@pytest.mark.parametrize("second", [[None, None], [2, None]])
def test_a_row_of_nothing_at_the_end_reads_back(first: list[int | None], second: list[int | None]) -> None:
    frame = pd.DataFrame({"a": pd.array(first, "Int64"), "b": pd.array(second, "Int64")})
    written = io.BytesIO()
    write_csv(frame, written)
    pd.testing.assert_frame_equal(
        read_table(written.getvalue()).frame.isna(), frame.isna(), check_index_type=False
    )
