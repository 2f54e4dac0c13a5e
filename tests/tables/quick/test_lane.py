"""The quick way and the careful way give the same table and the same words about it."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.tables import Table, read_table
from analytics.tables.quick import lane, plain_bytes, scan

STYLES = {
    "minimal": csv.QUOTE_MINIMAL,
    "all": csv.QUOTE_ALL,
    "text": csv.QUOTE_NONNUMERIC,
}


def written(rows: list[list[object]], style: int, end: str) -> bytes:
    file = io.StringIO()
    csv.writer(file, quoting=style, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    return file.getvalue().encode()


def both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[Table, Table, bool]:
    """The table by either way, and whether the quick way was open."""
    taken = []
    careful = read_table(data)
    with monkeypatch.context() as patch:
        patch.setattr(lane, "SMALLEST", 1)
        original = lane.read_fast
        patch.setattr(
            "analytics.tables.formats.delimited.read_fast",
            lambda *args, **options: taken.append(original(*args, **options)) or taken[-1],
        )
        quick = read_table(data)
    return quick, careful, taken[-1] is not None


def assert_alike(quick: Table, careful: Table) -> None:
    pd.testing.assert_frame_equal(quick.frame, careful.frame)
    assert quick.report.column_readings == careful.report.column_readings
    assert quick.report.repairs == careful.report.repairs
    assert quick.report.header_row == careful.report.header_row


def table(rows: int = 120) -> list[list[object]]:
    generator = np.random.default_rng(0)
    words = ["plain", "two words", "with, comma", 'with "quotes"', "", "NA", "007", "12"]
    body: list[list[object]] = [
        [
            n,
            float(generator.normal()),
            words[n % len(words)],
            f"id{n}",
            f"0{n % 100:02d}",
            "" if n % 7 == 0 else n * 3,
        ]
        for n in range(rows)
    ]
    return [["n", "x", "word, or two", "id", "code", "gaps"], *body]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("style", STYLES)
def test_ordinary_exports_take_the_quick_way_with_equal_results(
    style: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[*row[:5], n * 3] for n, row in enumerate(table())]
    rows[0][5] = "last"
    if style != "minimal":
        rows = [[cell if cell not in ("", "NA") else "none such" for cell in row] for row in rows]
    quick, careful, taken = both(written(rows, STYLES[style], end), monkeypatch)
    assert taken
    assert_alike(quick, careful)


def test_quotes_round_the_names_alone_make_no_quoted_file(monkeypatch: pytest.MonkeyPatch) -> None:
    scanned = []
    monkeypatch.setattr(scan, "is_soundly_quoted", lambda *_: scanned.append(1) or True)
    body = "".join(f"{n},{n / 8}\n" for n in range(300))
    quick, careful, taken = both(f'"n","x"\n{body}'.encode(), monkeypatch)
    assert taken
    assert not scanned
    assert_alike(quick, careful)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(list('aa",;\n')), max_size=30), st.integers(1, 9))
def test_quotes_are_sound_by_the_grammar_of_quoted_cells(signs: list[str], step: int) -> None:
    text = "".join(signs)
    cell = r'(?:"(?:[^"]|"")*"|[^",\n]*)'
    sound = re.fullmatch(rf"{cell}(?:[,\n]{cell})*", text) is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_bytes, "_STEP", step)
        assert plain_bytes.is_soundly_quoted(text.encode(), ",") == sound


def test_codes_stay_text_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[n, 10_000 + n, f"{n:03d}", f"{n}E{n % 9}"] for n in range(300)]
    data = written([["n", "Postal Code", "c", "batch"], *rows], csv.QUOTE_MINIMAL, "\n")
    quick, careful, taken = both(data, monkeypatch)
    assert taken
    assert_alike(quick, careful)


SPOILT = {
    "line break in a cell": ("id77,", '"id\n77",'),
    "loose quote": ("id77,", 'id"77,'),
    "text after a quote": ("id77,", '"id"77,'),
    "unclosed": ("id77,", '"id77,'),
    "leading zero": ("\n77,", "\n077,"),
    "quoted leading zero": ("\n77,", '\n"077",'),
    "blank before a quote": ("id77,", ' "id77",'),
    "lone CR": ("id77,", "i\rd77,"),
    "a separator more": ("id77,", "id77,,"),
    "an empty line": ("\n77,", "\n\n77,"),
    "one quoted cell": ("id77,", '"id77",'),
    "NUL": ("id77,", "id\x0077,"),
}


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_place_gives_the_same_either_way(
    name: str, style: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = written(table(), STYLES[style], end)
    given_, spoilt = (text.encode() for text in SPOILT[name])
    data = clean.replace(given_, spoilt, 1)
    quick, careful, _ = both(data, monkeypatch)
    pd.testing.assert_frame_equal(quick.frame, careful.frame)


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("where", [1, 2000, 2001, 3000])
def test_empty_lines_far_from_the_looked_at_lines_are_no_rows(
    where: int, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["n,word,x", *(f"{n},w{n},{n / 8}" for n in range(6000))]
    lines[2500] = ",,"
    lines[2000:2000], lines[where:where] = [""], ["", ""]
    quick, careful, taken = both((end.join(lines) + end).encode(), monkeypatch)
    assert taken == (end == "\n" and where != 1)
    assert_alike(quick, careful)
    assert len(quick.frame) == 6000


def test_a_second_table_far_from_the_looked_at_lines_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{n},w{n},{n / 8}" for n in range(6000)]
    lines[2500:2500] = ["place,town,people"]
    quick, careful, taken = both("\n".join(["n,word,x", *lines, ""]).encode(), monkeypatch)
    assert not taken
    assert_alike(quick, careful)
    assert [(repair.kind, repair.line) for repair in quick.report.repairs] == [("further table", 2502)]


def test_words_for_missing_numbers_keep_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{n},w{n},{n / 8}" for n in range(6000)]
    lines[2500], lines[3500] = "NA,none,NA", "unknown,w,unknown"
    quick, careful, taken = both("\n".join(["n,word,x", *lines, ""]).encode(), monkeypatch)
    assert taken
    assert_alike(quick, careful)


LATE = [(style, 0, "007.5") for style in STYLES]
LATE += [("minimal", *case) for case in ((0, "-007.5"), (1, "-05"), (1, "00.5"), (2, "05"))]


@pytest.mark.slow
@pytest.mark.parametrize(("style", "column", "late"), LATE)
def test_a_leading_zero_far_from_the_looked_at_lines_is_seen(
    style: str, column: int, late: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[list[object]] = [[n / 8, n, f"{n % 12 + 1:02d}/2024", -n / 8] for n in range(3000)]
    rows[1000][column] = late
    quick, careful, taken = both(written([["x", "n", "at", "y"], *rows], STYLES[style], "\n"), monkeypatch)
    assert taken or style == "text"  # where one quoted cell of numbers is a reason to look at all
    assert_alike(quick, careful)
    assert late in set(quick.frame.iloc[:, column].astype(str)) or column == 2


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["0", "1", "7", "-", ".", "00", "-0", ",", "\n", '"']), max_size=40),
    st.integers(1, 9),
    st.booleans(),
)
def test_leading_zeros_are_counted_as_by_their_definition(signs: list[str], step: int, quoted: bool) -> None:
    text = "".join(signs)
    quote = '"?' if quoted else ""
    defined = len(re.findall(rf"(?:(?<=[,\n])|\A){quote}-?0(?=[0-9])", text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_bytes, "_STEP", step)
        assert plain_bytes.count_leading_zeros(text.encode(), ",", quoted=quoted) == defined


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "x", "12", '""', '"x"', '"a,b"', '"say ""no"""']), min_size=3, max_size=3
        )
    ),
    st.lists(st.booleans(), min_size=3, max_size=3),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.integers(1, 9),
)
def test_quoted_columns_are_told_as_by_their_definition(
    rows: list[list[str]], wanted: list[bool], end: str, ended: bool, step: int
) -> None:
    text = end.join(map(",".join, rows)) + end * (ended and bool(rows))
    defined = all(
        not cell or cell.startswith('"') == quoted
        for row in rows
        for cell, quoted in zip(row, wanted, strict=True)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_bytes, "_STEP", step)
        assert plain_bytes.is_quoted_as(text.encode(), ",", wanted) == defined


