"""From logits to the distribution a word is drawn from, every stage kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.transformer.arithmetic import softmax


@dataclass(frozen=True)
class NextWord:
    """The distribution of one output token over the whole vocabulary (V,), float64.

    ``probabilities`` is softmax(logits), what the model says. ``tempered`` is softmax(logits / temperature)
    without the ids that the model's settings never write. ``kept`` marks what top-k and top-p leave, and
    ``final`` is ``tempered`` over the kept ids, divided by ``mass_kept``. ``entropy`` is that of
    ``probabilities`` in bits.
    """

    probabilities: np.ndarray
    tempered: np.ndarray
    kept: np.ndarray
    final: np.ndarray

    @property
    def mass_kept(self) -> float:
        return float(self.tempered[self.kept].sum())

    @property
    def entropy(self) -> float:
        return entropy_bits(self.probabilities)

    def ranked(self, count: int) -> np.ndarray:
        """Ids of the ``count`` most probable tokens, by the model's own probabilities."""
        return top_ids(self.probabilities, count)


def next_word(
    logits: np.ndarray,
    *,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    suppressed: Sequence[int] = (),
) -> NextWord:
    """Every stage from logits (V,) to the distribution drawn from.

    The order is transformers': temperature, then top-k (0 for off; ties with the k-th are kept), then top-p
    on what top-k left, renormalised: the smallest set of most probable tokens whose mass reaches ``top_p``
    (Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration"); the most probable token is
    always kept.
    """
    scores = np.asarray(logits, dtype=np.float64)
    allowed = scores.copy()
    allowed[list(suppressed)] = -np.inf
    tempered = softmax(allowed / temperature)
    kept = np.isfinite(allowed)
    if 0 < top_k < len(scores):
        kept &= allowed >= np.partition(allowed, -top_k)[-top_k]
    if top_p < 1:
        kept &= _nucleus(np.where(kept, tempered, 0.0), top_p)
    final = np.where(kept, tempered, 0.0)
    return NextWord(softmax(scores), tempered, kept, final / final.sum())


def draw(distribution: np.ndarray, point: float) -> int:
    """The id at ``point`` in [0, 1) when the ids stand in order of falling probability."""
    order = np.argsort(-distribution, kind="stable")
    edges = distribution[order].cumsum()
    place = int(np.searchsorted(edges, point * edges[-1], side="right"))
    return int(order[min(place, int((distribution > 0).sum()) - 1)])


def top_ids(values: np.ndarray, count: int) -> np.ndarray:
    """Positions of the ``count`` largest values, largest first, the earlier of equals first."""
    count = min(count, len(values))
    best = np.argpartition(-values, count - 1)[:count] if count < len(values) else np.arange(len(values))
    return best[np.lexsort((best, -values[best]))]


def log_softmax(x: np.ndarray) -> np.ndarray:
    """x - log of the sum of exp(x), along the last axis, without overflow."""
    shifted = x - x.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def entropy_bits(probabilities: np.ndarray) -> float:
    """-sum p log2 p (Shannon 1948): 0 for a certain word, log2 V for an even guess among V."""
    positive = probabilities[probabilities > 0]
    return float(-(positive * np.log2(positive)).sum()) + 0.0


def _nucleus(weights: np.ndarray, top_p: float) -> np.ndarray:
    order = np.argsort(-weights, kind="stable")
    mass = weights[order].cumsum() / weights.sum()
    # The token that carries the mass over the mark belongs to the set.
    inside = np.concatenate([[True], mass[:-1] < top_p])
    kept = np.zeros(len(weights), dtype=bool)
    kept[order[inside]] = True
    return kept & (weights > 0)
