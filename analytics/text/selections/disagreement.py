"""Rows whose category is not that of the texts nearest to them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.arguments import require_column
from analytics.errors import ZetascopeError
from analytics.text.arguments import check_share, check_whole
from analytics.text.neighbors import Neighbors

_K = 15
_MOST_CELLS = 50_000_000  # rows times categories: 400 MB of votes


@dataclass(frozen=True)
class Disagreements:
    """Rows with a category that their neighbours do not have, the surest first.

    Attributes:
        places: (m,) the rows.
        own, proposed: (m,) the row's category, and the neighbours' likeliest.
        probability: (m,) of its own category, given the neighbours.
        votes: (m,) how many of the ``k`` neighbours have the proposed one.
        k: neighbours asked.
    """

    places: np.ndarray
    own: np.ndarray
    proposed: np.ndarray
    probability: np.ndarray
    votes: np.ndarray
    k: int


def disagreements(
    neighbors: Neighbors, categories: pd.Series, *, k: int = _K, below: float = 0.5
) -> Disagreements:
    """Rows whose own category is less probable than ``below``, and less than another, among their neighbours.

    A neighbour votes with its cosine to the row, none counts that has no category, and each category gets
    its share of all rows as one vote more (Laplace's rule with the categories' own shares), so that few
    neighbours prove little. The row itself has no vote.

    Raises:
        ZetascopeError: categories for other rows, or fewer than two.
    """
    require_column(categories)
    check_whole(k, name="k", least=1)
    check_share(below, name="below")
    if len(categories) != len(neighbors.indices):
        raise ZetascopeError(
            f"Categories: {len(categories):,}, texts: {len(neighbors.indices):,}; give one each."
        )
    codes, names = pd.factorize(categories.astype("string"))
    if len(names) < 2:
        raise ZetascopeError("All rows have the same category: choose a column with two or more.")
    if len(names) * len(codes) > _MOST_CELLS:
        raise ZetascopeError(
            f"{len(names):,} categories are too many to compare: choose a column with fewer."
        )
    near = neighbors.nearest(k)
    weights = np.clip(1 - near.distances, 0, None) * (codes[near.indices] >= 0)
    prior = np.bincount(codes[codes >= 0], minlength=len(names)) / max((codes >= 0).sum(), 1)
    votes = np.tile(prior, (len(codes), 1))
    counted = np.zeros((len(codes), len(names)), dtype=np.int64)
    rows = np.repeat(np.arange(len(codes)), near.k)
    voted = codes[near.indices].ravel()
    known = voted >= 0
    np.add.at(votes, (rows[known], voted[known]), weights.ravel()[known])
    np.add.at(counted, (rows[known], voted[known]), 1)
    shares = votes / votes.sum(axis=1, keepdims=True)
    best = shares.argmax(axis=1)
    everyone = np.arange(len(codes))
    own = np.where(codes >= 0, shares[everyone, codes], 1.0)
    found = np.flatnonzero((codes >= 0) & (own < below) & (best != codes))
    found = found[np.argsort(own[found], kind="stable")]
    labels = names.to_numpy(dtype=object)
    return Disagreements(
        places=found,
        own=labels[codes[found]],
        proposed=labels[best[found]],
        probability=own[found],
        votes=counted[found, best[found]],
        k=near.k,
    )
