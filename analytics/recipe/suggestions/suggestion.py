"""One thing worth a look, with what it touches and the steps that would mend it."""

from dataclasses import dataclass

from analytics.recipe.steps.base import Step


@dataclass(frozen=True)
class Suggestion:
    """``cells`` is how many cells it is about, by which suggestions are ordered.

    ``steps`` mend it, each by itself; without any it is told and left to the reader. ``rows`` are numbers of
    some rows that show it, counted from 1.
    """

    kind: str
    sentence: str
    cells: int
    columns: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    rows: tuple[int, ...] = ()
