"""Recipes as JSON text: what is stored, sent and opened again. Nothing in it is ever run."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from analytics.recipe.errors import RecipeError
from analytics.recipe.plain import faults_told, json_object
from analytics.recipe.steps import AnyStep
from analytics.recipe.steps.base import Step
from analytics.tables.errors import TableError
from analytics.tables.options import LIMITS, ReadOptions, hashable

VERSION = 1
_DEEPEST = 50
_MOST_STEPS, _MOST_CONDITIONS = 1_000, 1_000


class Parts(NamedTuple):
    """What a recipe is made of."""

    read: ReadOptions
    steps: tuple[Step, ...]
    file: str


def to_text(parts: Parts) -> str:
    """The recipe as JSON text, readable by people."""
    steps = [_steps().dump_python(step, mode="json") for step in parts.steps]
    whole = {"zetascope_recipe": VERSION, "file": parts.file, "read": _told(parts.read), "steps": steps}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def from_text(text: str, *, limits: ReadOptions | None = None) -> Parts:
    """The parts of a recipe in a JSON text; limits of reading are those of ``limits``, of this machine.

    Raises:
        RecipeError: no recipe, of another version, or with a part that cannot be used.
    """
    given = json_object(text, what="recipe", deepest=_DEEPEST, error=RecipeError)
    if given.get("zetascope_recipe") != VERSION:
        raise RecipeError(
            f"The recipe is of version {given.get('zetascope_recipe')!r}, and this Zetascope reads {VERSION}."
            if "zetascope_recipe" in given
            else "The file is no recipe of Zetascope."
        )
    unknown = given.keys() - {"zetascope_recipe", "file", "read", "steps"}
    if unknown:
        raise RecipeError(f"The recipe has a part that is not known: {min(unknown)!r}.")
    steps = given.get("steps", [])
    if not isinstance(steps, list) or len(steps) > _MOST_STEPS:
        raise RecipeError(f"The recipe's steps must be a list of at most {_MOST_STEPS:,}.")
    file = given.get("file", "")
    if not isinstance(file, str):
        raise RecipeError("The recipe names its file by no text.")
    return Parts(_options(given.get("read", {}), limits), tuple(map(_step, range(len(steps)), steps)), file)


@cache
def _steps() -> TypeAdapter[Step]:
    return TypeAdapter(AnyStep)


def _step(place: int, given: Any) -> Step:
    written = json.dumps(given)
    if written.count('"condition":') > _MOST_CONDITIONS:
        raise RecipeError(f"Step {place + 1} of the recipe has more than {_MOST_CONDITIONS:,} conditions.")
    with faults_told(f"Step {place + 1} of the recipe cannot be used. ", inside=1):
        return _steps().validate_json(written)


def _told(options: ReadOptions) -> dict[str, Any]:
    held = {one.name: (one.default, getattr(options, one.name)) for one in dataclasses.fields(options)}
    return {name: value for name, (usual, value) in held.items() if value != usual and name not in LIMITS}


def _options(given: Any, limits: ReadOptions | None) -> ReadOptions:
    known = {one.name for one in dataclasses.fields(ReadOptions)} - set(LIMITS)
    if not isinstance(given, dict) or not given.keys() <= known:
        raise RecipeError("The recipe says how to read the file in a way that is not known.")
    try:
        return dataclasses.replace(
            limits or ReadOptions(), **{name: hashable(value) for name, value in given.items()}
        )
    except (TableError, TypeError, ValueError) as error:
        raise RecipeError(f"The recipe's way of reading cannot be used: {error}") from error
