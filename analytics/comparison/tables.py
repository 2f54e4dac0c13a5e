"""What changed between two tables: columns, types, values and rows, in one result."""

import dataclasses
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analytics.arguments import is_real, names_of, require_frame
from analytics.comparison.columns import ColumnChanges, column_changes, family
from analytics.comparison.distributions import SMALL_PSI, Spread, level_shares, spread_of
from analytics.comparison.rows import RowChanges, row_changes
from analytics.errors import ZetascopeError
from analytics.numbers import StandardizeError, Standardizer, apply_to_file
from analytics.numbers.basics.corrections import holm
from analytics.numbers.basics.statistics import split_finite
from analytics.progress import Progress, silent
from analytics.tables import Role, column_roles
from analytics.tables.columns import check_unique_names, is_numeric
from analytics.words import count

TOLERANCE = 1e-9
"""Of the larger number: what a round trip through another program's fifteen digits leaves."""
_CHANCE = 0.05
"""That of two tables of one law any column is called changed or drifted: half of it for each."""
_KS_SAID = 0.1  # a tenth of the rows lie elsewhere: as much as PSI of about 0.1 tells
_COMPARED = ("number", "time", "category")


@dataclass(frozen=True)
class TableComparison:
    """Two tables side by side.

    ``values`` has a row for each column of both whose values can be compared: rows, missing shares, mean and
    sd (numbers), ``psi`` with its meaning, ``ks``, ``p`` and ``p_adjusted`` (Holm's, over the columns), and
    ``verdict``: changed, as before, or too few rows to judge. ``levels`` are the shares of every category's
    levels, by column. ``drift`` are the sentences of the drift report for numbers. ``rows`` is None where no
    key was given.
    """

    rows_before: int
    rows_now: int
    columns: ColumnChanges
    values: pd.DataFrame = field(repr=False)
    levels: Mapping[Hashable, pd.DataFrame] = field(repr=False)
    drift: tuple[str, ...]
    rows: RowChanges | None = None

    def sentences(self) -> tuple[str, ...]:
        """The whole comparison in words, columns first."""
        said = [f"{count(self.rows_before, 'row')} before, {self.rows_now:,} now."]
        said += _column_sentences(self.columns)
        changed = self.values[self.values["verdict"] == CHANGED]
        said += list(changed["sentence"])
        said += [one for name, table in self.levels.items() if (one := _level_sentence(name, table))]
        few = self.values.loc[self.values["verdict"] == TOO_FEW, "column"].map(str).tolist()
        if few:
            said.append(f"Too few rows to judge the values of {_some(few)}.")
        elif changed.empty and len(self.values):
            said.append("No column's values are spread otherwise than before.")
        said += self.drift
        said += self.rows.sentences() if self.rows else ()
        return tuple(said)

    def to_data(self) -> dict[str, Any]:
        """Everything as plain data for JSON, missing figures as null."""
        rows = None
        if self.rows:
            rows = {f.name: getattr(self.rows, f.name) for f in dataclasses.fields(self.rows)}
            rows |= {name: rows[name].tolist() for name in ("added", "gone")}
            rows |= {"key": [str(name) for name in self.rows.key], "cells": _records(self.rows.cells)}
            rows["by_column"] = {str(name): int(n) for name, n in self.rows.by_column.items()}
            rows["repeated_examples"] = list(self.rows.repeated_examples)
        return {
            "rows_before": self.rows_before,
            "rows_now": self.rows_now,
            "columns": _plain(dataclasses.asdict(self.columns)),
            "values": _records(self.values),
            "levels": {str(name): _records(table) for name, table in self.levels.items()},
            "drift": list(self.drift),
            "rows": rows,
            "sentences": list(self.sentences()),
        }


CHANGED, AS_BEFORE, TOO_FEW = "changed", "as before", "too few rows to judge"


