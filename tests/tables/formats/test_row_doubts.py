"""Rows that may be totals, and numbers put together from two cells: asked with what each answer gives."""

import pandas as pd
import pytest

from analytics.tables import Doubt, ReadOptions, Table, read_table
from analytics.tables.quick import lane
from tests.tables.workbooks import sheet_xml, workbook


def read(text: str, options: ReadOptions | None = None) -> Table:
    return read_table(text.encode(), options=options)


def totals(table: Table) -> list[Doubt]:
    return [doubt for doubt in table.report.doubts if "total" in doubt.question]


def joined(table: Table) -> list[Doubt]:
    return [doubt for doubt in table.report.doubts if "one value" in doubt.question]


TOTALS = {
    "German": ("Ort;n;EUR\nA;3;1.200,50\nB;4;253.423,22\nC;5;0,00\nSumme;;254.623,72\n", 1),
    "every column": ("Ort;n;EUR\nA;3;1.200,50\nB;4;253.423,22\nC;5;10,00\nGesamt;12;254.633,72\n", 1),
    "English": ("shop,sum\nA,1.25\nB,2.5\nC,4.5\nTotal,8.25\n", 1),
    "no word": ("shop,sum\nA,1.25\nB,2.5\nC,4.5\n,8.25\n", 1),
    "Finnish": ("kauppa,arvo\nA,125\nB,25\nC,45\nYhteensä,195\n", 1),
    "means": (
        "day,x,y\n2024-01-01,1.5,10\n2024-01-02,2.5,20\n2024-01-03,4.5,31\nMittelwert,2.833,20.33\n",
        1,
    ),
    "sum and mean": ("k,x,y\na,1.5,10\nb,2.5,20\nc,4.5,31\nSum,8.5,61\nAverage,2.8333,20.33\n", 2),
    "one mean, by its word": ("k,x\na,1.5\nb,2.25\nc,4.5\nd,2.75\nAverage,2.75\n", 1),
    "a Finnish mean": ("k;x\na;1,5\nb;2,25\nc;4,5\nd;2,75\nKeskiarvo;2,75\n", 1),
    "a note below": ("k,x\na,1.5\nb,2.25\nc,3.5\nGrand total,7.25\n\nSource: a survey\n", 1),
}


@pytest.mark.parametrize("name", TOTALS)
def test_a_total_is_told_by_what_it_equals_and_can_be_left_out(name: str) -> None:
    text, count = TOTALS[name]
    table = read(text)
    (doubt,) = totals(table)
    assert "the sum of" in doubt.evidence or "the mean of" in doubt.evidence
    (leave_out,) = doubt.alternatives
    kept = read(text, doubt.taken.chosen(ReadOptions()))
    without = read(text, leave_out.chosen(ReadOptions()))
    pd.testing.assert_frame_equal(kept.frame, table.frame)
    assert len(without.frame) == len(table.frame) - count
    assert without.report.footer[-1:] == table.report.footer[-1:] or not table.report.footer
    assert not totals(kept)
    assert not totals(without)


def test_totals_of_sheets_are_asked_about_too() -> None:
    rows: list[list[object]] = [["shop", "n"], ["A", 3], ["B", 5], ["C", 9], ["Total", 17]]
    data = workbook({"S": sheet_xml(rows)})
    (doubt,) = totals(read_table(data, name="t.xlsx"))
    assert "line 5" in doubt.question
    answered = doubt.alternatives[0].chosen(ReadOptions())
    assert read_table(data, name="t.xlsx", options=answered).frame["n"].tolist() == [3, 5, 9]


def test_the_line_of_a_total_is_named() -> None:
    (doubt,) = totals(read("a table\n\nshop,sum\nA,1.25\nB,2.5\nC,4.5\nTotal,8.25\n"))
    assert "line 7" in doubt.question


@pytest.mark.parametrize(
    "text",
    [
        "k,x\na,1\nb,2\nc,3\nd,2\n",
        "k,x\na,5\nb,5\nc,5\nd,5\n",
        "k,x\na,0\nb,0\nc,0\nd,0\n",
        "a,b\n1,2\n2,3\n3,5\n4,8\n",
        "k,x\na,1\nb,2\nc,3\n",
        "k,x\nTotal,9\na,1\nb,2\nc,4\nTotal,9\n",
        "k,x\na,1\nb,2\nc,4\nTotal Recall,9\n",
        "k,x\na,1\nb,2\nc,4\nSummary of all,9\n",
        "k,x\na,1.5\nb,2.25\nc,4.5\nd,2.75\nAverage Joe,2.75\n",
        "event,name\n0,a\n1,b\n2,a\n3,c\n",
        "half,turn\n0.5,-0.5\n-0.5,0.5\n0.5,-0.5\n-0.5,0.5\n0.5,0.5\n0.5,0.5\n",
    ],
)
def test_chance_and_names_of_more_than_a_total_are_no_total(text: str) -> None:
    assert not totals(read(text))


