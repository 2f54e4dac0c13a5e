"""A row of words below the names: more names, or a first record that lacks a number."""

import pytest

from analytics.tables import ReadOptions, read_table
from benchmarks.both_ways import both_ways, difference


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("name,v\nalpha,low\nbeta,12\ngamma,13\ndelta,15\n", ["alpha", "low"]),
        ("id,result\nS1,neg\nS2,5.5\nS3,7.1\nS4,6.2\n", ["S1", "neg"]),
        ("id,day\nS1,later\nS2,2024-01-01\nS3,2024-01-02\nS4,2024-01-03\n", ["S1", "later"]),
        ("id,x,y\nS1,bad,bad\nS2,5.5,6\nS3,7.1,7\nS4,6.2,8\n", ["S1", "bad", "bad"]),
        ("name,code\nA,X100\nB,2000\nC,3000\nD,4000\n", ["A", "X100"]),
        (
            "site,x,y\nNorth,poor,none yet\nSouth,5.5,6\nNorth,7.1,7\nSouth,6,8\n",
            ["North", "poor", "none yet"],
        ),
    ],
)
def test_a_first_record_of_words_is_no_name(text: str, first: list[str]) -> None:
    table = read_table(text.encode())
    assert table.frame.iloc[0].astype(str).tolist() == first
    assert table.frame.columns.tolist() == text.split("\n")[0].split(",")


def test_two_full_rows_of_names_are_asked_about() -> None:
    text = b"Land,Leute,Raum\nCountry,People,Area\nAA,1,2.5\nBB,3,4.5\nCC,5,6.5\n"
    table = read_table(text)
    assert table.frame.columns.tolist() == ["Land Country", "Leute People", "Raum Area"]
    (doubt,) = table.report.doubts
    assert doubt.question == "Is line 2 a second row of names?"
    answered = read_table(text, options=doubt.alternatives[0].chosen(ReadOptions()))
    assert answered.frame.iloc[0].tolist() == ["Country", "People", "Area"]
    assert not [left for left in answered.report.doubts if left.column is None]
    assert read_table(text, options=doubt.taken.chosen(ReadOptions())).frame.equals(table.frame)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "2023,2023,2024,2024\nIst,Plan,Ist,Plan\n1.5,2,3,4\n5.5,6,7,8\n",
            ["2023 Ist", "2023 Plan", "2024 Ist", "2024 Plan"],
        ),
        (
            "name,2023,2023,2024,2024\n,Q1,Q2,Q1,Q2\nA,1,2,3,4\nB,5,6,7,8\n",
            ["name", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"],
        ),
        (
            "1,1,2,2\nmean,sd,mean,sd\n1.5,2.5,3.5,4.5\n1.6,2.6,3.6,4.6\n",
            ["1 mean", "1 sd", "2 mean", "2 sd"],
        ),
    ],
)
def test_years_and_numbers_of_groups_stand_above_names(text: str, names: list[str]) -> None:
    table = read_table(text.encode())
    assert table.frame.columns.tolist() == names
    assert len(table.frame) == 2 and not table.report.doubts


def test_equal_numbers_above_a_record_of_words_are_no_groups() -> None:
    frame = read_table(b"1,1,2,2\nx,x,y,y\n3,4,5,6\n7,8,9,9\n").frame
    assert len(frame) == 4


def test_one_word_above_numbers_is_a_record_and_asked_about() -> None:
    text = b"Name,Wert\nBezeichnung,Messwert\na,1\nb,2\nc,3\n"
    table = read_table(text)
    (doubt,) = [doubt for doubt in table.report.doubts if doubt.column is None]
    assert doubt.taken.label == "It is the first record"
    named = read_table(text, options=doubt.alternatives[0].chosen(ReadOptions()))
    assert named.frame["Wert Messwert"].tolist() == [1, 2, 3]
    quick, careful = both_ways(text)
    assert not difference(quick, careful)


def test_keys_like_those_below_leave_nothing_to_ask() -> None:
    report = read_table(b"id,result\nS1,neg\nS2,5.5\nS3,7.1\nS4,6.2\nS5,8.8\n").report
    assert not [doubt for doubt in report.doubts if doubt.column is None]


@pytest.mark.parametrize("row", ["1;2;3", "(1);(2);(3)", "1.;2.;3."])
def test_a_row_that_numbers_the_columns_is_no_record(row: str) -> None:
    table = read_table(f"region;pop;area\n{row}\nNord;100;5\nSüd;200;7\nWest;300;9\n".encode())
    assert table.frame["pop"].tolist() == [100, 200, 300]
    assert "Line 2: the line numbers the columns and is no row" in table.report.sentences()


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\n1,2,3\n4,5,6\n7,8,9\n",
        "rank,team,pts\n1,2,3\n2,A,5\n3,B,6\n",
        "a,b,c\n1,2,3\nOnce,5,6\n7,8,9\n",
    ],
)
def test_numbers_that_count_up_below_a_name_of_numbers_are_a_record(text: str) -> None:
    assert len(read_table(text.encode()).frame) == 3
