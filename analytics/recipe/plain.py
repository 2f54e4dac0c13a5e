"""How what comes as JSON is checked: strictly, nothing unknown, no number that it lacks, nothing too deep."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ConfigDict

from analytics.errors import ZetascopeError
from analytics.tables.formats.json_text import depth_of

PLAIN = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
LARGEST = 16 * 1024**2
"""Characters of a recipe, or of what a project says of itself."""


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
