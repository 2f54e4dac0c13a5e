"""What is in each column of a table of an engine, and how its numbers go together."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from analytics.arguments import names_of
from analytics.numbers.basics.parameters import StandardizeError
from analytics.scale.columns import (
    ROLE_ROWS,
    choose_numbers,
    dtype_name,
    float_cells,
    when_finite,
    when_no_nan,
)
from analytics.scale.engines import BigTable, ScaleError, big_table, collected, sampled
from analytics.scale.spreads import QUARTILES, LazySpreads, Source, count_columns
from analytics.tables import ColumnProfile, TableProfile
from analytics.tables.columns import Role, column_roles

_TOP = 10
_MOMENTS = (nw.Date, nw.Datetime)  # a time of day or a length of time has no place on a calendar
_EXACT = 2**53  # whole numbers up to it are themselves as float64
MOST_COLUMNS = 40
"""Numbers whose pairs are correlated in one query: 780 pairs of six sums each."""


def profile_lazy(frame: object) -> TableProfile:
    """Profile every column, as ``profile_table`` does: counts and order statistics are exact.

    Roles come from a sample of 20,000 rows. There are no histograms, and equally common values are in the
    order of the alphabet. Columns of lists are only counted.
    """
    table = big_table(frame)
    basics = _basics(table)
    some = sampled(table.frame, ROLE_ROWS, of=basics["rows"]).rename_columns(list(table.names))
    roles = column_roles(some.to_pandas(types_mapper=pd.ArrowDtype))
    columns = {name: _column(table, name, roles[name], basics) for name in table.names}
    return TableProfile(basics["rows"], {name: columns[name] for name in table.names})


def _basics(table: BigTable) -> dict[str, Any]:
    """One query: rows, and of each column how many values there are, how many distinct ones, and the ends."""
    asked = [nw.len().alias("rows")]
    for name, dtype in table.schema.items():
        place = table.place(name)
        cell = _present(table, name)
        asked.append(cell.count().alias(f"n_{place}"))
        if dtype.is_nested():
            continue
        asked.append(cell.n_unique().alias(f"distinct_{place}"))
        if dtype.is_numeric():
            finite = when_finite(cell) if dtype.is_float() else cell
            asked += [finite.min().alias(f"low_{place}"), finite.max().alias(f"high_{place}")]
            asked.append(nw.when(cell == 0).then(1).sum().alias(f"zeros_{place}"))
        elif dtype in _MOMENTS:
            asked += [cell.min().alias(f"low_{place}"), cell.max().alias(f"high_{place}")]
    (found,) = collected(table.frame.select(asked)).to_pylist()
    return found


def _present(table: BigTable, name: str) -> nw.Expr:
    """A column with NaN, which is missing, as NULL."""
    cell = nw.col(table.place(name))
    return when_no_nan(cell) if table.schema[name].is_float() else cell


def _column(table: BigTable, name: str, role: Role, basics: dict[str, Any]) -> ColumnProfile:
    place, dtype, rows = table.place(name), table.schema[name], basics["rows"]
    present = int(basics[f"n_{place}"])
    missing = rows - present
    distinct = int(basics.get(f"distinct_{place}", 0) or 0) - (
        1 if missing else 0
    )  # NULL counts as a value there
    about: dict[str, Any] = {
        "name": name, "role": role, "dtype": dtype_name(dtype), "rows": rows, "missing": missing,
        "distinct": max(distinct, 0),
    }  # fmt: skip
    if not present or dtype.is_nested():
        return ColumnProfile(**about)
    if dtype.is_numeric():
        return ColumnProfile(**about, **_numbers(table, name, basics))
    if dtype in _MOMENTS:
        ends = (pd.Timestamp(str(basics[f"{end}_{place}"])).isoformat() for end in ("low", "high"))
        low, high = ends
        return ColumnProfile(**about, minimum=low, maximum=high)
    return ColumnProfile(**about, top=_commonest(table, name))


def _numbers(table: BigTable, name: str, basics: dict[str, Any]) -> dict[str, Any]:
    place, source = table.place(name), Source(table.frame)
    low, high = basics[f"low_{place}"], basics[f"high_{place}"]
    shift = 0.0 if low is None else float(low) / 2 + float(high) / 2
    cell, start = float_cells(table, name), 0
    whole = table.schema[name].is_integer()
    if whole and low is not None and max(-low, high) > _EXACT and high - low <= _EXACT:
        # Told apart by their distance from the smallest: as float64 they would be one number.
        cell, start, shift = (nw.col(place) - low).cast(nw.Float64), low, (high - low) / 2
    (counted,) = count_columns(source, [cell], [shift])
    spreads = LazySpreads(source, cell, counted)
    zeros, infinite = int(basics[f"zeros_{place}"] or 0), int(counted.infinite[0])
    if not spreads.counts.size:
        return {"infinities": infinite, "zeros": zeros}
    mean, sd = spreads.mean_and_sd(ddof=1)
    quartiles = tuple(_from(start, values[0]) for values in spreads.quantiles(QUARTILES, between=_exactly))
    return {
        "minimum": int(low) if whole else float(low),
        "maximum": int(high) if whole else float(high),
        "mean": _from(start, mean[0]),
        "sd": float(sd[0]) if spreads.counts[0] > 1 else None,
        "quartiles": quartiles,
        "infinities": infinite,
        "zeros": zeros,
    }


def _from(start: int, distance: float) -> float:
    """A number so far above a whole one, rounded once."""
    return float(start + Fraction(float(distance))) if start else float(distance)


def _exactly(low: np.ndarray, high: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Between two values as ``tables.profile`` does it: in fractions, rounded once."""
    pairs = zip(low.tolist(), high.tolist(), share.tolist(), strict=True)
    return np.array(
        [float(Fraction(a) + Fraction(part) * (Fraction(b) - Fraction(a))) for a, b, part in pairs]
    )


