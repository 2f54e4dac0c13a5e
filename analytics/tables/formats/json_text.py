"""JSON before it is parsed: is it JSON at all, how deep does it go, which text do its bytes hold."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from analytics.tables.budget import OBJECT, check_way
from analytics.tables.errors import TableError
from analytics.tables.options import Bytes, ReadOptions
from analytics.tables.records.encoding import Decoded, decode
from analytics.tables.report import Repair

DEEPEST = 100
"""Levels of nesting that are read: GeoJSON has 8; parsers that recurse end the process at some thousands."""
_LINE_NAMES = (".jsonl", ".ndjson")
_NAMES = (*_LINE_NAMES, ".json", ".geojson")
_HEAD, _WHOLE = 1 << 16, 1 << 22
_OBJECT = re.compile(r'(?:\[\s*)?\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})')
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(r"[\[{]|[\]}]")
_ESCAPED_HALVES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_MAY_BE_HALF = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class JsonText:
    """The text of a JSON file, how its bytes were read, and what was put right in it."""

    text: str
    decoded: Decoded
    repairs: tuple[Repair, ...]


def looks_like_json(data: Bytes, name: str) -> bool:
    """By the name, or because the first bytes are an object, or an array of objects or arrays."""
    if name.lower().endswith(_NAMES):
        return True
    head = data[:_HEAD]
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] not in (b"{", b"["):
        return False
    text = decode(head[: len(head) // 4 * 4], options=ReadOptions()).text.lstrip()
    if _OBJECT.match(text):
        return _is_no_cell(text.partition("\n")[0])
    if len(data) <= _HEAD and text.split() in (["[]"], ["{}"]):
        return True
    return text.startswith("[") and len(data) <= _WHOLE and _parses(data[:])


def _is_no_cell(line: str) -> bool:
    """Whether nothing but JSON follows a first line's object: delimited text may hold one as a cell."""
    try:
        _, end = json.JSONDecoder().raw_decode(line)
    except (ValueError, RecursionError):
        return True
    return line[end:].strip() in ("", ",") or line[end:].lstrip(" ,").startswith("{")


def _parses(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), list)
    except (ValueError, RecursionError):
        return False


def json_text(data: bytes, options: ReadOptions) -> JsonText:
    """The file's text with halves of characters (``\\ud83d`` alone) replaced, each told with its line."""
    decoded = decode(data, options=options)
    text, repairs = decoded.text.removeprefix("\ufeff"), list(decoded.repairs)
    if _MAY_BE_HALF.search(text):
        text, lines = _without_halves(text)
        if lines:
            detail = "half of a character stands alone; it is shown as \ufffd"
            repairs.append(Repair("encoding", lines[0], detail, len(lines)))
    return JsonText(text, decoded, tuple(repairs))


def _without_halves(text: str) -> tuple[str, list[int]]:
    lines: list[int] = []
    pieces, last, line = [], 0, 1
    for found in _ESCAPED_HALVES.finditer(text):
        if found[1]:
            line += text.count("\n", last, found.start())
            lines.append(line)
            pieces += [text[last : found.start()], "\\ufffd"]
            last = found.end()
    return "".join([*pieces, text[last:]]), lines


def depth_of(text: str, *, allowed: int = DEEPEST) -> int:
    """The deepest nesting, by counting brackets outside strings; 0 where no more than ``allowed`` open."""
    if text.count("[") + text.count("{") <= allowed:
        return 0
    depth = deepest = 0
    for found in _BRACKETS.finditer(_STRINGS.sub("", text)):
        if found[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def check_values(text: str, options: ReadOptions) -> None:
    """Raise ``LimitError`` where the values would fill too much once they are parsed; strings hold none."""
    if _marks_in(text) * OBJECT > options.max_table_bytes:
        check_way(_marks_in(_STRINGS.sub("", text)), OBJECT, options, what="values of JSON")


def _marks_in(text: str) -> int:
    """Commas and brackets: about as many as there are values."""
    return sum(map(text.count, ",[{"))


def check_depth(text: str) -> None:
    """Raise ``TableError`` where the nesting goes deeper than any table's does."""
    deepest = depth_of(text)
    if deepest > DEEPEST:
        raise TableError(
            f"The JSON is nested {deepest:,} levels deep; at most {DEEPEST} are read, as no table has more."
        )
