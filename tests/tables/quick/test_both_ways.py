"""One file, one reading: the quick way and the careful way give the same frame, roles and report."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables import column_roles, read_table
from analytics.tables.quick import lane
from benchmarks.both_ways import both_ways, difference, made_table


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_made_tables_are_read_alike(seed: int) -> None:
    assert not difference(*both_ways(made_table(random.Random(seed))))


@pytest.mark.slow
def test_a_thousand_made_tables_are_read_alike() -> None:
    found = {seed: difference(*both_ways(made_table(random.Random(seed)))) for seed in range(1000)}
    assert not {seed: words for seed, words in found.items() if words}


def test_the_quick_way_is_open_to_plain_tables_and_shown_a_part_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = []
    original = lane.read_fast
    monkeypatch.setattr(
        "analytics.tables.formats.delimited.read_fast",
        lambda *args, **options: taken.append(original(*args, **options)) or taken[-1],
    )
    quick, careful = both_ways(b"a,b,word\n" + b"".join(b"%d,%d.5,w%d\n" % (n, n, n % 7) for n in range(300)))
    assert [table is not None for table in taken] == [True, False]
    assert not difference(quick, careful)


LATE = [
    "0xFFFFFFFFFFFFFFFF", "0x1F", "0X1f", "-0x1", " 007", "+4915112345678", "1e400", "-1e400", "nan", "NaN",
    "inf", "-Infinity", "9007199254740993", "123456789012345678901", "1234567890123456.5", "1e16", "007",
    "1,234", "-", "NA", "", "  ", "١٢",
]  # fmt: skip


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("late", LATE)
def test_one_cell_far_down_is_read_as_by_the_careful_way(late: str, column: int) -> None:
    rows = [[str(n), f"{n / 8}", f"w{n % 5}"] for n in range(400)]
    rows[300][column] = late
    data = ("n;x;word\n" + "".join(";".join(row) + "\n" for row in rows)).encode()
    quick, careful = both_ways(data)
    assert not difference(quick, careful)
    assert column_roles(quick.frame) == column_roles(careful.frame)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("late", "column"),
    [("0xFFFFFFFFFFFFFFFF", "n"), ("0x1F", "n"), ("1e400", "x"), ("9007199254740993", "x")],
)
def test_above_a_megabyte_no_cell_becomes_another_number(late: str, column: str) -> None:
    lines = [f"{n},{n / 8},w{n % 9}" for n in range(90_000)]
    lines[60_000] = f"{late},0.5,w" if column == "n" else f"1,{late},w"
    data = ("n,x,word\n" + "\n".join(lines) + "\n").encode()
    assert len(data) > lane.SMALLEST
    frame = read_table(data).frame
    assert frame[column].iloc[60_000] == late
    assert frame[column].iloc[0] in ("0", "0.0")


def test_words_for_not_a_number_are_missing_and_told_either_way() -> None:
    lines = [f"{n},{n / 8}" for n in range(400)]
    lines[300] = "1,nan"
    quick, careful = both_ways(("n,x\n" + "\n".join(lines) + "\n").encode())
    assert not difference(quick, careful)
    assert "'nan'" in quick.report.column_readings[1].sentence  # type: ignore[union-attr]


def test_quotes_that_one_cell_lacks_and_another_has_too_many_do_not_make_up_for_each_other() -> None:
    rows = [f'"w{n % 7}";{n / 8}' for n in range(400)]
    rows[200], rows[201] = "w;25.0", '"w3";"25"'
    quick, careful = both_ways(('"name";"x"\n' + "\n".join(rows) + "\n").encode())
    assert not difference(quick, careful)
    assert quick.report.column_readings[0].sentence == "Text."  # type: ignore[union-attr]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "end"])
def test_delimiters_behind_quoted_cells_are_left_out_whether_the_last_line_ends_or_not(
    end: str, last: str
) -> None:
    rows = [f'{n},"{n},{n % 10}",' if n % 3 == 0 else f"{n},{n}," for n in range(400)]
    data = end.join(["n,x,", *rows]) + (end if last else "")
    quick, careful = both_ways(data.encode())
    assert not difference(quick, careful)
    assert [*quick.frame.columns] == ["n", "x"]  # type: ignore[union-attr]
