"""Every stated probability stands in ``benchmarks/stated.md``, with the simulation it is compared with."""

import ast
import re
from pathlib import Path

import pytest

from benchmarks.statistics import CHECKS

ROOT = Path(__file__).parents[1]
TABLE = (ROOT / "benchmarks" / "stated.md").read_text(encoding="utf-8")
STATED, SILENT = (part.splitlines() for part in TABLE.split("\nModules that use these words"))
SPOKEN = re.compile(
    r"\bintervals?\b|\bchance\b|significan|false discover|\bp [=<](?! \\)|\bcorrected\b|of 100\b|nine in ten"
    r"|one in (twenty|a hundred)|\bpower\b.*rows|rows.*\bpower\b|stays below|holds \d+ ?%",
    re.IGNORECASE,
)
"""What a sentence about a probability says."""


def _rows(lines: list[str], columns: int) -> list[list[str]]:
    cells = [[cell.strip(" ") for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"]
    assert all(len(row) == columns for row in cells), "a cell holds a bar, or a row lacks a cell"
    return cells[2:]


ROWS = _rows(STATED, 7)
OTHERS = [module.strip("`") for module, _ in _rows(SILENT, 2)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[1]}: {row[2]}"[:70])
def test_a_statement_stands_where_it_says_and_is_simulated(row: list[str]) -> None:
    _, module, words, law, check, test, realised = row
    assert any(words.strip("`") in said for said in _said(ROOT / "analytics" / module.strip("`")))
    assert check in {"", *(one.name for one in CHECKS)} and law and realised
    file, _, name = test.strip("`").partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_check_belongs_to_a_statement() -> None:
    used = {row[4] for row in ROWS}
    assert [one.name for one in CHECKS if one.name not in used] == []


def test_no_module_speaks_of_chance_that_is_not_listed() -> None:
    listed = {row[1].strip("`") for row in ROWS} | set(OTHERS)
    spoken = {
        path.relative_to(ROOT / "analytics").as_posix()
        for path in (ROOT / "analytics").rglob("*.py")
        if SPOKEN.search(path.read_text(encoding="utf-8")) and any(map(SPOKEN.search, _said(path)))
    }
    assert sorted(spoken - listed) == []
    assert sorted(set(OTHERS) - spoken) == []


def _said(path: Path) -> list[str]:
    """The texts of several words in a module, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documents = {
        id(line.value)
        for part in ast.walk(tree)
        if isinstance(part, ast.Module | ast.ClassDef | ast.FunctionDef)
        for line in part.body
        if isinstance(line, ast.Expr)
    }
    return [
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and " " in one.value.strip()
        and id(one) not in documents
    ]