@pytest.mark.parametrize("rows", [1, 4, 300])
@pytest.mark.parametrize("word", ["Total", "Grand total:", "Gesamtsumme", "Total (EUR)", "Razem", "合计"])
@pytest.mark.parametrize("smallest", [1, 1 << 40])
def test_a_last_row_that_says_total_is_asked_though_it_is_no_sum(
    rows: int, word: str, smallest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "SMALLEST", smallest)
    text = "item,price\n" + "".join(f"i{i},{i + 2}\n" for i in range(rows)) + f"{word},7\n"
    table = read(text)
    assert table.frame["price"].iloc[-1] == 7
    (doubt,) = totals(table)
    assert f"add up to {sum(range(2, rows + 2))}." in doubt.evidence
    assert len(read(text, doubt.alternatives[0].chosen(ReadOptions())).frame) == rows
    assert not totals(read(text, doubt.taken.chosen(ReadOptions())))


def test_a_last_row_that_says_mean_is_asked_though_it_is_none() -> None:
    (doubt,) = totals(read("k,x\na,1.5\nb,2.25\nc,4.5\nd,2.75\nAverage,2.5\n"))
    assert "have the mean 2.75." in doubt.evidence


def test_above_a_megabyte() -> None:
    lines = [f"{n},{n % 97 + 0.25},w{n % 9}" for n in range(90_000)]
    total = sum(n % 97 + 0.25 for n in range(90_000))
    data = "n,x,word\n" + "\n".join(lines) + f"\n,{total},\n"
    assert len(data) > lane.SMALLEST
    (doubt,) = totals(read(data))
    assert "line 90,002" in doubt.question


JOINED = {
    "a decimal comma": ("item,price\na,10\nb,12,5\nc,11\nd,9\n", 12.5),
    "two numbers": ("n,m\n1,2\n3,4,5\n6,7\n8,9\n", 4.5),
    "thousands": ("item,price\na,1000\nb,1,200\nc,1100\nd,900\n", 1200),
}


@pytest.mark.parametrize("name", JOINED)
def test_parts_of_a_number_are_joined_with_their_mark_and_asked_about(name: str) -> None:
    text, value = JOINED[name]
    table = read(text)
    column = table.frame.columns[1]
    assert table.frame[column].iloc[1] == value
    (doubt,) = joined(table)
    assert "line 3" in doubt.evidence
    assert doubt.column == column
    taken = read(text, doubt.taken.chosen(ReadOptions()))
    pd.testing.assert_frame_equal(taken.frame, table.frame)
    missing = read(text, doubt.alternatives[0].chosen(ReadOptions()))
    assert missing.frame[column].isna().tolist() == [False, True, False, False]
    assert not joined(taken)
    assert not joined(missing)


@pytest.mark.parametrize("mark", [";", "|", "\t"])
def test_no_number_is_made_of_two_without_a_mark(mark: str) -> None:
    rows = "".join(f"x{n}{mark}{100 + n}\n" for n in range(20))
    table = read(f"item{mark}price\n{rows}".replace(f"x7{mark}107", f"x7{mark}12{mark}5"))
    assert "125" not in set(table.frame["price"].astype(str))


@pytest.mark.parametrize("rows", [5, 30, 600])
@pytest.mark.parametrize(
    ("names", "form", "line", "cells"),
    [
        ("item,price", "{word},{n}", "plums,12,5", ["plums", 12.5]),
        ("item,kind,price", "{word},food,{n}", "tea,food,12,5", ["tea", "food", 12.5]),
        ("price,item,n", "{n},{word},{n}", "12,5,tea,30", [12.5, "tea", 30]),
    ],
)
def test_parts_of_a_number_stay_together_however_many_rows_there_are(
    rows: int, names: str, form: str, line: str, cells: list[object]
) -> None:
    words = ["bread", "milk", "oats", "tea", "rice", "salt", "plums"]
    body = "".join(form.format(word=words[i % 7], n=7 * i % 500 + 1) + "\n" for i in range(rows))
    table = read(f"{names}\n{body}{line}\n{body}")
    assert table.frame.iloc[rows].tolist() == cells
    assert [doubt.question for doubt in joined(table)] == ["Is '12,5' one value of price?"]


@pytest.mark.parametrize("smallest", [1, 1 << 40])
@pytest.mark.parametrize("rows", [5, 600])
def test_a_word_joined_with_what_may_be_half_a_number_is_asked(
    rows: int, smallest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "SMALLEST", smallest)
    body = "".join(f"it{i},{7 * i % 500 + 1}\n" for i in range(rows))
    table = read(f"item,price\n{body}zz,12,5\n{body}")
    assert table.frame.iloc[rows].tolist() == ["zz,12", 5]
    assert [doubt.question for doubt in joined(table)] == ["Is 'zz,12' one value of item?"]


@pytest.mark.parametrize("rows", [5, 300])
def test_a_number_stays_with_the_words_of_an_address(rows: int) -> None:
    body = "".join(f"n{i},milk street {i},{10_000 + i}\n" for i in range(rows))
    table = read(f"name,street,zip_\n{body}tea,oak street,12,12345\n{body}")
    assert table.frame.iloc[rows].tolist()[:2] == ["tea", "oak street,12"]
    assert [doubt.question for doubt in joined(table)] == ["Is 'oak street,12' one value of street?"]


def test_a_comma_and_a_blank_in_a_text_are_no_question() -> None:
    body = "".join(f"oats and milk,{i}\n" for i in range(30))
    table = read(f"item,n\n{body}oats, milk,30\n{body}")
    assert table.frame.iloc[30].tolist() == ["oats, milk", 30]
    assert not table.report.doubts
