"""Lines that end in a delimiter: the values stay under their names, and the empty last column is told."""

import pytest

from analytics.tables import Table, read_table
from analytics.tables.quick import lane


def left_out(table: Table) -> list[tuple[int | None, int]]:
    return [(r.line, r.count) for r in table.report.repairs if r.kind == "trailing delimiter"]


TRAILING = {
    "comma": ("a,b\n1,2,\n3,4,\n5,6,\n", 2),
    "semicolon": ("a;b\n1;2;\n3;4;\n5;6;\n", 2),
    "tab": ("a\tb\n1\t2\t\n3\t4\t\n5\t6\t\n", 2),
    "bar": ("a|b\n1|2|\n3|4|\n5|6|\n", 2),
    "the header too": ("a,b,\n1,2,\n3,4,\n5,6,\n", 1),
    "two of them": ("a,b\n1,2,,\n3,4,,\n5,6,,\n", 2),
    "a blank behind": ("a;b\n1;2; \n3;4; \n5;6; \n", 2),
    "quoted": ('"a","b"\n"1","2",\n"3","4",\n"5","6",\n', 2),
    "below a title": ("What was measured\n\na,b\n1,2,\n3,4,\n5,6,\n", 4),
    "CRLF": ("a,b\r\n1,2,\r\n3,4,\r\n5,6,\r\n", 2),
    "no line end at the end": ("a,b\n1,2,\n3,4,\n5,6,", 2),
}


@pytest.mark.parametrize("name", TRAILING)
def test_values_stay_under_their_names(name: str) -> None:
    text, line = TRAILING[name]
    table = read_table(text.encode())
    assert table.frame.to_dict("list") == {"a": [1, 3, 5], "b": [2, 4, 6]}
    (found,) = left_out(table)
    assert found[0] == line


@pytest.mark.parametrize(
    "text",
    [
        ";a;b\n;1;2\n;3;\n",
        "|a|b|\n|1|2|\n|3||\n",
        "|a|b|\n|:--|--:|\n|1|2|\n|3||\n",
        "+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n| 3 |   |\n+---+---+\n",
        ",a,b\n,1,2\n,3\n",
    ],
)
def test_lines_that_begin_with_a_delimiter(text: str) -> None:
    table = read_table(text.encode())
    assert list(table.frame.columns) == ["a", "b"] and table.frame["a"].tolist() == [1, 3]
    assert any(repair.kind == "leading delimiter" for repair in table.report.repairs)


@pytest.mark.parametrize("text", [",a,b\nx,1,2\n,3,4\n", "k,a,b\n,1,2\n,3,4\n", '"",a,b\n,1,2\n,3,4\n'])
def test_a_first_column_with_a_name_or_a_value_stays(text: str) -> None:
    assert read_table(text.encode()).frame.shape == (2, 3)


def test_one_column_behind_which_a_delimiter_stands() -> None:
    assert read_table(b"a\n1,\n2,\n3,\n").frame.to_dict("list") == {"a": [1, 2, 3]}


def test_without_a_header() -> None:
    table = read_table(b"1,2,\n3,4,\n5,6,\n")
    assert table.frame.to_dict("list") == {"column_1": [1, 3, 5], "column_2": [2, 4, 6]}
    assert left_out(table) == [(1, 3)]


@pytest.mark.parametrize(
    "text",
    ["a,b,c\n1,2,\n3,4,\n5,6,\n", 'a,b,""\n1,2,\n3,4,\n', "a,b,\n1,2,\n3,4,9\n", 'a,b,\n1,2,""\n3,4,""\n'],
)
def test_a_name_or_a_value_makes_a_column(text: str) -> None:
    table = read_table(text.encode())
    assert table.frame.shape[1] == 3
    assert left_out(table) == []


def test_row_names_stand_where_the_last_column_has_values() -> None:
    table = read_table(b"mpg,cyl\nMazda,21,6\nHornet,22,8\nDuster,14,\n")
    assert list(table.frame.columns) == ["column_1", "mpg", "cyl"]


@pytest.mark.slow
@pytest.mark.parametrize("header", ["n;x", "n;x;"])
def test_above_a_megabyte(header: str) -> None:
    body = "".join(f"{n};{n / 8};\n" for n in range(80_000))
    data = f"{header}\n{body}".encode()
    assert len(data) > lane.SMALLEST
    table = read_table(data)
    assert list(table.frame.columns) == ["n", "x"]
    assert table.frame["n"].tolist() == list(range(80_000))
    assert table.frame["x"].iloc[-1] == 79_999 / 8
    assert left_out(table) == [(2, 80_000)] if header == "n;x" else [(1, 80_001)]