def compare_tables(
    old: pd.DataFrame,
    new: pd.DataFrame,
    *,
    key: Hashable | Sequence[Hashable] | None = None,
    renamed: Mapping[Any, Hashable] | None = None,
    tolerance: float = TOLERANCE,
    roles_old: Mapping[Hashable, Role] | None = None,
    roles_new: Mapping[Hashable, Role] | None = None,
    progress: Progress = silent,
) -> TableComparison:
    """Compare a table with an earlier one.

    Args:
        key: columns that tell rows apart, in both; an empty list matches rows by their place, None leaves
            rows alone.
        renamed: old names of columns with their new ones, which then are one column.
        tolerance: of the larger number, what floats may differ by and still be equal; 0 is exact.
        roles_old, roles_new: as ``column_roles`` gives them.

    Raises:
        ZetascopeError: no tables, two columns of one name, a key that a table lacks, a wrong argument.
    """
    for side in (old, new):
        require_frame(side)
        check_unique_names(side)
    if not is_real(tolerance) or not 0 <= tolerance < 1:
        raise ZetascopeError(f"tolerance is {tolerance!r}: give a share from 0 to below 1.")
    old, before = _with_new_names(
        old, new, renamed or {}, column_roles(old) if roles_old is None else roles_old
    )
    now = column_roles(new) if roles_new is None else roles_new
    changes = column_changes(old, new, roles_old=before, roles_new=now)
    by = names_of(key, "column")
    asked = [name for name in changes.common if name not in by]
    kinds = {name: _kind(old[name], new[name], before[name], now[name]) for name in asked}
    kinds = {name: kind for name, kind in kinds.items() if kind}
    spreads, levels = {}, {}
    for place, (name, kind) in enumerate(kinds.items()):
        progress(place, len(kinds) + 1)
        spreads[name] = spread_of(old[name], new[name], kind=kind)
        if kind == "category":
            levels[name] = level_shares(old[name], new[name])
    rows = None if key is None else row_changes(old, new, by, tolerance=tolerance)
    progress(len(kinds) + 1, len(kinds) + 1)
    return TableComparison(
        len(old), len(new), changes, _values(old, new, spreads), levels, _drift(old, new, kinds), rows
    )


def _with_new_names(
    old: pd.DataFrame, new: pd.DataFrame, renamed: Mapping[Hashable, Hashable], roles: Mapping[Hashable, Role]
) -> tuple[pd.DataFrame, Mapping[Hashable, Role]]:
    for before, now in renamed.items():
        if before not in old.columns or now not in new.columns:
            raise ZetascopeError(f"{before!r} can't have become {now!r}: the old or the new table lacks it.")
        if now in old.columns:
            raise ZetascopeError(
                f"{before!r} can't have become {now!r}: the old table has a {now!r} already."
            )
    if not renamed:
        return old, roles
    if len(set(renamed.values())) < len(renamed):
        raise ZetascopeError("Two old columns can't have become the same new one: name each once.")
    return old.rename(columns=dict(renamed)), {renamed.get(name, name): role for name, role in roles.items()}


def _kind(old: pd.Series, new: pd.Series, before: Role, now: Role) -> str:
    """What the values of a column are compared as; nothing where they can't be.

    A column that is constant on one side is compared as on the other; a number that became a category by its
    few values stays a number.
    """
    if family(old) != family(new):
        return ""
    kinds = [role.kind for role in (before, now)]
    if "number" in kinds and is_numeric(old) and is_numeric(new):
        return "number"
    for kind in _COMPARED:
        if kind in kinds:
            return kind
    if kinds != ["constant", "constant"]:
        return ""
    held = family(old)
    return held if held in ("number", "time") else "category"


