"""No regular expression of the package can be kept busy: two linters, one that reads and one that tries.

``regexploit`` reads the expressions and finds repeats that can share a text between them in many ways. Its
findings begin at the cube; the square is found by trying, with texts made of what each expression itself asks
for, repeated, and an end that it does not. Only expressions that run in Python's ``re`` and in ``regex``
matter: Arrow's run in RE2, which never goes back.
"""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import string
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest
import regex
from regexploit.ast.sre import SreOpParser
from regexploit.redos import find

import analytics
from tests.conftest import ROOT
from tests.hostile.families import families

pytestmark = pytest.mark.slow  # every module of the package is imported
Compiled = re.Pattern | regex.Pattern

BOUNDED = {
    "tables.records.cell_kinds._KINDS",  # cells of 400 characters at most
    "tables.typed.codes._LIKELY_NAMES",  # names of 300 characters at most
    "tables.typed.codes._SURE_NAMES",
    "recipe.formula._TOKEN",  # 10,000 characters at most; the first that fits nothing is the last
}
"""Expressions whose text is cut before, by their module and name: tried at the length it is cut to."""
SHORT, LONG = 2_000, 8_000
FLOOR = 0.004  # seconds; less for 8,000 characters is quick enough at any growth up to the square
"""A text of 1 MB would then take a minute at the square; 2,000 times the length takes 2,000 times as long."""


class Reader(SreOpParser):
    """Knows what Python 3.11 has and regexploit 1.0 has not: groups and repeats that never give back."""

    def from_ATOMIC_GROUP(self, data: list) -> object:  # noqa: N802
        return None

    def from_POSSESSIVE_REPEAT(self, data: tuple) -> object:  # noqa: N802
        return None


@cache
def expressions() -> dict[str, Compiled]:
    """Every compiled expression that a module keeps, and those that dialects make, by where they stand."""
    found: dict[str, Compiled] = {}
    for module in pkgutil.walk_packages(analytics.__path__, "analytics."):
        if ".templates" in module.name or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Compiled):
                found.setdefault(f"{module.name.removeprefix('analytics.')}.{name}", value)
    for mark in (",", " ", "\t", "::", "  "):
        for escape in ("", "\\"):
            found |= of_dialect(mark, escape)
    return found


@cache
def in_code() -> dict[str, tuple[Compiled, str]]:
    """Expressions that stand in a call of ``re`` itself, by where, with the function that is called."""
    found = {}
    for path in (ROOT / "analytics").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            first, called = node.args[0], ast.unparse(node.func)
            if called.startswith("re.") and called[3:] in METHODS:
                flags = [ast.unparse(one) for one in ast.walk(node) if isinstance(one, ast.Attribute)]
                value = sum(getattr(re, flag[3:]) for flag in set(flags) if flag[3:].isupper())
                if isinstance(first, ast.Constant):
                    found[f"{path.stem}:{node.lineno}"] = re.compile(first.value, value), called[3:]
    return found


@cache
def met() -> dict[str, Compiled]:
    """Those, and what is made as code runs, caught while small inputs of all families are read."""
    known = {(one.pattern, one.flags) for one in expressions().values()}
    found = {where: pattern for where, (pattern, _) in in_code().items()}
    compile_ = re._compile  # type: ignore[attr-defined]

    def catching(pattern: object, flags: int) -> Compiled:
        made = compile_(pattern, flags)
        caller = sys._getframe(2)
        if f"{os.sep}analytics{os.sep}" in caller.f_code.co_filename:
            found[f"{Path(caller.f_code.co_filename).stem} {made.pattern!r} {made.flags}"] = made
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(re, "_compile", catching)
        for family in families().values():
            family.work(family.make(400))
    every = {(one.pattern, one.flags): (name, one) for name, one in found.items()}
    return dict(named for key, named in every.items() if key not in known)


def of_dialect(mark: str, escape: str) -> dict[str, Compiled]:
    """But for the one that finds the cells: it is asked only where ``_closed`` says that all of them fit."""
    from analytics.tables.records.grammar import Dialect

    dialect = Dialect(mark, escape=escape, runs=mark in (" ", "  "))
    names = ("_closed", "_open", "_inside_closed", "_inside_open")
    return {f"Dialect({mark!r}, {escape!r}).{name}": getattr(dialect, name) for name in names}


def test_expressions_are_found() -> None:
    assert len(expressions()) > 80
    assert "tables.records.records._LINE_END" in expressions()


def atoms(tree: object) -> Iterator[str]:
    """A sign for everything that a parsed expression asks for."""
    for operation, value in tree:  # type: ignore[attr-defined]
        if operation in (constants.LITERAL, constants.NOT_LITERAL):
            yield chr(value)
        elif operation is constants.IN:
            yield from (sign for sign in string.printable + "é中" if re.match(f"[{sign_class(value)}]", sign))
        elif operation is constants.BRANCH:
            for branch in value[1]:
                yield from atoms(branch)
        elif operation in (constants.ASSERT, constants.ASSERT_NOT):
            yield from atoms(value[1])
        elif operation is constants.SUBPATTERN:
            yield from atoms(value[-1])
        elif operation is constants.ATOMIC_GROUP:
            yield from atoms(value)
        elif operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            yield from atoms(value[2])


