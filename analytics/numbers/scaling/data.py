"""What a scaling comparison works on: checked columns, a target of known kind, notes on what is left out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from analytics.arguments import require_frame
from analytics.errors import ZetascopeError
from analytics.numbers.scaling.learners import Task
from analytics.numbers.scaling.targets import LEAST_ROWS
from analytics.words import count

Codes = NDArray[np.int64] | NDArray[np.float64]
_MIN_ROWS = 10
_LARGEST = 1e150  # the square root of the largest float64, with room for sums
_FEW_VALUES = 10
"""A whole-number target with at most this many values counts as classes."""


@dataclass(frozen=True)
class ScalingData:
    """``X`` (n, d) float64 with NaN where missing; ``y`` (n,) class codes, float64 numbers, or None.

    ``rows`` are the positions of the used rows in the frame that was given.
    """

    X: NDArray[np.float64]
    columns: tuple[str, ...]
    y: Codes | None
    classes: tuple[str, ...]
    task: Task
    target: str | None
    rows: NDArray[np.int64]
    rows_given: int
    notes: tuple[str, ...]

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """Class codes where the target is a class."""
        return np.asarray(self.y, dtype=np.int64) if self.task == "class" else None


def prepare_scaling_data(
    X: pd.DataFrame | NDArray[np.float64],
    y: str | pd.Series | NDArray[np.generic] | None = None,
    *,
    task: Task | None = None,
    min_per_class: int = LEAST_ROWS,
    max_rows: int = 2_000,
    seed: int = 0,
) -> ScalingData:
    """Check and narrow a table to what can be compared.

    ``y`` is a column's name in ``X``, or one value per row. Kept are number and yes/no columns that vary;
    rows without a target and classes with fewer than ``min_per_class`` rows are left out; more than
    ``max_rows`` rows are sampled, by class where there are classes. Each of these adds a note. Raises
    ZetascopeError when nothing is left to compare.
    """
    frame, target, target_name = _split_target(X, y)
    values, columns, notes = _number_matrix(frame)
    kind: Task = "none" if target is None else (task or guess_task(target))
    rows, codes, classes = _usable_rows(target, kind, len(frame), notes)
    picked = _sample(codes if kind == "class" else None, rows.size, max_rows=max_rows, seed=seed)
    if picked.size < rows.size:
        notes.append(f"{picked.size:,} of {rows.size:,} rows are used, drawn at random with seed {seed}.")
        rows, codes = rows[picked], None if codes is None else codes[picked]
    if kind == "class" and codes is not None:
        rows, codes, classes = _drop_rare(rows, codes, classes, min_per_class, notes)
    if rows.size < _MIN_ROWS:
        raise ZetascopeError(
            f"Only {count(rows.size, 'usable row')}: comparing scalers needs at least {_MIN_ROWS}."
        )
    keep = _varying(values[rows], columns, notes)
    return ScalingData(
        values[np.ix_(rows, keep)],
        tuple(columns[i] for i in keep),
        codes,
        classes,
        kind,
        target_name,
        rows,
        len(frame),
        tuple(notes),
    )


def guess_task(target: pd.Series) -> Task:
    """``number`` for numbers with decimals or more than ten values, ``class`` otherwise."""
    if types.is_bool_dtype(target.dtype) or not types.is_numeric_dtype(target.dtype):
        return "class"
    seen = target.dropna().to_numpy(dtype=np.float64)
    whole = bool((seen == np.round(seen)).all())
    return "class" if whole and np.unique(seen).size <= _FEW_VALUES else "number"


def _split_target(
    X: pd.DataFrame | NDArray[np.float64], y: str | pd.Series | NDArray[np.generic] | None
) -> tuple[pd.DataFrame, pd.Series | None, str | None]:
    frame = _as_frame(X)
    if y is None:
        return frame, None, None
    if isinstance(y, str):
        if y not in frame.columns:
            names = ", ".join(map(str, frame.columns))
            raise ZetascopeError(f"There is no column {y!r} to predict: choose from {names}.")
        return frame.drop(columns=y), frame[y].reset_index(drop=True), y
    target = _as_target(y)
    if len(target) != len(frame):
        raise ZetascopeError(
            f"The target has {count(len(target), 'value')} for {count(len(frame), 'row')}: give one per row."
        )
    return frame, target, "target" if target.name is None else str(target.name)


def _as_frame(X: pd.DataFrame | NDArray[np.float64]) -> pd.DataFrame:
    if not isinstance(X, pd.DataFrame):
        array = np.asarray(X) if np.ndim(X) == 2 else None
        if array is None:
            raise ZetascopeError(f"A {type(X).__name__} is no table: give a DataFrame, or rows of numbers.")
        return pd.DataFrame(array).rename(columns=str)
    require_frame(X)
    return X


def _as_target(y: pd.Series | NDArray[np.generic]) -> pd.Series:
    if np.ndim(y) != 1:
        raise ZetascopeError(f"{y!r} is no target: name a column, or give one value per row.")
    return pd.Series(y).reset_index(drop=True)


def _number_matrix(frame: pd.DataFrame) -> tuple[NDArray[np.float64], list[str], list[str]]:
    usable = [
        i
        for i, dtype in enumerate(frame.dtypes)
        if types.is_any_real_numeric_dtype(dtype) or types.is_bool_dtype(dtype)
    ]
    left_out = [str(name) for i, name in enumerate(frame.columns) if i not in set(usable)]
    if not usable:
        raise ZetascopeError("There is no number column to scale: choose a table with at least one.")
    notes = [f"Left out because they hold no numbers: {', '.join(left_out)}."] if left_out else []
    matrix = np.column_stack([frame.iloc[:, i].to_numpy(dtype=np.float64, na_value=np.nan) for i in usable])
    _refuse_huge(matrix, [str(frame.columns[i]) for i in usable])
    infinite = int(np.isinf(matrix).sum())
    if infinite:
        matrix[np.isinf(matrix)] = np.nan
        notes.append(f"Infinite values count as missing: {infinite:,}.")
    missing = int(np.isnan(matrix).sum())
    if missing:
        notes.append(f"Missing values are filled with the median of the training rows: {missing:,}.")
    return matrix, [str(frame.columns[i]) for i in usable], notes


def _refuse_huge(matrix: NDArray[np.float64], columns: list[str]) -> None:
    finite = np.where(np.isfinite(matrix), np.abs(matrix), 0.0)
    for name, largest in zip(columns, finite.max(axis=0, initial=0.0), strict=True):
        if largest > _LARGEST:
            raise ZetascopeError(
                f"Column {name!r} holds numbers beyond {_LARGEST:g}, whose squares no computer can add: "
                "divide it by a power of ten first."
            )


def _usable_rows(
    target: pd.Series | None, task: Task, n: int, notes: list[str]
) -> tuple[NDArray[np.int64], Codes | None, tuple[str, ...]]:
    """Positions of the rows that have a target, its codes or numbers there, and the names of the classes."""
    if target is None:
        return np.arange(n), None, ()
    if task == "number":
        values: Codes = _target_numbers(target)
        kept = np.flatnonzero(np.isfinite(values))
        classes: tuple[str, ...] = ()
    else:
        codes, names = pd.factorize(target.astype("string"), sort=True)
        values, kept = codes.astype(np.int64), np.flatnonzero(codes >= 0)
        classes = tuple(map(str, names))
    if kept.size < n:
        notes.append(f"Rows without a target are left out: {n - kept.size:,}.")
    return kept, values[kept], classes


def _target_numbers(target: pd.Series) -> NDArray[np.float64]:
    if not types.is_numeric_dtype(target.dtype):
        raise ZetascopeError("The target holds text: treat it as a class or choose a number column.")
    values = target.to_numpy(dtype=np.float64, na_value=np.nan)
    seen = values[np.isfinite(values)]
    if seen.size and np.ptp(seen) == 0:
        raise ZetascopeError(f"The target is {seen[0]:g} in every row: choose a column that varies.")
    return values


def _drop_rare(
    rows: NDArray[np.int64], codes: Codes, classes: tuple[str, ...], min_per_class: int, notes: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[str, ...]]:
    counts = np.bincount(codes.astype(np.int64), minlength=len(classes))
    common = np.flatnonzero(counts >= min_per_class)
    if common.size < 2:
        raise ZetascopeError(
            f"The target has {count(len(classes), 'value')}, {common.size} in at least "
            f"{count(min_per_class, 'row')} each: choose a column with two classes or more, or treat it as a "
            "number."
        )
    rare = [classes[i] for i in np.flatnonzero(counts < min_per_class)]
    if rare:
        notes.append(
            f"Classes with fewer than {min_per_class} rows are left out ({len(rare):,}): {_few(rare)}."
        )
    kept = np.isin(codes, common)
    return rows[kept], np.searchsorted(common, codes[kept]), tuple(classes[i] for i in common)


def _few(names: list[str], limit: int = 5) -> str:
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit:,} more" if len(names) > limit else shown


def _sample(codes: Codes | None, n: int, *, max_rows: int, seed: int) -> NDArray[np.int64]:
    """Sorted positions of at most ``max_rows`` of ``n`` rows, in the proportions of the classes."""
    if n <= max_rows:
        return np.arange(n)
    rng = np.random.default_rng(seed)
    if codes is None:
        return np.sort(rng.choice(n, max_rows, replace=False))
    # Systematic sampling along rows ordered by class keeps every class's share to within one row.
    ordered = np.lexsort((rng.random(n), codes))
    return np.sort(ordered[np.floor((np.arange(max_rows) + rng.random()) * n / max_rows).astype(np.int64)])


def _varying(values: NDArray[np.float64], columns: list[str], notes: list[str]) -> NDArray[np.int64]:
    seen = ~np.isnan(values)
    low = np.where(seen, values, np.inf).min(axis=0)
    high = np.where(seen, values, -np.inf).max(axis=0)
    keep = np.flatnonzero(high > low)
    constant = [name for i, name in enumerate(columns) if i not in set(keep.tolist())]
    if constant:
        notes.append(f"Left out because they hold one value or none: {', '.join(constant)}.")
    if not keep.size:
        raise ZetascopeError("Every number column holds a single value: there is nothing to scale.")
    return keep
