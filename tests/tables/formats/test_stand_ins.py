"""Values that stand for a missing one are asked, and either answer is what it says."""

from __future__ import annotations

import pytest

from analytics.tables import ReadOptions, read_table


def file_of(cells: str) -> bytes:
    return ("t;v\n" + "".join(f"{cell};{i}\n" for i, cell in enumerate(cells.split()))).encode()


@pytest.mark.parametrize(
    ("cells", "gone"),
    [
        ("1.5 -999 2.5 -999.0 3.5 2.2 1.1", 2),
        ("1,5 -999,0 2,5 -999,00 3,5 2,2 1,1", 2),
        ("1.5 9999.9 2.5 9999.9 3.5 2.2 1.1 NA", 3),
        ("1 2 3 99 5 4 98 99 97", 4),
        ("-5 -3 -99 12 30 8 14", 1),
        ("1.5 9.96921e+36 2.5 7.5 3.5 2.2", 1),
        ("2024-01-01 2024-02-01 9999-12-31 2024-03-01 2024-05-02", 1),
        ("15.01.2024 01.01.1900 13.02.2024 01.03.2024 01.01.1900", 2),
    ],
)
def test_a_value_far_from_all_others_that_often_means_none_is_asked(cells: str, gone: int) -> None:
    table = read_table(file_of(cells))
    (doubt,) = table.report.doubts
    assert "mean missing" in doubt.question
    missing = read_table(file_of(cells), options=doubt.alternatives[0].chosen(ReadOptions()))
    assert missing.frame["t"].isna().sum() == gone and not missing.report.doubts
    kept = read_table(file_of(cells), options=doubt.taken.chosen(ReadOptions()))
    assert kept.frame["t"].equals(table.frame["t"]) and not kept.report.doubts


@pytest.mark.parametrize(
    "cells",
    [
        "90 95 99 91 99 93", "10 20 999 30 40 55", "1 -9 2 3 -4 5 -7", "-999 1 1 1 1", "97 98 99 100 101 102",
        "1899-05-01 1900-01-01 1901-02-01 1902-03-01 1950-01-01", "0.99 0.5 0.7 0.2 0.99",
    ],
)  # fmt: skip
def test_a_value_among_others_is_a_value(cells: str) -> None:
    assert not any("mean missing" in doubt.question for doubt in read_table(file_of(cells)).report.doubts)
