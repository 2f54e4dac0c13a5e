"""Nominal against realised for the Changes page: two files of one law whose columns are called different."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analytics.comparison import compare_tables
from analytics.comparison.distributions import spread_of
from analytics.comparison.tables import CHANGED
from benchmarks.statistics_rows import COLUMNS, Realised, share

_ALPHA = 0.05
_SIZES = ((20, 20), (50, 50), (100, 100), (500, 20), (20, 500), (500, 500), (2_000, 2_000))
"""Rows before and now."""
_LAWS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "counts": lambda rng, n: rng.poisson(1.0, n).astype(float),
    "mostly zero": lambda rng, n: rng.poisson(0.1, n).astype(float),
    "one decimal": lambda rng, n: np.round(rng.standard_normal(n), 1),
    "five levels": lambda rng, n: rng.choice(list("abcde"), n),
    "rare levels": lambda rng, n: rng.choice(list("abcd"), n, p=[0.9, 0.06, 0.03, 0.01]),
    "60 levels": lambda rng, n: rng.integers(0, 60, n).astype(str),
}


def changes(tables: int) -> Iterator[Realised]:
    """p-values below 5 %, and PSI beyond what is said to be chance."""
    for rows in _SIZES:
        for law, draw in _LAWS.items():
            rng = np.random.default_rng(rows)
            kind = "category" if law.endswith("levels") else "number"
            pairs = ([pd.Series(draw(rng, n), name="x") for n in rows] for _ in range(tables))
            found = [spread_of(*pair, kind=kind) for pair in pairs]
            small = np.array([one.p < _ALPHA for one in found])
            beyond = np.array([one.psi >= one.psi_chance > 0 for one in found])
            label = f"{law}, {rows[0]} rows before"
            yield share(f"changes, p below 5 %, {label}", rows[1], 1, _ALPHA, small, at_most=True)
            yield share(f"changes, PSI beyond chance, {label}", rows[1], 1, _ALPHA, beyond, at_most=True)


def changed_tables(tables: int) -> Iterator[Realised]:
    """Tables of one law, of numbers and categories with gaps, that have any column called changed, any
    sentence on drift, and either."""
    for rows in _SIZES:
        for columns in COLUMNS:
            rng = np.random.default_rng([*rows, columns])
            changed, drifted = np.zeros(tables, bool), np.zeros(tables, bool)
            for place in range(tables):
                found = compare_tables(*(_mixed(rng, n, columns) for n in rows))
                changed[place] = (found.values["verdict"] == CHANGED).any()
                drifted[place] = any(one in told for told in found.drift for one in _DRIFTED)
            for what, nominal, told in (
                ("changed", _ALPHA / 2, changed),
                ("drifted", _ALPHA / 2, drifted),
                ("changed or drifted", _ALPHA, changed | drifted),
            ):
                name = f"any column {what}, {rows[0]} rows before"
                yield share(name, rows[1], columns, nominal, told, at_most=True)


_DRIFTED = (" sd, from ", "the spread is ", "missing: ", "no value is left")


def _mixed(rng: np.random.Generator, rows: int, columns: int) -> pd.DataFrame:
    """The laws above by turns; a tenth of the first column's cells are empty where there are others."""
    laws = [draw for name, draw in _LAWS.items() if name != "60 levels"]
    frame = pd.DataFrame({f"c{place}": laws[place % len(laws)](rng, rows) for place in range(columns)})
    if columns > 1:
        frame.loc[rng.random(rows) < 0.1, "c0"] = np.nan
    return frame
