"""Small files that would become large tables if nobody counted first: each a name and its bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.tables.workbooks import place, sheet_xml, workbook

MB = 1_000_000
Made = tuple[str, bytes]
"""A file name and what the file holds."""


def parquet(table: pa.Table, **options: Any) -> bytes:
    """The bytes of a Parquet file."""
    target = io.BytesIO()
    pq.write_table(table, target, **{"compression": "zstd", "store_schema": False, **options})
    return target.getvalue()


def with_parts(data: bytes, parts: dict[str, bytes | None]) -> bytes:
    """A zip with these parts in place of its own, or beside them; ``None`` takes one away."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**old, **parts}.items():
            if part is not None:
                archive.writestr(name, part)
    return target.getvalue()


def _texts(rows: int, size: int, kind: pa.DataType | None = None) -> pa.Array:
    """The same text in every row, stored once."""
    values = pa.array(["x" * size], pa.string())
    return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), values.cast(kind or pa.string()))


def parquet_texts(rows: int = 6000, size: int = MB) -> Made:
    """One text of a megabyte, referenced by every row."""
    return "a.parquet", parquet(pa.table({"n": np.arange(rows), "t": _texts(rows, size)}))


def parquet_categories(rows: int = 6000, size: int = MB) -> Made:
    """The same, to be read as categories, with one text twice, so that they are none."""
    values = pa.array(["x" * size, "x" * size])
    texts = pa.DictionaryArray.from_arrays(np.arange(rows, dtype=np.int32) % 2, values)
    return "a.parquet", parquet(pa.table({"t": texts}), store_schema=True)


def parquet_bytes(rows: int = 6000, size: int = MB) -> Made:
    """The same as bytes."""
    return "a.parquet", parquet(pa.table({"t": _texts(rows, size, pa.binary())}))


def parquet_same_names(rows: int = 6000, size: int = MB) -> Made:
    """The same in two columns of one name."""
    return "a.parquet", parquet(pa.table([_texts(rows, size)] * 2, names=["t", "t"]))


def parquet_lists_of_texts(rows: int = 6000, size: int = MB) -> Made:
    """The same in lists of one item."""
    lists = pa.ListArray.from_arrays(np.arange(rows + 1, dtype=np.int32), _texts(rows, size))
    return "a.parquet", parquet(pa.table({"n": np.arange(rows), "t": lists}))


def parquet_structs_of_texts(rows: int = 6000, size: int = MB) -> Made:
    """The same inside objects."""
    return "a.parquet", parquet(pa.table({"t": pa.StructArray.from_arrays([_texts(rows, size)], ["inner"])}))


def parquet_second_group(rows: int = 6000, size: int = MB) -> Made:
    """The same behind a group of rows that has no value."""
    target = io.BytesIO()
    kind = pa.dictionary(pa.int32(), pa.string())
    with pq.ParquetWriter(target, pa.schema([("t", kind)]), store_schema=False) as writer:
        writer.write_table(pa.table({"t": pa.array([None] * 10, pa.string()).dictionary_encode()}))
        writer.write_table(pa.table({"t": _texts(rows, size)}))
    return "a.parquet", target.getvalue()


