"""A decision of the Outliers page as steps of the recipe: a rule for other files where it is one."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.numbers import OutlierReport
from analytics.numbers.outliers.column_scores import fences
from analytics.numbers.outliers.decisions import CellChange, Decisions, RowDecision, cell_changes
from analytics.numbers.outliers.methods import COLUMN_METHODS
from analytics.recipe import Decide, Fence, SetValues, Step

_ACTIONS = {"set_missing": "set missing"}
"""What the recipe calls an action where it has another name for it."""


def steps_of(frame: pd.DataFrame, report: OutlierReport, decision: RowDecision) -> tuple[Step, ...]:
    """The steps that carry out a decision about the rows of ``frame``, which ``report`` has searched.

    A method that looks at each column has fences, which are a rule. They are used where they mean the same
    rows and values to the last bit; else, and for chosen rows, the steps name rows by number.
    """
    return _rule(frame, report, decision) or tuple(_by_number(report, decision))


def _by_number(report: OutlierReport, decision: RowDecision) -> Iterator[Step]:
    numbers = report.data.row_numbers
    if decision.action in ("keep", "drop", "mark"):
        yield Decide(_listed(numbers[list(decision.rows)]), decision.action)  # type: ignore[arg-type]
        return
    by_column: dict[str, list[CellChange]] = {}
    for change in cell_changes(report, Decisions((decision,))):
        by_column.setdefault(str(change.column), []).append(change)
    for column, changes in by_column.items():
        rows = _listed(numbers[[change.row for change in changes]])
        if decision.action == "set_missing":
            yield Decide(rows, "set missing", (column,))
        else:
            yield SetValues(column, rows, tuple(float(change.new) for change in changes))


def _rule(frame: pd.DataFrame, report: OutlierReport, decision: RowDecision) -> tuple[Step, ...]:
    """Fences that do just what the decision does; none where there are no such."""
    method, threshold = decision.method, decision.threshold
    if method not in COLUMN_METHODS or threshold is None or report.data.by or decision.action == "keep":
        return ()
    changing = decision.action in ("winsorize", "set_missing")
    if changing and (decision.fence_method, decision.fence_threshold) != (method, threshold):
        return ()
    found = []
    for name, spread in zip(report.columns, report.spreads, strict=True):
        low, high = (_bound(float(ends[0])) for ends in fences(method, threshold, spread))
        action = _ACTIONS.get(decision.action, decision.action)
        if low is not None or high is not None:
            found.append(Fence(str(name), low, high, action))  # type: ignore[arg-type]
    beyond = {fence.column: fence.beyond(frame) for fence in found}
    rows = np.flatnonzero(np.logical_or.reduce([np.zeros(len(frame), bool), *beyond.values()]))
    if rows.tolist() != sorted(decision.rows) or (changing and not _same(found, frame, report, decision)):
        return ()
    return tuple(fence for fence in found if beyond[fence.column].any())


def _same(found: list[Fence], frame: pd.DataFrame, report: OutlierReport, decision: RowDecision) -> bool:
    """Whether the fences change the same cells to the same values."""
    wanted = {
        (change.row, str(change.column)): change.new
        for change in cell_changes(report, Decisions((decision,)))
    }
    made: dict[tuple[int, str], float] = {}
    for fence in found:
        places = np.flatnonzero(fence.beyond(frame))
        values = fence.apply(frame).frame[fence.column].iloc[places]
        made |= zip([(int(place), fence.column) for place in places], values, strict=True)
    return made.keys() == wanted.keys() and (
        decision.action == "set_missing" or all(made[cell] == value for cell, value in wanted.items())
    )


def _bound(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _listed(numbers: np.ndarray) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers)
