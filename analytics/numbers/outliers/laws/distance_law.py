"""How robust distances of clean normal rows are spread, in tables of one size.

The chi-square law holds for a known covariance. One that was estimated from the half that lies nearest makes
far rows farther: at 50 rows of 3 columns eight in a hundred lie beyond the chi-square law's 99 %. The
distances are simulated; beyond those, where a false discovery rate looks, the law is that of a new row
measured by the simulated estimates, since a far row takes no part in its own (Hardin and Rocke 2005 give it
an F law for that reason; averaging over the estimates needs no approximation of their spread).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analytics.numbers.outliers.kept import Kept
from analytics.numbers.outliers.laws.clean_rows import CLEAN_ROWS, CleanShape
from analytics.numbers.outliers.robust_covariance import (
    COVARIANCE_ROWS,
    robust_covariances,
    squared_distances,
)
from analytics.progress import Progress, silent

_MOST_CLEAN_ROWS, _MOST_VALUES = 60_000, 600_000
"""So many rows are simulated, of more than ten columns fewer: in a second, and shares of 1 % within 5 %."""
_ANCHOR = 0.02
"""Beyond the simulated distance that this share exceeds, the tail law continues."""
_DIRECTIONS = 12_000
_TAIL = np.geomspace(1, 30, 80)
"""Distances of the tail law, in units of the anchor; interpolated between, to a thousandth."""
_LEAST = 1e-300
_VALUES_AT_ONCE = 100_000
"""Simulated values that are looked at between two calls of progress, in about a tenth of a second."""
_laws = Kept(64 * 1024**2)


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
    columns are those of any; only within groups of a few rows, or where many values are missing, do strongly
    correlated columns lie farther out. Kept, since tables of about one size share it.
    """
    return _laws.get((shape, directions), lambda: _simulated(shape, directions, progress))


def _simulated(shape: CleanShape, directions: int, progress: Progress) -> DistanceLaw:
    rows = max(CLEAN_ROWS, min(_MOST_CLEAN_ROWS, _MOST_VALUES // directions))
    X = shape.normal(directions, tables=shape.tables(rows))
    if shape.groups:  # standard scores over all rows do not change distances, and new rows are in no table
        X = shape.standardized(X)
    X = shape.filled(X)
    at_once = max(1, _VALUES_AT_ONCE // (X.shape[1] * directions))
    found = []
    for start in range(0, len(X), at_once):
        progress(start, len(X))
        some = X[start : start + at_once]
        centres, covariances = robust_covariances(some[:, :COVARIANCE_ROWS])
        distances = np.sqrt(squared_distances(some, centres, covariances))
        found.append((centres, covariances, distances))
    centres, covariances, distances = (np.concatenate(part) for part in zip(*found, strict=True))
    ordered = np.sort(distances, axis=None)
    reach = _TAIL * np.quantile(ordered, 1 - _ANCHOR)
    tail = _share_of_new_rows(centres, covariances, reach)
    new, share = np.log(np.maximum(tail, _LEAST)), np.maximum(_ANCHOR * tail / tail[0], _LEAST)
    return DistanceLaw(distances, ordered, reach, np.log(share), new)


def _share_of_new_rows(centres: np.ndarray, covariances: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """The share (k,) of new standard normal rows that lie beyond these distances from simulated estimates.

    Along a random direction a row lies beyond from a certain length on, whose chance is a chi-square one: the
    far tail is known without simulating rows that reach it.
    """
    tables, columns = centres.shape
    each = -(-_DIRECTIONS // tables)
    ways = np.random.default_rng(0).standard_normal((tables, each, columns))
    ways /= np.linalg.norm(ways, axis=-1, keepdims=True)
    values, vectors = np.linalg.eigh(covariances)
    root = vectors / np.sqrt(np.maximum(values, 1e-12 * values[:, -1:]))[:, None, :]
    along, start = ways @ root, centres[:, None, :] @ root
    a, b = np.square(along).sum(axis=-1), (along * start).sum(axis=-1)
    c = np.square(start).sum(axis=-1)
    within = np.square(b)[..., None] - a[..., None] * (c[..., None] - np.square(reach))
    length = np.maximum(b[..., None] + np.sqrt(np.maximum(within, 0.0)), 0.0) / a[..., None]
    return stats.chi2.sf(np.square(length), columns).mean(axis=(0, 1))
