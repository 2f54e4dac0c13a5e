"""Rows of two tables matched by a key: added, gone and changed, down to the cell."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.comparison.columns import family
from analytics.comparison.keys import as_texts, checked_key, joint_codes, key_codes, repeated_keys
from analytics.words import count

CELLS_LISTED = 100_000
"""Changed cells that are listed one by one; all are counted."""


@dataclass(frozen=True)
class RowChanges:
    """What happened to the rows.

    ``key`` is empty where rows are matched by their place. ``added`` and ``gone`` are row numbers, from 1, in
    the new and the old table. ``cells`` lists the changed cells: the key, both row numbers, the column, the
    value before and now, and ``difference`` where both are numbers. ``repeated_before`` and ``repeated_now``
    count rows whose key another row has too, and ``keyless_...`` those whose key is missing: neither can be
    matched. ``close`` cells differ as floats by no more than the tolerance and count as equal.
    """

    key: tuple[Hashable, ...]
    matched: int
    added: np.ndarray = field(repr=False)
    gone: np.ndarray = field(repr=False)
    changed_rows: int
    changed_cells: int
    close: int
    tolerance: float
    by_column: pd.Series = field(repr=False)
    cells: pd.DataFrame = field(repr=False)
    repeated_before: int
    repeated_now: int
    repeated_examples: tuple[str, ...]
    keyless_before: int
    keyless_now: int
    moved: bool
    unlike: str = ""
    """What keys look like on both sides where none is in both."""

    def sentences(self) -> tuple[str, ...]:
        """What happened, in words."""
        by = " and ".join(map(str, self.key)) if self.key else "their place in the file"
        said = [
            f"Matched by {by}: {count(len(self.added), 'row')} added, {count(len(self.gone), 'row')} gone, "
            f"{count(self.changed_rows, 'row')} of {self.matched:,} changed in "
            f"{count(self.changed_cells, 'cell')}."
        ]
        if self.unlike:
            said.append(f"No key of one file is in the other: they look like {self.unlike}.")
        if self.close:
            said.append(
                f"{count(self.close, 'more cell differs', 'more cells differ')} by at most "
                f"{self.tolerance:g} of their size and count as equal."
            )
        for rows, when in ((self.repeated_before, "before"), (self.repeated_now, "now")):
            if rows:
                examples = ", ".join(self.repeated_examples)
                said.append(
                    f"{count(rows, 'row')} {when} share their key with another row and are not matched "
                    f"(such as {examples})."
                )
        for rows, when in ((self.keyless_before, "before"), (self.keyless_now, "now")):
            if rows:
                said.append(f"{count(rows, 'row')} {when} have no key and are not matched.")
        if self.moved:
            said.append("The rows that stayed stand in another order.")
        if len(self.cells) < self.changed_cells:
            said.append(f"The first {len(self.cells):,} of {self.changed_cells:,} changed cells are listed.")
        return tuple(said)


def row_changes(
    old: pd.DataFrame, new: pd.DataFrame, key: Sequence[Hashable], *, tolerance: float
) -> RowChanges:
    """Match rows by ``key`` (by their place where it is empty) and compare the columns that both have.

    Numbers are equal where they differ by no more than ``tolerance`` times the larger one; 0 is exact.

    Raises:
        ZetascopeError: a table lacks a column of the key.
    """
    key = checked_key(old, new, key)
    codes = key_codes(old, new, key) if key else (np.arange(len(old)), np.arange(len(new)))
    repeated = [repeated_keys(side) for side in codes]
    at_old, at_new = _matched(*codes, *repeated)
    common = [name for name in new.columns if name in old.columns and name not in key]
    numbers = row_numbers(old), row_numbers(new)
    cells, by_column, close = [], {}, 0
    changed = np.zeros(len(at_old), dtype=bool)
    for name in common:
        before, now = old[name].iloc[at_old], new[name].iloc[at_new]
        differs, near = _differs(before, now, tolerance)
        close += near
        by_column[name] = int(np.count_nonzero(differs))
        changed |= differs
        cells.append(np.flatnonzero(differs))
    examples = _examples(old, new, key, repeated)
    return RowChanges(
        key=key,
        matched=len(at_old),
        added=numbers[1][_only(codes[1], codes[0]) & ~repeated[1]],
        gone=numbers[0][_only(codes[0], codes[1]) & ~repeated[0]],
        changed_rows=int(np.count_nonzero(changed)),
        changed_cells=sum(by_column.values()),
        close=close,
        tolerance=tolerance,
        by_column=pd.Series(by_column, dtype="int64"),
        cells=_listed(old, new, key, common, cells, (at_old, at_new), numbers),
        repeated_before=int(repeated[0].sum()),
        repeated_now=int(repeated[1].sum()),
        repeated_examples=examples,
        keyless_before=int((codes[0] < 0).sum()),
        keyless_now=int((codes[1] < 0).sum()),
        unlike="" if len(at_old) or not key else _unlike(old, new, key),
        moved=bool((np.diff(at_old) < 0).any()),
    )


def row_numbers(frame: pd.DataFrame) -> np.ndarray:
    """Numbers of the rows in their file, from 1: the index holds their places where rows were dropped."""
    whole = pd.api.types.is_integer_dtype(frame.index.dtype)
    return frame.index.to_numpy() + 1 if whole else np.arange(1, len(frame) + 1)


def _matched(
    old: np.ndarray, new: np.ndarray, repeated_old: np.ndarray, repeated_new: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Positions in both of the rows with equal keys that repeat in neither, in the new table's order."""
    place = np.full(int(max(old.max(initial=-1), new.max(initial=-1))) + 2, -1)
    single = (old >= 0) & ~repeated_old
    place[old[single]] = np.flatnonzero(single)
    at_new = np.flatnonzero((new >= 0) & ~repeated_new & (place[new] >= 0))
    return place[new[at_new]], at_new


