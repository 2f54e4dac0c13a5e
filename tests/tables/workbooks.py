"""Small workbooks made by hand, so that tests need no library that writes them."""

import io
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


def open_document(rows: list[list[object]]) -> bytes:
    """An .ods file with one sheet of texts and numbers; a tuple is (number, the text that is shown)."""
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

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
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
