"""Columns of two tables: added, gone, renamed by the look of them, and used as something else."""

import re
from collections.abc import Hashable, Mapping, Sized
from dataclasses import dataclass
from difflib import SequenceMatcher

import pandas as pd

from analytics.tables import Role

LOOKED_AT = 20_000  # values; shares of equal ones are then known within a percent
_SAME_VALUES = 0.8  # of all different values: yesterday's and today's file share most, other columns few
_TELLING = 10  # different values; two flags share theirs whatever they mean
MOST_PAIRS = 40_000  # two hundred columns on each side, whose values take a second; names alone beyond
_LONGEST_NAME = 200  # characters; comparing two names takes the square of their length
_SAME_NAMES = 0.6  # difflib's ratio: "customer_name" and "client_name" have 0.67, "size" and "price" 0.44
_SAME_BUT_MARKS = "the names differ only in case, blanks or marks"


@dataclass(frozen=True)
class Renamed:
    """A column that is gone and one that was added, which look the same, and why."""

    before: Hashable
    now: Hashable
    why: str


@dataclass(frozen=True)
class TypeChange:
    """A column that is used as something else now, or holds another type."""

    column: Hashable
    before: str
    now: str


@dataclass(frozen=True)
class ColumnChanges:
    """``common`` stand in both, in the order of the new table; ``moved`` tells whether that order changed."""

    common: tuple[Hashable, ...]
    added: tuple[Hashable, ...]
    gone: tuple[Hashable, ...]
    renamed: tuple[Renamed, ...]
    types: tuple[TypeChange, ...]
    moved: bool

    @property
    def by_names_alone(self) -> bool:
        """Whether renamed columns were looked for by their names alone, as there are so many."""
        return _too_many(self.gone, self.added)


def column_changes(
    old: pd.DataFrame,
    new: pd.DataFrame,
    *,
    roles_old: Mapping[Hashable, Role],
    roles_new: Mapping[Hashable, Role],
) -> ColumnChanges:
    """Compare the columns of two tables by their names, and the rest by their look."""
    common = tuple(name for name in new.columns if name in old.columns)
    added = tuple(name for name in new.columns if name not in old.columns)
    gone = tuple(name for name in old.columns if name not in new.columns)
    types = tuple(
        TypeChange(name, before, now)
        for name in common
        if (before := _type(roles_old[name], old[name])) != (now := _type(roles_new[name], new[name]))
    )
    moved = common != tuple(name for name in old.columns if name in new.columns)
    return ColumnChanges(common, added, gone, _renamed(old[list(gone)], new[list(added)]), types, moved)


def family(column: pd.Series) -> str:
    """``number``, ``time``, ``length of time``, ``true or false`` or ``text``, by what the column holds."""
    dtype = column.dtype
    kinds = pd.api.types
    if kinds.is_bool_dtype(dtype) or (
        kinds.is_object_dtype(dtype) and kinds.infer_dtype(column) == "boolean"
    ):
        return "true or false"
    if kinds.is_timedelta64_dtype(dtype):
        return "length of time"
    if kinds.is_datetime64_any_dtype(dtype) or isinstance(dtype, pd.PeriodDtype):
        return "time"
    if isinstance(dtype, pd.ArrowDtype) and ("date" in str(dtype) or "timestamp" in str(dtype)):
        return "time"
    return "number" if kinds.is_numeric_dtype(dtype) else "text"


def _type(role: Role, column: pd.Series) -> str:
    """What a column is used as and holds; constant and empty ones hold what they held."""
    held = family(column)
    if role.kind in (held, "constant", "empty") or column.notna().sum() == 0:
        return held if column.notna().any() else "empty"
    return f"{role.kind} ({held})"


def _renamed(gone: pd.DataFrame, added: pd.DataFrame) -> tuple[Renamed, ...]:
    """The likeliest pairs, each column once, most alike first.

    Beyond ``MOST_PAIRS`` only by their names: each value of all of them would be held and compared.
    """
    if _too_many(gone.columns, added.columns):
        return _renamed_by_name(gone, added)
    found = []
    sets = {side: {name: _different(table[name]) for name in table} for side, table in
            (("gone", gone), ("added", added))}  # fmt: skip
    for before in gone:
        for now in added:
            alike, why = _alike(before, now, sets["gone"][before], sets["added"][now])
            if why and family(gone[before]) == family(added[now]):
                found.append((alike, before, now, why))
    taken: list[Renamed] = []
    for _, before, now, why in sorted(found, key=lambda one: -one[0]):
        if not any(before == one.before or now == one.now for one in taken):
            taken.append(Renamed(before, now, why))
    return tuple(taken)


def _too_many(gone: Sized, added: Sized) -> bool:
    return len(gone) * len(added) > MOST_PAIRS


def _renamed_by_name(gone: pd.DataFrame, added: pd.DataFrame) -> tuple[Renamed, ...]:
    places = {_bare(name): name for name in reversed(added.columns) if _bare(name)}
    found = ((name, places.pop(_bare(name), None)) for name in gone)
    return tuple(
        Renamed(name, now, _SAME_BUT_MARKS)
        for name, now in found
        if now is not None and family(gone[name]) == family(added[now])
    )


def _different(column: pd.Series) -> set[str]:
    step = max(1, len(column) // LOOKED_AT)
    return set(column.iloc[::step].dropna().map(str))


def _alike(before: Hashable, now: Hashable, old: set[str], new: set[str]) -> tuple[float, str]:
    """How alike two columns are, and why they look the same; no reason where they do not."""
    if _bare(before) == _bare(now) and _bare(now):
        return 2.0, _SAME_BUT_MARKS
    shared = len(old & new) / len(old | new) if old | new else 0.0
    if shared < _SAME_VALUES:
        return 0.0, ""
    if min(len(old), len(new)) >= _TELLING:
        return 1 + shared, f"they share {shared:.0%} of their different values"
    names = SequenceMatcher(None, _bare(before)[:_LONGEST_NAME], _bare(now)[:_LONGEST_NAME]).ratio()
    if len(old) > 1 and names >= _SAME_NAMES:
        return shared, f"the names are alike and they share {shared:.0%} of their different values"
    return 0.0, ""


def _bare(name: Hashable) -> str:
    return re.sub(r"[\W_]+", "", str(name)).casefold()
