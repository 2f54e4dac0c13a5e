"""Imports point one way, modules stay small, and light imports stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "analytics"

EVERYWHERE = {"blocks", "errors", "progress", "words"}
"""Small modules that rest on nothing."""
MAY_IMPORT = {
    **{name: set() for name in EVERYWHERE},
    "threads": set(),
    "memory": set(),
    "app_files": set(),
    "tables": {"errors"},
    "numbers": {"errors", "threads", "tables"},
    "text": {"errors", "threads", "tables"},
    "transformer": {"errors", "threads", "tables", "text"},
    "figures": {"errors", "tables", "numbers", "text", "transformer"},
    "reproduce": {"errors", "tables", "numbers", "text", "transformer"},
    "cli": {"errors", "memory", "tables", "numbers", "text", "transformer", "reproduce"}
    | {"app_files", "dashboard"},  # the dashboard's settings, for serve
    "__main__": {"cli"},
    "__init__": set(),
    "dashboard": {
        "app_files",
        "errors",
        "memory",
        "tables",
        "numbers",
        "text",
        "transformer",
        "figures",
        "reproduce",
    },
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: use absolute imports"
            names.add(node.module)
            if node.module == "analytics":
                names |= {f"analytics.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    own = part_of(path)
    ours = {name.split(".")[1] for name in imported_names(path) if name.startswith("analytics.")}
    assert ours - {own} <= MAY_IMPORT[own] | (set() if own in EVERYWHERE else EVERYWHERE)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_dashboard_imports_streamlit(path: Path) -> None:
    if part_of(path) != "dashboard":
        assert not any(name.split(".")[0] == "streamlit" for name in imported_names(path))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("module", ["analytics", "analytics.tables", "analytics.numbers", "analytics.text"])
def test_light_imports_stay_light(module: str) -> None:
    heavy = "{'torch', 'umap', 'openvino', 'transformers', 'sentence_transformers', 'streamlit', 'numba'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
