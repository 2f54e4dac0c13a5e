"""The matrix that methods across columns look at: standardized in groups, complete, no idle columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analytics.numbers.basics.parameters import Label
from analytics.numbers.outliers.column_spread import ColumnSpread
from analytics.numbers.outliers.data import NumberColumns

_STRONG = 0.5
"""Rank correlations from which on ranks among a pair's own rows are taken: they matter and are few."""
_CHANCE = 0.05


@dataclass(frozen=True)
class RowMatrix:
    """Standard scores (m, d) of the rows at ``positions`` (m,) in the columns ``columns`` (d,) of the data.

    The scores are column-major. Every value is measured from its group's mean in its group's SD. A missing
    value stands at its group's median, which seldom makes a row unusual by itself, and so does a value
    whose group has fewer than three: ``gaps`` (m, d) tells them, None where there are none. Rows without any
    value are left out, and so are columns that never vary (``idle``).
    """

    Z: np.ndarray
    positions: np.ndarray
    columns: np.ndarray
    gaps: np.ndarray | None
    idle: tuple[Label, ...]

    @property
    def filled(self) -> int:
        """How many values are missing."""
        return 0 if self.gaps is None else int(self.gaps.sum())


def row_matrix(data: NumberColumns, spreads: Sequence[ColumnSpread]) -> RowMatrix:
    """Standardize, fill and select; see :class:`RowMatrix` for the rules."""
    varying = [column for column, spread in enumerate(spreads) if np.nanmax(spread.sd, initial=0.0) > 0]
    idle = tuple(data.names[column] for column in range(len(spreads)) if column not in varying)
    codes = data.codes if len(data.groups) > 1 else np.zeros(1, dtype=np.intp)
    judged = np.zeros(data.rows, dtype=bool)
    for column in varying:
        judged |= ~np.isnan(data.values[column]) & ~np.isnan(spreads[column].sd)[codes]
    Z = np.empty((data.rows, len(varying)), order="F")
    gaps = np.empty(Z.shape, dtype=bool, order="F")
    for place, column in enumerate(varying):
        gaps[:, place] = _standardize(data.values[column], spreads[column], codes, out=Z[:, place])
    positions = np.flatnonzero(judged)
    if len(positions) < data.rows:
        Z, gaps = np.asfortranarray(Z[positions]), np.asfortranarray(gaps[positions])
    return RowMatrix(Z, positions, np.array(varying, dtype=np.intp), gaps if gaps.any() else None, idle)


