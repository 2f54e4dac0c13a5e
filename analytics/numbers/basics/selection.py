"""The door of standardizing: which columns of a frame, as float64, and the group of every row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd
from pandas.api import types

from analytics.arguments import names_of, require_frame
from analytics.numbers.basics.parameters import Key, Label, LabelKind, StandardizeError
from analytics.numbers.basics.statistics import Floats
from analytics.tables.columns import column_roles

_ROWS_TURNED = 4_096


@dataclass(frozen=True)
class GroupIndex:
    """The group of every row: ``codes`` (n,) index into ``keys``; ``kinds`` of the labels of each column.

    A row with a missing label belongs to the group whose key holds None there.
    """

    codes: np.ndarray
    keys: tuple[Key, ...]
    kinds: tuple[LabelKind, ...] = ()

    @cached_property
    def order(self) -> np.ndarray:
        """The positions of the rows (n,), group by group in the order of ``keys``."""
        return np.argsort(self.codes, kind="stable")

    @cached_property
    def counts(self) -> np.ndarray:
        """How many rows each group has (G,)."""
        return np.bincount(self.codes, minlength=len(self.keys))

    def rows_by_group(self) -> list[np.ndarray]:
        """The positions of each group's rows, in the order of ``keys``."""
        return np.split(self.order, np.cumsum(self.counts)[:-1]) if self.keys else []


def is_number(column: pd.Series) -> bool:
    """Whether a column holds real numbers: integers, floats or decimals, not booleans."""
    dtype = column.dtype
    real = types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype)
    return real and not types.is_bool_dtype(dtype)


def require_columns(frame: pd.DataFrame, names: Iterable[Label]) -> None:
    """Raises StandardizeError naming every column that is absent, or that occurs twice."""
    require_frame(frame, error=StandardizeError)
    absent = [name for name in names if name not in frame.columns]
    if absent:
        there = ", ".join(map(str, frame.columns[:12])) + (", ..." if frame.shape[1] > 12 else "")
        raise StandardizeError(f"The table has no column {_listed(absent)}; it has {there}.")
    twice = [name for name in names if np.count_nonzero(frame.columns == name) > 1]
    if twice:
        raise StandardizeError(f"Column {_listed(twice)} occurs more than once: rename one of them.")


def choose_columns(
    frame: pd.DataFrame, *, columns: Label | Sequence[Label] | None = None, by: Sequence[Label] = ()
) -> tuple[Label, ...]:
    """The columns to standardize: those asked for, or every number column that measures something.

    Left out by default: booleans, columns that identify rows, and those that make the groups.
    """
    require_columns(frame, by)
    if columns is not None:
        columns = names_of(columns, "column", error=StandardizeError)
        require_columns(frame, columns)
        both = [name for name in columns if name in by]
        if both:
            raise StandardizeError(f"Column {_listed(both)} makes the groups: leave it out of the columns.")
        return tuple(dict.fromkeys(columns))
    if not frame.columns.is_unique:
        require_columns(frame, frame.columns)
    numbers = [name for name in frame.columns if name not in by and is_number(frame[name])]
    naming = _identifying_columns(frame[numbers])
    measures = tuple(name for name in numbers if name not in naming)
    if not measures:
        named = f" but {_listed(sorted(naming, key=str))}, which identifies rows" if naming else ""
        raise StandardizeError(f"The table has no column of numbers{named}: name the columns to use.")
    return measures


def _identifying_columns(frame: pd.DataFrame) -> set[Label]:
    """Integer columns that tell rows apart; fractions never do, so they are not looked at."""
    whole = frame[[name for name in frame.columns if not types.is_float_dtype(frame[name].dtype)]]
    roles = column_roles(whole)
    return {name for name in whole.columns if roles[name].kind == "identifier"}


def float_values(column: pd.Series, name: Label) -> Floats:
    """A column as float64 (n,), missing as NaN; the column's own memory where it is float64 already."""
    try:
        if _is_no_number(column):
            raise TypeError(column.dtype)
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        what = _kind_in_words(column)
        raise StandardizeError(f"Column {name!r} holds {what}, not numbers: leave it out.") from error


def _is_no_number(column: pd.Series) -> bool:
    """Dates and lengths of time would become counts of a unit that nobody chose."""
    dtype = column.dtype
    times = types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype)
    arrow_times = isinstance(dtype, pd.ArrowDtype) and dtype.kind in "mM"
    return types.is_complex_dtype(dtype) or times or arrow_times or _is_text(column)


def _kind_in_words(column: pd.Series) -> str:
    if _is_text(column):
        return "text"
    kinds = {"M": "dates", "m": "lengths of time"}
    return kinds.get(getattr(column.dtype, "kind", ""), str(column.dtype))


def _is_text(column: pd.Series) -> bool:
    """Text, digits included: "007" is a name until a reader says that it is a number."""
    if isinstance(column.dtype, pd.StringDtype):
        return bool(column.notna().any())
    return column.dtype == object and types.infer_dtype(column, skipna=True) == "string"


def column_major(values: np.ndarray) -> np.ndarray:
    """An array (n, d) with each column in one piece; rows are moved in blocks that fit the cache."""
    if values.flags.f_contiguous:
        return values
    turned = np.empty(values.shape[::-1], dtype=values.dtype)
    for start in range(0, len(values), _ROWS_TURNED):
        turned[:, start : start + _ROWS_TURNED] = values[start : start + _ROWS_TURNED].T
    return turned.T


def label_kind(labels: pd.Index) -> LabelKind:
    """What the distinct labels of a column that makes groups are, so that SQL and sheets can compare them."""
    values = [value for value in labels.astype(object) if not pd.isna(value)]
    if all(isinstance(value, (date, datetime)) for value in values) and values:
        zoned = any(getattr(value, "tzinfo", None) is not None for value in values)
        return "other" if zoned else "date"
    if all(isinstance(value, Decimal) for value in values) and values:
        return "decimal"
    kept = all(isinstance(value, str) or not isinstance(plain(value), str) for value in values)
    return "plain" if kept else "other"


def plain(value: object) -> str | int | float | bool | None:
    """A group label as what JSON can hold; dates and other labels as their text."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def group_index(frame: pd.DataFrame, by: Sequence[Label]) -> GroupIndex:
    """Number the combinations of the ``by`` columns, sorted by label with missing last."""
    require_columns(frame, by)
    combined = np.zeros(len(frame), dtype=np.int64)
    keys: list[Key] = [()]
    kinds: list[LabelKind] = []
    for name in by:
        try:
            codes, uniques = pd.factorize(_one_zero(frame[name]), sort=True)
        except (TypeError, NotImplementedError) as error:  # by pandas, and by Arrow
            raise StandardizeError(
                f"Column {name!r} holds lists or the like: choose other groups."
            ) from error
        kinds.append(label_kind(uniques))
        labels = [*(plain(value) for value in uniques), None]
        codes = np.where(codes < 0, len(uniques), codes)
        pairs, combined = np.unique(combined * len(labels) + codes, return_inverse=True)
        keys = [(*keys[pair // len(labels)], labels[pair % len(labels)]) for pair in pairs.tolist()]
    return GroupIndex(combined, tuple(keys), tuple(kinds))


def _one_zero(column: pd.Series) -> pd.Series:
    """Arrow tells -0.0 from 0.0, which are one number and so one label."""
    of_arrow = isinstance(column.dtype, pd.ArrowDtype) and types.is_float_dtype(column.dtype)
    return column + 0.0 if of_arrow else column


def _listed(names: Sequence[Label]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "")
