"""Lines of nothing but delimiters: below a table they are no rows, within it they are asked about."""

import io

import pandas as pd
import pytest

from analytics.tables import ReadOptions, read_table, write_csv
from benchmarks.both_ways import difference, where_taken
from tests.tables.workbooks import sheet_xml, workbook

ROWS = "".join(f"{n},w{n % 7},{n / 2}\n" for n in range(300))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bare", [1, 2])
def test_below_a_table_they_are_told_and_no_rows(mark: str, bare: int) -> None:
    text = ("a,b,c\n1,x,3\n4,y,6\n7,z,8\n" + ",,\n" * bare).replace(",", mark)
    table = read_table(text.encode())
    assert table.frame.a.tolist() == [1, 4, 7] and table.frame.dtypes.astype(str)["a"] == "int64"
    told = [one for one in table.report.repairs if one.kind == "bare line"]
    assert [(one.line, one.count) for one in told] == [(5, bare)]
    assert not table.report.doubts


def test_a_total_above_them_is_asked_about_and_left_out_with_them() -> None:
    table = read_table(b"n,v\nx,2\ny,5\nz,8\nTotal,15\n,\n,\n")
    (doubt,) = table.report.doubts
    assert "line 5" in doubt.question
    out = read_table(
        b"n,v\nx,2\ny,5\nz,8\nTotal,15\n,\n,\n", options=doubt.alternatives[0].chosen(ReadOptions())
    )
    assert out.frame.v.tolist() == [2, 5, 8]


@pytest.mark.parametrize("lines", [[3], [3, 4], [3, 5]])
def test_within_a_table_they_are_asked_about(lines: list[int]) -> None:
    rows = iter(["1,x,3", "4,y,6", "7,z,8"])
    text = "a,b,c\n" + "".join(
        ("," * 2 if n in lines else next(rows)) + "\n" for n in range(2, 5 + len(lines))
    )
    table = read_table(text.encode())
    (doubt,) = table.report.doubts
    assert len(table.frame) == 3 + len(lines) and all(str(line) in doubt.evidence for line in lines)
    chosen = doubt.alternatives[0].chosen(ReadOptions())
    assert chosen.skip_rows == tuple(lines)
    assert read_table(text.encode(), options=chosen).frame.a.tolist() == [1, 4, 7]
    kept = read_table(text.encode(), options=doubt.taken.chosen(ReadOptions()))
    assert not kept.report.doubts and kept.frame.equals(table.frame)


@pytest.mark.parametrize("tail", ["", ",,\n", ",,\n,,", ",, \n"])
@pytest.mark.parametrize("within", ["", ",,\n"])
def test_both_ways_read_them_alike(tail: str, within: str) -> None:
    half = len(ROWS) // 2
    cut = ROWS.index("\n", half) + 1
    readings = where_taken(("a,b,c\n" + ROWS[:cut] + within + ROWS[cut:] + tail).encode())
    assert readings is not None and not difference(*readings)
    assert len(readings[0].frame) == 300 + bool(within)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1.5, None], "b": [2.5, None]}),
        pd.DataFrame({"a": [1.5, None], "b": ["x", None]}),
        pd.DataFrame({"a": ["x", None], "b": [1.5, None]}),
        pd.DataFrame({"a": ["x", None], "b": ["y", None]}),
        pd.DataFrame({"a": pd.array([True, None], "boolean"), "b": [1.5, None]}),
    ],
)
def test_a_written_row_without_any_value_is_read_back(frame: pd.DataFrame) -> None:
    file = io.BytesIO()
    write_csv(frame, file)
    back = read_table(file.getvalue()).frame
    assert len(back) == 2 and back.iloc[1].isna().all() and back.iloc[0].tolist() == frame.iloc[0].tolist()


def test_empty_rows_of_a_sheet_are_told() -> None:
    rows: list[list[object]] = [["a", "b"], [1, 2], [None, None], [3, 4], ["", " "], [None, None]]
    table = read_table(workbook({"s": sheet_xml(rows)}))
    assert table.frame.a.tolist() == [1, 3]
    told = [one for one in table.report.repairs if one.kind == "empty row"]
    assert [(one.line, one.count) for one in told] == [(3, 1)]