def _only(side: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Rows (n,) bool with a key that the other table has not."""
    return (side >= 0) & ~np.isin(side, other)


def _differs(before: pd.Series, now: pd.Series, tolerance: float) -> tuple[np.ndarray, int]:
    """Cells (m,) bool that are not equal, and how many more are equal only within the tolerance."""
    gap_before, gap_now = (side.isna().to_numpy(dtype=bool) for side in (before, now))
    both = ~gap_before & ~gap_now
    if family(before) == family(now) == "number":
        a, b = _exact(before, now)
        unequal = both & (a != b)
        with np.errstate(all="ignore"):
            x, y = a.astype(np.float64), b.astype(np.float64)
            far = np.abs(x - y) > tolerance * np.maximum(np.abs(x), np.abs(y))
        differs = unequal & (far | ~(np.isfinite(x) & np.isfinite(y)) | (tolerance == 0))
    else:
        codes = joint_codes(before, now)[0]
        differs = unequal = both & (codes[: len(before)] != codes[len(before) :])
    return differs | (gap_before != gap_now), int(np.count_nonzero(unequal & ~differs))


def _exact(before: pd.Series, now: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Both as numbers of one type, whole ones as such: float64 skips some beyond 2^53."""
    whole = all(pd.api.types.is_integer_dtype(side.dtype) for side in (before, now))
    if whole and not any(pd.api.types.is_unsigned_integer_dtype(side.dtype) for side in (before, now)):
        return tuple(side.to_numpy(dtype=np.int64, na_value=0) for side in (before, now))  # type: ignore[return-value]
    return tuple(side.to_numpy(dtype=np.float64, na_value=np.nan) for side in (before, now))  # type: ignore[return-value]


def _listed(
    old: pd.DataFrame,
    new: pd.DataFrame,
    key: tuple[Hashable, ...],
    common: Sequence[Hashable],
    cells: list[np.ndarray],
    at: tuple[np.ndarray, np.ndarray],
    numbers: tuple[np.ndarray, np.ndarray],
) -> pd.DataFrame:
    """A row for each changed cell, by row and column of the new table."""
    rows = np.concatenate(cells) if cells else np.empty(0, dtype=np.intp)
    columns = np.repeat(np.arange(len(common)), [len(one) for one in cells])
    order = np.lexsort((columns, rows))[:CELLS_LISTED]
    rows, columns = rows[order], columns[order]
    before, now = (np.empty(len(rows), dtype=object) for _ in range(2))
    difference = np.full(len(rows), np.nan)
    for place, name in enumerate(common):
        here = columns == place
        if here.any():
            a, b = old[name].iloc[at[0][rows[here]]], new[name].iloc[at[1][rows[here]]]
            before[here], now[here] = a.astype(object).to_numpy(), b.astype(object).to_numpy()
            if family(a) == family(b) == "number":
                x, y = (side.to_numpy(dtype=np.float64, na_value=np.nan) for side in (a, b))
                difference[here] = y - x
    made = {str(name): new[name].iloc[at[1][rows]].astype(object).to_numpy() for name in key}
    names = [str(name) for name in common]
    listed = pd.DataFrame(made).assign()
    listed["row before"], listed["row now"] = numbers[0][at[0][rows]], numbers[1][at[1][rows]]
    listed["column"] = pd.Series([names[place] for place in columns], dtype="str")
    listed["before"], listed["now"], listed["difference"] = _texts(before), _texts(now), difference
    return listed


def _texts(values: np.ndarray) -> pd.Series:
    """Cells of all kinds in one column of texts, missing ones empty."""
    return pd.Series(["" if pd.isna(value) is True else str(value) for value in values], dtype="str")


def _unlike(old: pd.DataFrame, new: pd.DataFrame, key: tuple[Hashable, ...]) -> str:
    """The first key of each side; nothing where one has no rows."""
    if old.empty or new.empty:
        return ""
    first, second = (
        " / ".join(str(as_texts(side[name].head(1)).iloc[0]) for name in key) for side in (old, new)
    )
    return f"{first} before and {second} now"


def _examples(
    old: pd.DataFrame,
    new: pd.DataFrame,
    key: tuple[Hashable, ...],
    repeated: list[np.ndarray],
) -> tuple[str, ...]:
    """Up to three keys that repeat."""
    said: dict[str, None] = {}
    for side, rows in ((old, repeated[0]), (new, repeated[1])):
        for row in np.flatnonzero(rows)[:50]:
            said[" / ".join(str(side[name].iloc[row]) for name in key)] = None
    return tuple(said)[:3]
