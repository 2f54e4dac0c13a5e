"""What is remembered of a file without the file: its recipe, uses and choices, under its SHA-256."""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analytics.apart import ApartError, Limits, run_apart
from analytics.project.opening import about_of_text, recipe_of_text
from analytics.project.project import Choices, ProjectError, about_text
from analytics.recipe import Recipe
from analytics.tables import ReadOptions

LARGEST = 1024**2
"""Characters of a text that is kept; browsers keep about five million for all of a site."""


@dataclass(frozen=True)
class Memory:
    """As in ``Project``, with the SHA-256 of the file in place of its bytes."""

    name: str
    sha256: str
    recipe: Recipe
    uses: Mapping[str, str] = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)

    def to_json(self) -> str:
        """As text; empty where it is too long to be kept."""
        about = about_text(self.name, self.sha256, self.uses, self.choices, {})
        text = json.dumps({"about": about, "recipe": self.recipe.to_json()}, ensure_ascii=False)
        return text if len(text) <= LARGEST else ""


def memory_of_text(
    text: str, *, limits: ReadOptions = ReadOptions(), isolated: Limits | None = None
) -> Memory:
    """What ``to_json`` wrote, checked as a project file is; raises ProjectError."""
    if isolated is None:
        return _memory(text, limits)
    try:
        run_apart(f"{__name__}:check_task", text.encode("utf-8", "replace"), {}, limits=isolated)
    except ApartError as error:
        raise ProjectError(str(error)) from error
    return _memory(text, limits)


def check_task(source: bytes | mmap.mmap, _arguments: dict[str, Any], _target: Any) -> None:
    """What the other process does: say whether it can be used."""
    _memory(source[:].decode(), ReadOptions())


def _memory(text: str, limits: ReadOptions) -> Memory:
    if len(text) > LARGEST:
        raise ProjectError("What is remembered of this file is too long to be used.")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProjectError("What is remembered of this file is damaged.") from error
    if not isinstance(given, dict) or given.keys() != {"about", "recipe"}:
        raise ProjectError("What is remembered of this file is damaged.")
    if not all(isinstance(part, str) for part in given.values()):
        raise ProjectError("What is remembered of this file is damaged.")
    told = about_of_text(given["about"])
    return Memory(told.name, told.sha256, recipe_of_text(given["recipe"], limits), told.uses, told.choices)
