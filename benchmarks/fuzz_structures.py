# ruff: noqa: E501 -- lines of XML are told from one another best where they stand whole.
"""Sound but odd files without end: what byte mutation never makes, because every part of them fits.

Parquet with dictionaries, runs and every type; workbooks with shared strings, relationships, merged cells and
repeats, old ones record by record; nested JSON; archives of every kind; NumPy headers. Each is small, whatever it says of itself.
"""

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.errors import ZetascopeError
from analytics.tables import profile_table, read_table, write_csv, write_parquet
from analytics.text import read_vectors
from benchmarks.fuzz_books import binary_workbook, old_workbook
from benchmarks.fuzzing import LIMITS, Case, Outcome, outcome_of

TEXTS = [
    "",
    " ",
    "\t",
    "a",
    "name",
    "Anna",
    "x" * 300,
    "1",
    "-1",
    "1.5",
    "1,5",
    "1e5",
    "1e999",
    "-0",
    "NaN",
    "inf",
    "null",
    "true",
    "2024-01-02",
    "2024-02-30",
    "2024-01-02T03:04:05+25:00",
    "2024-01-02T03:04:05+99:99",
    "0000-00-00",
    "99999-01-01",
    "2024-01-02T03:04:05.123456789Z",
    "24:00:00",
    "12:60",
    "1 day",
    "P1Y",
    "=1+1",
    "'=1",
    "#N/A",
    "#REF!",
    "é",
    "中",
    "\ud800",
    "\udc00x",
    "\x00",
    "\x0b",
    "\u202e",
    "\ufeff",
    "\U0001f600",
    "a\nb",
    "a\r\nb",
    '"',
    "'",
    "\\",
    ";",
    ",",
    "[1]",
    "{}",
    "<b>",
    "&amp;",
    "1" * 400,
    "9" * 25,
    "0x10",
    "1_000",
    "١٢",
    "１",
    "½",
    "10²",
    "%",
    "5 %",
    "$5",
    "(5)",
    "5-",
    "+-5",
    "..",
    "-",
]
NAMES = [
    "a",
    "b",
    "a",
    "",
    " ",
    "id",
    "date",
    "1",
    "a.b",
    "=x",
    "\ud800",
    "\x00",
    "é",
    "x" * 300,
    "__index_level_0__",
    "a\nb",
]
NUMBERS = [
    0,
    1,
    -1,
    2**31,
    2**53 + 1,
    2**63 - 1,
    -(2**63),
    0.1,
    -0.0,
    1e308,
    5e-324,
    float("nan"),
    float("inf"),
]


def sound(text: str) -> str:
    """Without halves of characters, which Arrow and XML do not take."""
    return text.encode("utf-8", "replace").decode()


def seldom(draw: random.Random, usual: str, *odd: str) -> str:
    """Mostly what is usual: a file with everything odd at once is refused by the first of its parts."""
    return draw.choice(odd) if draw.random() < 0.04 else usual


