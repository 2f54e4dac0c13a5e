"""One file, one reading: the quick way and the careful way give the same frame, roles and report."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables import ReadOptions, column_roles, read_table
from analytics.tables.quick import lane
from benchmarks.both_ways import both_ways, compared, difference, where_taken
from benchmarks.made_cells import ODD_CELLS


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_made_tables_are_read_alike(seed: int) -> None:
    assert not compared(seed)[1]


@pytest.mark.slow
def test_many_made_tables_are_read_alike() -> None:
    found = dict(map(compared, range(500)))
    assert not {seed: words for seed, words in found.items() if words}
    taken = [words for words in found.values() if words is not None]
    assert len(taken) > 125  # or the quick way hands over what it was built for


@pytest.mark.slow
def test_made_tables_of_megabytes_are_read_alike() -> None:
    found = dict(compared(seed, large=True) for seed in range(12))
    assert not {seed: words for seed, words in found.items() if words}


BASES = ["{n}", "{x}", "{x:.3f}", "-{n}.5", "w{m}", "2024-01-{d:02d}", "{m}"]


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.sampled_from(ODD_CELLS),
    st.sampled_from(BASES),
    st.sampled_from(BASES),
    st.integers(0, 149),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_one_odd_cell_anywhere_is_read_as_by_the_careful_way(
    odd: str, base: str, other: str, row: int, end: str, quoted: bool
) -> None:
    numbers = range(150)
    cells = [base.format(n=n, x=n / 8, m=n % 7, d=n % 28 + 1) for n in numbers]
    cells[row] = odd
    rows = [[cell, other.format(n=n, x=n / 8, m=n % 7, d=n % 28 + 1)] for n, cell in enumerate(cells)]
    text = io.StringIO()
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=";", lineterminator=end, quoting=style).writerows([["a", "b"], *rows])
    readings = where_taken(text.getvalue().encode())
    assert readings is None or not difference(*readings)


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
    "1e-400", "-2E-350", f"0.{'0' * 330}1", "inf", "-Infinity", "9007199254740993", "123456789012345678901",
    "1234567890123456.5", "1e16", "007",
    "1,234", "-", "NA", "", "  ", "١٢",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("late", LATE)
def test_one_cell_far_down_is_read_as_by_the_careful_way(late: str, column: int) -> None:
    rows = [[str(n), f"{n / 8}", f"w{n % 5}"] for n in range(400)]
    rows[300][column] = late
    data = ("n;x;word\n" + "".join(";".join(row) + "\n" for row in rows)).encode()
    quick, careful = both_ways(data)
    assert not difference(quick, careful)
    assert column_roles(quick.frame) == column_roles(careful.frame)  # type: ignore[union-attr]


@pytest.mark.slow
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


def test_lines_that_an_open_quote_swallows_come_back() -> None:
    rows = [f"w{n % 7}\tv{n % 5}" for n in range(400)]
    rows[200], rows[220] = '"w1\tv1', 'w2\t"v2"'
    quick, careful = both_ways(("a\tb\n" + "\n".join(rows) + "\n").encode())
    assert not difference(quick, careful)
    assert len(quick.frame) == 400  # type: ignore[union-attr]


def test_points_before_three_digits_are_a_doubt_either_way() -> None:
    rows = [f"{n % 900 + 10}.{n % 900 + 100}" if n % 3 else f"{n}" for n in range(400)]
    quick, careful = both_ways(("x;word\n" + "".join(f"{x};w\n" for x in rows)).encode())
    assert not difference(quick, careful)
    assert "point in x" in quick.report.doubts[0].question  # type: ignore[union-attr]


def test_a_doubt_shows_cells_as_they_are_read_with_the_files_decimal_mark() -> None:
    rows = [f"{'true' if n % 3 else 'false'};{n},25" for n in range(400)]
    rows[8], rows[200], rows[300] = "1e5;8,25", "5%;1,25", "$5;1,25"
    quick, careful = both_ways(("flag;x\n" + "\n".join(rows) + "\n").encode())
    assert not difference(quick, careful)
    assert ("1e5", "missing") in quick.report.doubts[0].alternatives[0].cells  # type: ignore[union-attr]


@pytest.mark.parametrize("encoding", [None, "utf-8", "ascii"])
def test_letters_beyond_the_encoding_that_was_asked_for_are_replaced_either_way(encoding: str | None) -> None:
    rows = [f"{n},w{n % 5}" for n in range(400)]
    rows[300] = "300,\u00e9t\u00e9 \ufffd"
    data = ("\ufeffn,word\n" + "\n".join(rows) + "\n").encode()
    quick, careful = both_ways(data, options=ReadOptions(encoding=encoding))
    assert not difference(quick, careful)
    told = [repair.kind for repair in quick.report.repairs]  # type: ignore[union-attr]
    assert told == (["encoding"] if encoding == "ascii" else [])


def test_what_a_column_is_asked_to_be_holds_either_way() -> None:
    data = "n,x,word\n" + "".join(f"{n},{n / 8},{n % 5}\n" for n in range(400))
    for asked in (("n", "text"), ("x", "integer"), ("word", "category"), ("x", "number:,")):
        assert not difference(*both_ways(data.encode(), options=ReadOptions(column_types=(asked,))))


@pytest.mark.parametrize("blank", ["\t", " ", "\u3000"])
def test_a_line_of_blanks_is_no_row_of_a_single_column(blank: str) -> None:
    lines = [f"w{n % 7},{n}" for n in range(400)]
    lines[200] = blank
    quick, careful = both_ways("\n".join(["a,b", *lines, ""]).encode(), options=ReadOptions(delimiter="|"))
    assert not difference(quick, careful)
    assert quick.frame.iloc[:, 0].str.contains(",").all()  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize("power", ["1.5e+17", "-2.25E+16", "1.5 Milliarden euros"])
def test_points_of_numbers_that_stay_text_vote_against_number_commas(power: str) -> None:
    rows = [f"{n % 9}{power};{n},25" for n in range(300)]
    quick, careful = both_ways(("x;y\n" + "\n".join(rows) + "\n").encode())
    assert not difference(quick, careful)


@pytest.mark.slow
def test_a_byte_order_mark_in_front_of_a_row_goes_whether_a_piece_begins_there_or_not() -> None:
    rows = [f"w{n % 7},{n}" for n in range(400)]
    rows[0] = rows[200] = "\ufeffw,5"
    quick, careful = both_ways("\n".join(["a,b", *rows, ""]).encode())
    assert not difference(quick, careful)
    one_piece = read_table("\n".join(["a,b", *rows[200:], *rows * 120, ""]).encode())
    assert (one_piece.frame["a"] == "w").sum() == 241
    assert [repair.count for repair in one_piece.report.repairs if repair.kind == "byte order mark"] == [241]


@pytest.mark.parametrize("late", ["No,temp,2019", "No,temp,2019.0", '"No",temp,2019', "5,temp,2019"])
def test_a_header_that_is_repeated_is_found_though_a_number_names_a_column(late: str) -> None:
    rows = [f"{n / 8},192.168.0.{n % 250},{n / 4}" for n in range(400)]
    rows[200] = late
    quick, careful = both_ways("\n".join(["No,temp,2019", *rows, ""]).encode())
    assert not difference(quick, careful)
    assert len(quick.frame) == (399 if late == "No,temp,2019" else 400)  # type: ignore[union-attr]


def test_what_is_no_text_is_refused_either_way() -> None:
    quick, careful = both_ways(b"a,b\n" + b"".join(b"%d,%d\x0b\n" % (n % 9, n % 7) for n in range(900)))
    assert isinstance(quick, str)
    assert not difference(quick, careful)


@pytest.mark.parametrize("late", ['""', '"5"', '"w"', "5"])
def test_a_column_that_fills_late_and_in_quotes_only_is_text_either_way(late: str) -> None:
    rows = [f'{late if n == 200 else ""},"a, b",{n}' if n % 3 else f",c,{n}" for n in range(400)]
    quick, careful = both_ways("\n".join(["x,y,z", *rows, ""]).encode())
    assert not difference(quick, careful)


@pytest.mark.parametrize("name", ['""', '"k"'])
def test_a_header_that_is_repeated_in_quotes_is_found_though_a_column_has_no_name(name: str) -> None:
    rows = [f'"r","{i},5","c{i}"' for i in range(100)]
    rows[80] = f'{name},"a","id"'
    quick, careful = both_ways((f'{name},"a","id"\n' + "\n".join(rows) + "\n").encode())
    assert not difference(quick, careful)
    assert not isinstance(quick, str) and len(quick.frame) == 99


def test_one_column_of_numbers_that_ends_without_a_line_end_is_read_either_way() -> None:
    text = "x\n" + "\n".join(f"{i % 3 / 10}" for i in range(400))
    quick, careful = both_ways(text.encode(), options=ReadOptions(delimiter=","))
    assert not difference(quick, careful) and not isinstance(quick, str) and len(quick.frame) == 400
