"""How what comes as JSON is checked: strictly, nothing unknown, no number that it lacks, nothing too deep."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field, fields
from functools import wraps
from typing import Any, TypeVar, dataclass_transform

from pydantic import ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass

from analytics.errors import ZetascopeError
from analytics.recipe.errors import RecipeError
from analytics.tables.formats.json_text import depth_of

_Made = TypeVar("_Made", bound=type)

_STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
LARGEST = 16 * 1024**2
"""Characters of a recipe, or of what a project says of itself."""
_SHOWN = 60
"""Characters of the name of an unknown step."""


@dataclass_transform(frozen_default=True, field_specifiers=(Field, field))
def plain(cls: _Made) -> _Made:
    """Make it a frozen dataclass with checked fields; to make one of unfitting values raises RecipeError."""
    made: Any = dataclass(frozen=True, config=_STRICT)(cls)
    made.__init__ = _telling(made.__init__)
    return made


def _telling(init: Callable[..., None]) -> Callable[..., None]:
    @wraps(init)
    def initialise(self: Any, *values: Any, **named: Any) -> None:
        names = [one.name for one in fields(self) if not one.kw_only]
        if len(values) > len(names):
            raise RecipeError(f"{type(self).__name__} takes {', '.join(names)}, not {len(values)} values.")
        with faults_told():
            init(self, **dict(zip(names, values, strict=False)), **named)

    return initialise


@contextmanager
def faults_told(before: str = "", *, inside: int = 0) -> Iterator[None]:
    """Raise RecipeError, its sentence after ``before``, where plain data made here are not what they must be.

    ``inside`` is how many names of the place where something is wrong nobody knows.
    """
    try:
        yield
    except ValidationError as error:
        raise RecipeError(f"{before}{_reason(error, inside)}") from error


def _reason(error: ValidationError, inside: int) -> str:
    """What is wrong first, in one sentence."""
    first = error.errors(include_url=False)[0]
    ours = first.get("ctx", {}).get("error")
    if isinstance(ours, RecipeError):
        return str(ours)
    kind = str(first.get("ctx", {}).get("discriminator", "")).strip("'")
    if first["type"] == "union_tag_invalid":  # pydantic lists all steps there are
        return f"This version knows no {kind} {first['ctx']['tag'][:_SHOWN]!r}."
    if first["type"] == "union_tag_not_found":
        return f"It does not say which {kind} it is: {kind!r} is missing."
    where = ".".join(map(str, first["loc"][inside:]))
    return f"{where}: {first['msg']}." if where else f"{first['msg']}."


def json_object(text: str, *, what: str, deepest: int, error: type[ZetascopeError]) -> dict[str, Any]:
    """The object in a text; ``what`` it should be is named in the ``error`` raised for any other text."""
    if len(text) > LARGEST:
        raise error(f"The {what} has {len(text):,} characters, more than {LARGEST:,}.")
    if depth_of(text, allowed=deepest) > deepest:
        raise error(f"The {what} has parts more than {deepest} deep in each other.")
    try:
        given = json.loads(text)
    except ValueError as fault:
        raise error(f"The file is no {what}: it is not JSON.") from fault
    if not isinstance(given, dict):
        raise error(f"The file is no {what} of Zetascope.")
    return given