def parquet_fixed_bytes(rows: int = 6000, size: int = MB) -> Made:
    """The same as bytes of a fixed length."""
    values = pa.array([b"x" * size] * min(rows, 50), pa.binary(size))
    columns = {f"t{i}": values for i in range(rows // len(values))}
    return "a.parquet", parquet(pa.table(columns), compression_level=9)


def parquet_prefixes(rows: int = 6000, size: int = MB) -> Made:
    """Texts that each begin as the one before: what they share is stored once."""
    whole = pa.array(["x" * size] * min(rows, 500))
    return "a.parquet", parquet(
        pa.table({f"t{i}": whole for i in range(max(1, rows // len(whole)))}),
        use_dictionary=False,
        column_encoding={f"t{i}": "DELTA_BYTE_ARRAY" for i in range(max(1, rows // len(whole)))},
    )


def parquet_constants(rows: int = 2_000_000, columns: int = 50, kind: str = "int64") -> Made:
    """The same number in every cell, as run lengths."""
    numbers = pa.array(np.zeros(rows, kind))
    return "a.parquet", parquet(pa.table({f"c{i}": numbers for i in range(columns)}))


def parquet_truths(rows: int = 2_000_000, columns: int = 500) -> Made:
    """The same for truth values."""
    return parquet_constants(rows, columns, "bool")


def parquet_nothing(rows: int = 2_000_000, columns: int = 500) -> Made:
    """Columns without a value."""
    nothing = pa.nulls(rows, pa.float64())
    return "a.parquet", parquet(pa.table({f"c{i}": nothing for i in range(columns)}))


def parquet_one_list(items: int = 20_000_000) -> Made:
    """One cell that holds a list of so many equal numbers."""
    lists = pa.ListArray.from_arrays(np.array([0, items], np.int32), np.zeros(items, np.int64))
    return "a.parquet", parquet(pa.table({"a": lists}))


def parquet_struct_of_numbers(rows: int = 2_000_000, columns: int = 50) -> Made:
    """One column of objects with so many fields."""
    zeros = pa.array(np.zeros(rows, np.int64))
    fields = pa.StructArray.from_arrays([zeros] * columns, [f"f{i}" for i in range(columns)])
    return "a.parquet", parquet(pa.table({"a": fields}))


# Delimited text and JSON ----------------------------------------------------------------------------------


def names_and_short_rows(names: int = 10_000, rows: int = 20_000) -> Made:
    """Many names, one full row, and rows of one cell."""
    head = ",".join(f"n{i}" for i in range(names))
    return "a.csv", f"{head}\n{','.join(['1'] * names)}\n{'1' + chr(10)}".encode() + b"1\n" * rows


def names_and_rows_of_two(names: int = 10_000, rows: int = 20_000) -> Made:
    """The same with quotes, semicolons and two cells a row."""
    head = ";".join(f'"n{i}"' for i in range(names))
    return "a.csv", f"{head}\n{';'.join(['1'] * names)}\n".encode() + b'"1";2\n' * rows


def row_of_one_cell_less(columns: int = 2000, rows: int = 50, word: str = "") -> Made:
    """Full rows and one that lacks a cell."""
    row = ",".join(f"{word}{i % 7}" for i in range(columns))
    lines = [",".join(f"n{i}" for i in range(columns)), *[row] * rows, row.rpartition(",")[0], row]
    return "a.csv", "\n".join(lines).encode()


def many_lines(lines: int = 10_000_000, line: bytes = b"1\n") -> bytes:
    """So many short rows below a name."""
    return b"n\n" + line * lines


def packed_lines(lines: int = 10_000_000, line: bytes = b"1\n", pack: str = "gz") -> Made:
    """The same, packed."""
    packers: dict[str, Callable[[bytes], bytes]] = {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "zst": lambda data: pa.compress(data, "zstd", asbytes=True),
    }
    return f"a.csv.{pack}", packers[pack](many_lines(lines, line))


def packed_json_lines(lines: int = 10_000_000) -> Made:
    """Objects on a line each, packed."""
    return "a.jsonl.gz", gzip.compress(b'{"a":1}\n' * lines)


def json_new_keys(rows: int = 10_000, before: str = "", between: str = "\n", after: str = "") -> Made:
    """An object with a key of its own on each line."""
    return "a.jsonl" if not before else "a.json", (
        before + between.join(f'{{"k{i}":1}}' for i in range(rows)) + after
    ).encode()


def json_list_of_new_keys(rows: int = 10_000) -> Made:
    """The same as a list."""
    return json_new_keys(rows, "[", ",", "]")


def json_under_a_key(rows: int = 10_000) -> Made:
    """The same below a key."""
    return json_new_keys(rows, '{"data": [', ",\n", "]}")


def json_nested_keys(rows: int = 10_000) -> Made:
    """The same one level deeper."""
    return "a.jsonl", "\n".join(f'{{"a":{{"k{i}":1}}}}' for i in range(rows)).encode()


def json_short_lists(items: int = 10_000, rows: int = 20_000) -> Made:
    """One long list and many empty ones."""
    return "a.json", json.dumps([list(range(items)), *[[]] * rows]).encode()


def json_by_column(rows: int = 10_000) -> Made:
    """Objects of objects with labels that hardly meet."""
    inner = {str(i): i for i in range(rows)}
    return "a.json", json.dumps({f"c{i}": inner if not i else {"0": 1} for i in range(rows)}).encode()


# Workbooks and pages --------------------------------------------------------------------------------------


def shared_text(
    cells: int = 6000, size: int = MB, part: str = "xl/sharedStrings.xml", value: str = "<v>0</v>"
) -> Made:
    """One shared text that so many cells point to."""
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s">{value}</c></row>' for i in range(1, cells + 1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    texts = f'<sst xmlns="{main}"><si><t>{"x" * size}</t></si></sst>'
    book = workbook({"s": sheet})
    relations = zipfile.ZipFile(io.BytesIO(book)).read("xl/_rels/workbook.xml.rels").decode()
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    added = f'<Relationship Id="t" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    return "a.xlsx", with_parts(
        book,
        {
            part: texts.encode(),
            "xl/_rels/workbook.xml.rels": relations.replace("</Relationships>", added).encode(),
        },
    )


def shared_text_with_space(cells: int = 6000, size: int = MB) -> Made:
    """The same, told in other words of XML."""
    return shared_text(cells, size, value='<f>A1</f><!-- --><v xml:space="preserve">0</v>')


def far_cell(target: str = "data/sheet1.xml", part: str = "xl/data/sheet1.xml", where: str = "XFD1048576",
             prologue: str = "") -> Made:  # fmt: skip
    """A cell in the last corner, in a part of another name than usual."""
    sheet = prologue + sheet_xml([["a", "b"], [1, 2], [3, 4]]).replace('r="B2"', f'r="{where}"')
    book = workbook({"s": sheet})
    relations = zipfile.ZipFile(io.BytesIO(book)).read("xl/_rels/workbook.xml.rels").decode()
    return "a.xlsx", with_parts(
        book,
        {
            "xl/worksheets/sheet1.xml": None,
            part: sheet.encode(),
            "xl/_rels/workbook.xml.rels": relations.replace("worksheets/sheet1.xml", target).encode(),
        },
    )


def many_merges(merges: int = 3000) -> Made:
    """A text merged over wide ranges, again and again."""
    ranges = [f"A{1}:{place(0, 400)}{2000}" for _ in range(merges)]
    rows = [[f"t{i}" for i in range(500)], *[[j] * 500 for j in range(3)], *[[1]] * 2000]
    return "a.xlsx", workbook({"s": sheet_xml(rows, ranges)})


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def ods(rows: str) -> bytes:
    """An open document of these rows of XML."""
    content = (
        f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" '
        f'xmlns:text="{OFFICE}:text:1.0"><office:body><office:spreadsheet><table:table table:name="D">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return target.getvalue()


def ods_cell(text: str = "a", attributes: str = "", inner: str = "") -> str:
    """A cell of text."""
    value = 'office:value-type="string"' if text or inner else ""
    return f"<table:table-cell {value} {attributes}><text:p>{text}{inner}</text:p></table:table-cell>"


def ods_row(*cells: str, attributes: str = "") -> str:
    """A row of cells."""
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def ods_repeated_text(size: int = 500_000, times: int = 9000) -> Made:
    """A long text in a cell that is repeated."""
    cell = ods_cell("x" * size, f'table:number-columns-repeated="{times}"')
    return "a.ods", ods(ods_row(ods_cell("a")) + ods_row(cell))


def ods_repeated_rows(size: int = 500_000, times: int = 9000) -> Made:
    """The same for a row."""
    row = ods_row(ods_cell("x" * size), attributes=f'table:number-rows-repeated="{times}"')
    return "a.ods", ods(ods_row(ods_cell("a")) + row)


def ods_rectangle(rows: int = 1_000_000, columns: int = 16_000) -> Made:
    """One row with a value far to the right, and rows far down."""
    wide = ods_row(ods_cell("", f'table:number-columns-repeated="{columns}"'), ods_cell("a"))
    long = ods_row(ods_cell("b"), attributes=f'table:number-rows-repeated="{rows}"')
    return "a.ods", ods(wide + long)


def ods_empty_rows(rows: int = 1_000_000, columns: int = 16_000) -> Made:
    """The same with rows that are empty between two that are not."""
    wide = ods_row(ods_cell("", f'table:number-columns-repeated="{columns}"'), ods_cell("a"))
    none = ods_row(ods_cell(""), attributes=f'table:number-rows-repeated="{rows}"')
    return "a.ods", ods(wide + none + wide)


def ods_blanks(count: int = 2_000_000_000) -> Made:
    """A text of blanks that are told by their number."""
    return "a.ods", ods(ods_row(ods_cell("a")) + ods_row(ods_cell("b", "", f'<text:s text:c="{count}"/>')))


def html_spans(rows: int = 20_000, across: int = 1000, text: str = "x") -> Made:
    """Cells over many columns and rows."""
    cells = f'<td colspan="{across}" rowspan="{rows}">{text}</td><td>y</td>'
    return "a.html", f"<table><tr>{cells}</tr>{'<tr><td>1</td></tr>' * rows}</table>".encode()


def html_short_rows(columns: int = 10_000, rows: int = 20_000) -> Made:
    """One long row and many short ones."""
    return "a.html", f"<table><tr>{'<td>1' * columns}</tr>{'<tr><td>1' * rows}</table>".encode()


def sheet_xml_far(rows: int = 20_000, column: int = 9000) -> Made:
    """Excel's XML of 2003: cells that name their own columns."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    row = '<Row><Cell><Data ss:Type="Number">1</Data></Cell></Row>'
    full = "".join('<Cell><Data ss:Type="Number">1</Data></Cell>' for _ in range(column))
    return "a.xml", (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="s"><Table>'
        f"<Row>{full}</Row>{row * rows}</Table></Worksheet></Workbook>"
    ).encode()


def xlsb(rows: int = 1_048_576, columns: int = 16_384) -> Made:
    """A binary workbook with a cell in the first and one in the last corner."""

    def record(kind: int, body: bytes) -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return head + bytes([len(body)]) + body

    def number(row: int, column: int) -> bytes:
        header = row.to_bytes(4, "little") + bytes(13)
        return record(0, header) + record(5, column.to_bytes(4, "little") + bytes(4) + bytes(8))

    size = bytes(8) + (rows - 1).to_bytes(4, "little") + (columns - 1).to_bytes(4, "little")
    sheet = record(129, b"") + record(148, size) + record(145, b"")
    sheet += number(0, 0) + number(rows - 1, columns - 1) + record(146, b"") + record(130, b"")
    name, key = "s".encode("utf-16-le"), "r1".encode("utf-16-le")
    bundle = bytes(4) + (1).to_bytes(4, "little") + (2).to_bytes(4, "little") + key
    bundle += (1).to_bytes(4, "little") + name
    book = record(131, b"") + record(143, b"") + record(156, bundle) + record(144, b"") + record(132, b"")
    data = workbook({"s": sheet_xml([["a"]])})
    relations = zipfile.ZipFile(io.BytesIO(data)).read("xl/_rels/workbook.xml.rels").decode()
    types = zipfile.ZipFile(io.BytesIO(data)).read("[Content_Types].xml").decode()
    return "a.xlsb", with_parts(
        data,
        {
            "xl/worksheets/sheet1.xml": None,
            "xl/styles.xml": None,
            "xl/workbook.xml": None,
            "xl/worksheets/sheet1.bin": sheet,
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": relations.replace("sheet1.xml", "sheet1.bin").encode(),
            "[Content_Types].xml": types.replace("workbook.xml", "workbook.bin").encode(),
        },
    )


LARGE: dict[str, Callable[[], Made]] = {
    "parquet texts": parquet_texts,
    "parquet categories": partial(parquet_categories, 2000),
    "parquet bytes": parquet_bytes,
    "parquet same names": parquet_same_names,
    "parquet lists of texts": parquet_lists_of_texts,
    "parquet structs of texts": parquet_structs_of_texts,
    "parquet second group": parquet_second_group,
    "parquet fixed bytes": parquet_fixed_bytes,
    "parquet prefixes": parquet_prefixes,
    "parquet constants": parquet_constants,
    "parquet truths": parquet_truths,
    "parquet nothing": parquet_nothing,
    "parquet one list": parquet_one_list,
    "parquet struct of numbers": parquet_struct_of_numbers,
    "names and short rows": names_and_short_rows,
    "names and rows of two": names_and_rows_of_two,
    "row of one cell less": row_of_one_cell_less,
    "row of words of one cell less": partial(row_of_one_cell_less, word="some longer words; 12|34 "),
    "gzip lines": packed_lines,
    "gzip quoted lines": partial(packed_lines, line=b'"1"\n'),
    "gzip lines with CR": partial(packed_lines, line=b"1\r\n"),
    "gzip lines with an apostrophe": partial(packed_lines, 6_000_000, line=b"1\n" * 9 + b"'\n"),
    "zstd lines": partial(packed_lines, pack="zst"),
    "bzip2 lines": partial(packed_lines, 4_000_000, pack="bz2"),
    "gzip empty lines": partial(packed_lines, 50_000_000, line=b"\n"),
    "gzip JSON lines": packed_json_lines,
    "JSON new keys": json_new_keys,
    "JSON list of new keys": json_list_of_new_keys,
    "JSON under a key": json_under_a_key,
    "JSON nested keys": json_nested_keys,
    "JSON short lists": json_short_lists,
    "JSON by column": json_by_column,
    "shared text": shared_text,
    "shared text in other words": shared_text_with_space,
    "far cell": far_cell,
    "far cell, other case": partial(far_cell, "DATA/Sheet1.XML", "xl/data/sheet1.xml"),
    "far cell, backslashes": partial(far_cell, "data\\sheet1.xml", "xl\\data\\sheet1.xml"),
    "far cell, absolute": partial(far_cell, "/other/one.dat", "other/one.dat"),
    "far cell, long prologue": partial(far_cell, prologue="<!--" + "x" * 9000 + "-->"),
    "far cell, far row": partial(far_cell, where="A4000000000"),
    "binary workbook": xlsb,
    "many merges": many_merges,
    "ods repeated text": ods_repeated_text,
    "ods repeated rows": ods_repeated_rows,
    "ods rectangle": ods_rectangle,
    "ods empty rows": ods_empty_rows,
    "ods blanks": ods_blanks,
    "html spans": html_spans,
    "html long text in spans": partial(html_spans, 500, 500, "x" * 100_000),
    "html short rows": html_short_rows,
    "xml sheet far": sheet_xml_far,
}
"""Files of less than 4 MB that would fill from half a gigabyte to many, each kind in several forms."""

SMALL: dict[str, Callable[[], Made]] = {
    "parquet texts": partial(parquet_texts, 300, 100_000),
    "parquet bytes": partial(parquet_bytes, 300, 100_000),
    "parquet same names": partial(parquet_same_names, 300, 100_000),
    "parquet lists of texts": partial(parquet_lists_of_texts, 300, 100_000),
    "parquet structs of texts": partial(parquet_structs_of_texts, 300, 100_000),
    "parquet second group": partial(parquet_second_group, 300, 100_000),
    "parquet fixed bytes": partial(parquet_fixed_bytes, 300, 100_000),
    "parquet prefixes": partial(parquet_prefixes, 300, 70_000),
    "parquet constants": partial(parquet_constants, 100_000, 30),
    "parquet one list": partial(parquet_one_list, 400_000),
    "parquet struct of numbers": partial(parquet_struct_of_numbers, 100_000, 30),
    "names and rows of two": partial(names_and_rows_of_two, 1000, 2000),
    "JSON new keys": partial(json_new_keys, 1000),
    "JSON list of new keys": partial(json_list_of_new_keys, 1000),
    "JSON short lists": partial(json_short_lists, 1000, 2000),
    "shared text": partial(shared_text, 300, 100_000),
    "shared text in other words": partial(shared_text_with_space, 300, 100_000),
    "far cell": far_cell,
    "far cell, backslashes": LARGE["far cell, backslashes"],
    "far cell, absolute": LARGE["far cell, absolute"],
    "far cell, long prologue": LARGE["far cell, long prologue"],
    "binary workbook": xlsb,
    "ods repeated text": partial(ods_repeated_text, 10_000, 9000),
    "ods repeated rows": partial(ods_repeated_rows, 10_000, 9000),
    "ods rectangle": partial(ods_rectangle, 2000, 2000),
    "ods empty rows": partial(ods_empty_rows, 2000, 2000),
    "ods blanks": partial(ods_blanks, 100_000_000),
    "html spans": partial(html_spans, 1500, 500),
    "html long text in spans": partial(html_spans, 50, 50, "x" * 20_000),
    "html short rows": partial(html_short_rows, 1000, 2000),
    "xml sheet far": partial(sheet_xml_far, 2000, 1000),
}
"""The same, a thousandth as large: to be read within a limit of 20 MB."""
