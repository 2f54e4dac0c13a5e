"""Sound but odd workbooks of bytes: .xls and .xlsb whose records fit, whatever they say."""

import random
import struct

from tests.tables.old_workbooks import (
    binary_book,
    binary_record,
    binary_sheet,
    compound,
    label,
    number,
    record,
    shared,
    stream_of,
)

NUMBERS = [0.0, 1.0, -1.5, 45_000.0, 1e300, float("nan"), float("inf"), 5e-324]
TEXTS = ["", " ", "a", "name", "1", "=1+1", "2024-01-02", "é中", "x" * 300, "\x00", "\u202e", "#N/A"]


def _far(draw: random.Random, usual: int, most: int) -> int:
    """Mostly what is usual: a file with everything odd at once is refused by the first of its parts."""
    return draw.choice((most, most // 2, usual + 999)) if draw.random() < 0.01 else usual


def _cell(draw: random.Random, row: int, column: int, texts: int) -> bytes:
    row, column = _far(draw, row, 65_535), _far(draw, column, draw.choice((255, 65_535)))
    place, count = struct.pack("<HHH", row, column, draw.choice((0, 0, 0, 99))), draw.choice((1, 2, 5))
    said = draw.choice(TEXTS).encode("utf-16-le")
    run = struct.pack("<HI", 0, 4) * count + struct.pack("<H", (column + count - 1) % 65_536)
    pointed = label(row, column, draw.randrange(max(1, texts) + (draw.random() < 0.05)))
    cells = (
        pointed,
        pointed,
        number(row, column, draw.choice(NUMBERS)),
        record(0x027E, place + struct.pack("<I", draw.choice((0, 2, 4, 2**32 - 1)))),
        record(0xBD, place[:4] + run),
        record(0x0205, place + bytes((draw.choice((0, 1, 42)), draw.choice((0, 0, 0, 1))))),
        record(0x0204, place + struct.pack("<HB", len(said) // 2, 1) + said),
        record(0x0201, place),
        _formula(draw, place),
    )
    return draw.choice(cells)


def _formula(draw: random.Random, place: bytes) -> bytes:
    """Its value a number, or a text in the record behind it."""
    told = draw.choice((struct.pack("<d", draw.choice(NUMBERS)), b"\0" * 6 + b"\xff\xff"))
    body = place + told + bytes(6) + struct.pack("<H", draw.choice((0, 3, 60_000))) + b"\x1e\0\0"
    follows = record(0x0207, struct.pack("<HB", 1, 0) + b"x") if told.endswith(b"\xff\xff") else b""
    return record(0x06, body) + follows


def old_workbook(draw: random.Random) -> bytes:
    """An .xls of up to three sheets, its declared size and merged ranges saying anything."""
    texts = draw.choices(TEXTS, k=draw.choice((0, 1, 5, 12)))
    sheets = {}
    for i in range(draw.choice((1, 1, 2, 3))):
        size = [draw.choice((0, 1, 20, 65_535, 2**32 - 1)) for _ in range(2)]
        parts = [record(0x0200, struct.pack("<IIHHH", *size, 0, draw.choice((0, 6, 65_535)), 0))]
        for row in range(draw.choice((0, 1, 3, 20))):
            parts += [_cell(draw, row, column, len(texts)) for column in range(draw.choice((1, 2, 6)))]
        if draw.random() < 0.2:
            parts.append(record(0xE5, struct.pack("<HHHHH", 1, 0, draw.choice((0, 9, 65_535)), 0, 2)))
        if draw.random() < 0.05:
            draw.shuffle(parts)
        sheets[f"s{i}"] = b"".join(parts)
    count = draw.choice((None,) * 20 + (0, -1, 2**31 - 1))
    piece = draw.choice((8000, 8000, 16))
    return compound(stream_of(sheets, texts=shared(texts, count=count, piece=piece)))


def binary_workbook(draw: random.Random) -> bytes:
    """An .xlsb of one sheet."""
    texts = draw.choices(TEXTS, k=draw.choice((0, 1, 5)))
    cells = b""
    for row in range(draw.choice((0, 1, 3, 20))):
        cells += binary_record(0, struct.pack("<I", _far(draw, row, 1_048_575)) + bytes(13))
        for column in range(draw.choice((1, 2, 6))):
            place = struct.pack("<II", _far(draw, column, 16_383), 0)
            kind = draw.choice((1, 2, 3, 4, 5, 6, 7, 9))
            value = {
                2: struct.pack("<I", draw.choice((0, 6, 2**32 - 1))),
                3: bytes([draw.choice((0, 7, 42))]),
                4: bytes([draw.choice((0, 1))]),
                6: struct.pack("<I", 1) + "x".encode("utf-16-le"),
                7: struct.pack("<I", draw.randrange(len(texts) + 1)),
            }.get(kind, struct.pack("<d", draw.choice(NUMBERS)))
            cells += binary_record(kind, place + value)
    return binary_book(binary_sheet(cells), texts=texts)
