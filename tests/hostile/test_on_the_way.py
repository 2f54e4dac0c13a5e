"""What takes much only until the table is there counts as well; archives of every kind end in a sentence."""

import bz2
import gzip
import io
import zipfile
from collections.abc import Callable

import pytest

from analytics.tables import ReadOptions, TableError, read_table
from analytics.tables.formats.sheet_span import span_of
from tests.tables.workbooks import sheet_xml, workbook

CSV = b"a,b\n1,2\n3,4\n"
LITTLE = ReadOptions(max_table_bytes=1_000_000, max_bytes=4_000_000)


def zipped(data: bytes, *, method: int = zipfile.ZIP_DEFLATED, name: str = "a.csv") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("inside", [gzip.compress, bz2.compress, zipped])
@pytest.mark.parametrize("outside", [gzip.compress, bz2.compress, zipped])
def test_what_is_packed_twice_is_told(
    outside: Callable[[bytes], bytes], inside: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(TableError, match="packed twice"):
        read_table(outside(inside(CSV)))


@pytest.mark.slow
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_is_damaged_in_any_place_is_read_or_told(method: int) -> None:
    data = zipped(CSV * 20, method=method)
    for place in range(4, len(data), 3):
        try:
            read_table(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        except TableError as error:
            assert str(error).endswith(".")


def test_names_inside_a_zip_cannot_turn_the_sentence_around() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a\u202e\n\x1b[31m.csv", CSV)
        archive.writestr("b.csv", CSV)
    with pytest.raises(TableError) as caught:
        read_table(target.getvalue())
    assert str(caught.value).isprintable()


def sheet(body: str) -> bytes:
    return workbook({"s": f'<worksheet xmlns="urn:x"><sheetData>{body}</sheetData></worksheet>'})


@pytest.mark.parametrize(
    "body",
    [
        "<row>" + "<c><v>1</v></c>" * 300 + "</row>" + "<row/>" * 1000,
        "<row>" + "<c/>" * 300 + "</row>" + "<row spans='1:1'></row>" * 1000,
        '<row r="1"><c r="KN1"><v>1</v></c></row>' + "<row x=' r=\"1\"'/>" * 1000,
        '<row r="1"><c r="A1"/>' + "<c x=' r=\"A1\"'/>" * 300 + "</row>" + '<row r="1000"/>',
        '<row r="1000"/><row>' + "<c><v>1</v></c>" * 300 + "</row>",
    ],
    ids=["no places", "no cells with values", "a row's place in a value", "a cell's", "behind a place"],
)
def test_cells_that_do_not_say_where_they_stand_are_counted(body: str) -> None:
    with pytest.raises(TableError, match=r"spans 1,0\d\d rows and 30\d columns|spans 1,000 rows and 301"):
        read_table(sheet(body), options=LITTLE)


def test_cells_without_places_are_read() -> None:
    body = "".join(f"<row><c><v>{i}</v></c><c><v>{i / 2}</v></c></row>" for i in range(5))
    assert read_table(sheet(body)).frame.shape == (5, 2)


def test_places_are_found_alike_in_both_ways() -> None:
    told = sheet_xml([["a", "b", "c"], [1, 2, 3]])
    data = told.encode() if isinstance(told, str) else told
    bare = data.replace(b' r="A1"', b"").replace(b' r="C2"', b"")
    assert span_of(data) == span_of(bare) == (2, 3)


WAYS = {
    "tags": ("x.html", b"<html><table>" + b"<tr><td>1<td>2" * 5000),
    "tags of a sheet": (
        "x.xml",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
        + b"<Row/>" * 20_000
        + b"</Workbook>",
    ),
    "values of JSON": ("x.json", b"[" + b"1," * 90_000 + b"1]"),
    "objects of JSON": ("x.json", b"[" + b'{"a":1},' * 50_000 + b'{"a":1}]'),
    "cells": ("x.csv", b";".join([b"a"] * 60) + b"\n" + (b"1;" * 59 + b"'4\n") * 1000 + b"'\n"),
    "cells between quotes": (
        "x.csv",
        b";".join([b"a"] * 60) + b"\n" + (b"1;" * 59 + b'"4;"\n') * 1000 + b'"x\n"\n',
    ),
    "cells of a sheet": (
        "x.xlsx",
        sheet("".join(f'<row r="{i}">{"<c></c>" * 10}</row>' for i in range(9000))),
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_is_only_there_until_the_table_is_counts_too(name: str) -> None:
    file, data = WAYS[name]
    with pytest.raises(TableError, match=r"which fill \d+ MB while they are read; the limit is 5 MB"):
        read_table(data, name=file, options=LITTLE)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.csv", b"a,b\n1," + b"x" * 5_000_000 + b"\n"),
        ("a.csv", b"a,b\n1,2\n" + b" " * 5_000_000 + b"\n3,4\n"),
        ("a.csv", b"\xff" * 5_000_000),
        ("a.json", b'["' + b"x" * 5_000_000 + b'"]'),
        ("a.html", b"<table><tr><td>" + b"x" * 5_000_000 + b"</table>"),
    ],
)
def test_text_to_be_looked_at_part_by_part_is_no_longer_unpacked_than_a_file(file: str, text: bytes) -> None:
    with pytest.raises(TableError, match=r"expands to [56] MB that have to be read one cell after the other"):
        read_table(gzip.compress(text), name=f"{file}.gz", options=LITTLE)


@pytest.mark.parametrize("cell", [b"", b"7", b"word"])
def test_the_quick_way_refuses_by_itself(cell: bytes) -> None:
    """Without going on to the careful one, which would hold all of it once more."""
    width = 60
    head = b",".join(b"c%d" % i for i in range(width)) + b"\n"
    row = b"1," + b",".join([cell] * (width - 1)) + b"\n"
    with pytest.raises(TableError, match=r"expands to [\d,]+ rows of 60 columns, which fill [2-9] MB"):
        read_table(head + row * 5000, name="a.csv", options=ReadOptions(max_table_bytes=1_000_000))
