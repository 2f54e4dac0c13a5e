"""What the picture of an encoder draws: a vector's length at every place on the way, and shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.transformer.encoder.trace import EncoderTrace


@dataclass(frozen=True)
class EncoderFlow:
    """What the ribbons of an encoder's picture show. T tokens, L layers, H heads.

    ``lengths`` are Euclidean lengths of the tokens' vectors by the place's name, in the order of the way:
    (T,) each. ``mixing`` (L, T, T) are attention weights, the mean over heads; ``focus`` (L, H) the mean over
    tokens of the largest weight; ``feed_forward`` (L, T) the length of what the feed-forward part adds.
    ``shares`` (T,) are each token's part of the pooled vector.
    """

    lengths: dict[str, np.ndarray]
    mixing: np.ndarray
    focus: np.ndarray
    feed_forward: np.ndarray
    shares: np.ndarray

    @property
    def largest(self) -> float:
        """The length of the longest vector on the way: the widest ribbon."""
        return max(float(values.max(initial=0.0)) for values in self.lengths.values()) or 1.0


def encoder_flow(trace: EncoderTrace) -> EncoderFlow:
    """The picture's numbers of one trace; the parts inside layers are empty where the model hides them."""
    norm_first = trace.weights is not None and trace.weights.norm_first
    lengths = {
        "token": _length(trace.token_embeddings),
        "with position": _length(trace.embedding_sum),
        "normed": _length(trace.embedding_output),
    }
    for number, state in enumerate(trace.hidden_states[1:], start=1):
        if trace.layers:
            layer = trace.layers[number - 1]
            # Where norms come first, a copy is normed and the sum goes on.
            middle = layer.attention_residual if norm_first else layer.attention_norm
            lengths[f"block {number}, middle"] = _length(middle)
        lengths[f"block {number}"] = _length(state)
    attention = trace.attention if trace.layers else np.zeros((0, 0, len(trace.tokens), len(trace.tokens)))
    return EncoderFlow(
        lengths=lengths,
        mixing=attention.mean(1) if trace.layers else np.zeros((0, len(trace.tokens), len(trace.tokens))),
        focus=attention.max(-1).mean(-1),
        feed_forward=np.array([_length(layer.feed_forward_output) for layer in trace.layers]),
        shares=trace.ledger.shares,
    )


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=-1)
