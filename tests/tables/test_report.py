"""What a report says beyond the table: doubts and their answers."""

import io

import numpy as np
import pandas as pd
import pytest

from analytics.tables import Alternative, ReadOptions, read_table
from tests.tables.workbooks import sheet_xml, workbook


def test_an_answer_changes_only_what_it_answers() -> None:
    asked = ReadOptions(encoding="utf-8", column_types={"code": "text"})
    answer = Alternative("numbers", (("column_types", (("price", "number"),)), ("decimal", ",")))
    assert answer.chosen(asked) == ReadOptions(
        encoding="utf-8", decimal=",", column_types={"code": "text", "price": "number"}
    )


@pytest.mark.parametrize(
    ("data", "name", "lines"),
    [
        (b"a,b\n1,2\n3,4\n", "t.csv", [2, 3]),
        (b"Report\n\na;b\n1;2\n\n3;4\n", "t.csv", [4, 6]),
        (b'a,b\n1,"two\nlines"\n3,x\n4,y\n', "t.csv", [2, 4, 5]),
        (b'{"a":1}\n\n{"a":2}\n', "t.jsonl", [1, 3]),
        (workbook({"S": sheet_xml([["Title"], [], ["a", "b"], [1, 2], [3, 4]])}), "t.xlsx", [4, 5]),
    ],
)
def test_a_row_knows_its_line(data: bytes, name: str, lines: list[int]) -> None:
    found = read_table(data, name=name)
    assert found.lines is not None and found.lines.tolist() == lines
    assert len(found.lines) == len(found.frame)


def test_a_parquet_file_has_no_lines() -> None:
    target = io.BytesIO()
    pd.DataFrame({"a": [1, 2]}).to_parquet(target)
    assert read_table(target.getvalue(), name="t.parquet").lines is None


@pytest.mark.parametrize("rows", [300, 60_000])
def test_lines_are_known_at_any_size(rows: int) -> None:
    data = b"a,b,c\n" + b"".join(b"%d,%d.25,word%d\n" % (i, i, i % 9) for i in range(rows))
    np.testing.assert_array_equal(read_table(data).lines, np.arange(rows) + 2)
