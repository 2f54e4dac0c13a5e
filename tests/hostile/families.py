"""Families of hostile input: each a function of a size, and what reads it.

A family is text that one careless loop or expression reads in time that grows faster than its length.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice

import pyarrow as pa
import pyarrow.parquet as pq

from tests.hostile import cells
from tests.tables.workbooks import open_document, sheet_xml, workbook

HEAD = "name,n\nAnna,1\nBert,2\n"


@dataclass(frozen=True)
class Family:
    """``make`` gives the input of about so many bytes; ``work`` is what is measured with it."""

    make: Callable[[int], bytes | str]
    work: Callable[[bytes | str], object]


def read(data: bytes | str, *, name: str = "x.csv") -> object:
    """What an upload goes through; a refusal is as good as a table."""
    from analytics.tables import TableError, profile_table, read_table

    try:
        table = read_table(
            data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data, name=name
        )
        return profile_table(table.frame)
    except TableError as error:
        return error


def times(unit: str, n: int) -> str:
    return unit * (n // len(unit) + 1)


def line_of(unit: str, *, before: str = HEAD, after: str = ",3\nCleo,4\n") -> Callable[[int], str]:
    """A table in which one cell is ``unit`` again and again."""
    return lambda n: before + times(unit, n) + after


def alone(unit: str, *, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda n: before + times(unit, n) + after


def cells_of(*cells: str) -> Callable[[int], str]:
    """A column of texts that look alike, beside a number."""

    def make(n: int) -> str:
        count = n // (len(cells[0]) + 8)
        return "value;n\n" + "".join(f"{cell};{i}\n" for i, cell in enumerate(islice(cycle(cells), count)))

    return make


def long_cells(unit: str) -> Callable[[int], str]:
    """Ten cells of one column, each a tenth of the size."""
    return lambda n: "value;n\n" + "".join(f"{times(unit, n // 10)};{i}\n" for i in range(10))


TEXT = {
    # what broke before
    "dashes in a line": alone("-"),
    "dashes, then a letter": alone("-", after="x\n1\n"),
    "rules of colons": alone(":-", after="x\n1\n"),
    "dashes below a header": alone("-", before=HEAD, after="x\n1,2\n"),
    "dashes and colons below a header": alone("-:", before=HEAD, after="x\n1,2\n"),
    "dashes in two cells": line_of("--- ", before=HEAD + "---,", after="x\nCleo,4\n"),
    "dashes in a cell": line_of("-"),
    "equals and dashes in a cell": line_of("=- ", after="x,3\nCleo,4\n"),
    "carriage returns": lambda n: "a,b\n1,2\n" + "\r" * n + "x,3\n",
    "carriage returns, then line feeds": lambda n: "a,b\n1,2\n" + "\r\r\n" * (n // 3) + "x,3\n",
    "names that end in commas": lambda n: "a,b,c" + "," * min(n, 19_000) + "\n" + "1,2,3\n" * (n // 6),
    "names then many commas": lambda n: "a,b,c" + "," * n + "\n1,2,3\n4,5,6\n",
    "unbalanced quotes": lambda n: "a,b\n" + '1,"\n' * (n // 4),
    "quotes open on every other line": lambda n: "a,b\n" + '1,"x\n2,y\n' * (n // 9),
    "quotes inside words": lambda n: "a,b\n" + 'x"y,"z"w\n' * (n // 9),
    "quotes": line_of('"'),
    "doubled quotes": line_of('"a""'),
    "single quotes": line_of("'a'"),
    "apostrophes that defuse": line_of("'", after="=1,3\nCleo,4\n"),
    "backslashes": line_of("\\", after='",3\nCleo,4\n'),
    "backslash and quote": line_of('\\"'),
    # blanks and marks
    "blanks in a cell": line_of(" ", after="x,3\nCleo,4\n"),
    "blanks in a line": alone(" ", after="x\n"),
    "blanks in quotes": line_of(" ", before=HEAD + '"', after='"x,3\nCleo,4\n'),
    "tabs": line_of("\t"),
    "blanks and tabs": line_of(" \t"),
    "no-break spaces": line_of("\u00a0", after="x,3\nCleo,4\n"),
    "zero-width spaces": line_of("\u200b", after="x,3\nCleo,4\n"),
    "blank lines": lambda n: HEAD + "\n" * n + "Cleo,4\n",
    "lines of blanks": lambda n: HEAD + "  \n" * (n // 3) + "Cleo,4\n",
    "delimiters of two marks": line_of("||"),
    "delimiters of all kinds": line_of(",;|\t:"),
    "NUL bytes": line_of("\0"),
    "bytes of no code": lambda n: HEAD.encode() + b"\x81\xfe" * (n // 2) + b",3\n",
    "high bytes in a long line": lambda n: HEAD.encode() + b"x" * n + b"\xe9,3\n",
    "brackets": line_of("["),
    "brackets both ways": line_of("[]"),
    "nested parentheses": lambda n: HEAD + "(" * (n // 2) + ")" * (n // 2) + ",3\n",
    "names with brackets": lambda n: "a [" + "(" * n + ",b\n1,2\n3,4\n",
    "names of blanks and brackets": lambda n: "a [" + " " * n + ",b\n1,2\n3,4\n",
    "per cent signs": line_of("%"),
    "currencies": line_of("€ "),
    "comments in a block": lambda n: "# about this\n" * (n // 13) + HEAD,
    "one long comment": lambda n: "# " + "word " * (n // 5) + "\n" + HEAD,
    "comment of commas": lambda n: "#" + "," * n + "\n" + HEAD,
    "comments between rows": lambda n: HEAD + "# more\nCleo,4\n" * (n // 14),
    "comment marks": lambda n: "%!#;" * (n // 4) + "\n" + HEAD,
    "quotes before a comment": lambda n: '"' * n + "#\n" + HEAD,
    "blanks before a comment": lambda n: ' "' * (n // 2) + "x\n" + HEAD,
    "percent escapes": line_of("%C3%A9"),
    "letters without blanks": line_of("\u0e01\u0e32"),
    "one word": line_of("x"),
    "camel case": line_of("aB"),
    "name of one word": lambda n: "x" * n + ",b\n1,2\n3,4\n",
    "name in camel case": lambda n: "aB" * (n // 2) + ",b\n1,2\n3,4\n",
    "name of underscores": lambda n: "a" + "_" * n + ",b\n1,2\n3,4\n",
    "name of numbers": lambda n: "1." * (n // 2) + ",b\n1,2\n3,4\n",
    # numbers and dates
    "digits in a cell": line_of("1"),
    "zeros in a cell": line_of("0"),
    "digits with commas": long_cells("1,"),
    "digits with points": long_cells("1."),
    "thousands": long_cells("123.456."),
    "thousands with apostrophes": long_cells("123'456'"),
    "thousands with blanks": long_cells("123 456 "),
    "digits and blanks": long_cells("1 "),
    "minus signs": long_cells("-"),
    "plus and minus": long_cells("+-"),
    "exponents": long_cells("1e"),
    "exponents in a row": long_cells("e1"),
    "points": long_cells("."),
    "points and zeros": long_cells(".0"),
    "colons": long_cells(":"),
    "times": long_cells("12:34:"),
    "dates": long_cells("2024-01-02 "),
    "dates and offsets": long_cells("2024-01-02T00:00:00+00:00"),
    "spans": long_cells("1 day "),
    "spans of ISO": long_cells("P1DT1H"),
    "months": long_cells("Jan "),
    "marks before a number": long_cells("< "),
    "units after a number": long_cells("1 kg "),
    "fractions": long_cells("1/2"),
    "full-width digits": long_cells("１２"),
    "Arabic digits": long_cells("٣٤٫"),
    "superscripts": long_cells("10²"),
    "combining marks": long_cells("a\u0301"),
    "marks alone": long_cells("\u0301\u0302"),
    "directions": long_cells("\u202e\u2066"),
    "joiners": long_cells("👩\u200d👩\u200d"),
    "Korean": long_cells("한글"),
    "Chinese": long_cells("中文的"),
    # rows and columns
    "columns of one name": lambda n: ",".join(["a"] * wide(n)) + "\n" + rows_of(wide(n)),
    "columns with and without numbers": lambda n: (
        ",".join(f"a{'_2' * (i % 2)}" for i in range(wide(n))) + "\n" + rows_of(wide(n))
    ),
    "columns without names": lambda n: "," * wide(n) + "\n" + rows_of(wide(n) + 1),
    "two rows of names": lambda n: (
        ",".join(["a"] + [""] * wide(n))
        + "\n"
        + ",".join(["b"] * (wide(n) + 1))
        + "\n"
        + rows_of(wide(n) + 1)
    ),
    "many narrow rows": lambda n: "a,b\n" + "1,2\n" * (n // 4),
    "rows one cell short": lambda n: "a,b,c\n" + "1,2,3\n1,2\n" * (n // 10),
    "rows one cell long": lambda n: "a,b,c\n" + "1,2,3\n1,2,3,4\n" * (n // 14),
    "rows of rising width": lambda n: "".join("1," * i + "\n" for i in range(1, max(2, int(n**0.5)))),
    "one wide row": lambda n: "a,b\n1,2\n" + "1," * (n // 2) + "\n3,4\n",
    "tables one below the other": lambda n: "name,n\nx,1\ny,2\n\n" * (n // 16),
    "other names again": lambda n: "".join(f"name{i},n{i}\nx,1\ny,2\n\n" for i in range(n // 24)),
    "rules between rows": lambda n: "a,b\n" + "1,2\n---,---\n" * (n // 12),
    "table drawn with marks": lambda n: (
        "+---+---+\n| a | b |\n+---+---+\n" + "| 1 | 2 |\n+---+---+\n" * (n // 20)
    ),
    "rows of units": lambda n: "a,b\n" + "kg,m\n" * (n // 5) + "1,2\n",
    "footers": lambda n: HEAD + "Source: somewhere\n" * (n // 18),
    "totals": lambda n: HEAD + "Total,3\n" * (n // 8),
    "sep lines": lambda n: "sep=,\n" * (n // 6) + HEAD,
    "sep line of blanks": lambda n: "sep=," + " ,;" * (n // 3) + "x\n" + HEAD,
    "fixed widths": lambda n: "name      n\n" + "Anna      1\n" * (n // 12),
    "key and value": lambda n: "".join(f"key{i} = {i}\n" for i in range(n // 12)),
    "log lines": lambda n: '1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] "GET / HTTP/1.1" 200 1\n' * (n // 66),
    "decimal commas and delimiters": lambda n: "a,b\n" + "1,5,2,5\n" * (n // 8),
    "text with commas unquoted": lambda n: "a,b\n" + "well, then, so,1\n" * (n // 17),
    "code points of many pages": lambda n: (
        HEAD + "".join(chr(0x100 + i % 0x2000) for i in range(n // 2)) + ",3\n"
    ),
    "mojibake": line_of("Ã©"),
    "formula starts": cells_of("=1+1", "@x", "+1", "-1"),
}


def wide(n: int) -> int:
    """As many columns as take about as long as ``n`` bytes of rows: each has fixed costs."""
    return min(n // 40, 9_000)


def rows_of(width: int) -> str:
    return (",".join(["1"] * width) + "\n") * 2


JSON = {
    "objects": lambda n: '{"a": 1}\n' * (n // 9),
    "strings of escapes": lambda n: '{"a": "' + "\\u00e9" * (n // 6) + '"}\n',
    "strings of backslashes": lambda n: '{"a": "' + "\\\\" * (n // 2) + '"}\n',
    "strings left open": lambda n: '{"a": "' + "x" * n,
    "escapes left open": lambda n: '{"a": "' + '\\"' * (n // 2),
    "quotes": lambda n: '{"a": ' + '"' * n + "}\n",
    "halves of characters": lambda n: '{"a": "' + "\\ud800" * (n // 6) + '"}\n',
    "keys again": lambda n: "{" + ", ".join(['"a": 1'] * (n // 8)) + "}\n",
    "other keys": lambda n: "{" + ", ".join(f'"k{i}": 1' for i in range(n // 12)) + "}\n",
    "a new key a line": lambda n: "".join(f'{{"k{i}": 1}}\n' for i in range(wide(n))),
    "list of objects": lambda n: "[" + ", ".join(['{"a": 1}'] * (n // 10)) + "]",
    "list of lists": lambda n: '{"a": [' + ",".join(["[1]"] * (n // 4)) + "]}\n",
    "blanks": lambda n: '{"a":' + " " * n + "1}\n",
    "line ends inside": lambda n: '{"a":' + "\n" * n + "1}\n",
    "open objects": lambda n: '{"a":' * (n // 5),
    "open lists": lambda n: '{"a": ' + "[" * n + "\n",
    "closed lists": lambda n: '{"a": 1}' + "]" * n + "\n",
    "numbers of many digits": lambda n: '{"a": ' + "1" * n + "}\n",
    "odd values": lambda n: '{"a": NaN}\n{"a": Infinity}\n' * (n // 28),
    "objects in a row": lambda n: '{"a": 1}' * (n // 8),
    "objects with commas": lambda n: '{"a": 1},\n' * (n // 10),
    "texts beside numbers": lambda n: '{"a": 1}\n{"a": "x"}\n' * (n // 20),
    "nested objects": lambda n: '{"a": {"b": {"c": 1}}}\n' * (n // 24),
}

MARKUP = {
    "tags left open": lambda n: "<html><table><tr><td>1" + "<b" * (n // 2),
    "cells left open": lambda n: "<html><table><tr>" + "<td>1" * (n // 5),
    "rows left open": lambda n: "<html><table>" + "<tr><td>1<td>2" * (n // 14),
    "tables within tables": lambda n: "<html>" + "<table><tr><td>" * min(n // 15, 5_000),
    "tables one after the other": lambda n: "<html>" + "<table><tr><td>1</td></tr></table>" * (n // 35),
    "open angle brackets": lambda n: "<html><table>" + "<" * n,
    "comments left open": lambda n: "<html><table>" + "<!--" * (n // 4),
    "entities": lambda n: "<html><table><tr><td>" + "&amp;" * (n // 5) + "</table>",
    "entities left open": lambda n: "<html><table><tr><td>" + "&#" * (n // 2) + "</table>",
    "attributes": lambda n: "<html><table " + "a=1 " * (n // 4) + "><tr><td>1</table>",
    "names of attributes": lambda n: "<html><p " + " ".join(map("a{}".format, range(n // 6))) + "><table>",
    "parts of a message": lambda n: "Content-Type: multipart/x; boundary=b\n\n" + "--b\n\nx\n" * (n // 7),
    "a meta left open": lambda n: "<html>" + "<meta " * (n // 6) + "<table><tr><td>1</table>",
    "titles left open": lambda n: "<html>" + "<title" * (n // 6) + "<table><tr><td>1</table>",
    "blanks before": lambda n: " " * n + "<html><table><tr><td>1</table>",
    "inline tags": lambda n: "<html><table><tr><td>" + "<b>" * (n // 3) + "</table>",
    "spans over many columns": lambda n: (
        "<html><table>" + "<tr><td colspan=20>1</td></tr>" * (n // 30) + "</table>"
    ),
}


def packed_sheet(make: Callable[[int], list[list[object]]]) -> Callable[[int], bytes]:
    return lambda n: workbook({"s": sheet_xml(make(n))})


def packed_document(make: Callable[[int], list[list[object]]]) -> Callable[[int], bytes]:
    return lambda n: open_document(make(n))


def sheet_text(change: Callable[[int], str]) -> Callable[[int], bytes]:
    """A workbook whose sheet has ``change`` inside its first cell."""
    return lambda n: workbook({"s": sheet_xml([["HERE", "b"], [1, 2]]).replace("HERE", change(n))})


def parquet(make: Callable[[int], pa.Table]) -> Callable[[int], bytes]:
    def packed(n: int) -> bytes:
        target = io.BytesIO()
        pq.write_table(make(n), target)
        return target.getvalue()

    return packed


def zipped(count: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for i in range(count):
            archive.writestr(f"{i}.csv", "a,b\n1,2\n")
    return target.getvalue()


PACKED = {
    "sheet of many rows": packed_sheet(lambda n: [["a", "b"], *[[1, "x"]] * (n // 100)]),
    "sheet of many columns": packed_sheet(lambda n: [["a"] * wide(n), [1] * wide(n)]),
    "merged cells upon each other": lambda n: workbook(
        {"s": sheet_xml([["a", "b", "c", "d"]] * (n // 200), [f"A1:C{n // 200}"] * (n // 40))}
    ),
    "sheet of empty texts": packed_sheet(lambda n: [["", ""]] * (n // 100)),
    "many sheets": lambda n: workbook({f"s{i}": sheet_xml([["a"], [1]]) for i in range(max(1, n // 2000))}),
    "sheet with blanks": sheet_text(lambda n: " " * n),
    "sheet with an open tag": sheet_text(lambda n: "<c " * (n // 3)),
    "sheet with entities": sheet_text(lambda n: "&amp;" * (n // 5)),
    "document of many rows": packed_document(lambda n: [["a", "b"], *[[1, "x"]] * (n // 100)]),
    "document of many columns": packed_document(lambda n: [["a"] * wide(n), [1] * wide(n)]),
    "Parquet of many columns": parquet(lambda n: pa.table({f"c{i}": [1] for i in range(wide(n))})),
    "Parquet of one name": parquet(
        lambda n: pa.Table.from_arrays([pa.array([1])] * wide(n), names=["a"] * wide(n))
    ),
    "Parquet of lists": parquet(lambda n: pa.table({"a": [[1, 2, 3]] * (n // 10)})),
    "Parquet of long texts": parquet(lambda n: pa.table({"a": ["1," * (n // 20)] * 10})),
    "zip of many files": lambda n: zipped(n // 100),
}


def plain(text: bytes | str) -> object:
    from analytics.dashboard.parts.markdown import plain as neutral

    return neutral(text, width=1 << 30)


def label(text: bytes | str) -> object:
    from analytics.figures.theme import label as neutral

    return neutral(text, width=1 << 30)


def words(text: bytes | str) -> object:
    from analytics.text.words import Namer, document_terms, query_terms, readable

    assert isinstance(text, str)
    return readable(text), document_terms(text), query_terms(text), Namer(frozenset()).words(text)


UNITS = {
    "one letter": "x",
    "letters and hyphens": "a-",
    "letters and apostrophes": "a'",
    "underscores": "_",
    "letters and underscores": "a_",
    "digits": "7",
    "hyphens": "-",
    "blanks": " ",
    "dots": ".",
    "at signs": "@",
    "addresses": "http:",
    "www": "www.",
    "colons": ":",
    "stars": "*",
    "backticks": "`",
    "brackets": "[](",
    "dollars": "$",
    "backslashes": "\\",
    "tags": "<b",
    "ampersands": "&amp;",
    "Chinese": "中文",
    "Chinese particles": "的了",
    "Thai": "ก็า",
    "Hangul": "한",
    "Katakana": "カー",
    "Hiragana": "ひ",
    "mixed scripts": "aカ中한",
    "marks": "e\u0301\u0302",
    "joiners": "\u200d",
    "letters and joiners": "ب\u200c",
    "directions": "\u202e\u2066",
    "emoji": "👩\u200d",
    "flags": "🇩🇪",
    "full width": "Ａ＝",
    "halves": "\ud800",
    "line ends": "a\n",
    "carriage returns": "\r",
    "quotes": '"a',
    "é and hyphens": "é-",
    "é": "é",
}


def families() -> dict[str, Family]:
    """Every family by a name of its own."""
    csv, jsonl, html = read, partial(read, name="x.jsonl"), partial(read, name="x.html")
    found = {f"text: {name}": Family(make, csv) for name, make in TEXT.items()}
    found |= {f"json: {name}": Family(make, jsonl) for name, make in JSON.items()}
    found |= {f"markup: {name}": Family(make, html) for name, make in MARKUP.items()}
    found |= {f"packed: {name}": Family(make, partial(read, name="x")) for name, make in PACKED.items()}
    for use in (plain, label, words):
        found |= {f"{use.__name__}: {name}": Family(alone(unit), use) for name, unit in UNITS.items()}
    for name, unit in cells.UNITS.items():
        for shape in (cells.long_cells, cells.many_cells):
            for use in (cells.suggested, cells.stepped):
                found[f"{use.__name__}: {shape.__name__} of {name}"] = Family(shape(unit), use)
    found["reshaped: a column for each cell"] = Family(cells.many_cells("a"), cells.reshaped)
    found |= {f"formula: {name}": Family(make, cells.formula) for name, make in cells.FORMULAS.items()}
    found |= {f"recipe: {name}": Family(make, cells.recipe) for name, make in cells.RECIPES.items()}
    return found
