"""The dashboard's rooms: server, then parts, then each page by itself, then the app; no arrow back."""

import ast
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).parents[2] / "analytics" / "dashboard"
MODULES = sorted(path for path in DASHBOARD.rglob("*.py") if path.parent != DASHBOARD)
MAY_IMPORT = {
    "server": {"server"},
    "parts": {"server", "parts"},
    "pages": {"server", "parts"},
    "app": {"server", "parts", "app"},
}


def room_of(module: str) -> str:
    """``server``, ``parts``, ``app``, or one page: ``pages.outliers``."""
    names = module.removeprefix("analytics.dashboard.").split(".")
    return ".".join(names[:2] if names[0] == "pages" else names[:1])


def rooms_imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        found |= {room_of(name) for name in names if name.startswith("analytics.dashboard.")}
    return found - {"pages"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_rooms_are_entered_from_one_side(path: Path) -> None:
    own = room_of("analytics.dashboard." + ".".join(path.relative_to(DASHBOARD).with_suffix("").parts))
    allowed = MAY_IMPORT[own.split(".")[0]] | ({own} if own.startswith("pages.") else set())
    assert rooms_imported(path) <= allowed


def test_imports_of_another_page_would_be_seen(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "from analytics.dashboard.pages.data.reading import draw_reading\n"
        "from analytics.dashboard.pages import outliers\n"
        "def late():\n    import analytics.dashboard.app.shell\n"
    )
    assert rooms_imported(module) == {"pages.data", "pages.outliers", "app"}
