"""Isolation forests of many small simulated tables at once.

scikit-learn takes a tenth of a second for each forest however small, which is a minute for the 400 tables of
50 rows that a threshold rests on. Here the trees of all tables grow level by level, as arrays; the splits and
the score are those of Liu, Ting and Zhou (2008), which scikit-learn's are too.
"""

import numpy as np

from analytics.progress import Progress

TREES = 100
_TREE_ROWS = 256
"""Rows that a tree is grown from at most, as in the paper."""
_AT_ONCE = 1_000_000
"""Rows times trees looked at between two calls of progress."""


def isolation_scores(X: np.ndarray, *, seed: int, progress: Progress) -> np.ndarray:
    """Isolation scores (t, n) of the rows of tables (t, n, d), each by a forest of its own."""
    rng = np.random.default_rng(seed)
    scores = np.empty(X.shape[:2])
    at_once = max(1, _AT_ONCE // (TREES * X.shape[1]))
    for start in range(0, len(X), at_once):
        progress(start, len(X))
        some = X[start : start + at_once]
        depths = np.zeros(some.shape[:2])
        for _ in range(TREES):
            depths += _path_lengths(some, rng)
        whole = _average_path(np.array([min(X.shape[1], _TREE_ROWS)]))[0]
        scores[start : start + at_once] = 2 ** (-depths / TREES / whole)
    return scores


def _path_lengths(X: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How many cuts part each row (t, n) from the others in one tree per table.

    A node is named by its table and its place on the level. Rows beyond the 256 the tree grows from follow
    its cuts and count in no node.
    """
    tables, rows, columns = X.shape
    grown = min(rows, _TREE_ROWS)
    # Simulated rows are in no order, so that those from a random one on are a random sample.
    counts_here = (np.arange(rows) - rng.integers(rows, size=(tables, 1))) % rows < grown
    node = np.zeros((tables, rows), dtype=np.intp)
    depth = np.zeros((tables, rows))
    table = np.arange(tables)[:, None]
    levels = int(np.ceil(np.log2(max(grown, 2))))
    for level in range(levels):
        place = table * 2**level + node
        size = tables * 2**level
        within = np.bincount(place[counts_here], minlength=size)
        values = np.take_along_axis(X, rng.integers(columns, size=size)[place][..., None], axis=2)[..., 0]
        low, high = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(low, place[counts_here], values[counts_here])
        np.maximum.at(high, place[counts_here], values[counts_here])
        cut = low + rng.random(size) * np.where(within > 1, high - low, 0.0)
        inner = within[place] > 1
        depth += inner
        node = 2 * node + (inner & (values > cut[place]))
    place = table * 2**levels + node
    within = np.bincount(place[counts_here], minlength=tables * 2**levels)
    return depth + _average_path(within)[place]


def _average_path(sizes: np.ndarray) -> np.ndarray:
    """The average cuts that part a row from so many others in a random tree; 0 for one row."""
    n = np.maximum(sizes, 2.0)
    harmonic = np.log(n - 1) + np.euler_gamma
    return np.where(sizes < 2, 0.0, np.where(sizes == 2, 1.0, 2 * harmonic - 2 * (n - 1) / n))
