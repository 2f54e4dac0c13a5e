"""A project: a file with its recipe and everything chosen for it, and how it becomes one file."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import PurePath
from platform import python_version

import analytics
from analytics.errors import ZetascopeError
from analytics.recipe import Recipe

VERSION = 1
ABOUT, RECIPE, FILE = "project.json", "recipe.json", "file"
"""What the parts of the file are called; there are no others."""

_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell: the same project is the same file
LONGEST_NAME = 255  # as file systems have it
_LEVEL = 3  # tables shrink to about a third at any level; higher ones take five times as long

Choices = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By page: what its widgets say in a link."""


class ProjectError(ZetascopeError):
    """A project file that cannot be opened, in one sentence."""


@dataclass(frozen=True)
class Project:
    """``uses``: what columns are used as where somebody chose; ``made_with``: versions of what saved it."""

    name: str
    source: bytes = field(repr=False)
    recipe: Recipe
    uses: Mapping[str, str] = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)
    made_with: Mapping[str, str] = field(default_factory=lambda: versions())


def versions() -> dict[str, str]:
    """What a table is read and computed with here."""
    packages = {name: version(name) for name in ("numpy", "pandas", "pyarrow", "scikit-learn")}
    return {"zetascope": analytics.__version__, "python": python_version(), **packages}


def save_project(project: Project) -> bytes:
    """The project as a ``.zeta`` file, a zip; the same project gives the same bytes."""
    sha256 = hashlib.sha256(project.source).hexdigest()
    about = about_text(project.name, sha256, project.uses, project.choices, project.made_with)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        _add(archive, ABOUT, about.encode())
        _add(archive, RECIPE, project.recipe.to_json().encode())
        _add(archive, FILE, project.source)
    return target.getvalue()


def about_text(
    name: str,
    sha256: str,
    uses: Mapping[str, str],
    choices: Choices,
    made_with: Mapping[str, str],
) -> str:
    """What a project says of itself beside its recipe, as JSON."""
    about = {
        "zetascope_project": VERSION,
        "name": _plain(name),
        "sha256": sha256,
        "uses": dict(uses),
        "choices": {page: dict(chosen) for page, chosen in choices.items()},
        "made_with": dict(made_with),
    }
    return json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)


def _plain(name: str) -> str:
    """A name that any project may have: no folders, no signs that are not seen, not too long."""
    last = "".join(mark if mark.isprintable() else "_" for mark in PurePath(name.replace("\\", "/")).name)
    return last[-LONGEST_NAME:] if last.strip(".") else "table"


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    part = zipfile.ZipInfo(name, _WRITTEN)
    part.create_system = 3  # as Linux writes it, wherever it is written
    archive.writestr(part, data, zipfile.ZIP_DEFLATED, _LEVEL)
