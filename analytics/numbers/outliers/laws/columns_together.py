"""How often several columns of one row are far out together, by the table's own rank correlations.

A column-wise method flags a row once, however many of its values are far out, so that correlated columns
flag fewer rows than independent ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import stats

from analytics.numbers.outliers.column_spread import ColumnSpread
from analytics.numbers.outliers.data import NumberColumns
from analytics.numbers.outliers.row_matrix import RowMatrix, rank_correlations, row_matrix

_ROWS = 5_000
"""Rows whose ranks tell the correlations: to 0.014 and better."""
_RATES = np.geomspace(1e-12, 1, 18)
"""Rates of far values in one column at which it is simulated; interpolated between."""
_DRAWS, _FEWEST_DRAWS, _COLUMNS = 12_000, 300, 30
"""Rows drawn in all, for each column at least, and columns that are looked at: shares are known to 1 %."""


@dataclass(frozen=True)
class ColumnsTogether:
    """The searched columns in at most 5,000 random rows, of ``columns`` columns in all."""

    sample: RowMatrix
    columns: int

    @property
    def nbytes(self) -> int:
        """The memory of the rows."""
        return self.sample.Z.nbytes + (0 if self.sample.gaps is None else self.sample.gaps.nbytes)

    @cached_property
    def correlation(self) -> np.ndarray:
        """Correlations (d, d) of the normal law with the same ranks; columns that never vary have none."""
        correlation, varying = np.eye(self.columns), self.sample.columns
        if len(varying) > 1:
            found = rank_correlations(self.sample.Z, self.sample.gaps, rows=_ROWS, seed=0)
            values, vectors = np.linalg.eigh(found)
            root = vectors * np.sqrt(np.clip(values, 0.0, None))
            root /= np.linalg.norm(root, axis=1, keepdims=True)
            correlation[np.ix_(varying, varying)] = root @ root.T
        return correlation

    @cached_property
    def root(self) -> np.ndarray:
        """What (d, d) makes independent normal columns correlated like these; the same for equal ones."""
        values, vectors = np.linalg.eigh(self.correlation)
        return vectors * np.sqrt(np.clip(values, 0.0, None))

    @property
    def independent(self) -> bool:
        """Whether no rank correlation is larger than chance makes."""
        return not (self.correlation - np.eye(self.columns)).any()

    @cached_property
    def gaps(self) -> np.ndarray | None:
        """Which values (m, d) are missing; None where there are none."""
        if self.sample.gaps is None:
            return None
        gaps = np.zeros((len(self.sample.Z), self.columns), dtype=bool)
        gaps[:, self.sample.columns] = self.sample.gaps
        return gaps

    def rows_left(self, rates: np.ndarray) -> np.ndarray:
        """The share (k,) of the rows that independent columns would flag which these do, where this share of
        each column's values is flagged (k,)."""
        known = np.log(np.clip(rates, _RATES[0], 1.0))
        return np.interp(known, np.log(_RATES), self._left)

    @cached_property
    def _left(self) -> np.ndarray:
        if self.independent:
            return np.ones(len(_RATES))
        ours, independent = (
            self._flags_per_row(matrix) for matrix in (self.correlation, np.eye(self.columns))
        )
        return ours / independent

    def _flags_per_row(self, correlation: np.ndarray) -> np.ndarray:
        """The mean (k,) of 1 / far values of a row, over far values: what each of them adds to the rows."""
        rng = np.random.default_rng(0)
        looked_at = rng.permutation(self.columns)[:_COLUMNS]
        draws = max(_FEWEST_DRAWS, _DRAWS // len(looked_at))
        values, vectors = np.linalg.eigh(correlation)
        root = (vectors * np.sqrt(np.clip(values, 0.0, None))).T
        total = np.zeros(len(_RATES))
        for column in looked_at:
            along = correlation[column]
            normal = rng.standard_normal((draws, self.columns)) @ root
            beyond = (rng.permutation(draws) + 0.5) / draws
            there = rng.random(normal.shape)
            others = normal - np.outer(normal[:, column], along)
            counted = there < self._present_beside(column)
            for place, rate in enumerate(_RATES):
                far = others + np.outer(stats.norm.isf(rate * beyond / 2), along)
                far_out = (np.abs(far) > stats.norm.isf(rate / 2)) & counted
                far_out[:, column] = True
                total[place] += (1 / far_out.sum(axis=1)).mean()
        return total / len(looked_at)

    def _present_beside(self, column: int) -> np.ndarray:
        """The share (d,) of the rows with a value in this column that have one in each other."""
        if self.gaps is None or self.gaps[:, column].all():
            return np.ones(self.columns)
        return np.asarray((~self.gaps[~self.gaps[:, column]]).mean(axis=0))


def columns_together(data: NumberColumns, spreads: Sequence[ColumnSpread], *, seed: int) -> ColumnsTogether:
    """Look at random rows of the searched table."""
    if data.rows > _ROWS:
        chosen = np.sort(np.random.default_rng(seed).choice(data.rows, _ROWS, replace=False))
        data = replace(
            data,
            values=tuple(values[chosen] for values in data.values),
            index=data.index[chosen],
            codes=data.codes[chosen],
        )
    return ColumnsTogether(row_matrix(data, spreads), len(data.names))
