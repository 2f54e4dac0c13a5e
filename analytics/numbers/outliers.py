"""Find unusual rows with several methods at once, keeping every score."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.numbers.column_scores import measure_and_score
from analytics.numbers.column_spread import ColumnSpread
from analytics.numbers.detectors import Detection, detect
from analytics.numbers.outlier_data import NumberColumns, number_columns
from analytics.numbers.outlier_methods import ACROSS_METHODS, COLUMN_METHODS, OUTLIER_METHODS
from analytics.numbers.outlier_report import OutlierReport, Parts
from analytics.numbers.parameters import Label
from analytics.numbers.row_matrix import RowMatrix, normal_twin, row_matrix
from analytics.numbers.thresholds import checked_thresholds, default_threshold

Progress = Callable[[int, int], None]
CLEAN_ROWS = {"mahalanobis": 2_000, "isolation_forest": 20_000, "lof": 5_000, "ecod": 20_000}
"""Clean normal rows are drawn as many as the table has, up to this many."""
FEWEST_CLEAN_ROWS = 2_000
MOST_REPEATS = 5
"""Small tables are simulated again and again, at most this often, to reach that many clean rows."""
STEPS = 100
"""Steps of progress that one method counts."""


def find_outliers(
    frame: pd.DataFrame,
    *,
    methods: Sequence[str] = tuple(OUTLIER_METHODS),
    thresholds: Mapping[str, float] | None = None,
    columns: Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> OutlierReport:
    """Score every row by every method.

    Column-wise methods (zscore, modified_zscore, iqr, esd) score each value within its column and group; a
    row gets its largest score. Methods across columns (mahalanobis, isolation_forest, lof, ecod) look at
    whole rows, whose values are first standardized within their group. No row is dropped: a missing value is
    not scored by the column-wise methods and stands at its group's median for the others; infinite values
    count as missing. The report says in ``notes`` how many there were.

    Args:
        frame: the table (n rows).
        methods: names from ``OUTLIER_METHODS``.
        thresholds: on the scale of each method's score; methods that are not named get their default.
        columns: the number columns to search; by default all.
        by: columns whose combinations make groups: unusual within its group.
        seed: of the random parts: sampled rows, isolation trees, simulated clean data.
        progress: called with (done, total); may raise to cancel.

    Raises:
        ZetascopeError: for an unknown method or column, a column without numbers, or a table in which no
            chosen method can score anything.
    """
    chosen = _checked_methods(methods)
    given = checked_thresholds(thresholds)
    data = number_columns(frame, columns=columns, by=by)
    by_column = [method for method in chosen if method in COLUMN_METHODS]
    across = [method for method in chosen if method in ACROSS_METHODS]
    steps = _Steps(1 + len(across), progress)
    spreads, found = measure_and_score(data, by_column, progress=steps.part(0))
    matrix = row_matrix(data, spreads) if across else None
    skipped = {method: _TOO_FEW[method] for method in by_column if np.isnan(found[method]).all()}
    skipped |= {method: why for method in across if (why := _why_not(method, matrix))}
    detections, clean = {}, {}
    for place, method in enumerate(across, start=1):
        if matrix is not None and method not in skipped:
            detections[method] = detect(method, matrix.Z, seed=seed, progress=steps.part(place, 0.0, 0.7))
            clean[method] = _clean_scores(method, matrix.Z, seed, steps.part(place, 0.7, 1.0))
            found[method] = _spread_out(detections[method].scores, matrix, data.rows)
    usable = [method for method in chosen if method in found and method not in skipped]
    if not usable:
        raise ZetascopeError(f"No method can score this table: {next(iter(skipped.values()))}.")
    ranks = {method: detection.rank for method, detection in detections.items()}
    cuts = {
        method: given.get(method, default_threshold(method, rank=ranks.get(method), clean=clean.get(method)))
        for method in usable
    }
    return OutlierReport(
        data=data,
        scores=pd.DataFrame({method: found[method] for method in usable}, index=frame.index, copy=False),
        thresholds=cuts,
        spreads=spreads,
        parts={method: _parts(detection, matrix) for method, detection in detections.items() if matrix},
        clean_scores=clean,
        notes=_notes(data, spreads, by_column, matrix, detections),
        skipped=skipped,
        seed=seed,
    )


class _Steps:
    """Hands each method its stretch of one common count."""

    def __init__(self, parts: int, progress: Progress | None) -> None:
        self.total = parts * STEPS
        self.progress = progress

    def part(self, place: int, start: float = 0.0, end: float = 1.0) -> Progress | None:
        if self.progress is None:
            return None
        tell = self.progress

        def report(done: int, total: int) -> None:
            share = start + (end - start) * done / max(total, 1)
            tell(round((place + share) * STEPS), self.total)

        return report


def _checked_methods(methods: Sequence[str]) -> list[str]:
    for method in methods:
        if method not in OUTLIER_METHODS:
            raise ZetascopeError(f"There is no method {method!r}; there are: {', '.join(OUTLIER_METHODS)}.")
    if not methods:
        raise ZetascopeError(f"No method is chosen; there are: {', '.join(OUTLIER_METHODS)}.")
    return [method for method in OUTLIER_METHODS if method in methods]


_TOO_FEW = {
    method: f"{OUTLIER_METHODS[method].label} needs at least {OUTLIER_METHODS[method].min_rows} values in a "
    + ("column and group" if method != "iqr" else "column and group, whose middle half is not one value")
    for method in COLUMN_METHODS
}


def _why_not(method: str, matrix: RowMatrix | None) -> str:
    if matrix is None:
        return ""
    rows, columns = matrix.Z.shape
    label = OUTLIER_METHODS[method].label
    if columns < 2:
        return f"{label} looks across columns and needs at least two that vary: there {_are(columns)}"
    needed = OUTLIER_METHODS[method].min_rows
    if method == "mahalanobis":
        needed = max(needed, 2 * columns + 2)
    if rows < needed:
        return f"{label} needs at least {needed} rows for {columns} columns: there {_are(rows)}"
    return ""


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _clean_scores(method: str, Z: np.ndarray, seed: int, progress: Progress | None) -> np.ndarray:
    rows = min(len(Z), CLEAN_ROWS[method])
    repeats = min(MOST_REPEATS, -(-FEWEST_CLEAN_ROWS // rows))
    scores = []
    for repeat in range(repeats):

        def report(done: int, total: int, repeat: int = repeat) -> None:
            if progress:
                progress(repeat * total + done, repeats * total)

        twin = normal_twin(Z, rows, seed=seed + repeat)
        scores.append(detect(method, twin, seed=seed + repeat, explained=0, progress=report).scores)
    return np.sort(np.concatenate(scores))


def _spread_out(scores: np.ndarray, matrix: RowMatrix, rows: int) -> np.ndarray:
    if len(scores) == rows:
        return scores
    full = np.full(rows, np.nan)
    full[matrix.positions] = scores
    return full


def _parts(detection: Detection, matrix: RowMatrix) -> Parts:
    return Parts(matrix.positions[detection.rows], matrix.columns, detection.parts, detection.rank)


def _notes(
    data: NumberColumns,
    spreads: Sequence[ColumnSpread],
    by_column: Sequence[str],
    matrix: RowMatrix | None,
    detections: Mapping[str, Detection],
) -> tuple[str, ...]:
    notes = [
        f"{name}: {_counted(count, 'infinite value')} left out; look at them first."
        for name, count in zip(data.names, data.infinite, strict=True)
        if count
    ]
    for name, spread in zip(data.names, spreads, strict=True):
        notes += _column_notes(name, spread, by_column)
    unscored = sum(int(count) for count in spreads[0].count if count < 3)
    if len(data.groups) > 1 and unscored:
        small = int((spreads[0].count < 3).sum())
        notes.append(f"{_counted(small, 'group')} with fewer than three values can't be judged.")
    if matrix is not None and matrix.filled:
        notes.append(
            f"Methods across columns see {_counted(matrix.filled, 'missing value')} as the median of "
            f"{'its group' if data.by else 'the column'}."
        )
    if matrix is not None and len(matrix.positions) < data.rows:
        notes.append(f"{_counted(data.rows - len(matrix.positions), 'row')} without values can't be judged.")
    for method, detection in detections.items():
        notes += _detection_notes(method, detection, data, matrix)
    return tuple(notes)


def _column_notes(name: Label, spread: ColumnSpread, by_column: Sequence[str]) -> list[str]:
    notes = []
    varies = spread.sd > 0
    where = "" if len(spread.sd) == 1 else " in some groups"
    if not varies.any():
        return [f"{name} never varies, so nothing in it is unusual."]
    if "modified_zscore" in by_column and (spread.mad_is_zero & varies).any():
        notes.append(
            f"{name}: more than half of the values are equal{where}, so the MAD is 0 and modified z uses "
            "the mean absolute deviation."
        )
    if "iqr" in by_column and ((spread.iqr == 0) & varies).any():
        notes.append(f"{name}: the middle half is one value{where}, so Tukey's fences do not judge it.")
    return notes


def _detection_notes(
    method: str, detection: Detection, data: NumberColumns, matrix: RowMatrix | None
) -> list[str]:
    label = OUTLIER_METHODS[method].label
    notes = [f"{label}: {note}." for note in detection.notes]
    if matrix is not None and detection.left_out:
        names = ", ".join(str(data.names[matrix.columns[column]]) for column in detection.left_out)
        notes.append(f"{label} leaves out {names}: more than half of its values are equal.")
    return notes


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
