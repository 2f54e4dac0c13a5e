"""A recipe from elsewhere, checked in a process of its own before it is read here."""

from __future__ import annotations

import mmap
from typing import Any

from analytics.apart import ApartError, Limits, run_apart
from analytics.recipe.errors import RecipeError
from analytics.recipe.recipe import Recipe
from analytics.tables.options import ReadOptions


def recipe_apart(data: bytes, *, limits: Limits, reading: ReadOptions) -> Recipe:
    """What ``from_json`` gives of UTF-8 text; RecipeError too where the other process ended.

    ``reading`` holds this machine's limits of reading.
    """
    try:
        answer = run_apart(f"{__name__}:check_task", data, {}, limits=limits)
    except ApartError as error:
        raise RecipeError(str(error)) from error
    return Recipe.from_json(bytes(answer.memory).decode(), limits=reading)


def recipe_of_bytes(data: bytes) -> Recipe:
    """What ``from_json`` gives of UTF-8 text; RecipeError where it is no text."""
    try:
        return Recipe.from_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RecipeError("The file is no recipe: it is not UTF-8.") from error


def check_task(source: bytes | mmap.mmap, _arguments: dict[str, Any], target: Any) -> None:
    """What the other process does: the recipe written anew, with what belongs into it and nothing else."""
    target.write(recipe_of_bytes(source[:]).to_json().encode())
