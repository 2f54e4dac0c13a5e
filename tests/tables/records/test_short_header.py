"""Fewer names than cells: row names, a last column without a name, or a comma within the numbers."""

import pytest

from analytics.tables import Doubt, ReadOptions, Table, TableError, read_table


def _doubt(table: Table) -> Doubt:
    (doubt,) = (doubt for doubt in table.report.doubts if "no name" in doubt.question)
    return doubt


@pytest.mark.parametrize(
    ("text", "label", "column", "values"),
    [
        ("item,price\na,10,5\nb,12,5\nc,11,25\n", "decimal mark", "price", [10.5, 12.5, 11.25]),
        ("item,price\na,10,5\n", "decimal mark", "price", [10.5]),
        ("item,price,n\na,10,5,1\nb,12,5,2\n", "in price", "n", [1, 2]),
        ("item,price,n\na,10,5,1\nb,12,5,2\n", "in n", "n", [5.1, 5.2]),
        ("item,price\na,10,5\na,12,5\nc,11,25\n", "decimal mark", "price", [10.5, 12.5, 11.25]),
        ("item,price\na,10,5\nb,12\nc,11,25\nd,9,5\n", "decimal mark", "price", [10.5, 12, 11.25, 9.5]),
        ("item,price,cost\na,10,5,3,25\nb,12,5,4,5\nc,1,2,9,0\n", "decimal mark", "cost", [3.25, 4.5, 9]),
        ("item,price\na,1,200\nb,12,500\nc,9,750\n", "decimal mark", "price", [1.2, 12.5, 9.75]),
        ("item,price\na,1,200\nb,12,500\nc,9,750\n", "thousands", "price", [1200, 12500, 9750]),
        ("item,price\na,1,200.50\nb,999.00\nc,12,345.25\n", "thousands", "price", [1200.5, 999, 12345.25]),
        ("city,pop\nA,1,234,567\nB,345,678\nC,12,345,678\n", "thousands", "pop", [1234567, 345678, 12345678]),
        ("item,price\na,1,23,456.50\nb,2,34,567.00\n", "thousands", "price", [123456.5, 234567]),
        ("day,t\n2024-01-01,-1,5\n2024-01-02,0,5\n", "decimal mark", "t", [-1.5, 0.5]),
        ("item,price\na,10,5\nb,12,5\nc,11,25\n", "last", "price", [10, 12, 11]),
        ("item,price\na,10,5\na,12,5\nc,11,25\n", "row names", "price", [5, 5, 25]),
        ("x,y\n1,5,2,5\n2,5,3,75\n", "decimal mark", "y", [2.5, 3.75]),
        ("x,y\n1,5,2,5\n", "decimal mark", "x", [1.5]),
        ("x,y,z\n1,5,2,5,-3,5\n2,5,3,5,-4,5\n", "decimal mark", "z", [-3.5, -4.5]),
        ("Title\n\nx,y\n1,5,2,5\n2,5,3,5\n", "decimal mark", "y", [2.5, 3.5]),
        ("item;price\na;10;5\nb;12;5\nc;11;25\n", "last", "item", ["a", "b", "c"]),
    ],
)
def test_each_reading_can_be_chosen(text: str, label: str, column: str, values: list[object]) -> None:
    data = text.encode()
    chosen = next(a for a in _doubt(read_table(data)).alternatives if label in a.label)
    again = read_table(data, options=chosen.chosen(ReadOptions()))
    assert again.frame[column].tolist() == values
    assert not again.report.doubts
    line, reading = chosen.cells[0]
    assert line in text.splitlines() and f"{column} = " in reading


def test_the_reading_taken_answers_as_well() -> None:
    data = b"item,price\na,10,5\nb,12,5\nc,11,25\n"
    table = read_table(data)
    assert table.frame.columns.tolist() == ["column_1", "item", "price"]
    again = read_table(data, options=_doubt(table).taken.chosen(ReadOptions()))
    assert again.frame.equals(table.frame) and not again.report.doubts


