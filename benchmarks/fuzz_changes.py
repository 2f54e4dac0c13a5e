"""Single changes to a text or to bytes, such as a careless or hostile hand might make."""

import random
import re
from collections.abc import Callable

MOST_BYTES = 40_000
"""Mutated files stay below this, so that a slow one is a fault of the reader."""

MARKS = [
    b'"', b'""', b"'", b",", b";", b"\t", b"|", b"\n", b"\r\n", b"\r", b"\x00", b"\\", b" ", b"\xff",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\xc3", b"\x1a", b"=1+1", b"1e999",
    b"-0", b"NaN", b"1,5", b"1.234,5", b"99999999999999999999", b"31.02.2024", b"0001-01-01",
    b"9999-12-31T23:59:60Z", b"<", b"&#0;", b"{", b"[", b"null", b"true", b"\xe2\x80\xae", b"sep=;\n", b"#",
    b"\xc2\xa0", b"\xe2\x88\x92" b"5", b"5 %", b"\xf0\x9f\x99\x82",
]  # fmt: skip
XML_MARKS = [
    b'<row r="1048576">', b'<c r="XFD1048576">', b'<c t="s"><v>99999</v></c>', b'<v>1e999</v>',
    b"</sheetData>", b"</row>", b'<c t="e"><v>#REF!</v></c>', b"<!DOCTYPE x>", b"<!--", b"]]>",
    b'<mergeCell ref="A1:XFD1048576"/>', b"&x;", b'table:number-columns-repeated="16384"',
    b'table:number-rows-repeated="1048576"', b'office:value="1e309"', b'r="A0"',
]  # fmt: skip

_ELEMENT = re.compile(rb"<(row|c|v|si|xf|table:table-cell|text:p)\b[^<>]*>[^<>]*</\1>")
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_NUMBERS = [
    b"0", b"-1", b"1e999", b"16384", b"1048576", b"2147483648", b"9" * 40, b"0x10", b"1.5", b"", b"NaN",
    b"-0.0", b"2958466", b"1,234", b"1E5", b"0" * 300, b"18446744073709551616", b"\xd9\xa3",
]  # fmt: skip


def changed(draw: random.Random, text: bytes, *, marks: list[bytes] = MARKS) -> bytes:
    """Text with one change that a careless or hostile hand might make."""
    return draw.choice(_CHANGES)(draw, text, marks)[:MOST_BYTES]


def _insert(draw: random.Random, text: bytes, marks: list[bytes]) -> bytes:
    place = draw.randrange(len(text) + 1)
    return text[:place] + draw.choice(marks) * draw.choice((1, 1, 1, 2, 300)) + text[place:]


def _replace(draw: random.Random, text: bytes, marks: list[bytes]) -> bytes:
    old, new = draw.choice(marks), draw.choice(marks)
    return text.replace(old, new, draw.choice((1, 5, -1)))


def _replace_cell(draw: random.Random, text: bytes, marks: list[bytes]) -> bytes:
    lines = text.split(b"\n")
    row = draw.randrange(len(lines))
    cells = lines[row].split(b",")
    cells[draw.randrange(len(cells))] = b"".join(draw.choices(marks, k=draw.choice((1, 1, 2, 4))))
    lines[row] = b",".join(cells)
    return b"\n".join(lines)


def _shuffle_lines(draw: random.Random, text: bytes, _marks: list[bytes]) -> bytes:
    lines = text.split(b"\n")
    start = draw.randrange(len(lines))
    part = lines[start : start + 5]
    draw.shuffle(part)
    return b"\n".join(lines[:start] + part * draw.choice((0, 1, 2, 8)) + lines[start + 5 :])


def _drop(draw: random.Random, text: bytes, _marks: list[bytes]) -> bytes:
    start = draw.randrange(len(text) + 1)
    return text[:start] + text[start + draw.choice((1, 2, 7, 100, len(text))) :]


def _repeat(draw: random.Random, text: bytes, _marks: list[bytes]) -> bytes:
    start = draw.randrange(len(text) + 1)
    part = text[start : start + draw.choice((1, 4, 40))]
    return text[:start] + part * draw.choice((3, 40, 1000)) + text[start:]


def _recode(draw: random.Random, text: bytes, _marks: list[bytes]) -> bytes:
    wanted = draw.choice(
        ("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "cp037", "shift_jis", "utf-7")
    )
    return text.decode("utf-8", "replace").encode(wanted, "replace")


def damaged(draw: random.Random, data: bytes) -> bytes:
    """Bytes changed without regard to what they mean."""
    spoiled = bytearray(data or b"\x00")
    for _ in range(draw.choice((1, 2, 8, 64))):
        spoiled[draw.randrange(len(spoiled))] = draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)))
    cut = draw.random()
    if cut < 0.15:
        return bytes(spoiled[: draw.randrange(len(spoiled) + 1)])
    if cut < 0.25:
        return bytes(spoiled) + draw.randbytes(draw.randrange(64))
    return bytes(spoiled)


def _repeat_element(draw: random.Random, text: bytes, marks: list[bytes]) -> bytes:
    """For XML: an element or attribute stands more often, or not at all, and the tags still match."""
    found = list(_ELEMENT.finditer(text)) or list(_NUMBER.finditer(text))
    if not found:
        return _insert(draw, text, marks)
    chosen = draw.choice(found)
    return text[: chosen.start()] + chosen[0] * draw.choice((0, 2, 50)) + text[chosen.end() :]


def _change_number(draw: random.Random, text: bytes, marks: list[bytes]) -> bytes:
    found = list(_NUMBER.finditer(text))
    if not found:
        return _insert(draw, text, marks)
    chosen = draw.choice(found)
    return text[: chosen.start()] + draw.choice(_NUMBERS) + text[chosen.end() :]


_CHANGES: tuple[Callable[[random.Random, bytes, list[bytes]], bytes], ...] = (
    _insert, _insert, _insert, _replace, _replace_cell, _replace_cell, _shuffle_lines, _drop, _repeat,
    _recode, _repeat_element, _change_number, _change_number,
)  # fmt: skip
