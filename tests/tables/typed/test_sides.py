"""Amounts with the side of an account behind them."""

from __future__ import annotations

import pytest

from analytics.tables import ReadOptions, read_table
from tests.tables.typed.reading import read, values


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1500.00 DR", "3000.00 CR", "0.00", "(5.00) CR"], [-1500, 3000, 0, -5]),
        (["100.00Cr", "50.00Dr", "25.00Cr."], [100, -50, 25]),
        (["100,00 H", "1.050,00 S", "20,00 S"], [100, -1050, -20]),
        (["7,00 EUR CR", "5,50 EUR DR"], [7, -5.5]),
        (["12C", "12D", "14C"], ["12C", "12D", "14C"]),
        (["1.5 Cr", "3 Cr"], [15_000_000, 30_000_000]),
        (["1.20M", "850.00K"], [1_200_000, 850_000]),
        (["12.50K", "3.00D"], [12.5, -3]),
        (["See 5 Credit", "See 7 debit"], ["See 5 Credit", "See 7 debit"]),
    ],
)
def test_words_for_credit_and_debit_are_signs_where_all_say_one(
    cells: list[str], expected: list[object]
) -> None:
    assert values(read([*cells])) == expected


@pytest.mark.parametrize("cells", [["100.00 CR", "50.00", "20.00"], ["9 DR", "8"], ["1 CR", "2 DR", "3"]])
def test_where_some_say_no_side_the_signs_are_asked(cells: list[str]) -> None:
    data = ("amount;x\n" + "".join(f"{cell};1\n" for cell in cells)).encode()
    table = read_table(data)
    assert table.frame["amount"].tolist() == cells
    assert [doubt.column for doubt in table.report.doubts] == ["amount"]
    asked = read_table(data, options=ReadOptions(column_types={"amount": "number"})).frame["amount"]
    assert asked.tolist() == [-float(c.split()[0]) if "DR" in c else float(c.split()[0]) for c in cells]


def test_the_signs_are_a_doubt() -> None:
    table = read_table(b"amount;x\n1.00 CR;1\n2.00 DR;2\n")
    (doubt,) = table.report.doubts
    assert "below zero" in doubt.question
    assert dict(doubt.taken.cells) == {"1.00 CR": "1", "2.00 DR": "-2"}