def _values(old: pd.DataFrame, new: pd.DataFrame, spreads: Mapping[Hashable, Spread]) -> pd.DataFrame:
    adjusted = dict(zip(spreads, holm([_or_one(one.p) for one in spreads.values()]), strict=True))
    rows = []
    for name, one in spreads.items():
        before, now = old[name], new[name]
        p = float(adjusted[name]) if not np.isnan(one.p) else np.nan
        verdict = _verdict(one, p)
        rows.append(
            {
                "column": name,
                "kind": one.kind,
                "missing_before": float(before.isna().mean()) if len(before) else np.nan,
                "missing_now": float(now.isna().mean()) if len(now) else np.nan,
                **_moments(before, now, one.kind),
                "psi": one.psi,
                "psi_chance": one.psi_chance,
                "psi_means": one.psi_words,
                "ks": one.ks,
                "p": one.p,
                "p_adjusted": p,
                "verdict": verdict,
                "sentence": _sentence(one, p),
            }
        )
    names = (
        "column kind missing_before missing_now mean_before mean_now sd_before sd_now psi psi_chance".split()
    )
    names += "psi_means ks p p_adjusted verdict sentence".split()
    return pd.DataFrame(rows, columns=names)


def _or_one(p: float) -> float:
    return 1.0 if np.isnan(p) else p


def _verdict(one: Spread, p: float) -> str:
    """Changed where chance does not explain it and it is more than a tenth; too few where chance could make
    what counts as large."""
    if np.isnan(one.psi):
        return TOO_FEW
    if p < _CHANCE / 2 and (one.psi >= SMALL_PSI or one.ks >= _KS_SAID):
        return CHANGED
    return TOO_FEW if one.too_few else AS_BEFORE


def _sentence(one: Spread, p: float) -> str:
    if np.isnan(one.psi):
        return f"{one.column}: {one.place}."
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
    distance = "difference of shares" if one.kind == "category" else "Kolmogorov-Smirnov"
    return (
        f"{one.column}: {one.place} (PSI {one.psi:.2f}, {one.psi_words}; {distance} {one.ks:.2f}, {shown}, "
        "corrected)."
    )


def _moments(before: pd.Series, now: pd.Series, kind: str) -> dict[str, float]:
    made = dict.fromkeys(("mean_before", "mean_now", "sd_before", "sd_now"), np.nan)
    if kind == "number":
        for side, when in ((before, "before"), (now, "now")):
            values = side.to_numpy(dtype=np.float64, na_value=np.nan)
            part = split_finite(values)
            if part.size:
                mean, sd = part.mean_and_sd(ddof=1)
                made |= {f"mean_{when}": mean, f"sd_{when}": sd if part.size > 1 else np.nan}
    return made


def _drift(old: pd.DataFrame, new: pd.DataFrame, kinds: Mapping[Hashable, str]) -> tuple[str, ...]:
    """The drift report's own sentences on mean, spread and missing values."""
    numbers: list[Any] = [
        name for name, kind in kinds.items() if kind == "number" and old[name].notna().any()
    ]
    if not numbers or not len(new):
        return ()
    try:
        fitted = Standardizer(ddof=1, columns=numbers).fit(old[numbers])
        return apply_to_file(fitted, new[numbers], chance=_CHANCE / 2).sentences()
    except StandardizeError as error:
        return (f"Drift is not judged. {error}",)


def _column_sentences(changes: ColumnChanges) -> list[str]:
    said = []
    for names, what in ((changes.added, "added"), (changes.gone, "gone")):
        if names:
            said.append(f"{count(len(names), 'column')} {what}: {_some([str(name) for name in names])}.")
    said += [f"{one.before} looks renamed to {one.now}: {one.why}." for one in changes.renamed]
    if changes.by_names_alone:
        said.append("With so many columns gone and added, renamed ones were looked for by their names alone.")
    said += [f"{one.column} was {one.before} and is {one.now} now." for one in changes.types]
    if changes.moved:
        said.append("The columns that stayed stand in another order.")
    return said or ["The columns are the same."]


def _level_sentence(name: Hashable, table: pd.DataFrame) -> str:
    """Values of a category that one side lacks."""
    said = []
    for lacking, what in (("rows_before", "new"), ("rows_now", "gone")):
        names = table.loc[table[lacking] == 0, "level"].tolist()
        if names:
            told = _some([f"'{name}'" for name in names], 5)
            said.append(f"{count(len(names), f'value is {what}', f'values are {what}')}: {told}")
    return f"{name}: {'; '.join(said)}." if said else ""


def _some(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [_plain(row) for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)
