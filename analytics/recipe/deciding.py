"""Decisions about unusual rows, at the end of a recipe: found, and made anew where a later one counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.recipe.steps.base import Step
from analytics.recipe.steps.outliers import Decide, Fence, SetValues

Decision = Decide | Fence | SetValues


def first_decision(steps: tuple[Step, ...]) -> int:
    """Where the decisions at the end of a recipe begin; its length where there are none."""
    place = len(steps)
    while place and isinstance(steps[place - 1], Decision):
        place -= 1
    return place


def rows_decided(step: Step, frame: pd.DataFrame) -> np.ndarray:
    """Numbers of the rows that a decision speaks of, ascending; ``frame`` is the table before it."""
    numbers = frame.index.to_numpy() + 1
    if isinstance(step, Fence):
        return numbers[step.beyond(frame)]
    assert isinstance(step, Decide | SetValues)
    return np.intersect1d(numbers, np.array(step.rows, dtype=np.int64))


def decide_anew(
    steps: tuple[Step, ...], new: tuple[Step, ...], rows: np.ndarray, frame: pd.DataFrame
) -> tuple[Step, ...]:
    """The decisions ``steps`` with ``new`` ones about ``rows``, of which earlier ones speak no more.

    A rule that spoke of some of them is from now on a list of its other rows. ``frame`` is the table before
    the decisions.
    """
    return (*(left for step in steps for left in _without(step, rows, frame)), *new)


def _without(step: Step, rows: np.ndarray, frame: pd.DataFrame) -> Iterator[Step]:
    decided = rows_decided(step, frame) if step.active else rows[:0]
    if not np.isin(decided, rows).any():
        yield step
        return
    left = tuple(np.setdiff1d(decided, rows).tolist())
    if not left:
        return
    if isinstance(step, Decide):
        yield Decide(left, step.action, step.columns)
    elif isinstance(step, SetValues):
        values = dict(zip(step.rows, step.values, strict=True))
        yield SetValues(step.column, left, tuple(values[row] for row in left))
    elif isinstance(step, Fence):
        yield from _listed(step, left, frame)


def _listed(fence: Fence, rows: tuple[int, ...], frame: pd.DataFrame) -> Iterator[Step]:
    """A rule as a list of rows."""
    if fence.action != "winsorize":
        columns = (fence.column,) if fence.action == "set missing" else ()
        yield Decide(rows, fence.action, columns)
        return
    values = frame.loc[np.array(rows) - 1, fence.column].clip(fence.low, fence.high)
    yield SetValues(fence.column, rows, tuple(float(value) for value in values))
