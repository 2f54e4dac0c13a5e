"""JSON values with their numbers as they are written, and the lines on which the items of a list begin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics.tables.report import Repair

_SPACE = re.compile(r"[ \t\r\n]*")
_PLAIN = json.JSONDecoder()


class Number(str):
    """A number as it stands in the file: parsing it would round long ones."""

    __slots__ = ()


@dataclass
class Parser:
    """Parses, and keeps account of what JSON does not allow or leaves open; ``line`` is the current one."""

    line: int | None = None
    repeated: dict[str, int] = field(default_factory=dict)
    first_repeated: int | None = None
    constants: int = 0
    first_constant: int | None = None

    def __post_init__(self) -> None:
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=Number,
            parse_float=Number,
            parse_constant=self._constant,
        )

    def parse(self, text: str, line: int | None = None) -> Any:
        """The value of a whole text; ``ValueError`` where it is none."""
        self.line = line
        return self.decoder.decode(text)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.repeated[key] = self.repeated.get(key, 0) + 1
                seen.add(key)
            self.first_repeated = self.first_repeated or self.line
        return made

    def _constant(self, _: str) -> None:
        self.constants += 1
        self.first_constant = self.first_constant or self.line

    def repairs(self) -> tuple[Repair, ...]:
        """What was found: keys that stand twice in one object, NaN and Infinity."""
        found = []
        if self.repeated:
            keys = ", ".join(repr(key) for key in list(self.repeated)[:3])
            detail = f"an object has the key {keys} more than once; its last value counts"
            found.append(Repair("repeated key", self.first_repeated, detail, sum(self.repeated.values())))
        if self.constants:
            detail = "NaN or Infinity, which JSON does not have, was taken as missing"
            found.append(Repair("not a number", self.first_constant, detail, self.constants))
        return tuple(found)


def written(value: Any) -> str:
    """A nested value as JSON text, numbers as they are written in the file."""
    if isinstance(value, Number):
        return str.__str__(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(key)}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def values_of(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each value of a text that holds one after the other, maybe with commas between."""
    place = _SPACE.match(text, 0).end()  # type: ignore[union-attr]
    while place < len(text):
        _, end = _PLAIN.raw_decode(text, place)
        yield place, end
        place = _skip(text, end, ",")


def item_lines(text: str, path: Sequence[str]) -> list[int]:
    """The line of each item of the list that stands in a document under these keys."""
    place = _skip(text, 0, "")
    for key in path:
        place = _value_of(text, place, key)
    place = _skip(text, place + 1, "")
    lines, line, last = [], 1, 0
    while text[place] != "]":
        line += text.count("\n", last, place)
        last = place
        lines.append(line)
        _, end = _PLAIN.raw_decode(text, place)
        place = _skip(text, end, ",")
    return lines


def _value_of(text: str, place: int, wanted: str) -> int:
    """Where the value of a key begins in the object at ``place``; of keys that stand twice, the last."""
    found = place
    place = _skip(text, place + 1, "")
    while text[place] != "}":
        key, end = _PLAIN.raw_decode(text, place)
        place = _skip(text, end, ":")
        if key == wanted:
            found = place
        _, end = _PLAIN.raw_decode(text, place)
        place = _skip(text, end, ",")
    return found


def _skip(text: str, place: int, mark: str) -> int:
    place = _SPACE.match(text, place).end()  # type: ignore[union-attr]
    if mark and text[place : place + 1] == mark:
        place = _SPACE.match(text, place + 1).end()  # type: ignore[union-attr]
    return place
