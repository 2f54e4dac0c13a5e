"""Robust Mahalanobis distances of rows, and what each column adds to them."""

import numpy as np

from analytics.numbers.basics.parallel import map_columns
from analytics.numbers.outliers.detection import Detection, most_unusual
from analytics.numbers.outliers.robust_covariance import COVARIANCE_ROWS, robust_covariance
from analytics.progress import Progress

_VARIES = 1e-8
"""Directions with a smaller share of the largest one's variance carry rounding only."""
_FEWEST_ROWS, _ROWS_PER_COLUMN, FEWEST_IN_GROUP = 10, 3, 3
"""So many complete rows, so many for each column and so many in each group tell a covariance alone."""


def robust_distances(
    Z: np.ndarray, gaps: np.ndarray | None, *, seed: int, explained: int, progress: Progress
) -> Detection:
    """The bulk's squared distance, plus the squared standard score of each column that is mostly one value:
    half of its rows have no spread, so that no covariance can be told from them.

    Rows with missing values are measured in the columns they have, by what the complete rows say: at the
    median of its column, a value would leave the direction of those it is correlated with.
    """
    progress(0, 2)
    complete = complete_rows(gaps)
    whole = Z if complete is None else Z[complete]
    bulk = _not_spiked(whole)
    parts, rank, notes = np.empty(Z.shape), 0, []
    if bulk.any():
        X = _columns(Z, bulk)
        centre, covariance = robust_covariance(_columns(whole, bulk), seed=seed, rows=COVARIANCE_ROWS)
        progress(1, 2)
        if complete is not None and gaps is not None:
            X = _expected(X, _columns(gaps, bulk), centre, covariance, progress)
        parts[:, bulk], rank = squared_distance_parts(X, centre, covariance)
        if len(whole) > COVARIANCE_ROWS:
            notes.append(f"centre and covariance come from {COVARIANCE_ROWS:,} random rows of {len(whole):,}")
        if rank < X.shape[1]:
            notes.append(
                f"the columns are collinear: {rank} of {X.shape[1]} directions carry variance and are used"
            )
    singly = np.flatnonzero(~bulk)
    parts[:, singly] = np.square(Z[:, singly] - np.median(whole[:, singly], axis=0))
    if complete is not None and gaps is not None:
        parts[:, singly] *= ~gaps[:, singly]
    if complete is not None:
        notes.append(
            f"centre and covariance come from the {len(whole):,} complete rows, and rows with missing values "
            "are measured in the columns they have"
        )
    scores = np.sqrt(parts.sum(axis=1))
    rows = most_unusual(scores, explained)
    progress(2, 2)
    return Detection(scores, rows, parts[rows], rank + len(singly), tuple(singly.tolist()), tuple(notes))


def complete_rows(gaps: np.ndarray | None) -> np.ndarray | None:
    """Which rows (n,) have no gaps (n, d), where a covariance can be told from them alone; None where all
    rows are taken, with missing values at the median if there are any."""
    if gaps is None:
        return None
    complete = np.asarray(~gaps.any(axis=1))
    return complete if complete.sum() >= max(_FEWEST_ROWS, _ROWS_PER_COLUMN * gaps.shape[1]) else None


def by_complete_rows(Z: np.ndarray, gaps: np.ndarray, codes: np.ndarray) -> np.ndarray | None:
    """Standard scores (n, d) measured anew within groups ``codes`` (n,) by the complete rows alone, so that
    all columns are by the same rows: else columns that are nearly the same would part. None where a group has
    fewer than three such rows, or all alike."""
    complete = complete_rows(gaps)
    if complete is None:
        return None
    _, codes = np.unique(codes, return_inverse=True)
    rows = np.bincount(codes[complete], minlength=codes.max() + 1)
    if rows.min() < FEWEST_IN_GROUP:
        return None
    measured = np.empty_like(Z)
    for column in range(Z.shape[1]):
        values = Z[:, column]
        mean = np.bincount(codes[complete], values[complete], minlength=len(rows)) / rows
        away = values - mean[codes]
        sd = np.sqrt(np.bincount(codes[complete], np.square(away[complete]), minlength=len(rows)) / rows)
        if sd.min() <= 0:
            return None
        measured[:, column] = away / sd[codes]
    return measured


def squared_distance_parts(
    Z: np.ndarray, centre: np.ndarray, covariance: np.ndarray
) -> tuple[np.ndarray, int]:
    """Split each row's squared Mahalanobis distance into one non-negative part (n, d) per column.

    With C the correlation matrix, w = C^(-1/2) z is the uncorrelated vector that stays closest to the
    standard scores z, and the squared distance is the sum of w_j^2 (Garthwaite and Koch 2016, "Evaluating the
    contributions of individual variables to a quadratic form"). Directions without variance (collinear
    columns) are left out, which is the pseudo-inverse; the second value is the number of directions that
    remain.
    """
    sd = np.sqrt(np.diag(covariance))
    used = sd > _VARIES * max(float(sd.max(initial=0.0)), 1e-300)
    correlation = covariance[np.ix_(used, used)] / np.outer(sd[used], sd[used])
    eigenvalues, vectors = np.linalg.eigh(correlation)
    kept = eigenvalues > _VARIES * eigenvalues[-1]
    inverse_root = (vectors[:, kept] / np.sqrt(eigenvalues[kept])) @ vectors[:, kept].T
    parts = (_columns(Z, used) - centre[used]) @ (inverse_root / sd[used, None])
    np.square(parts, out=parts)
    return _with_zeros(parts, used), int(kept.sum())


def patterns_of(gaps: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each different row of gaps (n, d) that has any, with the places of its rows."""
    places = np.flatnonzero(gaps.any(axis=1))
    patterns, which = np.unique(np.packbits(gaps[places], axis=1), axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel(), minlength=len(patterns)))[:-1]
    rows = np.split(places[order], ends) if len(places) else []
    return [(gaps[some[0]], some) for some in rows]


def _expected(
    X: np.ndarray, gaps: np.ndarray, centre: np.ndarray, covariance: np.ndarray, progress: Progress
) -> np.ndarray:
    """Rows (n, d) whose missing values are what their others let expect, which adds nothing to a distance."""
    filled = X.copy()
    for missing, rows in patterns_of(gaps):
        progress(1, 2)
        present = ~missing
        inverse = np.linalg.pinv(covariance[np.ix_(present, present)], rcond=_VARIES, hermitian=True)
        slopes = inverse @ covariance[np.ix_(present, missing)]
        known = X[rows][:, present] - centre[present]
        filled[np.ix_(rows, missing)] = centre[missing] + known @ slopes
    return filled


def _not_spiked(Z: np.ndarray) -> np.ndarray:
    """Columns (d,) of which at most half are one value: the densest half of others has no spread."""
    shares = map_columns(lambda column: np.mean(column == np.median(column)), list(Z.T), cells=Z.size)
    return np.array(shares) <= 0.5


def _columns(Z: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The chosen columns (d,), without a copy where they are all."""
    return Z if chosen.all() else Z[:, chosen]


def _with_zeros(parts: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Parts of the chosen columns among those of all (d,), which have none."""
    if chosen.all():
        return parts
    full = np.zeros((len(parts), len(chosen)))
    full[:, chosen] = parts
    return full