def few(draw: random.Random, most: int) -> int:
    return draw.choice((0, 1, 1, 2, 3, most // 2, most))


def column_of(draw: random.Random, rows: int) -> pa.Array:
    """A column of any type Parquet has, with gaps."""
    gaps = draw.choice((0, 0, 0.3, 1))
    text = [None if draw.random() < gaps else sound(draw.choice(TEXTS)) for _ in range(rows)]
    whole = [None if draw.random() < gaps else draw.choice((0, 1, -1, 7, 100)) for _ in range(rows)]
    real = [None if draw.random() < gaps else float(draw.choice(NUMBERS)) for _ in range(rows)]
    big = [None if one is None else draw.choice((0, -(2**52), 2**52, 253402300800 * 10**4)) for one in whole]
    makers: list[Callable[[], pa.Array]] = [
        lambda: pa.array(text, pa.string()),
        lambda: pa.array(text, pa.large_string()),
        lambda: pa.array(text, pa.string()).dictionary_encode(),
        lambda: pa.array(text, pa.string_view()).cast(pa.string()),
        lambda: pa.array(real),
        lambda: pa.array(real, pa.float32()),
        lambda: pa.array(whole, draw.choice((pa.int8(), pa.int16(), pa.int64()))),
        lambda: pa.array([None if one is None else abs(one) for one in whole], pa.uint64()),
        lambda: pa.array([2**64 - 1] * rows, pa.uint64()),
        lambda: pa.array(whole, pa.int64()).dictionary_encode(),
        lambda: pa.array([None if one is None else one > 0 for one in whole]),
        lambda: pa.array(big, pa.timestamp(draw.choice(("s", "ms", "us", "ns")))),
        lambda: pa.array(
            big, pa.timestamp("us", draw.choice(("UTC", "+25:00", "Europe/Paris", "+01:00", "Mars/X")))
        ),
        lambda: pa.array([None if one is None else one % 10**6 for one in big], pa.time64("us")),
        lambda: pa.array(big, pa.duration(draw.choice(("s", "us", "ns")))),
        lambda: pa.array([None if one is None else one % 10**6 for one in whole], pa.date32()),
        lambda: pa.array(
            [None if one is None else draw.choice((2**31 - 1, -(2**31))) for one in whole], pa.date32()
        ),
        lambda: pa.array(
            [None if one is None else one for one in whole], pa.decimal128(38, draw.choice((0, 10, 38 - 4)))
        ),
        lambda: pa.array([None if one is None else sound(one).encode() for one in text], pa.binary()),
        lambda: pa.array([b"\xff\x00"] * rows, pa.binary(2)),
        lambda: pa.array(
            [None if one is None else [one] * draw.choice((0, 1, 5)) for one in whole], pa.list_(pa.int64())
        ),
        lambda: pa.array(
            [None if one is None else [[sound(draw.choice(TEXTS))]] for one in whole],
            pa.list_(pa.list_(pa.string())),
        ),
        lambda: pa.array([{"x": one, "y": {"z": other}} for one, other in zip(whole, text, strict=True)]),
        lambda: pa.array([[("k", one)] for one in whole], pa.map_(pa.string(), pa.int64())),
        lambda: pa.nulls(rows),
        lambda: pa.array(["same"] * rows, pa.string()).dictionary_encode(),
        lambda: pa.array([None] * rows, pa.dictionary(pa.int32(), pa.string())),
    ]
    return draw.choice(makers)()


def parquet(draw: random.Random) -> bytes:
    rows, columns = few(draw, 40), few(draw, 8)
    names = [sound(draw.choice(NAMES)) + draw.choice(("", "", str(i))) for i in range(columns)]
    table = pa.Table.from_arrays([column_of(draw, rows) for _ in range(columns)], names=names)
    if draw.random() < 0.2:
        told = draw.choice(
            ('{"index_columns": ["a"], "columns": []}', "{", "[]", '{"index_columns": 1}', "null")
        )
        table = table.replace_schema_metadata({"pandas": told, "x": "y" * draw.choice((0, 1000))})
    target = io.BytesIO()
    try:
        pq.write_table(table, target, **parquet_settings(draw))
    except pa.ArrowInvalid:  # moments that the older form of files has no room for
        target = io.BytesIO()
        pq.write_table(table, target)
    return target.getvalue()


def parquet_settings(draw: random.Random) -> dict[str, Any]:
    return {
        "compression": draw.choice(("none", "snappy", "gzip", "zstd", "brotli")),
        "use_dictionary": draw.random() < 0.7,
        "row_group_size": draw.choice((1, 3, 1000)),
        "version": draw.choice(("1.0", "2.4", "2.6")),
        "data_page_version": draw.choice(("1.0", "2.0")),
        "write_statistics": draw.random() < 0.5,
        "coerce_timestamps": draw.choice((None, None, "ms")),
        "allow_truncated_timestamps": True,
    }


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def escaped(text: str) -> str:
    kept = "".join(sign for sign in sound(text) if sign >= " " or sign in "\t\n")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


HIDDEN = (' state="hidden"', ' state="veryHidden"')


def place(draw: random.Random, row: int, column: int) -> str:
    letters = "ABCDEFGHIJ"[column % 10]
    return seldom(
        draw, f"{letters}{row + 1}", f"{letters.lower()}{row + 1}", f"${letters}${row + 1}", "", "A0", "1A"
    )


def sheet_cell(draw: random.Random, where: str, shared: int) -> str:
    kind = seldom(draw, draw.choice(("s", "s", "n", "n", "str", "inlineStr", "b", "e", "d", "")), "x", "S")
    if kind == "s" and not shared:
        kind = "n"
    usual = {
        "s": str(draw.randrange(max(1, shared))),
        "b": draw.choice("01"),
        "e": draw.choice(("#N/A", "#REF!", "#DIV/0!")),
        "d": draw.choice(("2024-01-02", "2024-01-02T03:04:05")),
        "str": draw.choice(TEXTS),
    }.get(kind, draw.choice(("1", "1.5", "45000", "-1", "0", "60", "1e300")))
    value = seldom(draw, usual, str(shared), "-1", "1e999", "NaN", "", "x", "1e-400", "99999999999999999999")
    inner = f"<v>{escaped(value)}</v>"
    if kind == "inlineStr":
        inner = f"<is><t>{escaped(draw.choice(TEXTS))}</t></is>"
    formula = seldom(
        draw, "", "<f>A1+1</f>", '<f t="shared" ref="A1:B9" si="0">A1</f>', '<f t="shared" si="9"/>'
    )
    style = seldom(draw, draw.choice(("", "", ' s="1"', ' s="2"', ' s="3"')), ' s="99"', ' s="-1"', ' s="x"')
    told = f' r="{where}"' if where else ""
    said = f' t="{kind}"' if kind else ""
    return f"<c{told}{style}{said}>{formula}{inner}</c>"


def sheet(draw: random.Random, shared: int) -> str:
    """A sheet whose cells refer to shared strings, styles and each other."""
    lines, width = [], max(1, few(draw, 6))
    for row in range(few(draw, 20)):
        cells = [sheet_cell(draw, place(draw, row, column), shared) for column in range(width)]
        number = seldom(draw, f' r="{row + 1}"', "", f' r="{20 - row}"', ' r="0"', ' r="x"')
        lines.append(f"<row{number}>{''.join(cells)}</row>")
    merged = [
        draw.choice(("A1:B2", "A1:A1", "B1:C1", "C1:C20", "A1:J20", "A1:XFD1", "Z90:Z99", "B2:A1"))
        for _ in range(few(draw, 4))
    ]
    cells = "".join(
        f'<mergeCell ref="{seldom(draw, ref, "A1", "A0:B0", "A1:B2:C3", "")}"/>' for ref in merged
    )
    merges = f"<mergeCells>{cells}</mergeCells>" if merged else ""
    size = seldom(
        draw, "", *(f'<dimension ref="{ref}"/>' for ref in ("A1:F20", "A1", "B5:C6", "", "A1:XFD1048576"))
    )
    return f'<worksheet xmlns="{_MAIN}">{size}<sheetData>{"".join(lines)}</sheetData>{merges}</worksheet>'


def workbook(draw: random.Random) -> bytes:
    """Parts found through relationships that may point anywhere."""
    shared, count = few(draw, 12), max(1, few(draw, 4))
    items = "".join(
        seldom(
            draw,
            f"<si><t>{escaped(one)}</t></si>",
            f"<si><r><t>{escaped(one)}</t></r><r><t>x</t></r></si>",
            "<si/>",
        )
        for one in draw.choices(TEXTS, k=shared)
    )
    odd = "/xl/worksheets/sheet{i}.xml data/s{i}.xml ../xl/worksheets/sheet0.xml Worksheets/Sheet{i}.XML missing.xml"
    targets = [seldom(draw, "worksheets/sheet{i}.xml", *odd.split()).format(i=i) for i in range(count)]
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/{seldom(draw, "worksheet", "chartsheet", "dialogsheet", "macrosheet")}" Target="{target}"/>'
        for i, target in enumerate(targets)
    )
    relations += f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="{seldom(draw, "sharedStrings.xml", "SharedStrings.xml")}"/>'
    relations += f'<Relationship Id="y" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    entries = "".join(
        f'<sheet name="{escaped(seldom(draw, f"Sheet{i}", *NAMES))}" sheetId="{i + 1}" r:id="{seldom(draw, f"r{i}", "none", "r0")}"{seldom(draw, "", *HIDDEN)}/>'
        for i in range(count)
    )
    formats = "".join(
        f'<numFmt numFmtId="{164 + i}" formatCode="{one}"/>'
        for i, one in enumerate(("yyyy", "[h]:mm", "0.0%", "@", "[$-409]d", "General"))
    )
    styles = "".join(f'<xf numFmtId="{one}"/>' for one in (0, 14, 164, 165, 166, 9999))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="w" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{seldom(draw, "0", "1", "x")}"/><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}" count="{seldom(draw, str(shared), "0", "1000000000")}" uniqueCount="{shared}">{items}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
    }
    for target in dict.fromkeys(targets):
        if target != "missing.xml":
            parts[f"xl/{target}".replace("xl//xl/", "xl/").replace("xl/../", "")] = sheet(draw, shared)
    gone = seldom(draw, "", *parts)
    return packed(draw, {name: part for name, part in parts.items() if name != gone})


