"""What one text became inside an encoder, stage by stage: plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.transformer.arithmetic import unit
from analytics.transformer.checks import Check
from analytics.transformer.encoder.pooling import PoolingLedger, pool, pooling_ledger
from analytics.transformer.tokens import TokenizedText
from analytics.transformer.weights import EncoderWeights


@dataclass(frozen=True)
class LayerTrace:
    """One layer. T tokens, H heads, d model width, f feed-forward width; all float32.

    ``scores`` are QK^T / sqrt(d_head) before ``position_bias`` and ``mask`` are added. Layers that
    normalise each sum have ``attention_norm`` = norm(``attention_residual``) and ``output`` =
    norm(``feed_forward_residual``); layers that normalise first read ``attention_input`` = norm(input),
    feed ``attention_norm`` forward and have ``output`` = ``feed_forward_residual``.
    """

    attention_input: np.ndarray  # (T, d)
    q: np.ndarray  # (H, T, d_head)
    k: np.ndarray  # (H, T, d_head)
    v: np.ndarray  # (H, T, d_head)
    scaling: float
    scores: np.ndarray  # (H, T, T)
    position_bias: np.ndarray | None  # (H, T, T)
    mask: np.ndarray  # (T, T), what is added to the scores
    weights: np.ndarray  # (H, T, T), rows sum to 1
    heads: np.ndarray  # (H, T, d_head), weights times v
    attention_output: np.ndarray  # (T, d), after the output projection
    attention_residual: np.ndarray  # (T, d)
    attention_norm: np.ndarray  # (T, d)
    feed_forward_hidden: np.ndarray  # (T, f), after the activation
    feed_forward_output: np.ndarray  # (T, d)
    feed_forward_residual: np.ndarray  # (T, d)
    output: np.ndarray  # (T, d)


@dataclass(frozen=True)
class EncoderTrace:
    """One text through one encoder.

    ``hidden_states`` are the layers' outputs, the embedding output first. ``layers`` is empty and
    ``missing`` says why where the model's inside cannot be shown. ``head_scale`` (L, H) holds the
    factors the heads were multiplied by, 1 for an unchanged model. ``vector`` is what the map uses.
    """

    source: TokenizedText
    model_name: str
    family: str
    token_embeddings: np.ndarray  # (T, d)
    position_embeddings: np.ndarray | None  # (T, d)
    segment_embeddings: np.ndarray | None  # (T, d)
    embedding_output: np.ndarray  # (T, d)
    layers: tuple[LayerTrace, ...]
    hidden_states: tuple[np.ndarray, ...]
    last_hidden: np.ndarray  # (T, d)
    pooling: str | tuple[str, ...]
    counted: np.ndarray  # (T,) bool, what the pooling counts
    pooled: np.ndarray  # (d,)
    vector: np.ndarray  # (d,) after any dense layer and normalisation
    steps_after_pooling: tuple[str, ...]
    missing: tuple[str, ...]
    weights: EncoderWeights | None
    head_scale: np.ndarray | None

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(token.text for token in self.source.tokens)

    @property
    def special(self) -> np.ndarray:
        """(T,) bool: tokens the tokenizer added."""
        return np.array([token.special for token in self.source.tokens])

    @property
    def embedding_sum(self) -> np.ndarray:
        """Token plus segment plus position embedding, in the order the models add them."""
        total = self.token_embeddings
        for part in (self.segment_embeddings, self.position_embeddings):
            total = total if part is None else total + part
        return total

    @property
    def attention(self) -> np.ndarray:
        """All weights (L, H, T, T)."""
        return np.stack([layer.weights for layer in self.layers])

    @property
    def ledger_mode(self) -> str:
        """The pooling the ledger explains: the model's own, or the first of several."""
        return self.pooling if isinstance(self.pooling, str) else self.pooling[0]

    @cached_property
    def ledger(self) -> PoolingLedger:
        """The pooled vector as the sum of its tokens' parts."""
        return pooling_ledger(self.last_hidden, self.counted, self.special, mode=self.ledger_mode)

    @cached_property
    def layer_vectors(self) -> np.ndarray:
        """(L + 1, d) unit vectors: each layer's tokens pooled as the last ones are."""
        states = (*self.hidden_states[:-1], self.last_hidden)
        return unit(np.stack([pool(state, self.counted, self.pooling) for state in states]))

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every stage recomputed from the one before it."""
        from analytics.transformer.encoder.trace_checks import check_encoder

        return check_encoder(self)

    @property
    def nbytes(self) -> int:
        """Bytes held by the trace's own arrays; the weights belong to the model."""
        arrays = {id(array): array.nbytes for array in _arrays(self)}
        return sum(arrays.values())


def _arrays(trace: EncoderTrace) -> list[np.ndarray]:
    own = [value for value in vars(trace).values() if isinstance(value, np.ndarray)]
    inside = [
        value for layer in trace.layers for value in vars(layer).values() if isinstance(value, np.ndarray)
    ]
    return own + inside + ([] if trace.layers else list(trace.hidden_states))


def estimated_bytes(tokens: int, *, layers: int, heads: int, width: int, feed_forward: int) -> int:
    """Upper bound of ``EncoderTrace.nbytes`` for a text of ``tokens`` tokens.

    Up to three (T, T) arrays per head (scores, weights, a position bias) and, per token, eleven rows of
    the model's width and one of the feed-forward width, all float32.
    """
    per_layer = tokens * ((3 * heads + 1) * tokens + 11 * width + feed_forward)
    return 4 * (layers * per_layer + 6 * tokens * width + 2 * width + layers * heads + tokens)
