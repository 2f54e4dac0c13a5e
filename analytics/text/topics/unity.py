"""Whether a group of texts is one among the vectors, whatever the map makes of its places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_rows, as_vectors, check_whole
from analytics.text.neighbors import Neighbors
from analytics.words import count

_K = 15
_DRAWS = 99  # with none of 99 random groups as dense, p is 0.01
_MOST_ROWS = 2_000  # of a random group: the mean of more hardly varies
_HELD = 0.15  # of what chance leaves open; areas drawn at random over two corpora held less, real topics more


@dataclass(frozen=True)
class Unity:
    """How a group of texts compares with random groups of the same size.

    Attributes:
        size: how many texts.
        similarity: mean cosine of two of its texts.
        at_random: the mean of that over random groups as large.
        most_at_random: the greatest among 99 of them.
        inside: share of its members' nearest neighbours that are members, in [0, 1].
        inside_at_random: what chance would give: the group's share of all other texts.
        k: how many neighbours of each were looked at.
    """

    size: int
    similarity: float
    at_random: float
    most_at_random: float
    inside: float
    inside_at_random: float
    k: int

    @property
    def held(self) -> float:
        """Of the neighbours that chance would put outside, the share that is inside; up to 1."""
        return (self.inside - self.inside_at_random) / max(1 - self.inside_at_random, 1e-9)

    @property
    def is_one(self) -> bool:
        """Whether its texts are denser than random groups and nearer to each other than to the rest."""
        return self.size > 1 and self.similarity > self.most_at_random and self.held >= _HELD

    def sentence(self) -> str:
        """The verdict with its figures."""
        if self.size < 2:
            return "One text alone is no group."
        verdict = "One group among the vectors" if self.is_one else "No group of its own among the vectors"
        return (
            f"{verdict}: two of its texts have a cosine of {self.similarity:.2f} on average, of random "
            f"{count(self.size, 'text')} {self.at_random:.2f}; {self.inside:.0%} of its texts' {self.k} "
            f"nearest neighbours are inside, by chance {self.inside_at_random:.0%}."
        )


def group_unity(
    neighbors: Neighbors, vectors: np.ndarray, rows: Sequence[int] | np.ndarray, *, k: int = _K, seed: int = 0
) -> Unity:
    """Compare the group of these ``rows`` of n unit vectors (n, d) with 99 random groups of its size.

    Of groups beyond 2,000 rows, the random ones have 2,000.

    Raises:
        ZetascopeError: no row, one that is not there, or vectors of other rows than the graph's.
    """
    return unity_of_each(neighbors, vectors, [rows], k=k, seed=seed)[0]


def unity_of_each(
    neighbors: Neighbors,
    vectors: np.ndarray,
    groups: Sequence[Sequence[int] | np.ndarray],
    *,
    k: int = _K,
    seed: int = 0,
) -> tuple[Unity, ...]:
    """``group_unity`` of several groups, all against the first rows of the same 99 random orders."""
    vectors = as_vectors(vectors)
    check_whole(k, name="k", least=1)
    check_whole(seed, name="seed", least=0)
    n = len(vectors)
    if len(neighbors.indices) != n:
        raise ZetascopeError(
            f"Vectors: {n:,}, rows of the graph: {len(neighbors.indices):,}; give the same rows."
        )
    each = [as_rows(_array(rows), table=n) for rows in groups]
    if not all(map(len, each)):
        raise ZetascopeError("An empty group is compared with nothing: name at least one row.")
    near = neighbors.nearest(min(k, neighbors.k))
    random = _at_random(vectors, [min(len(rows), _MOST_ROWS) for rows in each], seed=seed)
    return tuple(
        Unity(
            size=len(rows),
            similarity=_mean_cosine(vectors[rows].sum(axis=0, dtype=np.float64), len(rows)),
            at_random=float(cosines.mean()),
            most_at_random=float(cosines.max()),
            inside=float(np.isin(near.indices[rows], rows).mean()) if near.k else 1.0,
            inside_at_random=(len(rows) - 1) / max(n - 1, 1),
            k=near.k,
        )
        for rows, cosines in zip(each, random, strict=True)
    )


def _array(rows: Sequence[int] | np.ndarray) -> np.ndarray:
    try:
        return np.asarray(rows)
    except ValueError as error:  # lists of different lengths
        raise ZetascopeError("A group is named by one list of row positions.") from error


def _at_random(vectors: np.ndarray, sizes: Sequence[int], *, seed: int) -> np.ndarray:
    """Mean cosines of random groups of these sizes: (len(sizes), 99)."""
    rng = np.random.default_rng(seed)
    most = max(sizes, default=0)
    found = np.empty((len(sizes), _DRAWS))
    for draw in range(_DRAWS):
        sums = np.cumsum(vectors[rng.choice(len(vectors), most, replace=False)], axis=0, dtype=np.float64)
        found[:, draw] = [_mean_cosine(sums[size - 1], size) for size in sizes]
    return found


def _mean_cosine(total: np.ndarray, size: int) -> float:
    """Mean cosine of all pairs of ``size`` different rows, from their sum (d,); 1 for a single row."""
    return float((total @ total - size) / (size * (size - 1))) if size > 1 else 1.0
