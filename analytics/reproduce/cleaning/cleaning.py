"""What a page's script starts with: the frame as it was read, or after the steps of a recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.recipe import Recipe
from analytics.reproduce.cleaning.walk import cleaning_source, walk
from analytics.reproduce.literals import Code
from analytics.tables import Table


@dataclass(frozen=True)
class Cleaning:
    """A module with the function that takes the steps, empty without any."""

    source: str = ""
    decides: bool = False
    """Whether there is a second function, with the steps that decide."""
    reshaped: bool = False
    """Whether the rows are no longer those of the file."""

    def of(self, frame: str) -> dict[str, Any]:
        """What ``script`` takes for a template whose ``frame`` is this expression when no step is taken."""
        return {"frame": Code(f"cleaned({frame})" if self.source else frame), "generated": self.source}

    def decisions(self) -> dict[str, Any]:
        """The same for the ``decided`` of a template, where steps decide."""
        return {"decided": Code("decide(frame)")} if self.decides else {}

    def lines(self) -> dict[str, Any]:
        """The same for the ``lines`` of a template, in which rows stand in the file."""
        return {"lines": Code("None")} if self.reshaped else {}


def cleaning(recipe: Recipe, table: Table, *, decided: int | None = None) -> Cleaning:
    """The steps that a recipe takes on the table that was read; from ``decided`` on they are decisions."""
    if not recipe.steps:
        return Cleaning()
    steps = walk(recipe, table)
    reshaped = any(one.step.reshapes and one.step.active and not one.problem for one in steps)
    functions = {"cleaned": steps[:decided]}
    if decided is not None:
        functions["decide"] = steps[decided:]
    return Cleaning(cleaning_source(functions), decided is not None, reshaped)
