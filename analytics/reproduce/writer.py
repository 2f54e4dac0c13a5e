"""Fills a template: puts its parts together and replaces the values of its constants by literals."""

import ast
import sys
from collections.abc import Mapping
from itertools import accumulate, takewhile
from pathlib import Path

from analytics.reproduce.literals import literal

TEMPLATES = Path(__file__).parent / "templates"
PACKAGE = "analytics.reproduce.templates"


def script(main: str, *parts: str, generated: str = "", **values: object) -> str:
    """A template with its constants replaced.

    Args:
        main: name of a file of ``templates``, without its ending.
        parts: names of the files whose functions it uses, written into the script in this order.
        generated: a module put together elsewhere whose functions it uses.
        values: what its constants hold, by name. Every constant in capitals must be given.
    """
    filled = _filled(template(main), values)
    sources = [*map(template, parts), *([generated] if generated else [])]
    return _joined(filled, sources) if sources else filled


def template(name: str) -> str:
    """The text of a template."""
    return (TEMPLATES / f"{name}.py").read_text(encoding="utf-8")


def _filled(source: str, values: Mapping[str, object]) -> str:
    assigned = {_target(node): node.value for node in ast.parse(source).body if _target(node)}  # type: ignore[attr-defined]
    asked = {name for name in assigned if name.isupper()}
    if not asked <= values.keys() <= assigned.keys():
        raise ValueError(f"The template asks for {sorted(asked)} and got {sorted(values)}.")
    text = source.encode()  # ast counts in bytes
    starts = [0, *accumulate(map(len, text.splitlines(keepends=True)))]
    for name in reversed(assigned):  # from the end, so that places before stay where they are
        if name in values:
            old = assigned[name]
            first = starts[old.lineno - 1] + old.col_offset
            last = starts[old.end_lineno - 1] + old.end_col_offset
            text = text[:first] + literal(values[name]).encode() + text[last:]
    return text.decode()


def _target(node: ast.stmt) -> str:
    """The name that a plain assignment gives a value; empty for any other statement."""
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign) else ""


def _joined(main: str, parts: list[str]) -> str:
    """One script: the docstring, all imports, the constants, the functions of the parts, the steps."""
    docstring, *body = ast.parse(main).body
    functions = [ast.parse(part).body[1:] for part in parts]
    used = [node for nodes in [body, *functions] for node in nodes if _is_outside(node)]
    imports = sorted(_merged(used), key=lambda line: (line.startswith("from"), line))
    body = [node for node in body if not _is_import(node)]
    constants = list(takewhile(lambda node: _target(node).isupper(), body))
    sections = [
        _lines(main, [docstring]),
        "\n".join(line for line in imports if _is_standard(line)),
        "\n".join(line for line in imports if not _is_standard(line) and not _is_ours(line)),
        "\n".join(filter(_is_ours, imports)),
        _lines(main, constants) + "\n",
        *(_lines(part, nodes) + "\n" for part, nodes in zip(parts, functions, strict=True)),
        _lines(main, body[len(constants) :]),
    ]
    return "\n\n".join(filter(None, sections)).rstrip() + "\n"


def _merged(imports: list[ast.stmt]) -> set[str]:
    """Lines that import the same, one for each module that names are taken from."""
    taken: dict[str, set[str]] = {}
    for node in imports:
        if isinstance(node, ast.ImportFrom):
            taken.setdefault(str(node.module), set()).update(ast.unparse(alias) for alias in node.names)
    whole = {ast.unparse(node) for node in imports if isinstance(node, ast.Import)}
    return whole | {
        f"from {module} import {', '.join(sorted(names, key=_as_sorted))}" for module, names in taken.items()
    }


def _as_sorted(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order that the linter asks for."""
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_outside(node: ast.stmt) -> bool:
    """Whether it imports something that is no part of the script itself."""
    return _is_import(node) and not str(getattr(node, "module", "")).startswith(PACKAGE)


def _is_standard(line: str) -> bool:
    return line.split()[1].split(".")[0] in sys.stdlib_module_names


def _is_ours(line: str) -> bool:
    return line.split()[1].split(".")[0] == "analytics"


def _lines(source: str, nodes: list[ast.stmt]) -> str:
    """What stands from the first node to the last, imports left out."""
    kept = [node for node in nodes if not _is_import(node)]
    return "\n".join(source.splitlines()[kept[0].lineno - 1 : kept[-1].end_lineno])
