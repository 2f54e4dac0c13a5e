"""What to do with unusual rows: decisions as plain data that can be undone, told and applied again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from types import MappingProxyType

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.column_scores import cell_scores, fences
from analytics.numbers.outliers.methods import COLUMN_METHODS, OUTLIER_METHODS
from analytics.numbers.outliers.reasons import explain_rows
from analytics.numbers.outliers.report import OutlierReport
from analytics.words import count

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "keep": "Keep the row",
        "drop": "Drop the row",
        "mark": "Mark the row in a new column",
        "winsorize": "Move values to the fence they cross",
        "set_missing": "Set values beyond the fence missing",
    }
)
_CHANGING = ("winsorize", "set_missing")
_MARK_COLUMN = "unusual"


@dataclass(frozen=True)
class RowDecision:
    """One action for some rows.

    ``rows`` are row positions; where a rule found them, ``method`` and ``threshold`` say which.
    ``winsorize`` and ``set_missing`` change the values beyond the fences of ``fence_method`` at
    ``fence_threshold``, a column-wise method; a row without such a value stays as it is.
    """

    action: str
    rows: tuple[int, ...]
    method: str | None = None
    threshold: float | None = None
    fence_method: str = "modified_zscore"
    fence_threshold: float = 3.5
    note: str = ""


@dataclass(frozen=True)
class CellChange:
    """A value that a decision replaces; ``new`` is NaN where it is set missing."""

    row: int
    column: Label
    old: float
    new: float


@dataclass(frozen=True)
class Decisions:
    """A list of decisions in the order they were made; where several speak of a row, the last one counts."""

    made: tuple[RowDecision, ...] = ()

    def add(self, decision: RowDecision) -> "Decisions":
        """The list with one more."""
        return replace(self, made=(*self.made, decision))

    def undo(self) -> "Decisions":
        """The list without the last one."""
        return replace(self, made=self.made[:-1])

    def to_json(self) -> str:
        """The list as JSON text."""
        return json.dumps([asdict(decision) for decision in self.made])

    @staticmethod
    def from_json(text: str) -> "Decisions":
        """Read what :meth:`to_json` wrote.

        Raises:
            ZetascopeError: when the text is no list of decisions.
        """
        try:
            entries = json.loads(text)
            if not isinstance(entries, list):
                raise TypeError(entries)
            made = [RowDecision(**{**entry, "rows": tuple(map(int, entry["rows"]))}) for entry in entries]
        except (TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
            raise ZetascopeError("This is no list of decisions: use one that was downloaded here.") from error
        return Decisions(tuple(made))


def decide(
    report: OutlierReport,
    action: str,
    *,
    rows: Iterable[int] | None = None,
    method: str | None = None,
    fence_method: str | None = None,
    note: str = "",
) -> RowDecision:
    """Make a decision with the report's present thresholds.

    Args:
        report: what was found.
        action: one of ``ACTIONS``.
        rows: row positions; or give ``method`` to decide for every row it flags.
        method: the rule.
        fence_method: whose fences ``winsorize`` and ``set_missing`` use; by default the rule's own where it
            is column-wise, otherwise the first column-wise method of the report, otherwise modified z.
        note: the visitor's own words.

    Raises:
        ZetascopeError: for an unknown action or method, a row that is not there, or neither rows nor a
            method.
    """
    if action not in ACTIONS:
        raise ZetascopeError(f"There is no action {action!r}; there are: {', '.join(ACTIONS)}.")
    if (rows is None) == (method is None):
        raise ZetascopeError(
            "A decision needs either rows or the method whose flagged rows it is for: give one."
        )
    if method is not None:
        report.require(method)
        rows = np.flatnonzero(report.flags[method]).tolist()
    chosen = tuple(int(row) for row in rows or ())
    for row in chosen:
        if not 0 <= row < report.data.rows:
            raise ZetascopeError(
                f"There is no row {row + 1}: the table has {count(report.data.rows, 'row')}."
            )
    fence = fence_method or _fence_method(report, method)
    if fence not in COLUMN_METHODS:
        raise ZetascopeError(f"{fence!r} has no fences; these have: {', '.join(COLUMN_METHODS)}.")
    return RowDecision(
        action=action,
        rows=chosen,
        method=method,
        threshold=report.thresholds[method] if method else None,
        fence_method=fence,
        fence_threshold=_fence_threshold(report, fence),
        note=note,
    )


def row_actions(decisions: Decisions) -> dict[int, RowDecision]:
    """The decision that counts for each row (by position), in row order."""
    return {row: decisions.made[place] for row, place in _in_force(decisions).items()}


def cell_changes(report: OutlierReport, decisions: Decisions) -> tuple[CellChange, ...]:
    """Every value that winsorizing or setting missing replaces, by row."""
    last = _in_force(decisions)
    changes: list[CellChange] = []
    for place, decision in enumerate(decisions.made):
        if decision.action in _CHANGING:
            rows = [row for row in decision.rows if last[row] == place]
            changes += _changes(report, decision, np.array(rows, dtype=np.intp))
    return tuple(sorted(changes, key=lambda change: change.row))


def apply_decisions(frame: pd.DataFrame, report: OutlierReport, decisions: Decisions) -> pd.DataFrame:
    """The table after the decisions; ``frame`` itself is not changed.

    Dropped rows are gone, marked rows carry True in a new column ``unusual`` (the name gets an underscore
    where it is taken). A column whose values are replaced becomes float where it held integers.

    Raises:
        ZetascopeError: when the frame is not the one that was searched.
    """
    if len(frame) != report.data.rows:
        raise ZetascopeError(
            f"The decisions are for a table of {count(report.data.rows, 'row')} "
            f"and this one has {len(frame):,}: search it for outliers first."
        )
    result = frame.copy()
    changes: dict[Label, list[CellChange]] = {}
    for change in cell_changes(report, decisions):
        changes.setdefault(change.column, []).append(change)
    for column, some in changes.items():
        result[column] = _changed(frame[column], some)
    actions = row_actions(decisions)
    marked = [row for row, decision in actions.items() if decision.action == "mark"]
    if marked:
        result[_free_name(frame)] = np.isin(np.arange(len(frame)), marked)
    dropped = [row for row, decision in actions.items() if decision.action == "drop"]
    kept = np.ones(len(frame), dtype=bool)
    kept[dropped] = False
    return result[kept]


def decisions_table(
    report: OutlierReport,
    decisions: Decisions,
    *,
    first: int | None = None,
    lines: np.ndarray | None = None,
) -> pd.DataFrame:
    """One line per decided row: what is done, by which rule, the changes, the votes and the reason.

    ``first``: only so many lines, from the top; by default all. ``lines`` (n,) are those of the file on which
    the rows begin (``Table.lines``). Columns: ``row`` (what it is called), ``line`` where it is known,
    ``action``, ``rule``, ``changes``, ``votes``, ``methods``, ``reason``, ``note``.
    """
    actions = dict(islice(row_actions(decisions).items(), first))
    changes: dict[int, list[str]] = {}
    for change in cell_changes(report, decisions):
        if change.row not in actions:
            continue
        new = "missing" if np.isnan(change.new) else f"{change.new:.15g}"
        changes.setdefault(change.row, []).append(f"{change.column}: {change.old:.15g} to {new}")
    explained = explain_rows(report, list(actions))
    listed = [
        {
            "row": int(report.data.row_numbers[row]),
            "line": None if lines is None else int(lines[row]),
            "action": decision.action,
            "rule": _rule(decision),
            "changes": "; ".join(changes.get(row, [])),
            "votes": int(report.votes.iloc[row]),
            "methods": ", ".join(why.methods),
            "reason": why.sentence,
            "note": decision.note,
        }
        for (row, decision), why in zip(actions.items(), explained, strict=True)
    ]
    names = ["row", "line", "action", "rule", "changes", "votes", "methods", "reason", "note"]
    return pd.DataFrame(listed, columns=[name for name in names if name != "line" or lines is not None])


def _in_force(decisions: Decisions) -> dict[int, int]:
    """The place in the list of the last decision on each row, in row order."""
    last: dict[int, int] = {}
    for place, decision in enumerate(decisions.made):
        last.update(dict.fromkeys(decision.rows, place))
    return dict(sorted(last.items()))


def _fence_method(report: OutlierReport, method: str | None) -> str:
    if method in COLUMN_METHODS:
        return str(method)
    return next(iter(report.column_methods()), "modified_zscore")


def _fence_threshold(report: OutlierReport, method: str) -> float:
    fixed = OUTLIER_METHODS[method].threshold
    return report.thresholds.get(method, fixed if fixed is not None else np.inf)


def _changes(report: OutlierReport, decision: RowDecision, rows: np.ndarray) -> list[CellChange]:
    changes = []
    method, threshold = decision.fence_method, decision.fence_threshold
    for name, values, spread in zip(report.columns, report.data.values, report.spreads, strict=True):
        own = values[rows]
        beyond = np.flatnonzero(cell_scores(method, own, spread, report.group_codes(rows)) > threshold)
        low, high = fences(method, threshold, spread)
        groups = report.data.codes[rows]
        for place in beyond:
            fence = low[groups[place]] if own[place] < low[groups[place]] else high[groups[place]]
            new = float("nan") if decision.action == "set_missing" else float(fence)
            changes.append(CellChange(int(rows[place]), name, float(own[place]), new))
    return changes


def _changed(column: pd.Series, changes: Sequence[CellChange]) -> pd.Series:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan).copy()
    values[[change.row for change in changes]] = [change.new for change in changes]
    return pd.Series(values, index=column.index, name=column.name)


def _free_name(frame: pd.DataFrame) -> str:
    name = _MARK_COLUMN
    while name in frame.columns:
        name += "_"
    return name


def _rule(decision: RowDecision) -> str:
    if decision.method is None:
        return "chosen row"
    return f"{OUTLIER_METHODS[decision.method].label} above {decision.threshold:.4g}"
