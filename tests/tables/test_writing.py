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


def back(frame: pd.DataFrame, options: ReadOptions | None = None) -> pd.DataFrame:
    return read_table(csv_of(frame, formula_safe=False), name="x.csv", options=options or ReadOptions()).frame


def widened(frame: pd.DataFrame) -> pd.DataFrame:
    """The dtypes in which a text file comes back: the widest of each family."""
    return pd.DataFrame({name: _widened(frame[name]) for name in frame})


def _widened(column: pd.Series) -> pd.Series:
    dtype = column.dtype
    if pd.api.types.is_bool_dtype(dtype):
        return column.astype("boolean" if column.isna().any() else "bool")
    if pd.api.types.is_integer_dtype(dtype):
        return column.astype("Int64" if column.isna().any() else "int64")
    if pd.api.types.is_float_dtype(dtype):
        if dtype == "float32":
            return column.astype(str).where(column.notna()).astype("float64")
        return column.astype("float64")
    if pd.api.types.is_datetime64_any_dtype(dtype):
        micro = (column.dt.tz_convert("UTC") if column.dt.tz else column).dt.as_unit("us")
        return micro if micro.equals(column) or (micro == column)[column.notna()].all() else column
    return column.astype("str")


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
]
TEXTS = st.text(CHARACTERS, max_size=8) | st.sampled_from(AWKWARD)
ROWS = st.shared(st.integers(1, 12), key="rows")


def column(values: st.SearchStrategy[object], dtype: str) -> st.SearchStrategy[pd.Series]:
    full = ROWS.flatmap(lambda rows: st.lists(values, min_size=rows, max_size=rows))
    some = full.filter(lambda cells: any(cell is not None and cell == cell for cell in cells))
    return some.map(lambda cells: pd.Series(cells, dtype=dtype))


MOMENTS = st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2250, 1, 1))
COLUMNS = st.one_of(
    column(st.integers(-(2**63), 2**63 - 1), "int64"),
    column(st.integers(-(2**63), 2**63 - 1) | st.none(), "Int64"),
    column(st.integers(0, 255), "uint8"),
    column(st.floats(allow_nan=True), "float64"),
    column(st.floats(allow_nan=False) | st.none(), "Float64"),
    column(st.floats(width=32, allow_nan=False, allow_infinity=False), "float32"),
    column(st.integers(-5, 5) | st.none(), "double[pyarrow]"),
    column(st.booleans(), "bool"),
    column(st.booleans() | st.none(), "boolean"),
    column(TEXTS | st.none(), "str"),
    column(TEXTS | st.none(), "object"),
    column(TEXTS | st.none(), "category"),
    column(MOMENTS | st.none(), "datetime64[us]"),
    column(MOMENTS | st.none(), "datetime64[ns]"),
    column(st.dates(dt.date(1, 1, 1)) | st.none(), "datetime64[s]"),
    column(MOMENTS | st.none(), "datetime64[us, UTC]"),
)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    columns = draw(st.lists(COLUMNS, min_size=1, max_size=5))
    return pd.DataFrame({f"column {i}": values for i, values in enumerate(columns)})


@given(frames())
@settings(max_examples=50, deadline=None)
def test_csv_reads_back_the_same(frame: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        back(frame, GIVEN), widened(frame), check_column_type=False, check_index_type=False, check_dtype=True
    )


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
    if values.dtype in ("Float64", "double[pyarrow]"):
        return values.astype("float64")
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
        (pd.to_timedelta(["1h", "2h"]), b'"0 days 01:00:00"'),
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
