"""One thing worth a look, with what it touches and the steps that would mend it."""

from dataclasses import dataclass

import numpy as np

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


def first_rows(mask: np.ndarray) -> tuple[int, ...]:
    """Numbers of the first rows for which ``mask`` (n,) holds."""
    return tuple(int(place) + 1 for place in np.flatnonzero(mask)[:5])
