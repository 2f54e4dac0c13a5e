"""Which columns of a table can be compared, as numbers or as codes of categories; others, and why not."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.arguments import names_of, require_frame, require_whole
from analytics.errors import ZetascopeError
from analytics.numbers.basics.statistics import Floats
from analytics.tables import Role, column_roles
from analytics.tables.columns import check_unique_names, checked_roles
from analytics.tables.quantities import quantity

SAMPLE_ROWS = 100_000
"""Rows that are compared at most: every measure is then known within 0.01."""
MOST_LEVELS = 50
"""Levels of a category; the rarer ones count as one, whose table else would be mostly empty."""
OTHER = "(other)"
_MOST_ALONE = 0.5  # of the rows in a group of their own: those have no spread to compare with
MOST_COLUMNS = 1_000
"""Columns that are compared: their 499,500 pairs fill 400 MB, and those of 9,000 columns would 34 GB."""
_COMPARED = ("number", "time", "category")
_LEFT_OUT = {
    "identifier": "it tells rows apart",
    "text": "it holds texts; the Text map compares those",
    "constant": "it has one value only",
    "empty": "it has no value",
}


@dataclass(frozen=True)
class Levels:
    """A category: ``codes`` (n,) index into ``names``, -1 where missing; ``merged`` levels stand for one."""

    codes: np.ndarray
    names: tuple[str, ...]
    merged: int = 0


@dataclass(frozen=True)
class Columns:
    """The columns that are compared, of the rows at the positions ``rows`` (n,) out of ``total``.

    ``numbers`` holds float64 (n,) with NaN where missing, dates in days since 1970, lengths of time in days.
    """

    names: tuple[Hashable, ...]
    kinds: Mapping[Hashable, str]
    numbers: Mapping[Hashable, Floats] = field(repr=False)
    levels: Mapping[Hashable, Levels] = field(repr=False)
    left_out: Mapping[Hashable, str]
    rows: np.ndarray = field(repr=False)
    total: int
    seed: int

    @property
    def sampled(self) -> bool:
        """Whether these are some of the rows only."""
        return len(self.rows) < self.total


def compared_columns(
    frame: pd.DataFrame,
    *,
    columns: Hashable | Sequence[Hashable] | None = None,
    roles: Mapping[Hashable, Role] | None = None,
    sample: int = SAMPLE_ROWS,
    seed: int = 0,
) -> Columns:
    """The columns asked for, or all, as far as they can be compared; beyond ``sample`` rows some at random.

    Raises:
        ZetascopeError: no table, two columns of one name, a column it does not have, or a wrong argument.
    """
    require_frame(frame)
    check_unique_names(frame)
    require_whole(sample, "sample", least=10, most=10**9)
    require_whole(seed, "seed", least=0, most=2**32 - 1)
    asked = tuple(frame.columns) if columns is None else names_of(columns, "column")
    absent = [name for name in asked if name not in frame.columns]
    if absent:
        raise ZetascopeError(f"The table has no column {absent[0]!r}: choose among its own columns.")
    known = column_roles(frame) if roles is None else checked_roles(roles)
    rows = sampled_rows(len(frame), sample, seed)
    taken = frame if len(rows) == len(frame) else frame.iloc[rows]
    kinds: dict[Hashable, str] = {}
    numbers: dict[Hashable, Floats] = {}
    levels: dict[Hashable, Levels] = {}
    left_out: dict[Hashable, str] = {}
    for name in dict.fromkeys(asked):
        kind = known[name].kind if name in known else "text"
        if kind not in _COMPARED:
            left_out[name] = _LEFT_OUT.get(kind, f"it is used as {kind}")
        elif len(kinds) == MOST_COLUMNS:
            left_out[name] = f"the first {MOST_COLUMNS:,} that can be compared are, pair by pair"
        elif reason := _take(taken[name], name, kind, numbers, levels):
            left_out[name] = reason
        else:
            kinds[name] = kind
    return Columns(tuple(kinds), kinds, numbers, levels, left_out, rows, len(frame), seed)


def sampled_rows(total: int, most: int, seed: int) -> np.ndarray:
    """Positions in rising order, all of them or ``most`` at random."""
    if total <= most:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).choice(total, most, replace=False, shuffle=False))


def _take(
    column: pd.Series,
    name: Hashable,
    kind: str,
    numbers: dict[Hashable, Floats],
    levels: dict[Hashable, Levels],
) -> str:
    """Put one column where it belongs; gives why it cannot be compared, or nothing."""
    if kind == "category":
        found = levels_of(column)
        if len(found.names) < 2:
            return "fewer than two different values among the compared rows"
        times = column.value_counts()
        if (times == 1).sum() > _MOST_ALONE * times.sum():
            return "most of its values stand in one row only, and a group of one row says nothing of groups"
        levels[name] = found
        return ""
    values = quantity(column).floats()
    present = values[~np.isnan(values)]
    if not present.size or present.min() == present.max():
        return "fewer than two different values among the compared rows"
    numbers[name] = values
    return ""


def levels_of(column: pd.Series, *, most: int = MOST_LEVELS) -> Levels:
    """The commonest values of a column, by how often they occur; numbers of a category by their size."""
    codes, uniques = pd.factorize(column)
    counts = np.bincount(codes[codes >= 0], minlength=len(uniques))
    order = np.argsort(-counts, kind="stable")
    kept, rest = order[:most], order[most:]
    place = np.full(len(uniques) + 1, -1)
    place[kept], place[rest] = np.arange(len(kept)), len(kept)
    names = tuple(str(uniques[one]) for one in kept) + ((OTHER,) if len(rest) else ())
    return Levels(place[codes], names, len(rest))
