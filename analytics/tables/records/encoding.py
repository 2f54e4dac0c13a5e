"""Which encoding the bytes of a text file are in, and the text itself."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, replace

from analytics.tables.errors import TableError
from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.records.code_pages import ENCODINGS, Reading, readings
from analytics.tables.records.line_sample import Sample, take_sample
from analytics.tables.report import Alternative, Decision, Doubt, Repair

__all__ = ["ENCODINGS", "Decoded", "decode", "read_once", "require_text"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_FOREIGN = re.compile("[\udc80-\udcff]")
_MOST_ALTERNATIVES = 2
_PROVEN = 12.0
"""Bits by which a reading must beat all others together to be taken without asking. On the matrix of
tests/tables/records/test_code_pages.py nothing above 10 was taken wrongly without a doubt."""
_CAUTION = 6.0
"""So many bits more it takes to rule out a reading that is made of words too, where one word is all there is,
and half as many with two: Świczenia in windows-1250 beats Ćwiczenia in mac-latin2 by 15."""
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_PAGES = ("cp1252", "cp1250", "cp1251")
"""Code pages that UTF-8 is most often taken for."""
_FEWEST_TWICE = 3
"""Letters that hardly make sense by chance when they are read once more."""
_SHOWN = 60
"""Characters of a line that a doubt shows."""


@dataclass(frozen=True)
class Decoded:
    """The text, the encoding's name as Python knows it, how that was found, and what may be otherwise."""

    text: str
    encoding: str
    decisions: tuple[Decision, ...]
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def decode(data: bytes, *, options: ReadOptions) -> Decoded:
    """The text of ``data``. A byte order mark decides, then UTF-8 if valid, then what the bytes look like.

    Raises:
        TableError: the encoding asked for cannot read the bytes at all.
    """
    bom, marked = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", ""))
    if options.encoding is not None:
        return _decode_as(data, bom, options.encoding)
    found = _plain_to_see(data) if not bom else (marked, "a byte order mark says so")
    if found:
        return _decoded(data[len(bom) :], *found)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(data)
    if data.isascii():
        return Decoded(text, "utf-8", (_decision("utf-8", "all bytes are plain ASCII"),))
    doubts = _doubts_of_utf8(data, text)
    return Decoded(text, "utf-8", (_decision("utf-8", "all bytes are valid UTF-8"),), (), doubts)


def read_once(decoded: Decoded, options: ReadOptions) -> Decoded:
    """The text with its letters as they were meant, where all were written as UTF-8 twice: ``MÃ¼ller``.

    What was asked to be read as UTF-8 stays as it is.
    """
    found = _meant(decoded.text) if decoded.encoding == "utf-8" and options.encoding is None else None
    if found is None:
        return decoded
    text, example, count = found
    line = decoded.text.count("\n", 0, decoded.text.index(example[0])) + 1
    letters = "1 place was" if count == 1 else f"{count:,} places were"
    detail = (
        f"{letters} written as UTF-8 twice ({example[0]} for {example[1]}) and read once; the first is here"
    )
    repair = Repair("encoding", line, detail, count)
    return replace(decoded, text=text, repairs=(*decoded.repairs, repair), doubts=())


def _meant(text: str) -> tuple[str, tuple[str, str], int] | None:
    """(the text as meant, a run of letters as it stands and as meant, how many runs), if all allow it."""
    first = _BEYOND.search(text)
    for page in _PAGES if first else ():
        if undone(first[0], page) is None:  # type: ignore[index]
            continue
        runs = _BEYOND.findall(text)
        meant = {run: own for run in dict.fromkeys(runs) if (own := undone(run, page)) is not None}
        if len(meant) == len(set(runs)) and _is_enough(meant):
            parts = _BEYOND.split(text)
            whole = "".join(part + meant.get(run, "") for part, run in zip(parts, [*runs, ""], strict=True))
            return whole, next(iter(meant.items())), len(runs)
    return None


def undone(run: str, page: str) -> str | None:
    """What letters beyond ASCII mean if UTF-8 was read as a code page and written again; ``None`` if not."""
    try:
        data = b"".join(bytes([ord(sign)]) if "\x7f" < sign < "\xa0" else sign.encode(page) for sign in run)
        text = data.decode("utf-8")
    except UnicodeError:
        return None
    return None if any("\x7f" < sign < "\xa0" for sign in text) else text


def _is_enough(meant: dict[str, str]) -> bool:
    """Whether so many runs make sense by chance: a capital Ã before a closing quote is one that does."""
    sure = any((run[0] in "ÃÂ" and run[1] < "\u0100") or run[:2] in ("â€", "вЂ") for run in meant)
    return sure or sum(map(len, meant.values())) >= _FEWEST_TWICE


def written_twice(first: str) -> bool:
    """Whether the first letters beyond ASCII of a text leave open that all were written as UTF-8 twice."""
    return any(undone(first, page) is not None for page in _PAGES)


