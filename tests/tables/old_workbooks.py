"""Small workbooks of before 2007 (.xls, .xlsb) made by hand, record by record, sound or not."""

import io
import struct
import zipfile
from collections.abc import Sequence

END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def record(kind: int, body: bytes = b"") -> bytes:
    """One record of an .xls stream."""
    return struct.pack("<HH", kind, len(body)) + body


BEGIN, STOP = record(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), record(0x0A)


def number(row: int, column: int, value: float) -> bytes:
    """A cell with a number."""
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def label(row: int, column: int, index: int) -> bytes:
    """A cell that points to a shared text."""
    return record(0xFD, struct.pack("<HHHI", row, column, 0, index))


def shared(texts: Sequence[str], *, count: int | None = None, piece: int = 8000) -> bytes:
    """The shared texts, which go on in further records where they are long."""
    first, parts = struct.pack("<ii", len(texts), len(texts) if count is None else count), []
    for text in texts:
        data = text.encode("utf-16-le")
        first += struct.pack("<HB", len(text), 1) + data[:piece]
        for at in range(piece, len(data), piece):
            parts.append(first)
            first = b"\1" + data[at : at + piece]
    parts.append(first)
    return b"".join(record(0x3C if i else 0xFC, part) for i, part in enumerate(parts))


def stream_of(sheets: dict[str, bytes], *, texts: bytes = b"", starts: dict[str, int] | None = None) -> bytes:
    """A stream of sheets made of these records; ``starts`` says where one begins, if not where it does."""
    names = [name.encode("utf-16-le") for name in sheets]
    size = len(BEGIN) + len(texts) + len(STOP) + sum(12 + len(name) for name in names)
    listed, parts, place = b"", b"", size
    for name, told in zip(sheets, names, strict=True):
        part = BEGIN + sheets[name] + STOP
        start = (starts or {}).get(name, place)
        listed += record(0x85, struct.pack("<IBBBB", start, 0, 0, len(name), 1) + told)
        parts, place = parts + part, place + len(part)
    return BEGIN + listed + texts + STOP + parts


def compound(stream: bytes, *, name: str = "Workbook") -> bytes:
    """A compound file of sectors of 512 bytes with this stream; a short one lies in small sectors."""
    small = len(stream) < 4096
    inner = stream.ljust(-(-len(stream) // 64) * 64, b"\0") if small else b""
    body = inner or stream
    count = -(-len(body) // 512)
    tables = -(-(count + 20) // 126)
    first = tables + 2  # behind the chains come the directory and the chain of small sectors
    chains = [FREE] * (tables * 128)
    chains[:tables], chains[tables : tables + 2] = [FAT] * tables, [END, END]
    chains[first : first + count] = [*range(first + 1, first + count), END]
    smalls = [*range(1, len(inner) // 64), END] if small else []
    root = _entry("Root Entry", 5, first if small else END, len(inner), child=1)
    entry = _entry(name, 2, 0 if small else first, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 62, 3, 0xFFFE, 9, 6)
    told = (0, tables, tables, 0, 4096, tables + 1 if small else END, int(small), END, 0)
    head += struct.pack("<9I", *told) + struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    parts = (struct.pack(f"<{len(chains)}I", *chains), root + entry, struct.pack(f"<{len(smalls)}I", *smalls))
    return head + b"".join(part.ljust(max(1, -(-len(part) // 512)) * 512, b"\0") for part in (*parts, body))


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE) -> bytes:
    told = name.encode("utf-16-le")
    links = struct.pack("<HBBIII", len(told) + 2, kind, 1, FREE, FREE, child)
    return told.ljust(64, b"\0") + links + bytes(36) + struct.pack("<II", start, size) + bytes(4)


def old_book(rows: Sequence[Sequence[object]], *, name: str = "Sheet1") -> bytes:
    """An .xls file of one sheet with these rows of numbers and texts."""
    texts = sorted({str(cell) for row in rows for cell in row if isinstance(cell, str)})
    cells = b"".join(
        label(i, j, texts.index(cell)) if isinstance(cell, str) else number(i, j, float(str(cell)))
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
        if cell is not None
    )
    size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    return compound(stream_of({name: size + cells}, texts=shared(texts)))


def binary_record(kind: int, body: bytes = b"") -> bytes:
    """One record of a part of an .xlsb."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, lengths = len(body), []
    while True:
        lengths.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return head + bytes(lengths) + body


def binary_sheet(cells: bytes) -> bytes:
    """A sheet part of an .xlsb around these records of rows and cells."""
    return b"".join(
        (binary_record(129), binary_record(148, bytes(16)), binary_record(145), cells, binary_record(146))
    )


def binary_number(row: int, column: int, value: float = 1.0) -> bytes:
    """A row with one number."""
    start = binary_record(0, struct.pack("<I", row) + bytes(13))
    return start + binary_record(5, struct.pack("<IId", column, 0, value))


def binary_label(row: int, column: int, index: int) -> bytes:
    """A row with one cell that points to a shared text."""
    return binary_record(0, struct.pack("<I", row) + bytes(13)) + binary_record(
        7, struct.pack("<III", column, 0, index)
    )


def binary_book(sheet: bytes, *, texts: Sequence[str] = ()) -> bytes:
    """An .xlsb file of one sheet."""
    key, name = "r1".encode("utf-16-le"), "s".encode("utf-16-le")
    bundle = struct.pack("<III", 0, 1, 2) + key + struct.pack("<I", 1) + name
    book = (131, b""), (143, b""), (156, bundle), (144, b""), (132, b"")
    items = [(19, b"\0" + struct.pack("<I", len(text)) + text.encode("utf-16-le")) for text in texts]
    listed = [(159, struct.pack("<II", len(texts), len(texts))), *items, (160, b"")]
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relation = f'<Relationship Id="r1" Type="{kind}" Target="worksheets/sheet1.bin"/>'
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.bin": b"".join(binary_record(*one) for one in book),
        "xl/_rels/workbook.bin.rels": f"<Relationships>{relation}</Relationships>".encode(),
        "xl/worksheets/sheet1.bin": sheet,
        "xl/sharedStrings.bin": b"".join(binary_record(*one) for one in listed),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
