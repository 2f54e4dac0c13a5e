"""The small language of derived columns: read into a tree, never run as Python.

    log([net price] / area)     if(age >= 18, 'adult', 'child')     zscore(price)

Names of letters, digits and _ stand as they are, others in square brackets; texts stand in single quotes, in
which '' is one quote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from analytics.recipe.errors import RecipeError

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<text>'(?:[^']|'')*')|\[(?P<column>[^\]]+)\]"
    r"|(?P<name>[^\W\d]\w*)|(?P<mark>==|!=|<=|>=|[-+*/^(),<>=%]))"
)
_LONGEST, _DEEPEST, _MOST_PARTS = 10_000, 60, 150
"""Characters of a formula, how deep its parts may stand in each other, and how many operators or arguments of
one function it has: more than people write. Python calls itself three times for each."""

_LEVELS = (("or",), ("and",), ("==", "=", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"))
"""Operators that stand between two parts, those that bind weakest first."""


@dataclass(frozen=True)
class Constant:
    """A number, a text, or true or false."""

    value: float | str | bool


@dataclass(frozen=True)
class Column:
    """The values of a column."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function or an operator with its arguments."""

    function: str
    arguments: tuple[Part, ...]


Part = Constant | Column | Call


def parse(formula: str) -> Part:
    """The tree of a formula; raises RecipeError that says where it cannot be read."""
    if len(formula) > _LONGEST:
        raise RecipeError(f"A formula takes {_LONGEST:,} characters; this one has {len(formula):,}.")
    reader = _Reader(_tokens(formula))
    part = reader.part(0)
    if reader.left:
        raise RecipeError(f"The formula cannot be read at {reader.left[0][1]!r}.")
    return part


def columns_of(part: Part) -> tuple[str, ...]:
    """Names of the columns in it, each once, in their order."""
    if isinstance(part, Column):
        return (part.name,)
    inner = part.arguments if isinstance(part, Call) else ()
    return tuple(dict.fromkeys(name for one in inner for name in columns_of(one)))


def _tokens(formula: str) -> list[tuple[str, str]]:
    found, place = [], 0
    text = formula.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match or not match.lastgroup:
            raise RecipeError(f"The formula cannot be read at {text[place:].strip()[:20]!r}.")
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Reader:
    """Reads tokens from the left, one rule of the grammar per method."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.left, self.depth, self.parts = tokens, 0, 0

    def part(self, level: int) -> Part:
        if level == len(_LEVELS):
            return self._signed()
        if level == 2 and self._takes("not"):
            return Call("not", (self._deeper(lambda: self.part(2)),))
        part = self.part(level + 1)
        while self._next() in _LEVELS[level]:
            mark = self._counted(self.left.pop(0)[1])
            part = Call("==" if mark == "=" else mark, (part, self.part(level + 1)))
        return part

    def _signed(self) -> Part:
        if self._takes("-"):
            return Call("negative", (self._deeper(self._signed),))
        base = self._single()
        return Call("^", (base, self._deeper(self._signed))) if self._takes("^") else base

    def _single(self) -> Part:
        if not self.left:
            raise RecipeError("The formula ends too early.")
        kind, text = self.left.pop(0)
        if kind == "number":
            return Constant(float(text))
        if kind == "text":
            return Constant(text[1:-1].replace("''", "'"))
        if kind == "column":
            return Column(text)
        if kind == "name":
            return self._named(text)
        if text != "(":
            raise RecipeError(f"The formula cannot be read at {text!r}.")
        part = self._deeper(lambda: self.part(0))
        self._close()
        return part

    def _named(self, name: str) -> Part:
        if name in ("true", "false"):
            return Constant(name == "true")
        if not self._takes("("):
            return Column(name)
        arguments = [] if self._next() == ")" else [self._deeper(lambda: self.part(0))]
        while self._takes(","):
            arguments.append(self._deeper(lambda: self.part(0)))
            self._counted(name)
        self._close()
        return Call(name, tuple(arguments))

    def _deeper(self, read: Callable[[], Part]) -> Part:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise RecipeError(f"The formula has parts more than {_DEEPEST} deep in each other.")
        part = read()
        self.depth -= 1
        return part

    def _counted(self, mark: str) -> str:
        self.parts += 1
        if self.parts > _MOST_PARTS:
            raise RecipeError(
                f"The formula has more than {_MOST_PARTS} parts: compute some in a step before."
            )
        return mark

    def _next(self) -> str:
        return self.left[0][1] if self.left and self.left[0][0] in ("mark", "name") else ""

    def _takes(self, mark: str) -> bool:
        if self._next() != mark:
            return False
        self.left.pop(0)
        return True

    def _close(self) -> None:
        if not self._takes(")"):
            raise RecipeError(
                "The formula lacks a closing bracket )."
                if not self.left
                else f"The formula cannot be read at {self.left[0][1]!r}."
            )
