"""Every pin is needed, and everything that is imported is pinned."""

import ast
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT

COMES_ALONG = {"starlette"}
"""Streamlit's own server, in whichever version it brings."""


def pins() -> dict[str, str]:
    """Name of every pinned package, and the comment right above it, if there is one."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    found = {}
    for above, line in zip(["", *lines], lines, strict=False):
        if line and not line.startswith("#"):
            name, version = line.split("==")
            assert version and name.lower() not in found
            found[name.lower()] = above if above.startswith("# ") else ""
    return found


def extras() -> dict[str, str]:
    """Version of every package that an extra of ours asks for, which is no part of a plain installation."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    return dict(one.split("==") for packages in asked.values() for one in packages)


def imported_by(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    found |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in found}


def imported() -> set[str]:
    """Names on the index of what the package and its app import."""
    files = [*(ROOT / "analytics").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "streamlit_app.py"]
    known = packages_distributions()
    modules = set().union(*map(imported_by, files)) - {"analytics"} - COMES_ALONG
    return {known[name][0].lower().replace("_", "-") for name in modules if name in known}


@pytest.mark.slow
def test_what_is_imported_is_pinned_and_the_rest_says_what_it_is_for() -> None:
    assert imported() <= pins().keys() | extras().keys()
    assert {name for name in pins().keys() - imported() if not pins()[name]} == set()


def test_extras_are_the_versions_that_the_tests_run_with() -> None:
    names = ("requirements.txt", "requirements-dev.txt", "requirements-spark.txt")
    files = [ROOT / name for name in names]
    tested = {line.strip() for path in files for line in path.read_text(encoding="utf-8").splitlines()}
    assert {f"{name}=={version}" for name, version in extras().items()} <= tested