def _plain_to_see(data: bytes) -> tuple[str, str] | None:
    """An encoding that its bytes give away, and by what."""
    wide = _wide_encoding(data)
    if wide:
        return wide, "zero bytes stand where this encoding has them"
    shifted = _shifted_encoding(data)
    return (shifted, "escape sequences switch between alphabets") if shifted else None


def _doubts_of_utf8(data: bytes, text: str) -> tuple[Doubt, ...]:
    """Two or three characters may be UTF-8 by chance: ``řá`` of an old Mac is one letter of the Maldives."""
    if len(data) > _SMALL or len(text) - len(text.encode("ascii", errors="ignore")) > _BY_CHANCE:
        return ()
    sample = take_sample(data)
    found = readings(sample.joined(), mixed=True)
    place = next(i for i, reading in enumerate(found) if reading.encoding == "utf-8")
    return _doubts([found.pop(place), *found], sample)


def _decoded(data: bytes, encoding: str, evidence: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, (_decision(encoding, evidence),), _replaced(data, text, encoding))


def _decode_as(data: bytes, bom: bytes, encoding: str) -> Decoded:
    if bom and codecs.lookup(encoding).name.startswith("utf"):
        data = data[len(bom) :]
    try:
        text = data.decode(encoding, errors="replace")
    except (UnicodeError, ValueError) as problem:
        raise TableError(f"The file cannot be read as {encoding}: {problem}.") from problem
    # Escapes of utf-7 and unicode_escape may stand for halves of characters, which no text may hold.
    text = _composed(_SURROGATE.sub("\ufffd", text), encoding)
    decision = Decision("encoding", encoding, f"The text was read as {encoding}, as asked.")
    return Decoded(text, encoding, (decision,), _replaced(data, text, encoding))


def _composed(text: str, encoding: str) -> str:
    """windows-1258 writes the tones behind their vowels; one letter each is what people search for."""
    return unicodedata.normalize("NFC", text) if codecs.lookup(encoding).name == "cp1258" else text


def _replaced(data: bytes, text: str, encoding: str) -> tuple[Repair, ...]:
    count = text.count("�")
    own = "�".encode(encoding, errors="ignore") if count else b""
    count -= data.count(own) if own else 0  # those of the file itself, which others read wrongly before
    if count < 1:
        return ()
    line = text.count("\n", 0, text.index("�")) + 1
    times = "1 character is" if count == 1 else f"{count:,} characters are"
    return (Repair("encoding", line, f"{times} not valid {encoding} (shown as �); the first is here", count),)


_SMALL, _BY_CHANCE = 1 << 16, 3
"""A larger file, or one with more characters beyond ASCII, is not valid UTF-8 by chance."""
_HEAD = 1 << 14


