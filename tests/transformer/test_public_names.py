"""The lazy names of the package are real: to a type checker, to ``dir`` and to whoever imports them."""

import ast
import subprocess
import sys
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


@pytest.mark.slow
def test_a_type_checker_knows_the_types_and_refuses_a_misspelt_name(tmp_path: Path) -> None:
    script = tmp_path / "uses.py"
    script.write_text(
        "from analytics.transformer import check, trace_encodr\n"
        "reveal_type(check('', '', 1, 1))\n",
        encoding="utf-8",
    )  # fmt: skip
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), str(script)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert 'Revealed type is "analytics.transformer.checks.Check"' in said
    assert 'has no attribute "trace_encodr"' in said
