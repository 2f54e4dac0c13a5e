"""Rankings joined by reciprocal rank (Cormack, Clarke & Buettcher, SIGIR 2009)."""

from collections.abc import Mapping

import numpy as np

OFFSET = 60
"""The paper's constant: how little the first places count more than the next."""


def reciprocal_ranks(rankings: Mapping[str, np.ndarray], *, offset: int = OFFSET) -> dict[int, float]:
    """The sum over rankings of 1 / (offset + rank) for every place in one of them, the best first.

    A ranking is (r,) int64, places with the best first; ranks count from 1.
    """
    scores: dict[int, float] = {}
    for ranking in rankings.values():
        for rank, place in enumerate(ranking.tolist(), start=1):
            scores[place] = scores.get(place, 0.0) + 1 / (offset + rank)
    return dict(sorted(scores.items(), key=lambda one: -one[1]))