def further_rows(
    values: Sequence[np.ndarray], spreads: Sequence[ColumnSpread], varying: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Standard scores (m, d) of other rows, by the spreads of one group measured before, and which of the
    rows (m,) have any value; ``values`` (m,) of all columns, of which ``varying`` (d,) are taken."""
    Z = np.empty((len(values[0]), len(varying)), order="F")
    judged, one_group = np.zeros(len(Z), dtype=bool), np.zeros(1, dtype=np.intp)
    for place, column in enumerate(varying):
        judged |= ~_standardize(values[column], spreads[column], one_group, out=Z[:, place])
    return Z, judged


def rank_root(Z: np.ndarray, gaps: np.ndarray | None = None, *, rows: int, seed: int) -> np.ndarray:
    """What (d, d) makes independent normal columns correlated as those of ``Z`` (n, d) are by ranks; the last
    columns matter most."""
    eigenvalues, vectors = np.linalg.eigh(rank_correlations(Z, gaps, rows=rows, seed=seed))
    return vectors * np.sqrt(np.clip(eigenvalues, 0.0, None))


def rank_correlations(Z: np.ndarray, gaps: np.ndarray | None = None, *, rows: int, seed: int) -> np.ndarray:
    """The correlations (d, d) of the normal law that has the rank correlations of ``Z`` (n, d), where both
    columns have values.

    Rank correlations, of at most ``rows`` random rows, are not swayed by the outliers that are looked for;
    they are turned into those of the normal law by 2 sin(pi rho / 6) (Pearson 1907). What chance alone adds
    to their squares is taken from them: among 20 rows independent columns seem correlated by 0.23.
    """
    rng = np.random.default_rng(seed)
    chosen = slice(None) if len(Z) <= rows else rng.choice(len(Z), rows, replace=False)
    spearman, both = _spearman(Z[chosen], None if gaps is None else ~gaps[chosen])
    less = np.sign(spearman) * np.sqrt(_beyond_chance(np.square(spearman), both))
    correlation = 2 * np.sin(np.pi * less / 6)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _beyond_chance(square: np.ndarray, both: np.ndarray) -> np.ndarray:
    """Squared correlations (d, d) of ``both`` rows less what chance adds, (1 - r^2)^2 / (n - 1).

    From each by itself where it is certain (5 % after Bonferroni). Of the others in proportion, from their
    sum: each by itself could not fall below 0, so that much of what chance adds would stay. From that sum
    one standard error more is taken, for it cannot fall below 0 either.
    """
    pairs = ~np.eye(len(square), dtype=bool)
    chance = np.square(1 - square) / np.maximum(both - 1, 1)
    df = np.maximum(both - 2, 1)
    critical = np.square(stats.t.isf(_CHANCE / max(pairs.sum(), 1), df))
    certain = square * df > critical * (1 - square)
    others = pairs & ~certain
    error = 2 / np.sqrt(max(others.sum(), 1))  # of the sum of m / 2 squares that stand twice, in its mean
    left = max(0.0, 1 - (1 + error) * chance[others].sum() / max(square[others].sum(), 1e-300))
    return np.where(certain, np.maximum(square - chance, 0.0), left * square)


def _spearman(Z: np.ndarray, present: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Rank correlations (d, d) of rows (n, d), 0 where a column has one value, and of how many rows each is:
    those in which both values are ``present`` (n, d)."""
    if present is None:
        return _correlated(stats.rankdata(Z, axis=0)), np.full((Z.shape[1],) * 2, len(Z))
    there = present.astype(np.float64)
    ranks = stats.rankdata(np.where(present, Z, np.nan), axis=0, nan_policy="omit")
    found = _correlated(np.where(present, ranks - (present.sum(axis=0) + 1) / 2, 0.0), there)
    for i, j in zip(*np.nonzero(np.triu(np.abs(found) > _STRONG, 1)), strict=True):
        both = present[:, i] & present[:, j]
        # Ranks among other values than the pair's own would blur strong correlations.
        found[i, j] = found[j, i] = _correlated(stats.rankdata(Z[both][:, [i, j]], axis=0))[0, 1]
    return found, there.T @ there


def _correlated(ranks: np.ndarray, there: np.ndarray | None = None) -> np.ndarray:
    """Correlations (d, d) of ranks (n, d); with gaps ranks are centred and 0 where ``there`` (n, d) is."""
    if there is None:
        ranks, there = ranks - ranks.mean(axis=0), np.ones(ranks.shape)
    squares = np.square(ranks).T @ there  # of the ranks of one column in the rows where the other has a value
    length = np.sqrt(squares * squares.T)
    return np.clip(np.divide(ranks.T @ ranks, length, out=np.zeros(length.shape), where=length > 0), -1, 1)


def _standardize(
    values: np.ndarray, spread: ColumnSpread, codes: np.ndarray, *, out: np.ndarray
) -> np.ndarray:
    """Write standard scores (n,), missing ones at the median; gives which (n,) are missing.

    ``codes`` are the groups of the rows, or one 0 where there is one group.
    """
    unmeasured = np.isnan(spread.sd)
    mean = np.where(unmeasured, 0.0, spread.mean)
    scale = np.where(spread.sd > 0, spread.sd, 1.0)
    np.subtract(values, mean[codes], out=out)
    out /= scale[codes]
    missing = np.isnan(values) | unmeasured[codes]
    if missing.any():
        at_median = np.where(unmeasured, 0.0, (spread.median - mean) / scale)
        np.copyto(out, at_median[codes], where=missing)
    return missing
