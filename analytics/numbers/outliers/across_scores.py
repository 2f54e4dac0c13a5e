"""What a method across columns says about a table, with what it would say about clean normal data."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analytics.numbers.outliers.detectors import Detection, detect
from analytics.numbers.outliers.methods import OUTLIER_METHODS
from analytics.numbers.outliers.report import MethodScores, Parts
from analytics.numbers.outliers.row_matrix import RowMatrix, normal_twin
from analytics.progress import Progress, silent
from analytics.words import count

_CLEAN_ROWS = {"mahalanobis": 2_000, "isolation_forest": 20_000, "lof": 5_000, "ecod": 20_000}
"""Clean normal rows are drawn as many as the table has, up to this many."""
_FEWEST_CLEAN_ROWS = 2_000
_MOST_REPEATS = 5
"""Small tables are simulated again and again, at most this often, to reach that many clean rows."""
_CLEAN_FROM = 0.7
"""The share of a method's time that its own rows take, for its progress."""


@dataclass(frozen=True)
class AcrossScores:
    """One method's scores of all rows, its parts, and the sorted scores (c,) of clean normal rows.

    ``singly`` are positions of columns, in the data, whose correlations the method can't use.
    """

    scores: MethodScores
    parts: Parts
    clean: np.ndarray
    singly: tuple[int, ...]
    notes: tuple[str, ...]


def score_across(
    method: str, matrix: RowMatrix, *, rows: int, seed: int = 0, progress: Progress | None = None
) -> AcrossScores:
    """Score the rows of a matrix, spread out over all ``rows`` of the table: NaN where a row has no value."""
    tell = progress or silent
    found = detect(
        method, matrix.Z, seed=seed, progress=lambda done, total: tell(round(_CLEAN_FROM * done), total)
    )
    clean = _clean_scores(method, matrix.Z, found, seed, _second_part(tell))
    return AcrossScores(
        scores=MethodScores(_spread_out(found.scores, matrix, rows)),
        parts=Parts(matrix.positions[found.rows], matrix.columns, found.parts, found.rank),
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


def _clean_scores(method: str, Z: np.ndarray, found: Detection, seed: int, progress: Progress) -> np.ndarray:
    rows = min(len(Z), _CLEAN_ROWS[method])
    repeats = min(_MOST_REPEATS, -(-_FEWEST_CLEAN_ROWS // rows))
    scores = []
    for repeat in range(repeats):

        def report(done: int, total: int, repeat: int = repeat) -> None:
            progress(repeat * total + done, repeats * total)

        if method == "mahalanobis":
            report(0, 1)
            scores.append(_clean_distances(rows, found.rank or 1, seed + repeat))
        else:
            twin = normal_twin(Z, rows, seed=seed + repeat)
            clean = detect(method, twin, seed=seed + repeat, explained=0, progress=report)
            scores.append(clean.scores)
    return np.sort(np.concatenate(scores))


@lru_cache(maxsize=64)
def _clean_distances(rows: int, rank: int, seed: int) -> np.ndarray:
    """Robust distances do not change with the scales and correlations of the columns, so those of
    independent columns are those of any."""
    Z = np.random.default_rng(seed).standard_normal((rows, rank))
    scores = detect("mahalanobis", Z, seed=seed, explained=0).scores
    scores.flags.writeable = False
    return scores


def _second_part(progress: Progress) -> Progress:
    def report(done: int, total: int) -> None:
        progress(round(100 * (_CLEAN_FROM + (1 - _CLEAN_FROM) * done / max(total, 1))), 100)

    return report


def _spread_out(scores: np.ndarray, matrix: RowMatrix, rows: int) -> np.ndarray:
    if len(scores) == rows:
        return scores
    full = np.full(rows, np.nan)
    full[matrix.positions] = scores
    return full


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"
