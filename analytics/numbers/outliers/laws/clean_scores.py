"""What the methods say of simulated clean normal rows, table after table; (tables * rows,) scores each."""

import numpy as np

from analytics.numbers.basics.statistics import NORMAL_MAD
from analytics.numbers.outliers.detectors import NEIGHBOURS, detect
from analytics.numbers.outliers.generalized_esd import candidate_count
from analytics.numbers.outliers.kept import Kept
from analytics.numbers.outliers.laws.clean_forests import isolation_scores
from analytics.numbers.outliers.laws.clean_neighbours import MOST_ROWS, factors_of_tables
from analytics.numbers.outliers.laws.clean_rows import CLEAN_ROWS, CleanShape, filled, gaps_of_rows
from analytics.numbers.outliers.laws.esd_laws import esd_table_scores
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.row_matrix import RowMatrix, rank_root
from analytics.progress import Progress

_TABLES = {"lof": 4, "isolation_forest": 40, "ecod": 40}
"""So many tables at least: what one of them flags varies by a quarter, even of 5,000 rows. Neighbours take a
second for each such table."""
_MOST_ROWS, _MOST_VALUES = 60_000, 600_000
"""So many rows by column-wise methods, of more than ten columns fewer."""
_column_scores = Kept(64 * 1024**2)
_row_scores = Kept(64 * 1024**2)


def clean_scores(
    method: str, matrix: RowMatrix, shape: CleanShape, *, seed: int, progress: Progress
) -> np.ndarray:
    """The scores of normal rows in tables of this shape, correlated as the matrix is by ranks, with its gaps;
    those of robust distances are in their law."""
    root = rank_root(matrix.Z, matrix.gaps, rows=shape.rows, seed=seed)
    name = (method, shape, root.tobytes(), _packed(matrix.gaps), seed)
    return _row_scores.get(name, lambda: _scores_across(method, shape, root, matrix.gaps, seed, progress))


def _scores_across(
    method: str, shape: CleanShape, root: np.ndarray, gaps: np.ndarray | None, seed: int, progress: Progress
) -> np.ndarray:
    tables = max(_TABLES[method], -(-CLEAN_ROWS // shape.rows))
    X = filled(shape.standardized(shape.normal(len(root), tables=tables) @ root.T), gaps)
    if method == "isolation_forest":
        return isolation_scores(X, seed=seed, progress=progress).reshape(-1)
    # Rows that may be equal count once: standard scores of groups of two are 1 and -1, gaps are filled alike.
    if method == "lof" and gaps is None and not shape.groups and shape.rows <= MOST_ROWS:
        return factors_of_tables(X, neighbours=NEIGHBOURS, progress=progress).reshape(-1)
    scores = []
    for place, table in enumerate(X):

        def report(done: int, total: int, place: int = place) -> None:
            progress(place * total + done, len(X) * total)

        scores.append(detect(method, table, seed=seed, explained=0, progress=report).scores)
    return np.concatenate(scores)


def clean_column_scores(
    shape: CleanShape, root: np.ndarray, method: str, gaps: np.ndarray | None = None
) -> np.ndarray:
    """Each row's largest score by a column-wise method, of columns that ``root`` (d, d) makes out of
    independent ones, measured within the groups, without the values that are missing in rows drawn from the
    searched table's ``gaps`` (m, d)."""
    name = (shape, root.tobytes(), method, _packed(gaps))
    return _column_scores.get(name, lambda: _largest_scores(shape, root, method, gaps))


def _packed(gaps: np.ndarray | None) -> bytes | None:
    return None if gaps is None else np.packbits(gaps).tobytes()


def _largest_scores(shape: CleanShape, root: np.ndarray, method: str, gaps: np.ndarray | None) -> np.ndarray:
    tables = shape.tables(max(CLEAN_ROWS, min(_MOST_ROWS, _MOST_VALUES // len(root))))
    X = shape.normal(len(root), tables=tables) @ root.T
    out = np.zeros(X.shape, dtype=bool) if gaps is None else gaps_of_rows(gaps, X.shape[:2])
    largest = np.full(X.shape[:2], -np.inf)
    for rows in shape.slices:
        part = X[:, rows]
        if part.shape[1] >= OUTLIER_METHODS[method].min_rows:
            for column, missing in zip(np.moveaxis(part, 2, 0), np.moveaxis(out[:, rows], 2, 0), strict=True):
                scores = np.where(missing, -np.inf, _table_scores(method, column))
                np.maximum(largest[:, rows], scores, out=largest[:, rows])
    return largest.reshape(-1)


def _table_scores(method: str, x: np.ndarray) -> np.ndarray:
    """The scores of the values of samples (s, n)."""
    if method == "esd":
        return esd_table_scores(x, candidate_count(x.shape[1]))
    if method == "zscore":
        return np.abs(x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
    if method == "modified_zscore":
        from_median = np.abs(x - np.median(x, axis=1, keepdims=True))
        return from_median / (NORMAL_MAD * np.median(from_median, axis=1, keepdims=True))
    q1, q3 = np.quantile(x, [0.25, 0.75], axis=1)[:, :, None]
    return np.maximum(q1 - x, x - q3) / (q3 - q1)
