"""What the picture of a decoder-only model draws, while one token is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.figures.living.pieces import Rows, rows_of
from analytics.transformer.causal.trace import CausalTrace
from analytics.transformer.decoder.sampling import top_ids

CANDIDATES = 6


@dataclass(frozen=True)
class CausalFlow:
    """The numbers of the picture at one step. T tokens read by then, L layers, H heads.

    ``lengths`` are Euclidean lengths of the tokens' vectors by the place's name, in the order of the way:
    (T,) each. ``mixing`` (L, T, T) are attention weights, the mean over heads; ``focus`` (L, H) the mean over
    tokens of the largest weight; ``feed_forward`` (L, T) the length of what the feed-forward part adds.
    ``looked`` (T,) is how much the last token looks at each, the mean over layers and heads. ``best`` are the
    most probable next tokens, ``chances`` how probable.
    """

    lengths: dict[str, np.ndarray]
    mixing: np.ndarray
    focus: np.ndarray
    feed_forward: np.ndarray
    looked: np.ndarray
    best: np.ndarray
    chances: np.ndarray

    @property
    def largest(self) -> float:
        """The length of the longest vector on the way: the widest ribbon."""
        return max(float(values.max(initial=0.0)) for values in self.lengths.values()) or 1.0

    @property
    def strength(self) -> np.ndarray:
        """(T,) how strong each ribbon is: as much as it is looked at, the last token as the strongest."""
        strength = self.looked.copy()
        strength[-1] = strength.max()
        return strength


def causal_flow(trace: CausalTrace, step: int) -> CausalFlow:
    """The picture's numbers while the token of ``step``, from 0, is written."""
    read = trace.row(step) + 1
    lengths = {"embedding": _length(trace.embedding_output[:read])}
    for number, layer in enumerate(trace.layers, start=1):
        lengths[f"block {number}, middle"] = _length(layer.attention_residual[:read])
        lengths[f"block {number}"] = _length(layer.output[:read])
    weights = np.stack([layer.weights[:, :read, :read] for layer in trace.layers])
    chances = trace.next_word(step).probabilities
    best = top_ids(chances, CANDIDATES)
    return CausalFlow(
        lengths=lengths,
        mixing=weights.mean(1),
        focus=weights.max(-1).mean(-1),
        feed_forward=np.stack([_length(layer.feed_forward_output[:read]) for layer in trace.layers]),
        looked=weights[:, :, -1].mean((0, 1)),
        best=best,
        chances=chances[best],
    )


def read_rows(trace: CausalTrace, flow: CausalFlow) -> Rows:
    """The tokens read by then: those that are looked at most, the last one always."""
    importance = flow.looked.copy()
    importance[-1] = np.inf
    return rows_of(trace.tokens[: len(importance)], importance)


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=-1)
