"""A Marian model's weights as numpy views, by the names the decoder walk uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.transformer.arithmetic import Linear, Norm
from analytics.transformer.weights import to_numpy


@dataclass(frozen=True)
class AttentionWeights:
    """The four linear maps of one attention block and the norm of its residual sum."""

    query: Linear
    key: Linear
    value: Linear
    projection: Linear
    norm: Norm

    def head_projection(self, head: int, size: int) -> np.ndarray:
        """Columns of the output projection that read one head: (d, d_head)."""
        return self.projection.weight[:, head * size : (head + 1) * size]


@dataclass(frozen=True)
class FeedForwardWeights:
    """The two linear maps of one feed-forward block and the norm of its residual sum."""

    up: Linear
    down: Linear
    norm: Norm


@dataclass(frozen=True)
class MarianWeights:
    """All weights the walk recomputes with; arrays share memory with a float32 model on the CPU.

    ``encoder[i]`` is (self-attention, feed-forward), ``decoder[i]`` (masked self-attention,
    cross-attention, feed-forward). Word vectors are multiplied by ``scale``.
    """

    source_words: np.ndarray  # (V, d)
    target_words: np.ndarray  # (V, d)
    source_positions: np.ndarray  # (P, d)
    target_positions: np.ndarray  # (P, d)
    scale: float
    encoder: tuple[tuple[AttentionWeights, FeedForwardWeights], ...]
    decoder: tuple[tuple[AttentionWeights, AttentionWeights, FeedForwardWeights], ...]
    head: np.ndarray  # (V, d), rows are the output words' vectors
    bias: np.ndarray  # (V,)
    activation: str


def read_marian(model: Any) -> MarianWeights:
    """Views of every weight of a MarianMTModel."""
    encoder, decoder = model.model.encoder, model.model.decoder
    return MarianWeights(
        source_words=to_numpy(encoder.embed_tokens.weight),
        target_words=to_numpy(decoder.embed_tokens.weight),
        source_positions=to_numpy(encoder.embed_positions.weight),
        target_positions=to_numpy(decoder.embed_positions.weight),
        scale=float(decoder.embed_scale),
        encoder=tuple(
            (_attention(layer.self_attn, layer.self_attn_layer_norm), _feed_forward(layer))
            for layer in encoder.layers
        ),
        decoder=tuple(
            (
                _attention(layer.self_attn, layer.self_attn_layer_norm),
                _attention(layer.encoder_attn, layer.encoder_attn_layer_norm),
                _feed_forward(layer),
            )
            for layer in decoder.layers
        ),
        head=to_numpy(model.lm_head.weight),
        bias=to_numpy(model.final_logits_bias)[0],
        activation=str(model.config.activation_function),
    )


def sinusoids(positions: int, width: int) -> np.ndarray:
    """Marian's position table (positions, width): sines in the first half, cosines in the second.

    Angle of position p and pair i is p / 10000 ** (2 i / width), as in Vaswani et al. 2017, section 3.5,
    which puts sines and cosines in turn instead.
    """
    rates = 10_000.0 ** (-2 * (np.arange(width) // 2) / width)
    angles = np.arange(positions)[:, None] * rates
    return np.concatenate([np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])], axis=1)


def _attention(module: Any, norm: Any) -> AttentionWeights:
    return AttentionWeights(
        query=_linear(module.q_proj),
        key=_linear(module.k_proj),
        value=_linear(module.v_proj),
        projection=_linear(module.out_proj),
        norm=_norm(norm),
    )


def _feed_forward(layer: Any) -> FeedForwardWeights:
    return FeedForwardWeights(_linear(layer.fc1), _linear(layer.fc2), _norm(layer.final_layer_norm))


def _linear(module: Any) -> Linear:
    return Linear(to_numpy(module.weight), None if module.bias is None else to_numpy(module.bias))


def _norm(module: Any) -> Norm:
    return Norm(to_numpy(module.weight), to_numpy(module.bias), float(module.eps))