def packed(draw: random.Random, parts: dict[str, Any]) -> bytes:
    """A zip of these parts with one date, so that a seed makes the same bytes again."""
    target = io.BytesIO()
    way = draw.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with zipfile.ZipFile(target, "w", way) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, way)
    return target.getvalue()


def document(draw: random.Random) -> bytes:
    """An .ods whose cells, rows and columns repeat."""
    often = (1, 1, 1, 2, 5, 100)

    def cell() -> str:
        text = escaped(draw.choice(TEXTS))
        repeat = f'table:number-columns-repeated="{draw.choice(often)}"'
        return draw.choice(
            (
                f'<table:table-cell {repeat} office:value-type="float" office:value="{draw.choice((1, "1.5", "x", "", "1e999"))}"/>',
                f'<table:table-cell {repeat} office:value-type="string"><text:p>{text}</text:p><text:p/></table:table-cell>',
                f'<table:table-cell office:value-type="date" office:date-value="{draw.choice(("2024-01-02", "2024-13-01", "x", ""))}"/>',
                '<table:table-cell office:value-type="time" office:time-value="PT01H02M03S"/>',
                '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
                f'<table:table-cell office:value-type="percentage" office:value="0.5" {repeat}/>',
                f'<table:table-cell table:number-columns-spanned="{draw.choice(often)}" table:number-rows-spanned="{draw.choice(often)}"><text:p>{text}</text:p></table:table-cell>',
                f"<table:covered-table-cell {repeat}/>",
                f"<table:table-cell {repeat}/>",
                '<table:table-cell><text:p>a<text:s text:c="9"/><text:span>b</text:span><text:tab/></text:p></table:table-cell>',
            )
        )

    def table(i: int) -> str:
        rows = "".join(
            f'<table:table-row table:number-rows-repeated="{draw.choice(often)}">{"".join(cell() for _ in range(few(draw, 6)))}</table:table-row>'
            for _ in range(few(draw, 8))
        )
        return f'<table:table table:name="{escaped(draw.choice(NAMES))}{i}">{rows}</table:table>'

    office = "urn:oasis:names:tc:opendocument:xmlns"
    tables = "".join(table(i) for i in range(few(draw, 3)))
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    return packed(draw, {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def value(draw: random.Random, depth: int) -> Any:
    if depth and draw.random() < 0.3:
        if draw.random() < 0.5:
            return [value(draw, depth - 1) for _ in range(few(draw, 4))]
        return {draw.choice(NAMES): value(draw, depth - 1) for _ in range(few(draw, 4))}
    return draw.choice((None, True, False, *NUMBERS, *TEXTS, *TEXTS))


def json_text(draw: random.Random) -> bytes:
    """JSON in the forms that tables come in: lines, lists, records, columns, GeoJSON, values alone."""
    plain = draw.random() < 0.5
    lines = draw.random() < 0.5

    def said(one: Any) -> str:
        return json.dumps(one, ensure_ascii=plain, indent=None if lines else draw.choice((None, None, 1)))

    records = [
        {draw.choice(NAMES): value(draw, 3) for _ in range(few(draw, 5))} for _ in range(few(draw, 12))
    ]
    if lines:
        others = [value(draw, 2) if draw.random() < 0.1 else one for one in records]
        text = draw.choice(("\n", "\n", "\r\n", ",\n", "")).join(map(said, others))
    else:
        whole: Any = draw.choice(
            (records, {"data": records}, {"type": "FeatureCollection", "features": records})
        )
        whole = draw.choice(
            (whole, whole, value(draw, 4), {name: [value(draw, 1)] * 3 for name in NAMES[:4]})
        )
        whole = draw.choice(
            (
                whole,
                whole,
                {"schema": {"fields": value(draw, 2)}, "data": records},
                [[1, 2], value(draw, 2), [3]],
            )
        )
        text = said(whole)
    return text.encode("utf-8", "surrogatepass" if draw.random() < 0.5 else "replace")


def delimited(draw: random.Random) -> bytes:
    mark = draw.choice(",;\t| ")
    names = draw.choices(NAMES, k=max(1, few(draw, 6)))
    rows = [names, *(draw.choices(TEXTS, k=len(names)) for _ in range(few(draw, 30)))]
    quoted = draw.random() < 0.5
    shown = [
        mark.join('"' + cell.replace('"', '""') + '"' if quoted else cell for cell in row) for row in rows
    ]
    return (
        draw.choice(("\n", "\r\n", "\r"))
        .join(shown)
        .encode(draw.choice(("utf-8", "utf-16", "latin-1", "utf-8-sig")), "replace")
    )


def archive(draw: random.Random) -> bytes:
    """A table packed in any of the ways, once or twice, with what archives may have around it."""
    inner = draw.choice((delimited, json_text, parquet, workbook))(draw)
    way = draw.choice(("zip", "zip", "gzip", "bz2", "xz", "zstd", "twice", "members"))
    if way == "gzip":
        return gzip.compress(inner, mtime=0) + draw.choice((b"", b"\0" * 9, gzip.compress(b"c,d\n", mtime=0)))
    if way == "bz2":
        return bz2.compress(inner) + draw.choice((b"", bz2.compress(b"x\n")))
    if way == "xz":
        return lzma.compress(inner)
    if way == "zstd":
        return bytes(pa.compress(inner, codec="zstd", asbytes=True)) if inner else b""
    if way == "twice":
        return gzip.compress(gzip.compress(inner, mtime=0), mtime=0)
    target = io.BytesIO()
    kinds = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(target, "w", draw.choice(kinds)) as packing:
        packing.comment = b"c" * draw.choice((0, 0, 65_535))
        for name in draw.choice(
            (
                ["a.csv"],
                ["a/b/c.csv"],
                ["a/", "a/x.csv"],
                ["../../x.csv"],
                ["é.csv"],
                ["C:\\x"],
                ["a.csv", "a.csv"],
            )
        ):
            packing.writestr(zipfile.ZipInfo(name), b"" if name.endswith("/") else inner)
    return draw.choice((b"", b"", b"junk before")) + target.getvalue()


def npy(draw: random.Random) -> bytes:
    """A NumPy file, sound or with a header that says anything."""
    if draw.random() < 0.3:
        target = io.BytesIO()
        np.save(
            target,
            np.full((few(draw, 9), few(draw, 9)), draw.choice(NUMBERS)).astype(
                draw.choice(("f4", "f8", ">i2"))
            ),
        )
        return target.getvalue()
    shape = draw.choice(
        (
            "(2, 2)",
            "(4,)",
            "()",
            "(1000000000, 384)",
            "(-1, 2)",
            "(2, -2)",
            "(0, 9)",
            "2",
            "('a',)",
            "(2.0, 2)",
            "(True, 4)",
        )
    )
    kind = draw.choice(
        (
            "'<f4'",
            "'<f8'",
            "'|O'",
            "'<U4'",
            "[('a', '<f4')]",
            "'>i2'",
            "'V9'",
            "'<f99'",
            "None",
            "'<M8[s]'",
            "'|S0'",
            "'<f2'",
        )
    )
    header = draw.choice(
        (
            f"{{'descr': {kind}, 'fortran_order': {draw.choice(('False', 'True', '7'))}, 'shape': {shape}, }}",
            "(" * draw.choice((1, 50, 5000)), "[" * 2000 + "]" * 2000, "", "{}", "None", "1+1", "__import__('os')", "{'descr': 1}", "-" * 5000 + "1", "\x00" * 9,
        )
    )  # fmt: skip
    told = header.encode("latin-1") + b"\n"
    version = draw.choice(((1, 0), (2, 0), (3, 0), (9, 9)))
    length = struct.pack("<H" if version[0] == 1 else "<I", draw.choice((len(told), len(told), 60_000)))
    return b"\x93NUMPY" + bytes(version) + length + told + bytes(draw.choice((0, 7, 16, 64)))


KINDS: dict[str, tuple[str, Callable[[random.Random], bytes]]] = {
    "Parquet": ("file.parquet", parquet),
    "workbook": ("file.xlsx", workbook),
    "open document": ("file.ods", document),
    "old workbook": ("file.xls", old_workbook),
    "binary workbook": ("file.xlsb", binary_workbook),
    "JSON": ("file.json", json_text),
    "text": ("file.csv", delimited),
    "archive": ("file.zip", archive),
    "NumPy": ("file.npy", npy),
}


def structures(count: int, *, seed: int) -> Iterator[Case]:
    """``count`` sound but odd files of every kind in turn, the same ones for the same ``seed``."""
    draw = random.Random(seed)
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        name, make = KINDS[kind]
        yield Case(make(draw), name, kind)


def structure_outcome(case: Case) -> Outcome:
    """Read a file and use what came of it; nothing is raised, whatever happens."""
    return outcome_of(
        lambda: _used(case),
        ZetascopeError,
        lambda said: "" if said.endswith((".", "?")) else f"no sentence: {said}",
    )


def _used(case: Case) -> str:
    """What the pages do with every table: they profile it and offer it for download. Nothing can be wrong."""
    if case.name.endswith(".npy"):
        read_vectors(case.data)
        return ""
    frame = read_table(case.data, name=case.name, options=LIMITS).frame
    profile_table(frame).to_frame()
    if frame.shape[1]:
        write_csv(frame, io.BytesIO())
        write_parquet(frame, io.BytesIO())
    return ""