def sign_class(parts: list) -> str:
    kinds = {
        constants.CATEGORY_DIGIT: r"\d",
        constants.CATEGORY_NOT_DIGIT: r"\D",
        constants.CATEGORY_SPACE: r"\s",
        constants.CATEGORY_NOT_SPACE: r"\S",
        constants.CATEGORY_WORD: r"\w",
        constants.CATEGORY_NOT_WORD: r"\W",
    }
    text = ""
    for operation, value in parts:
        if operation is constants.NEGATE:
            text += "^"
        elif operation is constants.LITERAL:
            text += re.escape(chr(value))
        elif operation is constants.RANGE:
            text += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        else:
            text += kinds[value]
    return text


def pumps(pattern: Compiled) -> list[str]:
    """What to repeat: every sign that the expression knows, and pairs of those that differ in kind."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    if isinstance(pattern, regex.Pattern):
        known = ["a", "1", "-", "'", "_", " ", "é", "中", "カ", "ひ", "한", "ก", "\u0301", "\u200d"]
    else:
        known = list(dict.fromkeys(atoms(parser.parse(text, pattern.flags & ~re.DEBUG & ~re.UNICODE))))
    if isinstance(pattern.pattern, bytes):
        known = [sign for sign in known if ord(sign) < 256]
    kinds = {re.sub(r"\w", "a", re.sub(r"\d", "1", sign)): sign for sign in known}
    few = list(kinds.values())[:7]
    return [*few, *(a + b for a in few for b in few if a != b)]


ANCHORED = {"match", "fullmatch"}
METHODS = ANCHORED | {"search", "findall", "finditer", "sub", "subn", "split"}


@cache
def uses() -> dict[str, set[str]]:
    """The methods that the package asks of an expression, by the name it is kept under."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "analytics").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                found.setdefault(ast.unparse(node.value).rsplit(".", 1)[-1], set()).add(node.attr)
    return found


def methods_of(name: str) -> set[str]:
    """What is asked of an expression; whoever hands it on may ask for anything."""
    if name.startswith("Dialect"):
        return {"fullmatch"}
    used = uses().get(name.rsplit(".", 1)[-1]) or METHODS
    return {"finditer" if method not in ANCHORED else method for method in used}


def seconds(pattern: Compiled, text: str, methods: set[str]) -> float:
    """Processor time for looking through a text in the ways that the package does."""
    subject = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    start = time.process_time()
    for method in methods:
        found = getattr(pattern, method)(subject)
        if method == "finditer":
            for _ in found:
                pass
    return time.process_time() - start


def growth_of(pattern: Compiled, pump: str, end: str, methods: set[str]) -> float:
    """How much longer a text four times as long takes; 1 where it is quick."""
    short, long = (pump * (size // len(pump)) + end for size in (SHORT, LONG))
    if seconds(pattern, long, methods) < FLOOR:
        return 1
    quick = min(seconds(pattern, short, methods) for _ in range(3))
    return min(seconds(pattern, long, methods) for _ in range(3)) / max(quick, 1e-5)


def test_expressions_take_time_in_proportion() -> None:
    tried = {name: pattern for name, pattern in expressions().items() if name not in BOUNDED}
    slow = [
        (name, pump)
        for name, pattern in tried.items()
        for pump in pumps(pattern)
        if growth_of(pattern, pump, "\x01", methods_of(name)) >= 8
    ]
    assert slow == []


def test_a_linter_finds_nothing() -> None:
    ours = {name: one for name, one in expressions().items() if isinstance(one, re.Pattern)}
    assert {name: found for name, pattern in ours.items() if (found := linted(pattern))} == {}


def linted(pattern: Compiled) -> list[str]:
    """What regexploit would send: texts that keep the expression busy."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags, text = re.match(r"((?:\(\?[a-z]+\))?)(.*)", text, re.DOTALL).groups()
    parsed = Reader().parse_sre(f"{flags}(?:{text})$", pattern.flags & ~re.DEBUG & ~re.UNICODE)
    return [found.example() for found in find(parsed)]


def test_expressions_that_stand_in_code_take_time_in_proportion() -> None:
    """What is made as code runs is tried by the growth of the families that it is made for."""
    slow = []
    for where, (pattern, called) in in_code().items():
        methods = {called} if called in ANCHORED else {"finditer"}
        slow += [(where, pump) for pump in pumps(pattern) if growth_of(pattern, pump, "\x01", methods) >= 8]
    assert slow == []


def test_a_linter_finds_nothing_in_them() -> None:
    assert len(met()) > 40
    assert {name: found for name, pattern in met().items() if (found := linted(pattern))} == {}


@pytest.mark.parametrize("hostile", [r"[-= ]*(?:-{3,}|=+)[-= ]*", r"(?:a+)+", r"\s*a?\s*b?\s*"])
def test_both_linters_would_find_them(hostile: str) -> None:
    assert find(Reader().parse_sre(f"(?:{hostile})$", 0))


def test_trying_finds_the_square() -> None:
    assert growth_of(re.compile(r"(\r+\n|\r|\n)"), "\r", "\x01", {"finditer"}) > 8