def _wide_encoding(data: bytes) -> str | None:
    """UTF-32 or UTF-16 without a mark: zero bytes in their places, and characters that make sense."""
    head = data[:_HEAD]
    if len(head) < 4 or head.count(0) < 0.01 * len(head):
        return None
    zeros = [head[place::4].count(0) * 4 / len(head) for place in range(4)]
    if not len(data) % 4:
        for name, upper in (("utf-32-le", zeros[2:]), ("utf-32-be", zeros[:2])):
            if min(upper) > 0.9 and _makes_sense(data[:_HEAD], name):
                return name
    wide = [name for name in ("utf-16-le", "utf-16-be") if _makes_sense(head[: len(head) // 2 * 2], name)]
    return wide[0] if len(wide) == 1 else None


def _makes_sense(head: bytes, encoding: str) -> bool:
    """Whether the text is of known characters, with ASCII among them as in every table, and no zeros."""
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    ascii_share = sum(1 for letter in text if letter.isascii()) / max(1, len(text))
    odd = sum(1 for letter in text if unicodedata.category(letter)[0] == "C" and letter not in "\t\r\n")
    breaks = text.count("\n") + text.count("\r")
    single = head.count(b"\n") + head.count(b"\r")
    return ascii_share >= 0.02 and odd + text.count("\ufffd") <= 0.01 * len(text) and 2 * breaks >= single


def _shifted_encoding(data: bytes) -> str | None:
    """ISO-2022 of Japan, Korea and HZ of China write their signs in ASCII bytes."""
    if b"\x1b$" not in data and not (b"~{" in data and b"~}" in data):
        return None
    for name in ("iso2022_jp", "iso2022_kr", "iso2022_jp_2", "iso2022_jp_2004", "hz"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x1b" not in text and any(letter > "\u2e80" for letter in text):
            return name
    return None


def is_large(data: Bytes) -> bool:
    """Whether bytes that are valid UTF-8 beyond ASCII are too many to be so by chance."""
    return len(data) > _SMALL


def _decode_other(data: bytes) -> Decoded:
    """Bytes that are not UTF-8: with few exceptions, or by the code page that explains them best."""
    sample = take_sample(data)
    mixed, foreign, valid = _as_utf8(sample.joined())
    if valid >= foreign:
        mixed, foreign, valid = _as_utf8(data)
    if valid >= 10 * foreign:
        return _mixed(mixed, foreign)
    found = readings(sample.joined(), mixed=valid >= foreign)
    best = found[0]
    doubts = _doubts(found, sample)
    if best.encoding == "utf-8":
        told = _mixed(mixed, foreign)
        return Decoded(told.text, "utf-8", told.decisions, told.repairs, doubts)
    text = _composed(data.decode(best.encoding, errors="replace"), best.encoding)
    others = tuple(reading.encoding for reading in found[1:5])
    decision = _decision(best.encoding, "the bytes are not valid UTF-8", others)
    return Decoded(text, best.encoding, (decision,), _replaced(data, text, best.encoding), doubts)


def _as_utf8(data: bytes) -> tuple[str, int, int]:
    """The text with foreign bytes escaped, how many they are, and how many good characters beyond ASCII."""
    text = data.decode("utf-8", errors="surrogateescape")
    foreign = len(_FOREIGN.findall(text))
    return text, foreign, len(text) - len(text.encode("ascii", errors="ignore")) - foreign


def _mixed(escaped: str, foreign: int) -> Decoded:
    """UTF-8 with a few foreign bytes, which are then read as Windows-1252 one by one."""
    line = escaped.count("\n", 0, _first_foreign(escaped)) + 1
    text = _FOREIGN.sub(lambda found: _as_1252(found[0]), escaped)
    detail = f"{foreign:,} bytes are not valid UTF-8 and were read as Windows-1252; the first is here"
    repair = Repair("encoding", line, detail, foreign)
    return Decoded(text, "utf-8", (_decision("utf-8", "nearly all bytes are valid UTF-8"),), (repair,))


def _first_foreign(escaped: str) -> int:
    found = _FOREIGN.search(escaped)
    return found.start() if found else 0


def _as_1252(surrogate: str) -> str:
    byte = bytes([ord(surrogate) - 0xDC00])
    return byte.decode("cp1252", errors="ignore") or byte.decode("latin-1")


def _doubts(found: list[Reading], sample: Sample) -> tuple[Doubt, ...]:
    """The question which reading is right, unless one is far more plausible than all others together."""
    best, others = found[0], found[1:]
    odds = (_odds(best, reading) for reading in others)
    if sum(odds) < 2.0**-_PROVEN and not (best.strange and others):
        return ()
    shown = others[:_MOST_ALTERNATIVES]
    places = _telling(sample, (best, *shown))
    lines = ", ".join(f"{sample.lines[i]:,}" for i in places)
    many = "line" if len(places) == 1 else "lines"
    evidence = f"The bytes beyond ASCII on {many} {lines} make sense in more than one encoding."
    taken, *rest = (_alternative(reading, best, sample, places) for reading in (best, *shown))
    return (Doubt("Which reading of the letters beyond ASCII is right?", evidence, taken, tuple(rest)),)


def _odds(best: Reading, other: Reading) -> float:
    """How likely the other reading is beside the best; what looks like words is not easily ruled out."""
    ahead = other.bits - best.bits
    if other.wordlike and best.encoding != "utf-8":
        ahead = max(ahead - _CAUTION / max(1, best.words), 0.0)
    return float(2.0 ** -max(-200.0, min(200.0, ahead)))


def _telling(sample: Sample, candidates: tuple[Reading, ...]) -> list[int]:
    """Up to three lines of the sample in which the readings differ."""
    texts = [sample.decoded(reading.encoding) for reading in candidates]
    places = [i for i, line in enumerate(zip(*texts, strict=True)) if len(set(line)) > 1]
    return places[:3] or [0]


def _alternative(reading: Reading, best: Reading, sample: Sample, places: list[int]) -> Alternative:
    taken, own = sample.decoded(best.encoding), sample.decoded(reading.encoding)
    cells = tuple((_shown(taken[i], taken[i]), _shown(own[i], own[i])) for i in places)
    return Alternative(reading.label, (("encoding", reading.encoding),), cells)


def _shown(line: str, whole: str) -> str:
    """The part of a line around its first character beyond ASCII."""
    first = next((i for i, letter in enumerate(whole) if not letter.isascii()), 0)
    start = max(0, first - _SHOWN // 3) if len(whole) > _SHOWN else 0
    return line[start : start + _SHOWN].strip()


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
    if head and not head.strip("\x00"):
        raise TableError("The file holds nothing but zero bytes, as after a failed copy: copy it again.")
    if controls > 0.05 * len(head) + 2 or head.count("\x00") > 0.5 * len(head) + 4:
        raise TableError(
            "The file is not text and of no kind that is known: give CSV, Parquet, Excel, ODS or JSON."
        )
