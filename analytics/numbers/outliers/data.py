"""The door of the outlier search: a frame becomes plain float columns and group codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.arguments import names_of
from analytics.errors import ZetascopeError
from analytics.numbers.basics.measurements import not_measured
from analytics.numbers.basics.parameters import Key, Label, StandardizeError
from analytics.numbers.basics.selection import choose_columns, float_values, group_index
from analytics.words import count

_MISSING_GROUP = "(missing)"


@dataclass(frozen=True)
class NumberColumns:
    """The numbers of a frame, ready for the methods.

    ``values`` holds one float64 array (n,) per column; missing and infinite values are NaN. ``codes`` (n,)
    gives the row's group as an index into ``groups``; without groups it is all 0 and ``groups`` is ``("",)``.
    ``infinite`` counts the infinite values of each column, ``row_numbers`` (n,) are the numbers of the rows
    and ``row_names`` (n,) their names, where some column names them.
    """

    names: tuple[Label, ...]
    values: tuple[np.ndarray, ...]
    index: pd.Index
    by: tuple[Label, ...]
    groups: tuple[str, ...]
    codes: np.ndarray
    infinite: tuple[int, ...]
    row_numbers: np.ndarray
    row_names: np.ndarray | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.index)

    def called(self, row: int, *, width: int = 60) -> str:
        """What a row (position) is called: its name, if it has one, cut to ``width``, and its number."""
        number = f"row {self.row_numbers[row]:,}"
        name = "" if self.row_names is None else str(self.row_names[row])
        if name == str(self.row_numbers[row]):
            return number  # an Id that counts the rows would say it twice
        name = name if len(name) <= width else name[: width - 1] + "…"
        return f"{name} ({number})" if name else number


def number_columns(
    frame: pd.DataFrame,
    *,
    columns: Sequence[Label] | None = None,
    by: Label | Sequence[Label] | None = None,
    row_numbers: np.ndarray | None = None,
    none_too: bool = False,
) -> NumberColumns:
    """Take the number columns out of a frame, with the groups of its rows.

    Args:
        frame: any frame. Without ``columns``, every number column is taken that measures something (no
            identifiers, years, codes or parts of a date; see ``measurements``).
        columns: the columns to take, by name.
        by: one or more columns whose combinations are the groups; a missing label is a group of its own.
        row_numbers: what each row is called (n,), such as its number in a file; by default counted from 1.
        none_too: whether a table without a number column will do.

    Raises:
        ZetascopeError: for a column that is not there, is no number, has no value or occurs twice, for an
            empty table, or when no column is left.
    """
    keys = names_of(by, "column")
    names = _chosen(frame, columns, keys, none_too=none_too)
    if not names and not none_too:
        raise ZetascopeError(
            "No number column is chosen: choose at least one."
            if columns is not None
            else "The table has no number column to search: choose another file, or name the columns."
        )
    if not len(frame):
        raise ZetascopeError("The table has no rows, and outliers need some: choose another file.")
    arrays = [_finite(float_values(frame[name], name), name) for name in names]
    groups, codes = _groups(frame, keys)
    return NumberColumns(
        names=names,
        values=tuple(values for values, _ in arrays),
        index=frame.index,
        by=keys,
        groups=groups,
        codes=codes,
        infinite=tuple(infinite for _, infinite in arrays),
        row_numbers=np.arange(1, len(frame) + 1) if row_numbers is None else row_numbers,
    )


def _chosen(
    frame: pd.DataFrame, columns: Sequence[Label] | None, by: tuple[Label, ...], *, none_too: bool
) -> tuple[Label, ...]:
    if columns is not None:
        return choose_columns(frame, columns=columns, by=by)
    try:
        names = choose_columns(frame, by=by)
    except StandardizeError:
        if none_too and frame.columns.is_unique:
            return ()
        raise
    named = not_measured(frame, names)
    measured = tuple(name for name in names if name not in named)
    if measured or none_too:
        return measured
    raise nothing_measured(named.items())


def nothing_measured(named: Iterable[tuple[Label, str]]) -> ZetascopeError:
    """What is said where all number columns are years, codes and the like; each with what it is."""
    told = " and ".join(f"{name!r} ({what})" for name, what in list(named)[:4])
    return ZetascopeError(f"No number column measures something, but {told}: name the columns to search.")


def _finite(values: np.ndarray, name: Label) -> tuple[np.ndarray, int]:
    finite = np.isfinite(values)
    if finite.all():
        return values, 0
    if not finite.any():
        raise ZetascopeError(f"Column {name!r} has no finite value: leave it out.")
    infinite = int(np.isinf(values).sum())
    return (np.where(finite, values, np.nan) if infinite else values), infinite


def _groups(frame: pd.DataFrame, by: tuple[Label, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    if not by:
        return ("",), np.zeros(len(frame), dtype=np.intp)
    found = group_index(frame, by)
    check_group_count(len(found.keys), by, rows=len(frame))
    return tuple(_group_name(key) for key in found.keys), found.codes.astype(np.intp)


def check_group_count(groups: int, by: Sequence[Label], *, rows: int) -> None:
    """Raises ZetascopeError for fewer than two rows a group."""
    if groups * 2 > rows > 1:
        raise ZetascopeError(
            f"Column {' and '.join(map(repr, by))} makes {count(groups, 'group')} of {count(rows, 'row')}, "
            "too few rows each: choose a column with fewer different values."
        )


def _group_name(key: Key) -> str:
    return " | ".join(_MISSING_GROUP if label is None else str(label) for label in key)
