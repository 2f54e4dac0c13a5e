"""Simulated tables of clean normal rows, of the shape of the table that is searched."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CLEAN_ROWS = 20_000
"""Rows that are simulated at least: 200 lie beyond a cut at 1 %, so that its share is known to a tenth."""
_MOST_ROWS = 5_000
"""Of larger tables the simulated ones have this many rows: by then the laws hardly depend on it."""
_FEWEST_TABLES = 8
"""Rows of one table share its centre and spread, so that few tables tell little, however large they are."""
_EXACT_ROWS = 40


@dataclass(frozen=True)
class CleanShape:
    """How many rows a simulated table has, and the sizes of the groups that rows are measured within."""

    rows: int
    groups: tuple[int, ...] = ()

    def tables(self, rows: int = CLEAN_ROWS) -> int:
        """How many tables have so many rows together."""
        return max(_FEWEST_TABLES, -(-rows // self.rows))

    def normal(self, columns: int, *, tables: int, seed: int = 0) -> np.ndarray:
        """Independent normal rows (tables, rows, columns): the first tables of more are the same ones."""
        return np.random.default_rng(seed).standard_normal((tables, self.rows, columns))

    def standardized(self, X: np.ndarray, by: np.ndarray | None = None) -> np.ndarray:
        """Standard scores (tables, rows, columns) of each table within its groups, as searches see them, by
        all rows or some (rows,)."""
        Z = np.empty_like(X)
        for rows, (mean, sd) in zip(self.slices, self.scales(X, by), strict=True):
            Z[:, rows] = (X[:, rows] - mean) / sd
        return Z

    def scales(self, X: np.ndarray, by: np.ndarray | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
        """Mean and SD (tables, 1, columns) of each group by its rows, or some of them; 1 where it is 0."""
        found = []
        for rows in self.slices:
            part = X[:, rows] if by is None else X[:, rows][:, by[rows]]
            sd = part.std(axis=1, keepdims=True)
            found.append((part.mean(axis=1, keepdims=True), np.where(sd > 0, sd, 1.0)))
        return found

    @property
    def slices(self) -> tuple[slice, ...]:
        """The rows of each group."""
        ends = np.cumsum(self.groups or (self.rows,)).tolist()
        return tuple(slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True))


def filled(Z: np.ndarray, gaps: np.ndarray | None) -> np.ndarray:
    """The same standard scores (tables, rows, columns) with those at the middle that are missing in rows
    drawn from the searched table's ``gaps`` (m, columns), since a search puts them there."""
    if gaps is None:
        return Z
    return np.where(gaps_of_rows(gaps, Z.shape[:2]), 0.0, Z)


def gaps_of_rows(gaps: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """What is missing in simulated rows (*shape, columns), drawn from the searched table's ``gaps`` (m,
    columns)."""
    return gaps[np.random.default_rng(1).integers(len(gaps), size=shape)]


def clean_shape(rows: int, groups: Sequence[int] = ()) -> CleanShape:
    """The shape that stands for a table of ``rows`` rows in groups of these sizes: the same for tables of
    about one size (within 3 %), so that they share simulations."""
    sizes = sorted(size for size in groups if size)
    if len(sizes) < 2:
        return CleanShape(min(_rounded(rows), _MOST_ROWS))
    sizes = [_rounded(size) for size in sizes]
    every = max(1.0, sum(sizes) / _MOST_ROWS)
    few = [size for size in sizes if size < _MOST_ROWS / 10]
    many = [max(round(size / every), _EXACT_ROWS) for size in sizes[len(few) :]]
    kept = [few[int(place)] for place in np.arange(0, len(few), every)]
    return CleanShape(sum(kept) + sum(many), (*kept, *many))


def _rounded(rows: int) -> int:
    if rows <= _EXACT_ROWS:
        return rows
    step = 2 ** (int(np.log2(rows)) - 4)
    return round(rows / step) * step
