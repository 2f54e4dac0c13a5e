"""Small workbooks made by hand, so that tests need no library that writes them."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="00000"/>'
    '<numFmt numFmtId="165" formatCode="[$-407]000\\-00\\-0000;@"/>'
    '<numFmt numFmtId="166" formatCode="00"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="8"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="10" applyNumberFormat="1"/><xf numFmtId="46" applyNumberFormat="1"/>'
    '<xf numFmtId="21" applyNumberFormat="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf numFmtId="166" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
DATE, PERCENT, SPAN, CLOCK, FIVE_ZEROS, PARTED_ZEROS, TWO_ZEROS = 1, 2, 3, 4, 5, 6, 7


def place(row: int, column: int) -> str:
    """A1-style name of a zero-based cell."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _cell(row: int, column: int, value: object) -> str:
    where = place(row, column)
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f'<c r="{where}" s="{value[1]}"><v>{value[0]}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{where}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{where}"><v>{value!r}</v></c>'
    if str(value).startswith("#"):
        return f'<c r="{where}" t="e"><v>{value}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def sheet_xml(rows: list[list[object]], merged: list[str] | None = None) -> str:
    """XML of one sheet; a tuple is (serial number, style), as in (45000, DATE), a text with # an error."""
    lines = (
        f'<row r="{i + 1}">{"".join(_cell(i, j, value) for j, value in enumerate(row))}</row>'
        for i, row in enumerate(rows)
    )
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged or ())
    merges = f"<mergeCells>{cells}</mergeCells>" if cells else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData>{merges}</worksheet>'


def workbook(sheets: dict[str, str], hidden: tuple[str, ...] = ()) -> bytes:
    """An .xlsx file of these sheets, by name and XML."""
    entries, relations = "", ""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, (name, xml) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if name in hidden else ""
            entries += f'<sheet name="{escape(name)}" sheetId="{i}" r:id="r{i}"{state}/>'
            relations += (
                f'<Relationship Id="r{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            )
            archive.writestr(f"xl/worksheets/sheet{i}.xml", xml)
        relations += f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        archive.writestr("[Content_Types].xml", _TYPES)
        root = f'<Relationship Id="w" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", _RELATIONS.format(root))
        archive.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format(relations))
        archive.writestr("xl/styles.xml", _STYLES)
        book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{entries}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", book)
    return target.getvalue()


def open_document(rows: list[list[object]], *, columns: str = "", hidden: tuple[int, ...] = ()) -> bytes:
    """An .ods file with one sheet of texts and numbers; a tuple is (number, the text that is shown).

    ``columns`` is what the sheet says of its columns, ``hidden`` are rows from 0.
    """
    office = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.spreadsheet"

    def cell(value: object) -> str:
        if isinstance(value, tuple):
            number, shown = value
            kind = f'office:value-type="float" office:value="{number}"'
            return f"<table:table-cell {kind}><text:p>{shown}</text:p></table:table-cell>"
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = f"<text:p>{escape(str(value))}</text:p>"
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'

    shown = ["" if i not in hidden else ' table:visibility="collapse"' for i in range(len(rows))]
    lines = columns + "".join(
        f"<table:table-row{how}>{''.join(map(cell, row))}</table:table-row>"
        for how, row in zip(shown, rows, strict=True)
    )
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Data">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return target.getvalue()


def _record(kind: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack("<2H", kind, len(body)) + body


def _wide_text(text: str) -> bytes:
    """As .xls files hold it: its length in two bytes, and that a letter takes one."""
    return struct.pack("<HB", len(text), 0) + text.encode("latin-1")


def legacy_workbook(rows: list[list[object]], *, code: str) -> bytes:
    """An .xls file of one sheet, "a"; a tuple is (whole number, style): 1 is shown by the format ``code``."""
    cells = b""
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            number, style = value if isinstance(value, tuple) else (value, 0)
            if isinstance(number, str):
                cells += _record(0x0204, struct.pack("<3H", i, j, style), _wide_text(number))
            elif number is not None:  # whole numbers of 30 bits, of which two are marks
                cells += _record(0x027E, struct.pack("<3Hi", i, j, style, number << 2 | 2))
    begin = struct.pack("<2H12x", 0x0600, 0x0005)
    head = _record(0x0809, begin) + _record(0x041E, struct.pack("<H", 164), _wide_text(code))
    head += b"".join(_record(0x00E0, struct.pack("<2H16x", 0, form)) for form in (0, 164))
    start = len(head) + 4 + 9 + 4  # the entry of the sheet and the end of the globals
    head += _record(0x0085, struct.pack("<I2xBB", start, 1, 0), b"a") + _record(0x000A)
    sheet = _record(0x0809, struct.pack("<2H12x", 0x0600, 0x0010)) + cells + _record(0x000A)
    return _compound_file("Workbook", head + sheet)


def _compound_file(name: str, stream: bytes) -> bytes:
    """One stream, no shorter than those that are kept in sectors of 512 bytes."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]  # itself, the directory, the stream
    chain += [0xFFFFFFFF] * (128 - len(chain))
    ends = struct.pack("<4I", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header = bytes.fromhex("d0cf11e0a1b11ae1").ljust(24, b"\0") + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<5I", 0, 1, 1, 0, 4096) + ends + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    entries = b"".join(
        _entry(*entry)
        for entry in (("Root Entry", 5, 1, 0xFFFFFFFE, 0), (name, 2, 0xFFFFFFFF, 2, len(stream)))
    )
    return header + struct.pack("<128I", *chain) + entries.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<3I36x", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + struct.pack("<2I4x", first, size)
    )


def binary_workbook(rows: list[list[object]], *, code: str) -> bytes:
    """An .xlsb file of one sheet, "a"; a tuple is (whole number, style): 1 is shown by ``code``."""

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    def record(kind: int, *parts: bytes) -> bytes:
        body = b"".join(parts)
        number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return number + bytes([len(body) & 0x7F | 0x80, len(body) >> 7]) + body

    cells = b""
    for i, row in enumerate(rows):
        cells += record(0, struct.pack("<I", i), bytes(13))
        for j, value in enumerate(row):
            number, style = value if isinstance(value, tuple) else (value, 0)
            if isinstance(number, str):
                cells += record(6, struct.pack("<2I", j, style), text(number))
            elif number is not None:
                cells += record(5, struct.pack("<2Id", j, style, number))
    span = struct.pack("<4I", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = record(129) + record(148, span) + record(145) + cells + record(146) + record(130)
    styles = record(278) + record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164), text(code))
    styles += record(616) + record(617, struct.pack("<I", 2))
    styles += b"".join(record(47, struct.pack("<2H12x", 0, form)) for form in (0, 164)) + record(618)
    book = record(131) + record(143)
    book += record(156, struct.pack("<2I", 0, 1), text("r1"), text("a")) + record(144) + record(132)
    kind = f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.bin"'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", _RELATIONS.format(f'<Relationship Id="r1" {kind}/>'))
        archive.writestr("xl/styles.bin", styles + record(279))
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return target.getvalue()
