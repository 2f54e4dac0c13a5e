"""Which row names the columns where names are numbers, and where values look like words."""

import pytest

from analytics.tables import read_table
from tests.tables.workbooks import sheet_xml, workbook


@pytest.mark.parametrize(
    "text",
    [
        "Country,2019,2020,2021\nA,2500,2600,2700\nB,3500,1600,1700\n",
        ",2019,2020,2021\nA,1,2,3\nB,4,9,8\n",
        "Land;2020;2021\nA;5;6\nB;7;8\n",
        "Country,Code,1960,1970,1980\nAruba,ABW,54211,55438,56225\nAngola,AGO,5454933,5531472,5608539\n",
        "2019,2020,2021\n1,2,3\n4,5,6\n",
        "City,1,2,3,4,5,6\nA,5,3,8,1,0,2\nB,7,3,1,1,0,2\n",
    ],
)
def test_years_and_counts_name_columns(text: str) -> None:
    frame = read_table(text.encode()).frame
    first = text.split("\n")[0].replace(";", ",").split(",")
    assert [*frame.columns][1:] == first[1:] and len(frame) == 2


@pytest.mark.parametrize(
    "text", ["Oslo,2019,2020\nRome,2020,2021\nParis,2021,2022\n", "A,1,2,3\nB,4,5,6\nC,7,8,9\n"]
)
def test_records_of_years_and_counts_are_no_names(text: str) -> None:
    assert read_table(text.encode()).report.header_row is None


WANTED = ["Region", "Sales 2020", "Sales 2021", "Costs 2020", "Costs 2021"]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_years_below_the_names_of_groups(mark: str) -> None:
    text = "Region,Sales,,Costs,\n,2020,2021,2020,2021\nN,1,2,3,4\nS,5,6,7,8\n".replace(",", mark)
    frame = read_table(text.encode()).frame
    assert [*frame.columns] == WANTED and frame["Costs 2020"].tolist() == [3, 7]


def test_years_below_merged_names() -> None:
    rows = [["Region", "Sales", None, "Costs", None], [None, 2020, 2021, 2020, 2021], ["N", 1, 2, 3, 4],
            ["S", 5, 6, 7, 8]]  # fmt: skip
    sheet = sheet_xml(rows, ["B1:C1", "D1:E1"])
    frame = read_table(workbook({"S": sheet}), name="x.xlsx").frame
    assert [*frame.columns] == WANTED and len(frame) == 2


def test_a_group_reaches_over_cells_with_a_name_below() -> None:
    frame = read_table(b"Region,Sales,,Costs,\n,old,new,old,new\nN,1,2,3,4\nS,5,6,7,8\n").frame
    assert [*frame.columns] == ["Region", "Sales old", "Sales new", "Costs old", "Costs new"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1\u2009234,5", 1234.5), ("50,00-", -50.0), ("–5,5", -5.5), ("12,–", 12.0), ("12,-", 12.0), ("½", 0.5),
     ("(1.234,50)", -1234.5), ("<0,5", "<0,5"), ("~5", "~5"), ("1_234", "1_234")],
)  # fmt: skip
def test_a_first_value_in_a_rare_form_is_no_name(cell: str, value: object) -> None:
    frame = read_table(f"x;v\nA;{cell}\nB;2,5\n".encode()).frame
    assert [*frame.columns] == ["x", "v"] and frame["v"].iloc[0] == value


def test_a_first_length_below_zero_is_no_name() -> None:
    assert len(read_table(b"x;v\nA;-01:30:00\nB;02:15:00\nC;30:00:00\n").frame) == 3


@pytest.mark.parametrize(("row", "unit"), [(",%,-", "%"), (",€,", "€"), (",°C,-", "°C"), ("-,‰,–", "‰")])
def test_one_sign_above_numbers_is_a_unit(row: str, unit: str) -> None:
    table = read_table(f"name,value,n\n{row}\na,20.5,3\nb,21.5,4\n".encode())
    assert table.frame["value"].tolist() == [20.5, 21.5]
    assert table.report.column_readings[1].unit == unit


def test_lines_that_end_in_a_delimiter_but_for_one_have_no_row_names() -> None:
    frame = read_table(b"a,b\n1,2,\n3,4,\n5,6,7\n8,9,\n").frame
    assert frame["a"].tolist() == [1, 3, 5, 8] and frame["b"].tolist() == [2, 4, 6, 9]
    assert frame.iloc[:, 2].count() == 1


def test_row_names_above_a_mostly_empty_last_column() -> None:
    frame = read_table(b'"x","y","note"\n"1",5,6,\n"2",7,8,\n"3",9,10,"late"\n').frame
    assert frame["x"].tolist() == [5, 7, 9] and frame["note"].tolist()[2] == "late"


@pytest.mark.parametrize("header", ["x,<5,<10", "x,~5,~10", "id,1_000,2_000"])
def test_bounds_may_name_columns(header: str) -> None:
    assert [*read_table(f"{header}\n1,2,3\n4,5,6\n".encode()).frame.columns] == header.split(",")


@pytest.mark.parametrize("form", ["{},{}b,c\n1,2,3\n4,5,6\n", '"{}","{}b",c\n1,"2",3\n4,"x",6\n'])
def test_a_name_of_thousands_of_letters_is_cut_and_told(form: str) -> None:
    table = read_table(form.format("a" * 5000, "a" * 5000).encode())
    assert [*table.frame.columns] == ["a" * 1000, "a" * 1000 + "_2", "c"]
    told = next(repair for repair in table.report.repairs if "letters" in repair.detail)
    assert told.count == 2
    assert "the name of column 1 has 5,000 letters; its first 1,000 were kept" in told.detail
