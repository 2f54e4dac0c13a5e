"""Counts of time, months behind a point and years of other eras are asked."""

from __future__ import annotations

import pytest

from analytics.tables import read_table
from tests.tables.typed.reading import read


@pytest.mark.parametrize(
    ("name", "cells", "label", "made"),
    [
        ("t", ["1704067200", "1704067260"], "seconds since 1970", "2024-01-01 00:01:00"),
        ("x", ["1704067200.25", "1704067260.5"], "seconds since 1970", "2024-01-01 00:01:00.500000"),
        ("ts", ["1704067200000", "1704067260000"], "milliseconds since 1970", "2024-01-01 00:01:00"),
        ("column_1", ["1704067200000000", "1704067260000001"], "microseconds since 1970",
         "2024-01-01 00:01:00.000001"),
        ("timestamp", ["1704067200000000000", "1704067260123456789"], "nanoseconds since 1970",
         "2024-01-01 00:01:00.123456"),
        ("value", [str(1704067200000 + 1000 * i) for i in range(6)], "milliseconds since 1970",
         "2024-01-01 00:00:02"),
        ("d", ["2020.01", "2020.02", "2020.10"], "months, as their first days", "2020-10-01"),
    ],
)  # fmt: skip
def test_numbers_that_count_time_are_asked(name: str, cells: list[str], label: str, made: str) -> None:
    (doubt,) = read([*cells], name=name).doubts
    assert doubt.taken.label == "numbers"
    (answer,) = doubt.alternatives
    assert (answer.label, answer.cells[-1][1]) == (label, made)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("customer_id", ["1704067200", "1704067260"]),
        ("price", ["2020.01", "2020.13", "2020.10"]),
        ("revenue", ["1704067200", "1304067260"]),
        ("t", ["1.5", "2.5"]),
    ],
)
def test_other_numbers_are_not_asked_about_time(name: str, cells: list[str]) -> None:
    assert not any(
        "time" in doubt.question or "month" in doubt.question for doubt in read([*cells], name=name).doubts
    )


def test_large_files_ask_the_same() -> None:
    rows = "".join(f"{1704067200 + i}.5,{2000 + i % 20}.{i % 12 + 1:02},{i}\n" for i in range(60_000))
    questions = {doubt.column for doubt in read_table(f"t,d,v\n{rows}".encode()).report.doubts}
    assert questions == {"t", "d"}


@pytest.mark.parametrize("cells", [["1445-07-01", "1445-08-29"], ["2567-01-13", "2567-01-31"]])
def test_the_era_of_years_is_asked(cells: list[str]) -> None:
    (doubt,) = read([*cells]).doubts
    assert "common era" in doubt.question