@pytest.mark.parametrize(
    "text",
    [
        "mpg cyl\nMazda 21.0 6\nDatsun 22.8 4\nHornet 21.4 6\n",
        '"mpg"\t"cyl"\n"Mazda RX"\t21.0\t6\n"Datsun"\t22.8\t4\n',
        "mpg,cyl\n1,21.0,6\n2,22.8,4\n3,21.4,6\n",
        "a,b\n1,2,\n3,4,\n5,6,\n",
        "item,price\na,10\nb,11\nc,12\n",
    ],
)
def test_row_names_as_r_writes_them_and_delimiters_at_the_end_are_no_doubt(text: str) -> None:
    assert not read_table(text.encode()).report.doubts


def test_only_known_answers_are_taken() -> None:
    with pytest.raises(TableError, match="unnamed"):
        ReadOptions(unnamed="middle")
    with pytest.raises(TableError, match="numbers of cells from 2"):
        ReadOptions(comma_cells=(1,))


@pytest.mark.parametrize("mark", [";", "\t", "|", ","])
def test_names_are_never_parted_at_blanks_within_them(mark: str) -> None:
    """A delimiter within the last texts makes a cell more: as many as there are words between blanks."""
    names = ["Order no", "Delivered on", "What said"]
    rows = [[str(4500 + i), f"{i % 28 + 1:02}.05.2026", "box was wet", "called twice"] for i in range(40)]
    rows += [["9000", "01.05.2026", "all is well"]] * 6
    text = "\n".join(mark.join(row) for row in [names, *rows])
    assert list(read_table(text.encode()).frame.columns) == [*names, "column_4"]


def test_names_with_another_delimiter_are_still_taken() -> None:
    body = "".join(f"{i},{i + 3},{2 * i}\n" for i in range(20))
    assert list(read_table(f"a;b;c\n{body}".encode()).frame.columns) == ["a", "b", "c"]
    assert list(read_table(f"weight, kg;b;c\n{body}".encode()).frame.columns) == ["weight, kg", "b", "c"]


CUT = "name,age,town\nSmith, John,3,Rome\n{}White, Tom,6,Berlin\nBlue, Ann,6,Berlin\n"


@pytest.mark.parametrize(
    ("text", "column", "values", "lines"),
    [
        (CUT.format(""), "name", ["Smith, John", "White, Tom", "Blue, Ann"], "lines 2, 3, 4"),
        (
            CUT.format("Cher,5,Paris\n"),
            "name",
            ["Smith, John", "Cher", "White, Tom", "Blue, Ann"],
            "lines 2, 4, 5",
        ),
        ("age,town\n3,Paris, TX\n5,Rome, GA\n", "town", ["Paris, TX", "Rome, GA"], "lines 2, 3"),
        ("age,town,n\n3,Paris, TX,1\n5,Rome, GA,2\n", "n", [1, 2], "lines 2, 3"),
        ("a,b,n\nX, Y,Paris, TX,1\nU, V,Rome, GA,2\n", "b", ["Paris, TX", "Rome, GA"], "lines 2, 3"),
    ],
)
def test_a_text_that_a_comma_and_a_blank_cut_is_one_value(
    text: str, column: str, values: list[object], lines: str
) -> None:
    table = read_table(text.encode())
    (doubt,) = table.report.doubts
    assert table.frame[column].tolist() == values and lines in doubt.evidence
    again = read_table(text.encode(), options=doubt.taken.chosen(ReadOptions()))
    assert again.frame.equals(table.frame) and not again.report.doubts
    for other in doubt.alternatives:
        parted = read_table(text.encode(), options=other.chosen(ReadOptions()))
        assert parted.frame.shape[1] > table.frame.shape[1] and not parted.report.doubts


@pytest.mark.parametrize(
    "text",
    [
        "name, age, town\nSmith, 3, Rome\nBlack, 5, Paris\n",  # a blank behind each comma
        "name,age\nSmith, 3\nBlack, 5\n",
        'name,age\n"Smith, John",3\n"Black, Ann",5\n',
    ],
)
def test_blanks_behind_commas_between_values_are_no_doubt(text: str) -> None:
    table = read_table(text.encode())
    assert table.frame.shape[1] == text.splitlines()[0].count(",") + 1 and not table.report.doubts
