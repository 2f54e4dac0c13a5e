"""Texts unlike any other."""

from dataclasses import dataclass

import numpy as np

from analytics.text.arguments import check_whole
from analytics.text.neighbors import Neighbors


@dataclass(frozen=True)
class UnusualTexts:
    """How far each text is from its neighbours.

    Attributes:
        distance: (n,) float32, mean cosine distance to the ``k`` nearest others.
        percentile: (n,) in [0, 100]: share of texts that are no farther from theirs.
        k: how many neighbours.
    """

    distance: np.ndarray
    percentile: np.ndarray
    k: int

    def rows(self, count: int) -> np.ndarray:
        """The most unusual rows, first the farthest."""
        return np.argsort(-self.distance, kind="stable")[:count]


def semantic_outliers(neighbors: Neighbors, *, k: int = 10) -> UnusualTexts:
    """Mean distance to the k nearest neighbours (Angiulli & Pizzuti 2002): far from all is unusual."""
    check_whole(k, name="k", least=1)
    k = min(k, neighbors.k)
    if not k:
        nothing = np.zeros(len(neighbors.indices), dtype=np.float32)
        return UnusualTexts(nothing, nothing.astype(float), 0)
    distance = neighbors.distances[:, :k].mean(axis=1)
    percentile = np.searchsorted(np.sort(distance), distance, side="right") / len(distance) * 100
    return UnusualTexts(distance, percentile, k)
