"""From token vectors to one vector, and which token gave which part of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.transformer.arithmetic import unit
from analytics.transformer.tokens import TraceError

MODES = ("mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")


@dataclass(frozen=True)
class PoolingLedger:
    """``parts`` (T, d) sum exactly to ``vector`` (d,), which has length 1.

    ``shares`` (T,) are the parts' inner products with the vector and sum to 1; a share can be negative,
    when a token pulls against the others. ``special_share`` is what the special tokens carry.
    """

    mode: str
    parts: np.ndarray
    vector: np.ndarray
    shares: np.ndarray
    special_share: float


def pool_parts(hidden: np.ndarray, counted: np.ndarray, mode: str) -> np.ndarray:
    """Parts (T, d) of each token's vector in ``hidden`` (T, d) whose sum is the pooled vector.

    ``counted`` (T,) is False for padding and excluded prompts. The modes are sentence-transformers':
    mean; cls (first counted token); max (each number from the token where it is largest);
    mean_sqrt_len_tokens (sum over the root of the count); weightedmean (later tokens weigh more, by
    position); lasttoken.
    """
    if mode not in MODES:
        raise TraceError(f"Unknown pooling {mode!r}; the known ones are {', '.join(MODES)}.")
    if not counted.any():
        raise TraceError("No token is counted by the pooling of this model; type a longer text.")
    if mode == "max":
        return _max_parts(hidden, counted)
    return hidden * _factors(counted, mode).astype(hidden.dtype)[:, None]


def _factors(counted: np.ndarray, mode: str) -> np.ndarray:
    """One factor per token for the poolings that are weighted sums."""
    places = np.flatnonzero(counted)
    factors = np.zeros(len(counted))
    if mode == "mean":
        factors[places] = 1 / len(places)
    elif mode == "mean_sqrt_len_tokens":
        factors[places] = 1 / np.sqrt(len(places))
    elif mode == "weightedmean":
        factors[places] = (places + 1) / (places + 1).sum()
    else:
        factors[places[0 if mode == "cls" else -1]] = 1
    return factors


def _max_parts(hidden: np.ndarray, counted: np.ndarray) -> np.ndarray:
    winners = np.where(counted[:, None], hidden, -np.inf).argmax(0)
    parts = np.zeros_like(hidden)
    dimensions = np.arange(hidden.shape[1])
    parts[winners, dimensions] = hidden[winners, dimensions]
    return parts


def pool(hidden: np.ndarray, counted: np.ndarray, mode: str | tuple[str, ...]) -> np.ndarray:
    """The pooled vector (d,), or the poolings of several modes one after the other."""
    modes = (mode,) if isinstance(mode, str) else mode
    return np.concatenate([pool_parts(hidden, counted, one).sum(0) for one in modes])


def pooling_ledger(
    hidden: np.ndarray, counted: np.ndarray, special: np.ndarray, *, mode: str = "mean"
) -> PoolingLedger:
    """The unit sentence vector as a sum of its tokens' parts, in float64."""
    parts = pool_parts(np.asarray(hidden, np.float64), counted, mode)
    total = parts.sum(0)
    length = float(np.linalg.norm(total)) or 1.0
    vector = total / length
    parts = parts / length
    shares = parts @ vector
    return PoolingLedger(mode, parts, vector, shares, float(shares[special].sum()))


def pooled_unit(hidden: np.ndarray, counted: np.ndarray, mode: str) -> np.ndarray:
    """The unit vector (d,) another pooling would have given."""
    return unit(pool(hidden, counted, mode))
