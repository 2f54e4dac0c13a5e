"""Workbooks of bytes, .xls and .xlsb: what they claim and reach is counted before a library opens them."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from analytics.tables import ReadOptions, TableError, read_table
from tests.hostile.expanding import ods, ods_cell, ods_row, with_parts
from tests.tables.old_workbooks import (
    binary_book,
    binary_label,
    binary_number,
    binary_record,
    binary_sheet,
    compound,
    label,
    number,
    old_book,
    record,
    shared,
    stream_of,
)  # fmt: skip
from tests.tables.workbooks import sheet_xml, workbook

NAMES = label(0, 0, 0) + label(0, 1, 1)
TEXTS = shared(["name", "n"])
ROWS = [["name", "n"], *[[f"a{i}", i] for i in range(30)]]


def book(cells: bytes, *, texts: bytes = TEXTS) -> bytes:
    return compound(stream_of({"s": NAMES + cells}, texts=texts))


def sized(rows: tuple[int, int], columns: tuple[int, int]) -> bytes:
    return record(0x0200, struct.pack("<IIHHH", *rows, *columns, 0))


@pytest.mark.parametrize("rows", [3, 31, 2000], ids=["small sectors", "sectors", "long texts"])
def test_an_old_workbook_is_read(rows: int) -> None:
    made = [["name", "n"], *[[f"Anna {i}" + "é中" * (3000 * (i == 3)), i + 0.5] for i in range(rows)]]
    frame = read_table(old_book(made)).frame
    assert frame["name"].tolist() == [row[0] for row in made[1:]]
    assert frame["n"].tolist() == [row[1] for row in made[1:]]


@pytest.mark.parametrize(
    "size",
    [
        sized((0, 65_536), (0, 65_535)),
        sized((9, 3), (9, 3)),
        sized((2**32 - 1, 0), (65_535, 1)),
        sized((0, 2**32 - 1), (0, 256)),
    ],
    ids=["all", "end before start", "wrapped", "rows of 32 bits"],
)
def test_what_a_sheet_says_of_its_size_allocates_nothing(size: bytes) -> None:
    assert read_table(book(size + number(1, 0, 1) + number(1, 1, 2))).frame.shape == (1, 2)


def test_rows_in_any_order_are_read() -> None:
    assert (
        read_table(book(number(2, 0, 3) + number(2, 1, 4) + number(1, 0, 1) + number(1, 1, 2))).frame.shape[1]
        == 2
    )


def test_formulas_are_read_as_what_came_of_them_whatever_they_say() -> None:
    head = struct.pack("<HHHdHI", 1, 1, 0, 7.0, 0, 0)
    junk = struct.pack("<H", 60_000) + b"\x23" * 5000
    frame = read_table(book(number(1, 0, 1) + record(0x06, head + junk))).frame
    assert frame["n"].tolist() == [7]


def many_sheets(count: int) -> bytes:
    return compound(stream_of({f"s{i}": number(0, 0, 1) + number(999, 99, 1) for i in range(count)}))


def repeated(times: str) -> str:
    """A row of a document with one cell so often."""
    return ods_row(ods_cell("x" * 10_000, f'table:number-columns-repeated="{times}"'))


LARGE: dict[str, Callable[[], bytes]] = {
    "far cell": lambda: book(number(65_535, 255, 1)),
    "far column": lambda: book(number(9999, 65_535, 1)),
    "far run": lambda: book(record(0xBD, struct.pack("<HHHIH", 60_000, 0, 0, 4, 999))),
    "far formula": lambda: book(record(0x06, struct.pack("<HHHdHIH", 65_535, 999, 0, 1.0, 0, 0, 0))),
    "one text in many cells": lambda: book(
        b"".join(label(i + 1, 0, 2) for i in range(300)), texts=shared(["a", "b", "x" * 60_000])
    ),
    "many sheets": lambda: many_sheets(60),
    "binary far cell": lambda: binary_book(
        binary_sheet(binary_number(0, 0) + binary_number(1_048_575, 16_383))
    ),
    "binary, another start": lambda: binary_book(
        binary_record(148, bytes(16)) + binary_record(145) + binary_number(0, 0) + binary_number(90_000, 99)
    ),
    "binary, numbers in other words": lambda: binary_book(
        b"\x81\x81\x00" + binary_sheet(binary_number(0, 0) + binary_number(90_000, 99))[3:]
    ),
    "binary, one text in many cells": lambda: binary_book(
        binary_sheet(b"".join(binary_label(i, 0, 0) for i in range(300))), texts=["x" * 60_000]
    ),
    "sheet with zeros in front": lambda: workbook(
        {"s": sheet_xml([["a", "b"], [1, 2]]).replace('r="B2"', f'r="XFD{"0" * 20}1048576"')}
    ),
    "document, plus in front": lambda: ods(repeated("+9000")),
    "document, zeros in front": lambda: ods(repeated("0" * 20 + "9000")),
    "document, formulas alone": lambda: ods(
        ods_row(f'<table:table-cell table:formula="{"x" * 10_000}" table:number-columns-repeated="9000"/>')
    ),
    "document of another root": lambda: renamed(ods(repeated("9000"))),
    "document of many sheets": lambda: ods(
        '</table:table><table:table table:name="x">'.join(
            ods_row(ods_cell("1"), ods_cell("1"), attributes='table:number-rows-repeated="30000"')
            for _ in range(60)
        )
    ),
}


def renamed(data: bytes) -> bytes:
    content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
    return with_parts(data, {"content.xml": content.replace(b"document-content", b"document-x")})


@pytest.mark.parametrize("name", LARGE)
def test_what_expands_beyond_the_budget_is_refused_with_the_number(name: str) -> None:
    with pytest.raises(TableError, match=r"[\d,]+ MB.* 20 MB"):
        read_table(LARGE[name](), options=ReadOptions(max_table_bytes=20_000_000))


@pytest.mark.parametrize("count", ["99999999999", "+4294967295", "0", "-1", "x"])
@pytest.mark.parametrize("head", ['<sst {} xmlns="{}">', "<x:sst a='>' {} xmlns:x='{}'>"])
def test_shared_texts_that_say_how_many_they_are_allocate_nothing(head: str, count: str) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    told = head.format(f'count="{count}" uniqueCount = "{count}"', main)
    end = "</x:sst>" if "x:sst" in head else "</sst>"
    sound = workbook({"s": sheet_xml([["a", "b"], [1, 2]])})
    part = f"{told}<si><t>x</t></si>{end}".encode()
    assert read_table(with_parts(sound, {"xl/sharedStrings.xml": part})).frame.shape == (1, 2)


def changed(data: bytes, place: int, form: str, value: int) -> bytes:
    spoiled = bytearray(data)
    struct.pack_into(form, spoiled, place, value)
    return bytes(spoiled)


def broken() -> dict[str, bytes]:
    sound, short = old_book([*ROWS, *[["x" * 90, i] for i in range(60)]]), old_book(ROWS[:4])
    tables = struct.unpack_from("<I", sound, 44)[0]
    listed, first = 512 + 512 * tables, tables + 2
    small = 512 * 3
    return {
        "chain in a circle": changed(sound, 512 + 4 * (first + 1), "<I", first),
        "small chain in a circle": changed(short, small, "<I", 0),
        "small chain into nowhere": changed(short, small, "<I", 2**31),
        "list of sectors far away": changed(sound, 68, "<I", 2**31),
        "directory far away": changed(sound, 48, "<I", 2**31),
        "stream far away": changed(sound, listed + 128 + 116, "<I", 2**31),
        "stream ends in a far sector": changed(sound, 512 + 4 * first, "<I", 0xFFFFFFF0),
        "sectors of another size": changed(sound, 30, "<H", 31),
        "texts without number": book(b"", texts=shared(["a"], count=2**31 - 1)),
        "texts below zero": book(b"", texts=shared(["a"], count=-1)),
        "text without end": book(b"", texts=record(0xFC, struct.pack("<iiHB", 1, 1, 65_535, 0) + b"x" * 9)),
        "texts twice": book(b"", texts=TEXTS + TEXTS),
        "two sheets in one place": compound(
            stream_of({"s": NAMES, "t": NAMES}, texts=TEXTS, starts={"s": 0, "t": 0})
        ),
        "sheet behind the end": compound(stream_of({"s": NAMES}, texts=TEXTS, starts={"s": 2**31})),
        "run that ends before it starts": book(record(0xBD, struct.pack("<HHHIH", 1, 9, 0, 4, 3))),
        "cell without a place": book(record(0x0203, b"\0")),
        "no workbook": compound(stream_of({"s": NAMES}), name="WordDocument"),
        "protected": compound(stream_of({"s": NAMES}), name="EncryptedPackage"),
        "locked": compound(record(0x2F, b"\1\0") + stream_of({"s": NAMES})),
        "no sheets": compound(stream_of({})),
        "nothing": compound(b""),
        "header alone": sound[:512],
    }


@pytest.mark.parametrize("name", broken())
def test_broken_containers_and_records_end_in_a_sentence(name: str) -> None:
    with pytest.raises(TableError) as told:
        read_table(broken()[name])
    assert str(told.value).endswith(".")


@pytest.mark.parametrize("value", [0, 1, 2**31 - 1, 2**32 - 1])
def test_numbers_of_the_header_allocate_nothing(value: int) -> None:
    sound = old_book(ROWS)
    for place in range(40, 76, 4):
        tried(changed(sound, place, "<I", value))


def tried(data: bytes) -> None:
    try:
        read_table(data, options=ReadOptions(max_table_bytes=20_000_000))
    except TableError as told:
        assert str(told).endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize(
    "make", [lambda: old_book(ROWS), lambda: binary_book(binary_sheet(binary_number(3, 3)))]
)
def test_a_damaged_workbook_is_a_table_or_a_sentence(make: Callable[[], bytes]) -> None:
    draw, sound = random.Random(18), make()
    for _ in range(100):
        spoiled = bytearray(sound)
        for _ in range(draw.choice((1, 3, 9))):
            spoiled[draw.randrange(8, len(spoiled))] = draw.choice((0, 1, 0x7F, 0xFF, draw.randrange(256)))
        tried(bytes(spoiled[: draw.choice((len(spoiled), draw.randrange(9, len(spoiled))))]))
