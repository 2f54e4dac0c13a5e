"""Methods across columns: each scores every row and says what each column adds."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from analytics.blocks import blocks
from analytics.numbers.basics.parallel import map_columns
from analytics.numbers.outliers.detection import Detection, most_unusual
from analytics.numbers.outliers.distances import robust_distances
from analytics.numbers.outliers.rank_terms import tail_terms
from analytics.progress import Progress, silent
from analytics.words import count

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from sklearn.ensemble import IsolationForest

_EXPLAINED_ROWS = 2_000
"""The parts of a score are kept for this many rows, the most unusual ones."""
NEIGHBOURS = 20
REFERENCE_ROWS = 50_000
"""Local densities are exact up to this many different rows, and measured against a random sample beyond."""
_TREES = 100
_FOREST_ROWS = 8_192
"""Rows that go through the trees at a time: a tenth of a second; fewer would cost twice as much in all."""
_COLUMNS_AT_ONCE = 4
"""Columns that are ranked between two calls of progress, side by side."""
_NEIGHBOUR_ROWS = 256
"""Rows whose neighbours are looked for at a time: among 50,000 others, well under a second on a busy core."""


def detect(
    method: str,
    Z: np.ndarray,
    *,
    gaps: np.ndarray | None = None,
    seed: int = 0,
    explained: int = _EXPLAINED_ROWS,
    progress: Progress | None = None,
) -> Detection:
    """Run one method on standardized rows ``Z`` (n, d), whose missing values, told by ``gaps`` (n, d), are
    filled; distances leave them out.

    ``progress`` is called often enough that raising in it cancels within about a second on ordinary tables.
    """
    if method == "mahalanobis":
        return robust_distances(Z, gaps, seed=seed, explained=explained, progress=progress or silent)
    return _DETECTORS[method](Z, seed, explained, progress or silent)


def isolation_forest(Z: np.ndarray, *, seed: int) -> "IsolationForest":
    """scikit-learn's forest of standardized rows (n, d)."""
    from sklearn.ensemble import IsolationForest

    return IsolationForest(n_estimators=_TREES, random_state=seed).fit(Z)


def _isolation_forest(Z: np.ndarray, seed: int, explained: int, progress: Progress) -> Detection:
    forest = isolation_forest(Z, seed=seed)
    passes = blocks(len(Z), _FOREST_ROWS)
    scores = np.empty(len(Z))
    for done, block in enumerate(passes):
        progress(done, len(passes) + 1)
        scores[block] = -forest.score_samples(Z[block])
    rows = most_unusual(scores, explained)
    progress(len(passes), len(passes) + 1)
    parts = _substitution_parts(
        lambda X: -forest.score_samples(X), Z[rows], np.median(Z, axis=0), scores[rows]
    )
    return Detection(scores, rows, parts)


def _lof(Z: np.ndarray, seed: int, explained: int, progress: Progress) -> Detection:
    """Breunig et al. (2000). Identical rows count once: copies would be infinitely dense otherwise."""
    distinct, inverse = np.unique(Z, axis=0, return_inverse=True)
    inverse = inverse.ravel()
    notes = (
        []
        if len(distinct) == len(Z)
        else [f"{count(len(Z) - len(distinct), 'repeated row counts', 'repeated rows count')} once"]
    )
    if len(distinct) < 3:
        return Detection(np.ones(len(Z)), *_nothing(Z), notes=tuple(notes))
    chosen = np.arange(len(distinct))
    if len(distinct) > REFERENCE_ROWS:
        chosen = np.sort(np.random.default_rng(seed).choice(len(distinct), REFERENCE_ROWS, replace=False))
        notes.append(f"neighbours are looked for among {REFERENCE_ROWS:,} random rows of {len(distinct):,}")
    factors, neighbours = _local_outlier_factors(distinct, chosen, progress)
    scores = factors[inverse]
    rows = most_unusual(scores, explained)
    own = inverse[rows]
    parts = np.square(distinct[own][:, None, :] - distinct[neighbours[own]]).mean(axis=1)
    return Detection(scores, rows, parts, notes=tuple(notes))


