"""The rooms of ``numbers``: four subjects on one base, with no arrow between them, and a public front."""

import ast
from pathlib import Path

import pytest

import analytics.numbers

ROOT = Path(analytics.numbers.__file__).parent
SUBJECTS = ("standardizing", "outliers", "scaling", "returns")


def rooms_imported(path: Path) -> set[str]:
    modules = {
        node.module or ""
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
    }
    return {name.split(".")[2] for name in modules if name.startswith("analytics.numbers.")}


@pytest.mark.parametrize("room", ["basics", *SUBJECTS])
def test_a_subject_rests_on_the_basics_alone(room: str) -> None:
    allowed = {room} if room == "basics" else {room, "basics"}
    for path in (ROOT / room).glob("*.py"):
        assert rooms_imported(path) <= allowed, path


def test_the_public_names_are_there() -> None:
    assert list(analytics.numbers.__all__) == sorted(analytics.numbers.__all__)
    assert all(hasattr(analytics.numbers, name) for name in analytics.numbers.__all__)
