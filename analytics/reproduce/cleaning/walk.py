"""The steps of a recipe that a table took, as one function of a script."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.recipe import Recipe, Step, next_of, started
from analytics.reproduce.cleaning.steps import step_lines
from analytics.reproduce.literals import commented
from analytics.reproduce.writer import template
from analytics.tables import Table

_HELPERS = "recipe/helpers"


@dataclass(frozen=True)
class Walked:
    """One step on the way: frames without rows before and after it, and why it was passed over."""

    step: Step
    before: pd.DataFrame
    after: pd.DataFrame
    problem: str = ""

    def lines(self) -> list[str]:
        """The step in pandas, behind its sentence; one that did nothing is a remark alone."""
        sentence = self.step.sentence()
        if not self.step.active:
            return [commented(f"{sentence}: switched off.")]
        if self.problem:
            return [commented(f"{sentence}: passed over. {self.problem}")]
        return [commented(sentence), *step_lines(self.step, self.before, self.after)]


def walk(recipe: Recipe, table: Table) -> tuple[Walked, ...]:
    """Every step of the recipe as the table took it."""
    made = started(table, file=recipe.file)
    steps = []
    for step in recipe.steps:
        before, made = made, next_of(made, step)
        steps.append(
            Walked(step, before.frame.iloc[:0], made.frame.iloc[:0], made.account[-1].problem),
        )
    return tuple(steps)


def cleaning_source(functions: Mapping[str, tuple[Walked, ...]]) -> str:
    """A module with functions of these names that take the steps, and the functions that their lines call."""
    code = "\n\n".join(_function(name, steps) for name, steps in functions.items())
    helpers = template(_HELPERS)
    tree = ast.parse(helpers)
    known = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    called = _called(ast.parse(code), known)
    rows = helpers.splitlines()
    needed = [node for name, node in known.items() if name in called]
    parts = ["\n".join(rows[node.lineno - 1 : node.end_lineno]) for node in needed]
    code = "\n\n\n".join([*parts, code])
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    lines = [_used(node, code) for node in (ast.Import([ast.alias("operator")]), *imports)]
    return "\n".join(['"""Steps."""', *filter(None, lines), "", "", code])


def _function(name: str, steps: tuple[Walked, ...]) -> str:
    body = _returning([line for one in steps for line in one.lines()])
    inner = "\n".join(f"    {line}" for part in body for line in part.split("\n"))
    return (
        f"def {name}(frame: pd.DataFrame) -> pd.DataFrame:\n"
        '    """The frame after these steps."""\n'
        f"    frame = frame.copy(deep=False)\n{inner}\n"
    )


def _returning(lines: list[str]) -> list[str]:
    """The lines, the last of which gives the frame back."""
    last = max((place for place, line in enumerate(lines) if not line.startswith("#")), default=-1)
    if last < 0 or not lines[last].startswith("frame = "):
        return [*lines, "return frame"]
    return [*lines[:last], lines[last].replace("frame = ", "return ", 1), *lines[last + 1 :]]


def _called(tree: ast.AST, known: dict[str, ast.FunctionDef]) -> set[str]:
    """Functions of ``known`` that are called, also by those that are called."""
    found: set[str] = set()
    waiting = _names(tree) & known.keys()
    while waiting - found:
        name = (waiting - found).pop()
        found.add(name)
        waiting |= _names(known[name]) & known.keys()
    return found


def _used(node: ast.Import | ast.ImportFrom, code: str) -> str:
    """The import with the names that the code uses; empty where it uses none."""
    used = _names(ast.parse(code))
    node.names = [alias for alias in node.names if (alias.asname or alias.name) in used]
    return ast.unparse(node) if node.names else ""


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
