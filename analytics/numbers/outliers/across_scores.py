"""What a method across columns says about a table, with what it would say about clean normal data."""

from dataclasses import dataclass, replace

import numpy as np

from analytics.numbers.outliers.detectors import detect
from analytics.numbers.outliers.distances import by_complete_rows
from analytics.numbers.outliers.laws.clean_rows import clean_shape
from analytics.numbers.outliers.laws.clean_scores import clean_scores
from analytics.numbers.outliers.laws.distance_law import table_law
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.report import MethodScores, Parts
from analytics.numbers.outliers.row_matrix import RowMatrix
from analytics.progress import Progress, silent
from analytics.words import count

_CLEAN_FROM = 0.3
"""The share of a method's time that its own rows take, for its progress."""


@dataclass(frozen=True)
class AcrossScores:
    """One method's scores of all rows, its parts, and the scores (c,) of clean normal rows.

    ``singly`` are positions of columns, in the data, whose correlations the method can't use.
    """

    scores: MethodScores
    parts: Parts
    clean: np.ndarray
    singly: tuple[int, ...]
    notes: tuple[str, ...]


def score_across(
    method: str, matrix: RowMatrix, codes: np.ndarray, *, seed: int = 0, progress: Progress | None = None
) -> AcrossScores:
    """Score the rows of a matrix, spread out over all rows of the table, whose groups are ``codes`` (n,): NaN
    where a row has no value."""
    tell = progress or silent
    shape = clean_shape(len(matrix.positions), np.bincount(codes[matrix.positions]).tolist())
    Z, gaps = matrix.Z, matrix.gaps
    if method == "mahalanobis" and gaps is not None and shape.groups:
        measured = by_complete_rows(Z, gaps, codes[matrix.positions])
        Z, gaps = (Z, None) if measured is None else (measured, gaps)
    found = detect(method, Z, gaps=gaps, seed=seed, progress=_part_of(tell, 0.0, _CLEAN_FROM))
    further, law = _part_of(tell, _CLEAN_FROM, 1.0), None
    if method == "mahalanobis":
        law = table_law(
            replace(matrix, Z=Z),
            shape,
            found.rank or 1,
            singly=found.singly,
            apart=gaps is not None,
            seed=seed,
            progress=further,
        )
        clean = law.clean.reshape(-1)
    else:
        clean = clean_scores(method, matrix, shape, seed=seed, progress=further)
    return AcrossScores(
        scores=MethodScores(_spread_out(found.scores, matrix, len(codes))),
        parts=Parts(matrix.positions[found.rows], matrix.columns, found.parts, law),
        clean=clean,
        singly=tuple(int(matrix.columns[column]) for column in found.singly),
        notes=found.notes,
    )


def why_not(method: str, matrix: RowMatrix) -> str:
    """Why a method can't score this matrix; empty where it can."""
    rows, columns = matrix.Z.shape
    label = OUTLIER_METHODS[method].label
    if columns < 2:
        return f"{label} looks across columns and needs at least two that vary: there {_are(columns)}"
    needed = OUTLIER_METHODS[method].min_rows
    if method == "mahalanobis":
        needed = max(needed, 2 * columns + 2)
    if rows < needed:
        return f"{label} needs at least {needed} rows for {count(columns, 'column')}: there {_are(rows)}"
    return ""


def _part_of(progress: Progress, start: float, end: float) -> Progress:
    def report(done: int, total: int) -> None:
        progress(round(100 * (start + (end - start) * done / max(total, 1))), 100)

    return report


def _spread_out(scores: np.ndarray, matrix: RowMatrix, rows: int) -> np.ndarray:
    if len(scores) == rows:
        return scores
    full = np.full(rows, np.nan)
    full[matrix.positions] = scores
    return full


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"
