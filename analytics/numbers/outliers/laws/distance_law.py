"""How robust distances of clean normal rows are spread, in tables of one size.

The chi-square law holds for a known covariance. One that was estimated from the half that lies nearest makes
far rows farther: at 50 rows of 3 columns eight in a hundred lie beyond the chi-square law's 99 %. The
distances are simulated; beyond those, where a false discovery rate looks, the law is that of a new row
measured by the simulated estimates, since a far row takes no part in its own (Hardin and Rocke 2005 give it
an F law for that reason; averaging over the estimates needs no approximation of their spread).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg, special

from analytics.numbers.outliers.distances import FEWEST_IN_GROUP, complete_rows, patterns_of
from analytics.numbers.outliers.kept import Kept
from analytics.numbers.outliers.laws.clean_rows import CLEAN_ROWS, CleanShape, filled
from analytics.numbers.outliers.robust_covariance import COVARIANCE_ROWS, robust_covariances
from analytics.numbers.outliers.row_matrix import RowMatrix, rank_root
from analytics.progress import Progress, silent

_MOST_CLEAN_ROWS, _MOST_VALUES = 60_000, 600_000
"""So many rows are simulated, of more than ten columns fewer: in a second, and shares of 1 % within 5 %."""
_ANCHOR = 0.02
"""Beyond the simulated distance that this share exceeds, the tail law continues."""
_ANCHOR_ROWS = 60
"""In groups and with gaps it continues where so many simulated rows lie beyond: a new row is only roughly
one of a group, whose own scales bound its rows."""
_DIRECTIONS = 12_000
_TAIL = np.geomspace(1, 30, 80)
"""Distances of the tail law, in units of the anchor; interpolated between, to a thousandth."""
_LEAST = 1e-300
_VARIES = 1e-12
"""Eigenvalues that are a smaller share of the largest are those of collinear columns."""
_VALUES_AT_ONCE = 100_000
"""Simulated values that are looked at between two calls of progress, in about a tenth of a second."""
_laws = Kept(64 * 1024**2)


@dataclass(frozen=True)
class _CleanTables:
    """Simulated rows ``X`` (t, n, d), of which the last ``singly`` columns are measured without correlations,
    and what new rows of each table are: ``start`` + ``ways`` (t, k, d) times the length of ``directions``
    independent normal values.

    ``axes`` (d, r) are those along which collinear columns vary. ``gaps`` (n, d) and ``new_gaps`` (k, d) tell
    what is left out of the distances, in every table alike; the rows without gaps tell centre and covariance.
    """

    X: np.ndarray
    start: np.ndarray
    ways: np.ndarray
    directions: int
    singly: int = 0
    axes: np.ndarray | None = None
    gaps: np.ndarray | None = None
    new_gaps: np.ndarray | None = None


@dataclass(frozen=True)
class DistanceLaw:
    """Robust distances of clean normal rows.

    ``clean`` (tables, rows) are the simulated ones, ``ordered`` the same, sorted; ``reach`` (k,) and
    ``log_share`` (k,) are distances of the tail and the logarithm of the share of rows beyond them,
    ``log_new`` (k,) that of new rows, which took no part in the estimate and lie farther out.
    """

    clean: np.ndarray
    ordered: np.ndarray
    reach: np.ndarray
    log_share: np.ndarray
    log_new: np.ndarray

    def share_beyond(self, distances: np.ndarray) -> np.ndarray:
        """The chance (n,) that a clean row lies beyond each distance."""
        near = 1 - np.searchsorted(self.ordered, distances, side="right") / len(self.ordered)
        known = np.log(np.maximum(distances, self.reach[0]))
        far = np.exp(np.interp(known, np.log(self.reach), self.log_share))
        return np.where(distances < self.reach[0], np.maximum(near, np.exp(self.log_share[0])), far)

    def distance_of_new(self, share: float) -> float:
        """The distance beyond which this share of new clean rows lies, at most 0.02."""
        return float(np.interp(-np.log(share), -self.log_new, self.reach))


def distance_law(shape: CleanShape, directions: int, *, progress: Progress = silent) -> DistanceLaw:
    """The law in tables of this shape with so many independent directions.

    Robust distances do not change with the scales and correlations of the columns, so those of independent
    columns are those of any, if rows are neither measured within groups nor have gaps. Kept, since tables of
    about one size share it.
    """

    def simulated() -> DistanceLaw:
        X = _normal(shape, directions)
        ways = _ways(len(X), directions)
        return _law(_CleanTables(X, np.zeros_like(ways), ways, directions), _ANCHOR, progress)

    return _laws.get((shape, directions), simulated)


def table_law(
    matrix: RowMatrix,
    shape: CleanShape,
    directions: int,
    *,
    singly: Sequence[int] = (),
    apart: bool = True,
    seed: int = 0,
    progress: Progress = silent,
) -> DistanceLaw:
    """The law in tables of this shape with the groups, gaps and correlations of the matrix, where columns are
    mostly one value (``singly``) or collinear (fewer ``directions``) as in it.

    Each group has scales of its own that are a little off, and where too few rows are complete, a value at
    the middle leaves the direction of the others: the more the columns are correlated, the farther out such
    rows lie. Rows measured in the columns they have lie as independent ones do.
    """
    if not shape.groups and matrix.gaps is None:
        return distance_law(shape, directions, progress=progress)
    order = [*np.setdiff1d(np.arange(matrix.Z.shape[1]), singly), *singly]
    gaps = None if matrix.gaps is None else matrix.gaps[:, order]
    apart = apart and complete_rows(gaps) is not None
    if shape.groups or not apart or directions < len(order):
        known = _complete(matrix) if apart else matrix
        root = rank_root(known.Z, known.gaps, rows=shape.rows, seed=seed)[order, -directions:]
    else:
        root = np.eye(directions)
    tables = _tables_of(_normal(shape, directions) @ root.T, root, shape, gaps, len(singly), apart)
    return _law(tables, _ANCHOR_ROWS / (tables.X.shape[0] * tables.X.shape[1]), progress)


def _tables_of(
    raw: np.ndarray,
    root: np.ndarray,
    shape: CleanShape,
    gaps: np.ndarray | None,
    singly: int,
    apart: bool,
) -> _CleanTables:
    ways = _ways(len(raw), root.shape[1]) @ root.T
    kept, new = None, None
    if gaps is not None and apart:
        kept, new = _gaps_by_group(gaps, shape), _some_rows(gaps, ways.shape[1], evenly=False)
    X = shape.standardized(raw, None if kept is None else np.asarray(~kept.any(axis=1)))
    mean, sd = _scales_of_some_rows(raw, shape, ways.shape[1], kept)
    start, ways = -mean / sd, ways / sd
    if kept is None:
        X, start, ways = (filled(part, gaps) for part in (X, start, ways))
    axes = None
    if root.shape[1] < len(root):
        bulk, lost = len(root) - singly, len(root) - root.shape[1]
        flat = X.reshape(-1, len(root))[:, :bulk]  # collinear columns have no determinant that could be least
        axes = linalg.block_diag(np.linalg.eigh(flat.T @ flat)[1][:, lost:], np.eye(singly))
    return _CleanTables(X, start, ways, root.shape[1], singly, axes, kept, new)


def _complete(matrix: RowMatrix) -> RowMatrix:
    """The rows without gaps."""
    return matrix if matrix.gaps is None else replace(matrix, Z=matrix.Z[~matrix.gaps.any(axis=1)], gaps=None)


def _gaps_by_group(gaps: np.ndarray, shape: CleanShape) -> np.ndarray:
    """Gaps (n, d) of the rows of a simulated table, of whose groups each has a few complete rows."""
    kept = _some_rows(gaps, shape.rows, evenly=True)
    for rows in shape.slices if shape.groups else ():
        incomplete = rows.start + np.flatnonzero(kept[rows].any(axis=1))
        complete = rows.stop - rows.start - len(incomplete)
        kept[incomplete[: max(FEWEST_IN_GROUP - complete, 0)]] = False
    return kept


def _some_rows(gaps: np.ndarray, count: int, *, evenly: bool) -> np.ndarray:
    """Gaps (count, d) of so many rows of the searched table's (m, d), drawn at random; ``evenly``: each about
    as often as the others, so that as large a share of rows is complete."""
    rng = np.random.default_rng(1)
    chosen = rng.permutation(np.arange(count) % len(gaps)) if evenly else rng.integers(len(gaps), size=count)
    return gaps[rng.permutation(len(gaps))[chosen]]


def _estimates(tables: _CleanTables, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Robust centres (t, d) and covariances (t, d, d) of some of the tables; single columns keep their own
    scale."""
    if tables.gaps is not None:
        X = X[:, ~tables.gaps.any(axis=1)]
    axes = np.eye(X.shape[2]) if tables.axes is None else tables.axes
    X = X[:, :COVARIANCE_ROWS] @ axes
    bulk = X.shape[2] - tables.singly
    centres, covariances = np.zeros((len(X), X.shape[2])), np.tile(np.eye(X.shape[2]), (len(X), 1, 1))
    if bulk:
        centres[:, :bulk], covariances[:, :bulk, :bulk] = robust_covariances(X[:, :, :bulk])
    return centres @ axes.T, axes @ covariances @ axes.T


