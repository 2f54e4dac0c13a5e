"""Which columns can tell the rows of two tables apart, so that a row can be found again."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analytics.comparison.columns import family
from analytics.errors import ZetascopeError
from analytics.tables import Role
from analytics.words import count

_FOUND_AGAIN = 0.1  # of the smaller table's rows: with fewer in common a key says nothing about change
_NEARLY, _MOST_FOUND = 0.05, 0.5
"""Share of a table's rows that may repeat a value or lack one, and of the smaller one's then found again."""
_PAIRED = 12  # columns that pairs are made of: 66 pairs, each a second's fraction on a million rows
_KEY_KINDS = ("identifier", "category", "time", "text", "number")


@dataclass(frozen=True)
class KeyProposal:
    """Columns that tell rows apart; ``shared`` rows are in both tables.

    ``unmatched`` rows of both tables lack a value or repeat another row's; mostly there are none.
    """

    columns: tuple[Hashable, ...]
    shared: int
    unmatched: int = 0

    @property
    def sentence(self) -> str:
        """The proposal in words."""
        names = " and ".join(map(str, self.columns))
        repeats = "no value repeats in either file"
        if self.unmatched:
            rows = count(self.unmatched, "row repeats a value or has", "rows repeat a value or have")
            repeats = f"{rows} none and can't be matched"
        return f"{names}: {repeats}, {count(self.shared, 'row')} in both."


def propose_keys(
    old: pd.DataFrame, new: pd.DataFrame, *, roles: Mapping[Hashable, Role]
) -> tuple[KeyProposal, ...]:
    """Single columns that can be a key, the likeliest first; pairs where no single one can, and where none
    does either, columns whose values seldom repeat, as of a file with a row twice.

    Measured numbers with decimals are no key: they are what changes.
    """
    names = [name for name in new.columns if name in old.columns and _can_be_key(roles[name])]
    names.sort(key=lambda name: _KEY_KINDS.index(roles[name].kind))
    found = [one for name in names if (one := _proposal(old, new, (name,)))]
    if not found:
        whole = [name for name in names if not (old[name].isna().any() or new[name].isna().any())]
        found = [one for pair in combinations(whole[:_PAIRED], 2) if (one := _proposal(old, new, pair))]
    return tuple(found or (one for name in names if (one := _nearly(old, new, name))))


def _can_be_key(role: Role) -> bool:
    return role.kind in _KEY_KINDS and role.reason != "numbers with decimals"


def _proposal(old: pd.DataFrame, new: pd.DataFrame, names: tuple[Hashable, ...]) -> KeyProposal | None:
    if not all(_unique(side, names) for side in (old, new)):
        return None
    codes_old, codes_new = key_codes(old, new, names)
    shared = int(np.isin(codes_new, codes_old).sum())
    return KeyProposal(names, shared) if shared >= _FOUND_AGAIN * min(len(old), len(new)) > 0 else None


def _nearly(old: pd.DataFrame, new: pd.DataFrame, name: Hashable) -> KeyProposal | None:
    """A column of which few values repeat or are missing, and that finds most rows again."""
    repeating = [int((side[name].duplicated(keep=False) | side[name].isna()).sum()) for side in (old, new)]
    if any(rows > _NEARLY * len(side) for rows, side in zip(repeating, (old, new), strict=True)):
        return None
    single = [codes[(codes >= 0) & ~repeated_keys(codes)] for codes in key_codes(old, new, (name,))]
    shared = int(np.isin(*single).sum())
    enough = shared >= _MOST_FOUND * min(len(old), len(new)) > 0
    return KeyProposal((name,), shared, sum(repeating)) if enough else None


def _unique(side: pd.DataFrame, names: tuple[Hashable, ...]) -> bool:
    if len(names) == 1:
        column = side[names[0]]
        return bool(column.notna().all()) and column.is_unique
    return not side.duplicated(list(names)).any()


def checked_key(old: pd.DataFrame, new: pd.DataFrame, names: Sequence[Hashable]) -> tuple[Hashable, ...]:
    """Raises ZetascopeError for a column that one of the tables lacks."""
    for which, side in (("old", old), ("new", new)):
        absent = [name for name in names if name not in side.columns]
        if absent:
            raise ZetascopeError(
                f"The {which} table has no column {absent[0]!r}: choose a key that both have."
            )
    return tuple(dict.fromkeys(names))


def key_codes(
    old: pd.DataFrame, new: pd.DataFrame, names: Sequence[Hashable]
) -> tuple[np.ndarray, np.ndarray]:
    """A number for every row of both (n,), (m,), equal where the keys are; -1 where a part is missing."""
    codes = np.zeros(len(old) + len(new), dtype=np.int64)
    missing = np.zeros(len(codes), dtype=bool)
    for name in names:
        one, uniques = joint_codes(old[name], new[name])
        missing |= one < 0
        codes = np.unique(codes * (len(uniques) + 1) + one + 1, return_inverse=True)[1].ravel()
    codes[missing] = -1
    return codes[: len(old)], codes[len(old) :]


def repeated_keys(codes: np.ndarray) -> np.ndarray:
    """Rows (n,) bool whose key another row has as well."""
    if not len(codes):
        return np.zeros(0, dtype=bool)
    counts = np.bincount(np.maximum(codes, 0), weights=codes >= 0)
    return (codes >= 0) & (counts[np.maximum(codes, 0)] > 1)


def joint_codes(old: pd.Series, new: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """A number for every value of both columns, one below the other (n + m,), equal where they are.

    They are compared as texts where they hold different kinds of values, or lists.
    """
    if family(old) == family(new):
        try:
            return pd.factorize(pd.concat([old, new], ignore_index=True))
        except TypeError:
            pass
    return pd.factorize(pd.concat([as_texts(old), as_texts(new)], ignore_index=True))


def as_texts(column: pd.Series) -> pd.Series:
    """Every value as people write it: 7.0 as "7", and days without the midnight that comes with them."""
    known = column.notna().to_numpy(dtype=bool)
    made = column.astype(object).where(known, None)
    if family(column) == "number":
        made = made.map(lambda value: value if value is None else _number(value))
    texts = made.map(lambda value: None if value is None else str(value)).astype("str")
    return texts.str.removesuffix(" 00:00:00") if family(column) == "time" else texts


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else str(value)
