"""One name above values that hold a mark: the mark parts no cells, and that is asked."""

import pytest

from analytics.tables import ReadOptions, read_table


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("v\n1,5\n2,5\n3,25\n", [1.5, 2.5, 3.25]),
        ("T(°C)\n-1,5\n2,5\n", [-1.5, 2.5]),
        ("pop\n1,234,567\n2,345,678\n", [1234567, 2345678]),
        ("amount\n1,234.50\n999\n12,345\n", [1234.5, 999, 12345]),
        ("v\n1,5\n2\n3,25\n", [1.5, 2, 3.25]),
        ("name\nSmith, John\nDoe, Jane\n", ["Smith, John", "Doe, Jane"]),
        ("keywords\nred; green\nblue; black\n", ["red; green", "blue; black"]),
        ("odds\n1:2\n3:4\n", ["1:2", "3:4"]),
    ],
)
def test_one_column_and_a_doubt(text: str, values: list[object]) -> None:
    table = read_table(text.encode())
    assert table.frame.iloc[:, 0].tolist() == values and table.report.delimiter == ""
    doubt = next(doubt for doubt in table.report.doubts if "part cells" in doubt.question)
    again = read_table(text.encode(), options=doubt.alternatives[0].chosen(ReadOptions()))
    assert again.frame.shape[1] > 1 and not any("part cells" in d.question for d in again.report.doubts)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Sales\nname,v\nx,1\ny,2\n", ["name", "v"]),
        ("a\nx,y\nz,w\nu,v\n", ["x", "y"]),
        ("a,b\n1,5\n2,5\n", ["a", "b"]),
    ],
)
def test_cells_stay_apart(text: str, columns: list[str]) -> None:
    assert [*read_table(text.encode()).frame.columns] == columns