def _uncorrelated(deviations: np.ndarray, covariances: np.ndarray, gaps: np.ndarray | None) -> np.ndarray:
    """Deviations (t, n, d) from the centres, turned so that their lengths, in the columns that each row has,
    are the distances."""
    if gaps is None:
        return deviations @ _inverse_root(covariances)
    found = np.zeros_like(deviations)
    whole = np.flatnonzero(~gaps.any(axis=1))
    for missing, rows in [(np.zeros(gaps.shape[1], dtype=bool), whole), *patterns_of(gaps)]:
        present = np.flatnonzero(~missing)
        root = _inverse_root(covariances[:, present[:, None], present])
        found[:, rows[:, None], present] = deviations[:, rows[:, None], present] @ root
    return found


def _inverse_root(covariances: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariances)
    kept = values > _VARIES * values[..., -1:]
    return vectors * np.where(kept, 1 / np.sqrt(np.where(kept, values, 1.0)), 0.0)[..., None, :]


def _scales_of_some_rows(
    raw: np.ndarray, shape: CleanShape, count: int, gaps: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and SD (t, count, d) of the groups that random rows of each table belong to."""
    by = None if gaps is None else np.asarray(~gaps.any(axis=1))
    means, sds = (np.concatenate(part, axis=1) for part in zip(*shape.scales(raw, by), strict=True))
    sizes = [rows.stop - rows.start for rows in shape.slices]
    groups = np.repeat(np.arange(len(sizes)), sizes)
    chosen = np.random.default_rng(2).choice(groups, size=(len(means), count))[..., None]
    return np.take_along_axis(means, chosen, axis=1), np.take_along_axis(sds, chosen, axis=1)


def _normal(shape: CleanShape, directions: int) -> np.ndarray:
    rows = max(CLEAN_ROWS, min(_MOST_CLEAN_ROWS, _MOST_VALUES // directions))
    return shape.normal(directions, tables=shape.tables(rows))


def _ways(tables: int, directions: int) -> np.ndarray:
    """Random directions (tables, k, directions), of length 1."""
    ways = np.random.default_rng(0).standard_normal((tables, -(-_DIRECTIONS // tables), directions))
    return ways / np.linalg.norm(ways, axis=-1, keepdims=True)


def _law(tables: _CleanTables, anchor: float, progress: Progress) -> DistanceLaw:
    X = tables.X
    at_once = max(1, _VALUES_AT_ONCE // (X.shape[1] * X.shape[2]))
    found = []
    for start in range(0, len(X), at_once):
        progress(start, len(X))
        some = slice(start, start + at_once)
        centres, covariances = _estimates(tables, X[some])
        apart = _uncorrelated(X[some] - centres[:, None], covariances, tables.gaps)
        along = _uncorrelated(tables.ways[some], covariances, tables.new_gaps)
        begin = _uncorrelated(centres[:, None] - tables.start[some], covariances, tables.new_gaps)
        lengths = np.linalg.norm(apart, axis=-1)
        found.append((lengths, np.square(along).sum(-1), (along * begin).sum(-1), np.square(begin).sum(-1)))
    distances, a, b, c = (np.concatenate(part) for part in zip(*found, strict=True))
    ordered = np.sort(distances, axis=None)
    reach = _TAIL * np.quantile(ordered, 1 - anchor)
    tail = _share_of_new_rows(a, b, c, reach, directions=tables.directions)
    new, share = np.log(np.maximum(tail, _LEAST)), np.maximum(anchor * tail / tail[0], _LEAST)
    return DistanceLaw(distances, ordered, reach, np.log(share), new)


def _share_of_new_rows(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, reach: np.ndarray, *, directions: int
) -> np.ndarray:
    """The share (k,) of new normal rows that lie beyond these distances from simulated estimates.

    Along a random direction the squared distance at length s is a s^2 - 2 b s + c (each (t, m)), so that a
    row lies beyond from a certain length on, whose chance is a chi-square one: the far tail is known without
    simulating rows that reach it.
    """
    far = np.maximum(a, 1e-300)[..., None]
    within = np.square(b)[..., None] - far * (c[..., None] - np.square(reach))
    length = np.maximum(b[..., None] + np.sqrt(np.maximum(within, 0.0)), 0.0) / far
    return special.chdtrc(directions, np.square(length)).mean(axis=(0, 1))
