"""Which encoding the bytes of a text file are in, and the text itself."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from analytics.tables.errors import TableError
from analytics.tables.options import ReadOptions
from analytics.tables.report import Decision, Repair

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Begins at line starts only: from anywhere, a long line of plain ASCII would take quadratic time.
_NON_ASCII_LINES = re.compile(rb"(?<![^\n\r])[^\n\r\x80-\xff]*[\x80-\xff][^\n\r]*")
_HIGH = re.compile(rb"[\x80-\xff]")
_UNDEFINED_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_TYPOGRAPHY = frozenset("€£¥§°±²³µ·©®™–—‘’“”„‚•…«»½¼¾×÷¿¡\u00a0")
_SAMPLE = 1 << 16
_SINGLE_BYTE = ("windows-1252", "latin-1", "mac-roman", "cp437", "cp850")


@dataclass(frozen=True)
class Decoded:
    """The text, the encoding's name as Python knows it, and how that was found."""

    text: str
    encoding: str
    decisions: tuple[Decision, ...]
    repairs: tuple[Repair, ...] = ()


def decode(data: bytes, *, options: ReadOptions) -> Decoded:
    """The text of ``data``. A byte order mark decides, then UTF-8 if valid, then what the bytes look like."""
    bom, marked = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", ""))
    if options.encoding is not None:
        return _decode_as(data, bom, options.encoding)
    if bom:
        text = data[len(bom) :].decode(marked, errors="replace")
        return Decoded(
            text, marked, (_decision(marked, "a byte order mark says so"),), _replaced(text, marked)
        )
    wide = _wide_encoding(data)
    if wide:
        text = data.decode(wide, errors="replace")
        return Decoded(text, wide, (_decision(wide, "every other byte is zero"),), _replaced(text, wide))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(data)
    evidence = "all bytes are plain ASCII" if data.isascii() else "all bytes are valid UTF-8"
    return Decoded(text, "utf-8", (_decision("utf-8", evidence),))


def _decode_as(data: bytes, bom: bytes, encoding: str) -> Decoded:
    if bom and codecs.lookup(encoding).name.startswith("utf"):
        data = data[len(bom) :]
    text = data.decode(encoding, errors="replace")
    decision = Decision("encoding", encoding, f"The text was read as {encoding}, as asked.")
    return Decoded(text, encoding, (decision,), _replaced(text, encoding))


def _replaced(text: str, encoding: str) -> tuple[Repair, ...]:
    count = text.count("�")
    if not count:
        return ()
    line = text.count("\n", 0, text.index("�")) + 1
    times = "1 character is" if count == 1 else f"{count:,} characters are"
    return (Repair("encoding", line, f"{times} not valid {encoding} (shown as �); the first is here", count),)


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: zero bytes in most odd (or even) places and hardly any in the others."""
    head = data[:4096]
    if len(head) < 4 or len(data) % 2:
        return None
    half = len(head) // 2
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else None


def _decode_other(data: bytes) -> Decoded:
    mixed = _mostly_utf8(data)
    if mixed is not None:
        return mixed
    encoding = _single_byte_encoding(data)
    text = data.decode(encoding, errors="replace")
    others = tuple(name for name in _SINGLE_BYTE if name != encoding)
    decision = _decision(encoding, "the bytes are not valid UTF-8", others)
    return Decoded(text, encoding, (decision,), _replaced(text, encoding))


def _mostly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few foreign bytes, which are then read as Windows-1252 one by one."""
    escaped = data.decode("utf-8", errors="surrogateescape")
    foreign = re.findall("[\udc80-\udcff]", escaped)
    valid = sum(1 for character in escaped if "\x7f" < character < "\udc80" or character > "\udcff")
    if valid < 10 * len(foreign):
        return None
    line = escaped.count("\n", 0, escaped.index(foreign[0])) + 1
    text = re.sub("[\udc80-\udcff]", lambda found: _as_1252(found[0]), escaped)
    detail = f"{len(foreign):,} bytes are not valid UTF-8 and were read as Windows-1252; the first is here"
    repair = Repair("encoding", line, detail, len(foreign))
    return Decoded(text, "utf-8", (_decision("utf-8", "nearly all bytes are valid UTF-8"),), (repair,))


def _as_1252(surrogate: str) -> str:
    byte = bytes([ord(surrogate) - 0xDC00])
    return byte.decode("cp1252", errors="ignore") or byte.decode("latin-1")


def _single_byte_encoding(data: bytes) -> str:
    """Windows-1252 for Western text; text that is mostly beyond ASCII is left to charset-normalizer."""
    lines: list[bytes] = []
    size = 0
    for found in _NON_ASCII_LINES.finditer(data):
        lines.append(found[0][:2000])
        size += len(lines[-1])
        if size > _SAMPLE:
            break
    sample = b"\n".join(lines)
    letters = sum(1 for byte in sample if chr(byte).isascii() and chr(byte).isalpha())
    high = len(_HIGH.findall(sample))
    if high <= 0.35 * letters or high < 8:
        return _western(sample)
    return _guessed(sample) or _western(sample)


def _western(sample: bytes) -> str:
    """Of the Western code pages, the one under which the bytes beyond ASCII are mostly letters."""

    def fitness(encoding: str) -> float:
        characters = [c for c in sample.decode(encoding, errors="replace") if not c.isascii()]
        plausible = sum((c.isalpha() and ord(c) < 0x180) or c in _TYPOGRAPHY for c in characters)
        strange = sum(not c.isprintable() or c == "�" or "─" <= c <= "▟" for c in characters)
        return (plausible - 2 * strange) / max(1, len(characters))

    if not _UNDEFINED_IN_1252.search(sample) and fitness("windows-1252") >= 0.3:
        return "windows-1252"
    candidates = ("windows-1252", "mac-roman", "cp850", "cp437")
    return max(candidates, key=lambda name: fitness(name) + 0.3 * (name == "windows-1252"))


def _guessed(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None or best.encoding in ("utf_8", "ascii"):
        return None
    name = codecs.lookup(best.encoding).name
    return name.replace("cp125", "windows-125") if name.startswith("cp125") else name


def _decision(encoding: str, evidence: str, alternatives: tuple[str, ...] = ()) -> Decision:
    return Decision("encoding", encoding, f"The text is {encoding}: {evidence}.", evidence, alternatives)


def require_text(text: str) -> None:
    """Raise ``TableError`` where the decoded text is plainly a binary file."""
    if text.startswith("%PDF-"):
        raise TableError("The file is a PDF document, not a table; export the table as CSV or Excel.")
    head = text[:4096]
    controls = sum(
        1 for c in head if c < " " and c not in "\t\n\r\x00\x1b\x1c\x1d\x1e\x1f\x0c\x01\x02\x03\x07"
    )
    if controls > 0.05 * len(head) + 2 or head.count("\x00") > 0.5 * len(head) + 4:
        raise TableError("The file is not text; give a CSV, Parquet, Excel or JSON lines file.")
