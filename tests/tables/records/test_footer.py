"""Rows below a table that are no records: totals, balances, notes over several cells."""

import pytest

from analytics.tables import ReadOptions, Table, read_table
from benchmarks.both_ways import both_ways, difference


def read(text: str, options: ReadOptions | None = None) -> Table:
    return read_table(text.encode(), options=options)


DAYS = "".join(f'2024-01-{n:02d},OP {n},L {n},"{n}.50",,D{n}\n' for n in range(1, 8))
HEAD = "Date,Operation,Label,Debit,Credit,Detail\n"

NOTED = {
    "a balance in a column of dates": (HEAD + DAYS, "Balance at start of period,,,,30000.77,\n"),
    "a total by its word, among codes": (
        "Account,Day,Ref,Units,Price\n"
        + "".join(f"AQ1,{n}/12/2001,I{n},{n}.5,3.25\n" for n in range(13, 20)),
        "Total,,,120.6,\n",
    ),
    "a total with one more empty cell": (
        "Date,Action,Symbol,What,Fees,Amount\n"
        + "".join(f"04/{n}/2023,Buy,BND,etf,,${n}.25\n" for n in range(13, 20)),
        "Transactions Total,,,,,$113.75,\n",
    ),
    "a torn note over several cells": (
        "name,first,id,day,how,paid\n"
        + "".join(f"A{n},B,{n}{n},09/10/201{n},cash,10.{n}\n" for n in range(1, 8)),
        ",,,AN,XO page,a 12 of 14\n",
    ),
    "a note with a comma": (
        "t,g,h,i,j,k,m,n\n" + "2016:0010,0.5,1,2,3,4,5,6\n" * 6,
        "\nG: Beam irradiance on the inclined plane (W/m2)\nPVGIS (c) European Union, 2001-2021\n",
    ),
    "prose below a table that was drawn with lines": (
        "+---+---+\n| k | v |\n+---+---+\n" + "| a | one |\n| b | two |\n| c | three |\n" * 3 + "+---+---+\n",
        "\nTerza (2002), “A Second Look,”\nJournal 17, 393. From the\nhttp://example.org/.\n",
    ),
    "settings below an empty line": (
        "text,n,m,k,l\n" + "red,1,2,3,4\nblue,5,6,7,8\n" * 4,
        "\nextra:,,,,\nparticipant:,7,,,\nsession:,1,,,\n",
    ),
    "a mark of the end": ("name,v\nA,1\nB,2\nC,3\n", "EOF\n"),
    "a mark of the end in words": ("name,v\nA,1\nB,2\nC,3\n", "*** End of report ***\n"),
    "words that stand alone above other notes": (
        "Name,Job,Age,Born,Died\n" + "A B,singer,69,1947-01-08,2016-01-10\n" * 9,
        "Some,,,,\n,also like to write,,,\n,,at the,bottom,\n,,,,too!\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTED)
def test_sparse_rows_at_the_end_are_left_out(name: str) -> None:
    table, below = NOTED[name]
    found = read(table + below)
    assert list(found.report.footer) == [line for line in below.split("\n") if line]
    assert found.frame.equals(read(table).frame)


@pytest.mark.parametrize("name", NOTED)
def test_files_with_such_rows_are_read_alike_either_way(name: str) -> None:
    assert not difference(*both_ways("".join(NOTED[name]).encode()))


def test_a_row_with_several_cells_is_asked_about_and_can_be_taken_in() -> None:
    text = HEAD + DAYS + "Sum of all,,,31.50,,\n"
    table = read(text)
    (doubt,) = [doubt for doubt in table.report.doubts if "line 9" in doubt.question]
    assert "'31.50' is the sum of the values above it" in doubt.evidence
    assert doubt.taken.chosen(ReadOptions()) == ReadOptions(skip_footer=1)
    assert len(read(text, doubt.taken.chosen(ReadOptions())).frame) == 7
    record = read(text, doubt.alternatives[0].chosen(ReadOptions()))
    assert record.frame["Date"].iloc[-1] == "Sum of all"
    assert not [own for own in record.report.doubts if "line 9" in own.question]


@pytest.mark.parametrize(
    "text",
    [
        "name,n,m,k\na,1,2,3\nb,4,5,6\nc,7,8,9\nd,,,\n",  # a record of which the rest is missing
        "day,n,m,k\n2024-01-01,1,2,3\n2024-01-02,1,2,3\n2024-01-03,4,5,6\n2024-01-04,,,\n",
        "city,n,m\nA,1,2\nB,3,4\nC,5,6\nTotal,9,12\n",  # as full as the records: asked about, not left out
        "who,n,m,k,l\nTotal,1,2,3,4\nTotal,5,6,7,8\nTotal,1,2,3,4\nTotal,5,,,\n",
        "a,b,c,d\n1,2,3,4\n,,x,\n,5,,\n,,y,\n",
    ],
)
def test_sparse_records_stay(text: str) -> None:
    assert not read(text).report.footer
