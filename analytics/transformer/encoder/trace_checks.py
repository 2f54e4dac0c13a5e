"""Recompute every stage of a trace from the stage before it, in numpy, and compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from analytics.transformer.arithmetic import (
    apply_linear,
    join_heads,
    layer_norm,
    rotate,
    softmax,
    split_heads,
    unit,
)
from analytics.transformer.checks import Check, check
from analytics.transformer.encoder.pooling import pool
from analytics.transformer.weights import EncoderWeights, LayerWeights, feed_forward_hidden

if TYPE_CHECKING:  # a trace asks for its checks, so the arrow at run time goes the other way
    from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace

_ROWS_SUM = 1e-6


def check_encoder(trace: EncoderTrace) -> tuple[Check, ...]:
    """The checks of one trace, in the order of its stages. float32 throughout, as the model computes."""
    checks: list[Check] = []
    if trace.weights is not None:
        checks += _embedding_checks(trace, trace.weights)
        before = trace.embedding_output
        for index, layer in enumerate(trace.layers):
            scale = None if trace.head_scale is None else trace.head_scale[index]
            checks += layer_checks(index, before, layer, trace.weights, scale)
            before = layer.output
        if trace.weights.final_norm is not None:
            again = layer_norm(before, trace.weights.final_norm)
            checks.append(check("Final norm", r"\mathrm{LN}(x)", trace.last_hidden, again))
    return (*checks, *_pooling_checks(trace))


def _embedding_checks(trace: EncoderTrace, weights: EncoderWeights) -> Iterator[Check]:
    ids = [token.id for token in trace.source.tokens]
    yield check(
        "Token embeddings", r"E_{\mathrm{id}}", trace.token_embeddings, weights.word[ids], tolerance=0
    )
    if trace.position_embeddings is not None and weights.position is not None:
        rows = weights.position[weights.position_offset :][: len(ids)]
        yield check("Position embeddings", r"P_t", trace.position_embeddings, rows, tolerance=0)
    if weights.embedding_norm is not None:
        again = layer_norm(trace.embedding_sum, weights.embedding_norm)
        yield check("Embedding norm", r"\mathrm{LN}(E + P + S)", trace.embedding_output, again)


def layer_checks(
    index: int,
    before: np.ndarray,
    layer: LayerTrace,
    weights: EncoderWeights,
    scale: np.ndarray | None = None,
) -> Iterator[Check]:
    """The checks of one layer, which reads ``before`` (T, d); ``scale`` (H,) multiplies its heads."""
    name = f"Layer {index + 1}: "
    own = weights.layers[index]
    yield from _attention_checks(name, before, layer, own, scale)
    again = apply_linear(join_heads(layer.heads), own.projection)
    yield check(name + "output projection", r"[H_1 \ldots H_h] W_O + b_O", layer.attention_output, again)
    yield check(name + "first residual", r"x + a", layer.attention_residual, before + layer.attention_output)
    again = layer_norm(layer.attention_residual, own.middle_norm)
    yield check(name + "first norm", r"\mathrm{LN}(x + a)", layer.attention_norm, again)
    yield from _feed_forward_checks(name, layer, own, weights)


def _attention_checks(
    name: str, before: np.ndarray, layer: LayerTrace, own: LayerWeights, scale: np.ndarray | None
) -> Iterator[Check]:
    if own.input_norm is not None:
        again = layer_norm(before, own.input_norm)
        yield check(name + "input norm", r"\mathrm{LN}(x)", layer.attention_input, again)
    for symbol, shown, linear in (
        ("Q", layer.q, own.query),
        ("K", layer.k, own.key),
        ("V", layer.v, own.value),
    ):
        heads = len(linear.weight) // shown.shape[-1]
        again = split_heads(apply_linear(layer.attention_input, linear), heads)
        if own.inverse_frequencies is not None and symbol != "V":
            again = rotate(again, own.inverse_frequencies) * np.float32(own.rotary_scale)
        again = again.repeat(len(shown) // heads, axis=0)
        yield check(f"{name}{symbol}", rf"x W_{symbol} + b_{symbol}", shown, again)
    again = layer.q @ layer.k.transpose(0, 2, 1) * np.float32(layer.scaling)
    yield check(name + "scores", r"QK^\top / \sqrt{d}", layer.scores, again)
    biased = layer.scores if layer.position_bias is None else layer.scores + layer.position_bias
    again = softmax(biased + layer.mask)
    yield check(name + "weights", r"\mathrm{softmax}(\mathrm{scores} + \mathrm{mask})", layer.weights, again)
    ones = np.ones(layer.weights.shape[:2])
    rows = layer.weights.sum(-1)
    yield check(name + "rows of weights", r"\sum_j \alpha_{ij} = 1", rows, ones, tolerance=_ROWS_SUM)
    again = layer.weights @ layer.v
    again = again if scale is None else again * scale[:, None, None]
    yield check(name + "weighted values", r"\alpha V", layer.heads, again)


def _feed_forward_checks(
    name: str, layer: LayerTrace, own: LayerWeights, weights: EncoderWeights
) -> Iterator[Check]:
    again = feed_forward_hidden(layer.attention_norm, own, weights)
    formula = r"\mathrm{act}(x W_1 + b_1)"
    yield check(name + "feed-forward hidden", formula, layer.feed_forward_hidden, again)
    again = apply_linear(layer.feed_forward_hidden, own.down)
    yield check(name + "feed-forward output", r"h W_2 + b_2", layer.feed_forward_output, again)
    base = layer.attention_residual if weights.norm_first else layer.attention_norm
    again = base + layer.feed_forward_output
    yield check(name + "second residual", r"x + f", layer.feed_forward_residual, again)
    if own.output_norm is not None:
        again = layer_norm(layer.feed_forward_residual, own.output_norm)
        yield check(name + "second norm", r"\mathrm{LN}(x + f)", layer.output, again)


def _pooling_checks(trace: EncoderTrace) -> Iterator[Check]:
    again = pool(trace.last_hidden, trace.counted, trace.pooling)
    yield check("Pooling", r"\frac{1}{n}\sum_i h_i", trace.pooled, again)
    if set(trace.steps_after_pooling) <= {"Normalize"}:
        end = unit(trace.pooled) if trace.steps_after_pooling else trace.pooled
        yield check("Normalisation", r"s / \lVert s \rVert", trace.vector, end)
