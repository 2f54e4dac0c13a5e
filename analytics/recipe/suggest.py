"""Everything worth a look in a table, what touches most cells first."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analytics.recipe.steps.derived import Derive
from analytics.recipe.suggestions.codes import codes
from analytics.recipe.suggestions.columns import columns
from analytics.recipe.suggestions.repeats import repeats
from analytics.recipe.suggestions.rows import repeated
from analytics.recipe.suggestions.shapes import shapes
from analytics.recipe.suggestions.spellings import spellings
from analytics.recipe.suggestions.suggestion import Suggestion
from analytics.recipe.suggestions.texts import texts
from analytics.recipe.suggestions.units import units
from analytics.tables.columns import Role, column_roles
from analytics.tables.profile import TableProfile
from analytics.tables.report import Table


def suggest(
    table: Table, *, roles: Mapping[str, Role] | None = None, profile: TableProfile | None = None
) -> tuple[Suggestion, ...]:
    """Suggestions that mend values first, then those that add a column, then what is only told; each by the
    cells it is about.

    ``profile`` of the same table, where there is one: what it has counted is not counted again.

    Raises:
        TableError: two columns have the same name.
    """
    frame = table.frame
    known = roles or {str(name): role for name, role in column_roles(frame).items()}
    counted = profile.columns if profile else {}
    unique = {str(name): one.distinct == one.rows - one.missing for name, one in counted.items()}
    apart = {one.name for one in table.report.column_readings if one.unit}
    apart |= {name for name, role in known.items() if role.kind == "identifier"}
    found = (
        *codes(frame),
        *spellings(frame, known),
        *texts(frame, known),
        *units(frame, apart),
        *repeated(frame, known, unique),
        *columns(frame, known),
        *repeats(frame, known),
        *shapes(frame, known, unique),
    )
    mixed = {one.columns for one in found if one.kind == "numbers and text"}
    new = [
        one
        for one in found
        if not _is_made(one, frame) and not (one.kind in ("unique", "one length") and one.columns in mixed)
    ]
    return tuple(sorted(new, key=lambda one: (not one.steps, _only_adds(one), -one.cells)))


def _only_adds(one: Suggestion) -> bool:
    """Whether its steps change no value that is there: what is wrong in the file comes before."""
    return bool(one.steps) and all(isinstance(step, Derive) for step in one.steps)


def _is_made(one: Suggestion, frame: pd.DataFrame) -> bool:
    """Whether the column that its step computes is there already."""
    return any(isinstance(step, Derive) and step.column in frame.columns for step in one.steps)
