"""The lazy names of the package are real: to a type checker, to ``dir`` and to whoever imports them."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from analytics import transformer

ROOT = Path(__file__).parents[2]


def told_to_the_type_checker() -> dict[str, str]:
    """Every name imported under TYPE_CHECKING with its module, read from the source."""
    tree = ast.parse(Path(transformer.__file__).read_text(encoding="utf-8"))
    return {
        alias.name: node.module
        for branch in tree.body
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in branch.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def test_every_public_name_is_told_to_the_type_checker_and_listed() -> None:
    assert set(told_to_the_type_checker()) == set(transformer.__all__)
    assert set(transformer.__all__) <= set(dir(transformer))


@pytest.mark.parametrize("name", transformer.__all__)
def test_a_public_name_is_the_one_the_type_checker_sees(name: str) -> None:
    found = getattr(transformer, name)
    assert found is getattr(sys.modules[told_to_the_type_checker()[name]], name)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'trace_encodr'"):
        transformer.trace_encodr  # noqa: B018


@pytest.mark.slow
def test_the_package_opens_without_torch() -> None:
    code = "import sys, analytics.transformer.translator; print('torch' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_mypy_reads_the_types_of_the_names_and_a_misspelt_one() -> None:
    """Alone it would take half a minute for it: it stands with the files that are checked anyway."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert "tests/transformer/public_types.py" in settings["files"]
    assert settings["warn_unused_ignores"]