CELL = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3)),
    st.sampled_from(["", "a", 'say "no"', "x, y", "NA", "007", "1,234", "2020-01-02", "true", " b", "ü"]),
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(data=st.data(), style=st.sampled_from(list(STYLES)), end=st.sampled_from(["\n", "\r\n"]))
def test_random_tables_are_read_alike(data: st.DataObject, style: str, end: str) -> None:
    kinds = data.draw(st.lists(st.lists(CELL, min_size=1, max_size=3), min_size=2, max_size=5))
    rows = [[kind[n % len(kind)] for kind in kinds] for n in range(data.draw(st.integers(3, 30)))]
    names = [f"name {i}" for i in range(len(kinds))]
    with pytest.MonkeyPatch.context() as patch:
        quick, careful, _ = both(written([names, *rows], STYLES[style], end), patch)
    pd.testing.assert_frame_equal(quick.frame, careful.frame)


def comma_table(rows: int = 300) -> list[str]:
    generator = np.random.default_rng(1)
    return [
        "n;price;share;word;open",
        *(
            f"{n};{f'{x:.2f}'.replace('.', ',')};0,{n % 7}25;w{n % 5};1,234"
            for n, x in enumerate(generator.normal(size=rows) * 1000)
        ),
    ]


@pytest.mark.parametrize(
    ("line", "new"),
    [
        (0, None),
        (200, "7;1.234,50;0,125;w;1,234"),
        (200, "7;1.25;0,125;w;1,234"),
        (200, "7;007,5;0,125;w;1,234"),
        (200, "7;;0,125;;1,234"),
        (200, "7;NA;0,125;w;1,234"),
        (200, "7,5;1,5;0,125;w;1,234"),
        (200, "7;1,5;0,125;w"),
        (200, "7;1e5;0,125;w;1,234"),
        (200, "7;-0,5;0,125;w;-1,2"),
    ],
)
def test_number_commas_are_read_alike(line: int, new: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = comma_table()
    lines[line] = new or lines[line]
    quick, careful, taken = both(("\n".join(lines) + "\n").encode(), monkeypatch)
    assert taken
    assert_alike(quick, careful)
    assert quick.report.decimal == careful.report.decimal == ","
    assert [d for d in quick.report.decisions if d.what == "decimal"] == [
        d for d in careful.report.decisions if d.what == "decimal"
    ]