def _commonest(table: BigTable, name: str) -> tuple[tuple[str, int], ...]:
    place = table.place(name)
    counted = table.frame.filter(~nw.col(place).is_null()).group_by(place).agg(nw.len().alias("n"))
    ordered = counted.sort("n", place, descending=[True, False], nulls_last=True).head(_TOP)
    return tuple((_as_text(row[place]), int(row["n"])) for row in collected(ordered).to_pylist())


def _as_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


@dataclass(frozen=True)
class LazyRelations:
    """Pearson's ``r`` (d, d) of every pair of ``columns``, over the ``n`` (d, d) rows that have both."""

    columns: tuple[str, ...]
    r: np.ndarray
    n: np.ndarray


def relations_lazy(frame: object, *, columns: str | Sequence[str] | None = None) -> LazyRelations:
    """Correlate every pair of number columns in two queries: their means, and sums of products about them.

    Raises:
        ScaleError: for absent columns, and more than 40.
        StandardizeError: for columns that are no numbers.
    """
    table = big_table(frame)
    asked = None if columns is None else names_of(columns, "column", error=StandardizeError)
    chosen = choose_numbers(table, columns=asked)
    if len(chosen) > MOST_COLUMNS:
        raise ScaleError(
            f"{len(chosen)} columns make more pairs than one query takes: choose at most {MOST_COLUMNS}."
        )
    cells = [when_finite(float_cells(table, name)) for name in chosen]
    ends = collected(
        table.frame.select(
            getattr(cell, what)().alias(f"{what}{i}")
            for i, cell in enumerate(cells)
            for what in ("mean", "min", "max")
        )
    ).to_pylist()[0]
    lines = [_line(ends[f"mean{i}"], ends[f"min{i}"], ends[f"max{i}"]) for i in range(len(cells))]
    centred = table.frame.select(
        ((cell - center) * unit).alias(f"x{i}")
        for i, (cell, (center, unit)) in enumerate(zip(cells, lines, strict=True))
    )
    sums = [
        expr.alias(f"{what}_{i}_{j}")
        for i, j in combinations(range(len(chosen)), 2)
        for what, expr in _pair_sums(nw.col(f"x{i}"), nw.col(f"x{j}")).items()
    ]
    found = collected(centred.select(sums)).to_pylist()[0] if sums else {}
    r, n = np.eye(len(chosen)), np.zeros((len(chosen), len(chosen)), dtype=np.int64)
    for i, j in combinations(range(len(chosen)), 2):
        r[i, j] = r[j, i] = _correlation({what: found[f"{what}_{i}_{j}"] or 0 for what in _SUMS})
        n[i, j] = n[j, i] = int(found[f"n_{i}_{j}"] or 0)
    return LazyRelations(chosen, r, n)


def _line(mean: float | None, low: float | None, high: float | None) -> tuple[float, float]:
    """A centre, and a power of two that brings distances near 1, so that their squares stay in float64.

    A column of one value gets the factor 0: it has no spread, whatever its mean was rounded to.
    """
    if mean is None or low is None or high is None or low == high:
        return 0.0, 0.0
    center = mean if low <= mean <= high else low / 2 + high / 2
    return center, float(np.ldexp(1.0, -int(np.frexp(high / 2 - low / 2)[1])))


_SUMS = ("n", "x", "y", "xx", "yy", "xy")


def _pair_sums(x: nw.Expr, y: nw.Expr) -> dict[str, nw.Expr]:
    x, y = nw.when(~y.is_null()).then(x), nw.when(~x.is_null()).then(y)
    return {
        "n": (x * y).count(),
        "x": x.sum(),
        "y": y.sum(),
        "xx": (x * x).sum(),
        "yy": (y * y).sum(),
        "xy": (x * y).sum(),
    }


def _correlation(of: dict[str, float]) -> float:
    """NaN where a pair has fewer than two rows, or a column of it no spread."""
    if of["n"] < 2:
        return float("nan")
    xx, yy = of["xx"] - of["x"] ** 2 / of["n"], of["yy"] - of["y"] ** 2 / of["n"]
    if not (xx > 0 and yy > 0):
        return float("nan")
    return float(np.clip((of["xy"] - of["x"] * of["y"] / of["n"]) / np.sqrt(xx) / np.sqrt(yy), -1.0, 1.0))