def _local_outlier_factors(
    rows: np.ndarray, chosen: np.ndarray, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """Factors (n,) of different rows and their neighbours (n, k), looked for among the ``chosen`` rows.

    scikit-learn computes the factors; the neighbours are handed to it, so that finding them can be watched.
    """
    from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

    k = min(NEIGHBOURS, len(chosen) - 1)
    algorithm = "kd_tree" if rows.shape[1] <= 8 else "brute"
    index = NearestNeighbors(n_neighbors=k + 1, algorithm=algorithm).fit(rows[chosen])
    distances = np.empty((len(rows), k + 1))
    places = np.empty((len(rows), k + 1), dtype=np.intp)
    passes = blocks(len(rows), _NEIGHBOUR_ROWS)
    for done, block in enumerate(passes):
        progress(done, len(passes))
        distances[block], places[block] = index.kneighbors(rows[block])
    fitted = LocalOutlierFactor(n_neighbors=k, metric="precomputed", novelty=True)
    fitted.fit(_graph(distances[chosen], places[chosen], len(chosen)))
    factors = np.empty(len(rows))
    others = np.setdiff1d(np.arange(len(rows)), chosen, assume_unique=True)
    if len(others):
        factors[others] = -fitted.score_samples(
            _graph(distances[others, :k], places[others, :k], len(chosen))
        )
    factors[chosen] = -fitted.negative_outlier_factor_
    progress(len(passes), len(passes))
    neighbours = places[:, :k].copy()
    neighbours[chosen] = places[chosen, 1:]
    return factors, chosen[neighbours]


def _graph(distances: np.ndarray, places: np.ndarray, columns: int) -> "csr_array":
    from scipy.sparse import csr_array

    starts = np.arange(len(distances) + 1) * distances.shape[1]
    return csr_array((distances.ravel(), places.ravel(), starts), shape=(len(distances), columns))


def _ecod(Z: np.ndarray, seed: int, explained: int, progress: Progress) -> Detection:  # noqa: ARG001 - nothing is random
    """Li et al. (2022): the score is a sum over columns, so that columns can be asked one by one."""
    parts = np.empty(Z.shape, order="F")
    columns = range(Z.shape[1])
    for start in columns[::_COLUMNS_AT_ONCE]:
        progress(start, len(columns))
        some = columns[start : start + _COLUMNS_AT_ONCE]
        terms = map_columns(lambda column: tail_terms(Z[:, column]), some, cells=Z.size)
        parts[:, some] = np.column_stack(terms)
    progress(len(columns), len(columns))
    scores = parts.sum(axis=1)
    rows = most_unusual(scores, explained)
    return Detection(scores, rows, parts[rows])


def _substitution_parts(
    score: Callable[[np.ndarray], np.ndarray], Z: np.ndarray, typical: np.ndarray, own: np.ndarray
) -> np.ndarray:
    """How much the scores (m,) of rows fall, (m, d), when one value after the other is made typical."""
    parts = np.empty_like(Z)
    at_once = max(1, _FOREST_ROWS // max(len(Z), 1))
    for start in range(0, Z.shape[1] if len(Z) else 0, at_once):
        columns = np.arange(start, min(start + at_once, Z.shape[1]))
        replaced = np.repeat(Z[None], len(columns), axis=0)
        replaced[columns - start, :, columns] = typical[columns, None]
        parts[:, columns] = own[:, None] - score(replaced.reshape(-1, Z.shape[1])).reshape(-1, len(Z)).T
    return parts


def _nothing(Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """No explained rows."""
    return np.empty(0, dtype=np.intp), np.empty((0, Z.shape[1]))


_DETECTORS: dict[str, Callable[[np.ndarray, int, int, Progress], Detection]] = {
    "isolation_forest": _isolation_forest,
    "lof": _lof,
    "ecod": _ecod,
}
