"""Small sound files of every format ``read_table`` knows, made without a library that writes workbooks."""

import gzip
import io
import zipfile
from functools import cache

import pyarrow as pa
import pyarrow.parquet as pq


@cache
def seeds() -> dict[str, bytes]:
    """Small files by name; the last word is the file's extension."""
    plain = _text()
    return {
        "plain csv": plain.encode(),
        "quoted csv": plain.replace(",", '","').replace("\n", '"\n"').encode(),
        "german csv": plain.replace(".", ",").replace(",", ";").encode("cp1252"),
        "tabs tsv": plain.replace(",", "\t").encode("utf-16"),
        "titled csv": f"Report\n\n{plain}\nSource: survey\n".encode(),
        "fixed txt": "".join(f"{i:<6}{'ab' * (i % 5):<12}{i / 7:8.3f}\n" for i in range(40)).encode(),
        "lines jsonl": _json_lines(),
        "packed csv.gz": gzip.compress(plain.encode(), mtime=0),
        "packed csv.zst": pa.compress(plain.encode(), codec="zstd", asbytes=True),
        "packed zip": zipped({"inner.csv": plain.encode()}),
        "book xlsx": _workbook(),
        "document ods": _open_document(),
        "flat parquet": _parquet(
            {
                "a": [*range(400), None],
                "b": [f"name {i % 90}" for i in range(401)],
                "c": [i / 7 for i in range(401)],
            }
        ),
        "nested parquet": _parquet({"a": [[1], None, []] * 90, "b": [{"k": b"v%d" % i} for i in range(270)]}),
    }


def _text() -> str:
    rows = "".join(
        f"{i},name {i % 7},{i * 1.25:.2f},2024-0{i % 9 + 1}-{i % 28 + 1:02d},{'yes' if i % 3 else 'no'}\n"
        for i in range(40)
    )
    return f"id,name,price,day,paid\n{rows}"


def _json_lines() -> bytes:
    line = '{{"id": {}, "name": "n\\u00e9 {}", "tags": [1, {{"k": null}}], "when": "2024-01-02T03:04:05Z"}}\n'
    return "".join(line.format(i, i) for i in range(30)).encode()


def _parquet(columns: dict[str, list[object]]) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, compression="none", data_page_size=512)
    return target.getvalue()


def _workbook() -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><v>{i}</v></c><c r="B{i}" t="inlineStr"><is><t>name {i}</t></is></c>'
        f'<c r="C{i}" s="1"><v>{45000 + i}</v></c><c r="D{i}" t="s"><v>0</v></c></row>'
        for i in range(2, 20)
    )
    head = "".join(f'<c r="{c}1" t="inlineStr"><is><t>{c}</t></is></c>' for c in "ABCD")
    sheet = f'<sheetData><row r="1">{head}</row>{rows}</sheetData>'
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{office}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(
            [
                ("worksheet", "worksheets/sheet1.xml"),
                ("styles", "styles.xml"),
                ("sharedStrings", "sharedStrings.xml"),
            ]
        )
    )
    book = '<sheets><sheet name="One" sheetId="1" r:id="r0"/></sheets>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="w" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{book}</workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
        "</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>shared</t></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
    }
    return zipped({name: part.encode() for name, part in parts.items()})


def _open_document() -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = f'xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"'
    rows = "".join(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>'
        f"name {i}</text:p></table:table-cell>"
        f'<table:table-cell office:value-type="float" office:value="{i}.5"/></table:table-row>'
        for i in range(20)
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="One">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped(
        {
            "mimetype": kind.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            # An entry without a time of its own, so that the same parts give the same bytes.
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()
