"""Columns of fixed width: cells with blanks in them, empty cells, numbers that stand close."""

import pytest

from analytics.tables import ReadOptions, Table, read_table


def read(text: str, options: ReadOptions | None = None) -> Table:
    return read_table(text.encode(), options=options)


BODY = (
    "John Doe   12  Rome     2001-01-02\nMary           Oslo     2003-04-05\n"
    "Bo Li       7  New York 2004-05-06\nAnn        33           2005-07-08\n"
    "Eve Adams   1  Paris    2006-09-01\nPaul        5  Bonn     2007-01-01\n"
)
NAMES = "Name      Age  City     Since\n"


@pytest.mark.parametrize(
    ("above", "line"),
    [(NAMES, 1), (f"Report of 2020\n\n{NAMES}--------- ---  -------- ----------\n", 3), ("", None)],
)
def test_empty_cells_and_blanks_in_texts_keep_their_columns(above: str, line: int | None) -> None:
    table = read(above + BODY)
    frame = table.frame
    assert table.report.header_row == line
    assert frame.iloc[:, 0].tolist() == ["John Doe", "Mary", "Bo Li", "Ann", "Eve Adams", "Paul"]
    assert frame.iloc[:, 1].isna().tolist() == [False, True, False, False, False, False]
    assert frame.iloc[:, 2].isna().tolist() == [False, False, False, True, False, False]
    assert str(frame.dtypes.iloc[3]).startswith("datetime64")
    assert "columns of fixed width" in " ".join(table.report.sentences())


def test_a_number_and_a_text_with_one_blank_between_them_in_all_lines() -> None:
    teams = ["Ohio St", "Oregon", "Alabama", "TCU", "Michigan St", "Georgia", "Florida St"]
    rows = "".join(f"{n:3d} {n * 3 % 17:3d} {n:4d} {team:15s} B{n}\n" for n, team in enumerate(teams, 1))
    frame = read(f"UCC PAY Rank Team            Conf\n{rows}").frame
    assert list(frame.columns) == ["UCC", "PAY", "Rank", "Team", "Conf"]
    assert frame["Team"].tolist() == teams


def test_dates_with_blanks_and_long_texts_at_the_end_stay_whole() -> None:
    notes = ["good day", "", "bad", "very good day", "x", "x y z"]
    rows = "".join(
        f"{day} Jan 2020  {day * 7:4d}  {note}\n" for day, note in zip(range(10, 16), notes, strict=True)
    )
    frame = read(f"Date          Val  Note\n{rows}").frame
    assert list(frame.columns) == ["Date", "Val", "Note"]
    assert frame["Note"].iloc[3] == "very good day"


def test_runs_of_blanks_can_be_asked_for() -> None:
    assert "fixed width" not in " ".join(read(NAMES + BODY, ReadOptions(delimiter="  ")).report.sentences())


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\n\nthis is a text\nof some lines\nwithout any\ntable in it,\nthough 3 men\nare here 5\n",
        "a  b\n1  2\n3  4\n5  6\n",
        "first second third\n" + "one two three\n" * 8,
    ],
)
def test_other_texts_have_no_fixed_width(text: str) -> None:
    assert "fixed width" not in " ".join(read(text).report.sentences())
