"""Totals above, between and below records, and figures at the end: asked, and left out by their lines."""

import numpy as np
import pytest

from analytics.tables import ReadOptions, TableError, read_table
from tests.tables.workbooks import sheet_xml, workbook

SUBTOTALS = "item,qty\na,1\nb,2\nSubtotal,3\nc,3\nd,4\nSubtotal,7\nTotal,10\n"


@pytest.mark.parametrize(
    ("text", "lines", "left"),
    [
        ("item,qty,price\nTotal,6,10.5\na,1,2.5\nb,2,3.5\nc,3,4.5\n", (2,), [1, 2, 3]),
        (SUBTOTALS, (4, 7, 8), [1, 2, 3, 4]),
        ("item;qty\nTotal fruit;3,5\na;1,25\nb;2,25\nTotal veg;7\nc;3\nd;4\n", (2, 5), [1.25, 2.25, 3, 4]),
        ("m\tn\nГород всего\t6\nA\t1\nB\t2\nC\t3\n", (2,), [1, 2, 3]),
        ("m,n\n合计,6\nA,1\nB,2\nC,3\n", (2,), [1, 2, 3]),
        ("m,n\nAll,6\nA,1\nB,2\nC,3\n", (2,), [1, 2, 3]),
        ("m,n\nWorld,6\nA,1\nB,2\nC,3\n", (2,), [1, 2, 3]),
        ("m,n,k\nEU27,6.5,11\nDE,1.25,5\nFR,2.25,4\nIT,3,2\n", (2,), [1.25, 2.25, 3]),
        ("m,n,k\nDeutschland,6,11\nBerlin,1,\nBremen,2,9\nHamburg,3,2\n", (2,), [1, 2, 3]),
        ("year,n\n2024,6\n2024,1\n2024,2\n2024,3\n", (2,), [1, 2, 3]),
        ("m,n\nA,1\nB,2\nC,9\nMin,1\nMax,9\n", (5, 6), [1, 2, 9]),
        ("m,n\nA,1\nB,2\nC,6\ncount,3\nmean,3\nstd,2.6457513\nmin,1\nmax,6\n", (5, 6, 7, 8, 9), [1, 2, 6]),
        ("m,n\nA,1\nB,2\nC,9\nMedian,2\n", (5,), [1, 2, 9]),
    ],
)
def test_rows_that_sum_up_are_asked(text: str, lines: tuple[int, ...], left: list[float]) -> None:
    table = read_table(text.encode())
    assert len(table.frame) == text.count("\n") - 1
    (doubt,) = [doubt for doubt in table.report.doubts if "total" in doubt.question]
    options = doubt.alternatives[0].chosen(ReadOptions())
    again = read_table(text.encode(), options=options)
    assert options.skip_rows == lines and again.frame.iloc[:, 1].tolist() == left
    assert not again.report.doubts
    assert not set(again.lines if again.lines is not None else ()) & set(lines)
    kept = read_table(text.encode(), options=doubt.taken.chosen(ReadOptions()))
    assert kept.frame.equals(table.frame) and not kept.report.doubts


@pytest.mark.parametrize(
    "text",
    [
        "Station,n\nShell,1\nTotal,5\nEsso,3\n",
        "who,n\nAnn,1\nBob,5\nMax,3\n",
        "who,n\nMax,7\nAnn,1\nBob,5\n",
        "a,b\n1,2\n3,4\n5,6\n",
        "who,n\nWorld,3\nAnn,1\nBob,2\n",
        "who,n\nWorld,0\nAnn,-1\nBob,2\nEve,-1\n",
        "who,n,k,l\nWorld,6,5,1\nAnn,1,7,1\nBob,2,7,3\nEve,3,7,2\n",
        "who,n\nWorld,7\nAnn,1\nBob,2\nEve,3\n",
    ],
)
def test_records_are_not_asked_about(text: str) -> None:
    assert not read_table(text.encode()).report.doubts


def test_a_total_on_top_of_a_sheet() -> None:
    data = workbook({"S": sheet_xml([["a", "n"], ["Total", 6], ["x", 1], ["y", 2], ["z", 3]])})
    (doubt,) = read_table(data, name="x.xlsx").report.doubts
    again = read_table(data, name="x.xlsx", options=doubt.alternatives[0].chosen(ReadOptions()))
    assert again.frame["n"].tolist() == [1, 2, 3] and again.lines is not None
    assert np.array_equal(again.lines, [3, 4, 5])


def test_lines_to_skip_are_checked() -> None:
    assert ReadOptions(skip_rows=[7, 4, 4]).skip_rows == (4, 7)  # type: ignore[arg-type]
    with pytest.raises(TableError, match="numbers of lines"):
        ReadOptions(skip_rows=(0,))
    with pytest.raises(TableError, match="have no lines"):
        read_table(b'{"a": 1}\n{"a": 2}\n', name="x.jsonl", options=ReadOptions(skip_rows=(1,)))


@pytest.mark.slow
def test_skipping_lines_above_the_quick_threshold() -> None:
    text = "a,b\n" + "".join(f"{i},{i}.5\n" for i in range(60_000))
    frame = read_table(text.encode(), options=ReadOptions(skip_rows=(3,))).frame
    assert len(frame) == 59_999 and frame["a"].iloc[1] == 2


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [("item,price\na,10\nb,1,200\nc,11\nd,9\n", "Decimals behind the comma", 1.2)],
)
def test_a_joined_number_has_its_other_mark_as_an_answer(text: str, label: str, value: float) -> None:
    (doubt,) = read_table(text.encode()).report.doubts
    other = next(each for each in doubt.alternatives if each.label == label)
    frame = read_table(text.encode(), options=other.chosen(ReadOptions())).frame
    assert frame["price"].tolist() == [10, value, 11, 9] and other.cells == (("1,200", "1.2"),)
