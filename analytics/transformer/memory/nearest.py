"""The nearest keys of a memory, found exactly: every key is looked at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch

_BLOCK = 2_048  # keys at a time: as float32 2 MB, which stays in the cache; 500,000 keys then take 35 ms
_SCORES = 20_000_000  # numbers held at once for several queries: 80 MB
_ROUNDING = 4e-5  # of the squared lengths: 256 products of float32, each off by 6e-8, at their worst


class Keys(NamedTuple):
    """Keys (N, d) float16 and their squared lengths (N,) float32."""

    values: np.ndarray
    squares: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> Keys:
        blocks = [values[start : start + _BLOCK] for start in range(0, len(values), _BLOCK)]
        squares = [(block.astype(np.float32) ** 2).sum(1) for block in blocks]
        return cls(values, np.concatenate(squares) if squares else np.empty(0, np.float32))


class Found(NamedTuple):
    """The k nearest of each query, nearest first: places (Q, k) and squared distances (Q, k) float64."""

    places: np.ndarray
    distances: np.ndarray


def nearest(keys: Keys, queries: np.ndarray, *, count: int, barred: list[slice] | None = None) -> Found:
    """The ``count`` nearest keys of each query (Q, d), or all where there are fewer.

    Candidates come from float32 products in blocks; as many are taken as rounding could have swapped, and
    their distances are computed anew in float64 from the differences. Equal distances: the earlier first.
    ``barred`` names a stretch of keys for each query that is not to be found.
    """
    together = max(1, _SCORES // max(len(keys.values), 1))
    parts = []
    for start in range(0, len(queries), together):
        own = None if barred is None else barred[start : start + together]
        parts += _nearest_part(keys, queries[start : start + together], count, own)
    return Found(np.stack([one.places for one in parts]), np.stack([one.distances for one in parts]))


def _nearest_part(keys: Keys, queries: np.ndarray, count: int, barred: list[slice] | None) -> list[Found]:
    scores = _scores(keys, queries)
    for place, stretch in enumerate(barred or ()):
        scores[place, stretch] = np.inf
    return [
        _exact(keys, query, row, count) for query, row in zip(queries.astype(np.float64), scores, strict=True)
    ]


def _scores(keys: Keys, queries: np.ndarray) -> torch.Tensor:
    """(Q, N) squared distances without the queries' own lengths, in float32."""
    asked = torch.from_numpy(np.ascontiguousarray(queries, dtype=np.float32)).T
    stored = torch.from_numpy(keys.values)
    scores = torch.empty(len(queries), len(stored))
    room = torch.empty(_BLOCK, stored.shape[1])  # one block as float32, used again: it stays in the cache
    for start in range(0, len(stored), _BLOCK):
        half = stored[start : start + _BLOCK]
        block = room[: len(half)].copy_(half)
        scores[:, start : start + len(block)] = (block @ asked).T
    return scores.mul_(-2).add_(torch.from_numpy(keys.squares))


def _exact(keys: Keys, query: np.ndarray, scores: torch.Tensor, count: int) -> Found:
    count = min(count, int(torch.isfinite(scores).sum()))
    own = float(query @ query)
    taken = count
    while True:
        taken = min(len(scores), 2 * taken + 16)
        best = torch.topk(scores, taken, largest=False, sorted=True)
        places = best.indices.numpy()
        slack = _ROUNDING * (own + float(keys.squares[places].max(initial=0.0)))
        kth = float(best.values[count - 1]) if count else 0.0
        if taken == len(scores) or float(best.values[-1]) > kth + slack:
            break
    places = places[: int(torch.isfinite(best.values).sum())]
    distances = squared_distances(query, keys.values[places])
    order = np.lexsort((places, distances))[:count]
    return Found(places[order].astype(np.int64), distances[order])


def squared_distances(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Squared Euclidean distances (k,) of a query (d,) to keys (k, d), in float64."""
    return ((keys.astype(np.float64) - query.astype(np.float64)) ** 2).sum(-1)
