"""The map of the house: which room may import from which, no circles, small modules, quick imports."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "analytics"

EVERYWHERE = {
    "adapters",
    "apart",
    "app_files",
    "arguments",
    "blocks",
    "contingency",
    "errors",
    "frames",
    "memory",
    "progress",
    "readme",
    "threads",
    "words",
}
"""Small modules on top of the package, and one room of them, that rest on nothing."""

MAY_IMPORT = {
    "tables": set(),
    "recipe": {"tables"},
    "rows": {"tables", "recipe"},
    "numbers": {"tables"},
    "comparison": {"tables", "numbers"},
    "text": {"tables"},
    "transformer": {"tables", "text"},
    "retrieval": {"tables", "text", "transformer"},
    "hub": {"tables", "text"},
    "figures": {"tables", "numbers", "comparison", "text", "transformer", "retrieval"},
    "project": {"tables", "recipe"},
    "scale": {"tables", "recipe", "numbers", "text"},
    "reproduce": {"tables", "recipe", "numbers", "text", "transformer"},
    "report_file": {"tables", "recipe", "project", "numbers", "figures", "reproduce"},
    "cli": {"tables", "recipe", "numbers", "comparison", "text", "transformer", "project", "reproduce"}
    | {"retrieval", "scale", "report_file", "dashboard"},
    "dashboard": {
        "tables",
        "recipe",
        "rows",
        "numbers",
        "comparison",
        "text",
        "transformer",
        "retrieval",
        "figures",
        "project",
    }
    | {"scale", "reproduce", "report_file", "hub"},
    "__main__": {"cli"},
    "__init__": set(),
}
"""Top-level packages; a package may always import its own modules, as far as ``ROOMS`` allows."""

ROOMS = {
    "tables": {
        "records": set(),
        "typed": set(),
        "quick": {"records", "typed"},
        "formats": {"records", "typed", "quick", "writing"},
        "writing": {"typed"},
        "transfer": {"typed"},
    },
    "recipe": {"steps": set(), "suggestions": {"steps"}},
    "numbers": {
        "basics": set(),
        "standardizing": {"basics"},
        "outliers": {"basics"},
        "relations": {"basics"},
        "scaling": {"basics"},
        "returns": {"basics"},
    },
    "text": {
        "finding": {"reading"},
        "topics": {"reading"},
        "selections": {"topics"},
        "reading": set(),
    },
    "retrieval": {"tuning": set()},
    "transformer": {
        "translator": set(),
        "encoder": set(),
        "decoder": {"translator"},
        "memory": {"decoder", "translator"},
        "causal": {"encoder", "decoder"},
    },
    "figures": {"living": set(), "outliers": set(), "retrieval": set(), "text_map": set(), "walks": set()},
    "reproduce": {"cleaning": set(), "templates": set()},
    "dashboard": {
        "server": set(),
        "gate": {"server"},
        "parts": {"server"},
        "pages": {"server", "parts"},
        "app": {"server", "gate", "parts", "pages"},
    },
}
"""Which rooms of its package a room may import from; modules on top are open to all rooms but ``DOORS``."""

DOORS = {
    "tables": {"__init__", "column_detail", "containers", "reading", "profile", "sending", "tasks"},
    "recipe": {"__init__", "deciding", "json_form", "recipe", "recipe_apart", "suggest"},
    "numbers": {"__init__"},
    "text": {"__init__", "map_table", "warm_up"},
    "retrieval": {"__init__"},
    "transformer": {"__init__"},
    "figures": {"__init__"},
    "reproduce": {
        "__init__",
        "outliers",
        "recipe",
        "relations",
        "returns",
        "scaling_effects",
        "standardize",
        "text_map",
    },
    "dashboard": {"__init__"},
}
"""Modules on top of a package that are made from its rooms, so that no room may import them."""

MOST_LINES, MOST_MODULES = 400, 25


@cache
def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def known() -> dict[str, Path]:
    return {name_of(path): path for path in modules()}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def room_of(name: str) -> str:
    """The folder inside its package that holds a module, "" for one on top."""
    parts = name.split(".")
    is_package = name in known() and known()[name].name == "__init__.py"
    return parts[2] if len(parts) > 3 or (len(parts) == 3 and is_package) else ""


def statements(tree: ast.AST, *, types_too: bool) -> Iterator[ast.AST]:
    """All nodes; without ``types_too`` what only a type checker sees is left out."""
    for node in ast.iter_child_nodes(tree):
        only_types = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        if types_too or not only_types:
            yield node
            yield from statements(node, types_too=types_too)


@cache
def imported_names(path: Path, *, types_too: bool = True) -> frozenset[str]:
    names: set[str] = set()
    for node in statements(ast.parse(path.read_text()), types_too=types_too):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: use absolute imports"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            inner = whole & known().keys()
            names |= inner if len(inner) == len(whole) else inner | {node.module}
    return frozenset(names)


def imported_modules(path: Path, *, types_too: bool = True) -> set[str]:
    return {name for name in imported_names(path, types_too=types_too) if name in known()} - {name_of(path)}


def test_packages_import_one_way() -> None:
    for path in modules():
        own = part_of(path)
        ours = {name.split(".")[1] for name in imported_names(path) if name.startswith("analytics.")}
        allowed = MAY_IMPORT.get(own, set())
        assert ours - {own} <= allowed | (EVERYWHERE if own not in EVERYWHERE else {"errors"}), path


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_import_one_way(package: str) -> None:
    for path in modules():
        if part_of(path) == package:
            refused = refused_rooms(path, [n for n in imported_modules(path) if n.split(".")[1] == package])
            assert not refused, path


def refused_rooms(path: Path, ours: list[str]) -> set[str]:
    """Rooms and doors of its own package that a module imports and may not."""
    package, own = part_of(path), room_of(name_of(path))
    rooms = {room_of(name) for name in ours} - {"", own}
    if not own:
        return rooms if path.stem not in DOORS[package] else set()
    on_top = [name for name in ours if not room_of(name)]
    doors = {name.split(".")[-1] if name.count(".") > 1 else "__init__" for name in on_top}
    return rooms - ROOMS[package][own] | doors & DOORS[package]


def test_every_room_is_on_the_map() -> None:
    for package, rooms in ROOMS.items():
        folders = {folder.parent.name for folder in (PACKAGE / package).glob("*/*.py")}
        assert folders == rooms.keys(), package


def test_no_page_imports_another_pages_module() -> None:
    for name, path in known().items():
        if name.startswith("analytics.dashboard.pages."):
            page = name.split(".")[3]
            others = {
                n.split(".")[3] for n in imported_modules(path) if n.startswith("analytics.dashboard.pages.")
            }
            assert others <= {page}, name


def test_there_is_no_circle() -> None:
    graph = {name: imported_modules(path, types_too=False) for name, path in known().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_only_the_dashboard_imports_streamlit() -> None:
    for path in modules():
        if part_of(path) != "dashboard":
            assert not any(name.split(".")[0] == "streamlit" for name in imported_names(path)), path


def test_the_product_does_without_its_training() -> None:
    assert not [
        path for path in modules() if any(n.split(".")[0] == "training" for n in imported_names(path))
    ]


def test_modules_stay_small() -> None:
    for path in modules():
        assert len(path.read_text().splitlines()) <= MOST_LINES, path


def test_folders_stay_small() -> None:
    for folder in {path.parent for path in modules()}:
        assert len([p for p in folder.glob("*.py") if p.stem != "__init__"]) <= MOST_MODULES, folder


@pytest.mark.parametrize(
    "package",
    ["tables", "rows", "numbers", "text", "hub", "retrieval", "transformer", "transformer.translator"],
)
def test_public_names_are_said_and_there(package: str) -> None:
    module = import_module(f"analytics.{package}")
    assert len(module.__all__) == len(set(module.__all__)) > 0
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.slow
@pytest.mark.parametrize(
    "module",
    [
        "analytics",
        "analytics.tables",
        "analytics.numbers",
        "analytics.text",
        "analytics.retrieval",
        "analytics.hub",
    ],
)
def test_light_imports_stay_light(module: str) -> None:
    heavy = "{'torch', 'umap', 'openvino', 'transformers', 'sentence_transformers', 'streamlit', 'numba'}"
    heavy += " | {'huggingface_hub'}"
    code = f"import sys, {module}; print(sorted(({heavy}) & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.slow
def test_what_reads_strangers_files_loads_no_more_than_that() -> None:
    """A second for scikit-learn would be spent at each file that is read by pandas for a script."""
    code = "import sys, analytics.reproduce.reading_apart, analytics.tables.tasks, analytics.project.memory"
    code += "; print(sorted({'sklearn', 'scipy.stats', 'plotly'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
