"""Whether columns have one scale already, so that scaling has no units to put right."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

ONE_SCALE = 2.0
"""Spreads that differ by less: no column is above four fifths of a squared distance of two."""


def spread_ratio(X: NDArray[np.float64], labels: NDArray[np.int64] | None) -> float:
    """The largest column's spread over the smallest one's in ``X`` (n, d) with NaN where missing.

    Within the classes ``labels`` (n,), where there are any: what tells classes apart widens a column too.
    By standard deviations or by quartiles, whichever differ less: far values hardly sway the latter, and
    columns of few values have the former. Infinite where a column has no spread within the classes.
    """
    codes = np.zeros(len(X), dtype=np.int64) if labels is None else labels
    deviations = np.nanstd(_within(X, codes, np.nanmean), axis=0)
    low, high = np.nanquantile(_within(X, codes, np.nanmedian), [0.25, 0.75], axis=0)
    return min(
        float(spread.max() / spread.min()) if spread.min() > 0 else np.inf
        for spread in (deviations, high - low)
    )


def _within(X: NDArray[np.float64], codes: NDArray[np.int64], centre: Any) -> NDArray[np.float64]:
    """``X`` less each class's centre (0 in columns of which a class has no value)."""
    within = X.copy()
    for code in np.unique(codes):
        rows = codes == code
        known = ~np.isnan(X[rows]).all(axis=0)
        within[np.ix_(rows, known)] -= centre(X[np.ix_(rows, known)], axis=0)
    return within
