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
_WEIGHTS = 2.0 ** np.arange(
    13
)  # up to 4,096 votes: the k neighbours then move a share by less than a hundredth
_SHUFFLED, _BY_CHANCE, _SAMPLED = 99, 0.05, 2_000  # 3 million votes: 0.1 s


@dataclass(frozen=True)
class Disagreements:
    """Rows with a category that their neighbours do not have, the surest first.

    Attributes:
        places: (m,) the rows.
        own, proposed: (m,) the row's category, and the neighbours' likeliest.
        probability: (m,) of its own category, given the neighbours.
        votes: (m,) how many of the ``k`` neighbours have the proposed one.
        k: neighbours asked.
        chance: of shuffled categories, how often neighbours agree as much. Above 5 % no row is listed.
    """

    places: np.ndarray
    own: np.ndarray
    proposed: np.ndarray
    probability: np.ndarray
    votes: np.ndarray
    k: int
    chance: float

    @property
    def told(self) -> bool:
        """Whether nearness says anything of the category."""
        return self.chance <= _BY_CHANCE


def disagreements(
    neighbors: Neighbors, categories: pd.Series, *, k: int = _K, below: float = 0.5
) -> Disagreements:
    """Rows whose own category is less probable than ``below``, and less than another, among their neighbours.

    A neighbour votes with its cosine to the row, and none counts that has no category; the row itself has no
    vote. The categories' shares of all rows count as further votes, as many as make the rows' own categories
    likeliest: many where neighbours say little, so that a probability is how often such a row has its own.

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
    chance = _by_chance(codes, near.indices, weights)
    shares, counted = _votes(codes, near.indices, weights, categories=len(names))
    _add_all_rows(shares, codes)
    best = shares.argmax(axis=1)
    everyone = np.arange(len(codes))
    own = np.where(codes >= 0, shares[everyone, codes], 1.0)
    strange = (codes >= 0) & (own < below) & (best != codes)
    found = np.flatnonzero(strange & (chance <= _BY_CHANCE))
    found = found[np.argsort(own[found], kind="stable")]
    labels = names.to_numpy(dtype=object)
    return Disagreements(
        places=found,
        own=labels[codes[found]],
        proposed=labels[best[found]],
        probability=own[found],
        votes=counted[found, best[found]],
        k=near.k,
        chance=chance,
    )


def _votes(
    codes: np.ndarray, indices: np.ndarray, weights: np.ndarray, *, categories: int
) -> tuple[np.ndarray, np.ndarray]:
    """By row and category (n, c): the weights of its neighbours (n, k) that have it, and their number."""
    votes = np.zeros((len(codes), categories))
    counted = np.zeros(votes.shape, dtype=np.int64)
    rows, voted = np.repeat(np.arange(len(codes)), indices.shape[1]), codes[indices].ravel()
    known = voted >= 0
    np.add.at(votes, (rows[known], voted[known]), weights.ravel()[known])
    np.add.at(counted, (rows[known], voted[known]), 1)
    return votes, counted


def _add_all_rows(votes: np.ndarray, codes: np.ndarray) -> None:
    """Make votes (n, c) shares, in place, with the categories' own shares as so many votes more."""
    known = np.flatnonzero(codes >= 0)
    prior = np.bincount(codes[known], minlength=votes.shape[1]) / max(len(known), 1)
    own, total, expected = votes[known, codes[known]], votes[known].sum(axis=1), prior[codes[known]]
    likely = [np.log((own + more * expected) / (total + more)).sum() for more in _WEIGHTS]
    votes += _WEIGHTS[int(np.argmax(likely))] * prior
    votes /= votes.sum(axis=1, keepdims=True)


def _by_chance(codes: np.ndarray, indices: np.ndarray, weights: np.ndarray) -> float:
    """Of shuffled categories and these ones, the share in which neighbours agree as much as in these."""
    rng = np.random.default_rng(0)
    known = np.flatnonzero(codes >= 0)
    some = rng.choice(known, min(len(known), _SAMPLED), replace=False)
    near, heavy, shuffled = indices[some], weights[some], codes.copy()
    agreed = []
    for _ in range(_SHUFFLED + 1):
        agreed.append(float((heavy * (shuffled[near] == shuffled[some, None])).sum()))
        shuffled[known] = rng.permutation(codes[known])
    return float(np.mean(np.array(agreed) >= agreed[0]))
