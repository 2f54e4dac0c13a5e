"""How much each token gives to each position: exact parts of the attention blocks.

Kobayashi et al. 2020 (norm of what is added), Ferrando et al. 2022 (ALTI), with the layer norm
decomposed exactly, by its biased variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.blocks import blocks
from analytics.transformer.arithmetic import Norm
from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace
from analytics.transformer.tokens import TraceError
from analytics.transformer.weights import LayerWeights

_BLOCK = 32


@dataclass(frozen=True)
class TokenShares:
    """``layers`` (L, T, T) and their product ``mixed`` (T, T): rows are positions and sum to 1.

    ``tokens`` (T,) is each input token's share of the sentence vector, summing to 1: attention blocks
    only, since the feed-forward parts mix no tokens. ``identity_error`` is the largest difference, in
    float64, between a layer norm's output and the sum of its parts.
    """

    layers: np.ndarray
    mixed: np.ndarray
    tokens: np.ndarray
    identity_error: float


def added_by_head(layer: LayerTrace, own: LayerWeights) -> np.ndarray:
    """(H, T, T): length of what key j adds to position i through one head, ||alpha_ij W_O v_j||."""
    projected = _projected_values(layer, own)
    return layer.weights * np.linalg.norm(projected, axis=-1)[:, None, :]


def added_by_layer(layer: LayerTrace, own: LayerWeights) -> np.ndarray:
    """(T, T): length of what key j adds to position i through all heads together."""
    projected = _projected_values(layer, own)
    count = layer.weights.shape[-1]
    norms = np.empty((count, count))
    for keys in blocks(count, _BLOCK):
        norms[:, keys] = np.linalg.norm(_added(layer, projected, keys), axis=-1).T
    return norms


def alti(trace: EncoderTrace) -> TokenShares:
    """Token shares by the layer-exact decomposition, rolled out over the layers.

    Raises TraceError for models whose layers normalise before the sum, where the decomposition is
    another one, and for models whose inside is unknown.
    """
    weights = trace.weights
    if weights is None or weights.norm_first:
        raise TraceError(
            f"Token shares by layer-exact decomposition need layers that normalise each sum; {trace.family} "
            "is not of that kind, so use integrated gradients."
        )
    before = trace.embedding_output
    mixed = np.eye(len(before))
    layers: list[np.ndarray] = []
    error = 0.0
    for layer, own in zip(trace.layers, weights.layers, strict=True):
        shares, layer_error = _alti_layer(before, layer, own)
        mixed = shares @ mixed
        layers.append(shares)
        error = max(error, layer_error)
        before = layer.output
    return TokenShares(np.stack(layers), mixed, _position_weights(trace) @ mixed, error)


def _alti_layer(before: np.ndarray, layer: LayerTrace, own: LayerWeights) -> tuple[np.ndarray, float]:
    """ALTI shares (T, T) of one attention block and its identity error.

    With r_ij = sum_h alpha_ij W_O v_j + [i = j] x_i and T_ij = gain (r_ij - mean r_ij) / sigma_i, the block's
    output is y_i = sum_j T_ij + constant, and the share is max(0, |y_i|_1 - |y_i - T_ij|_1), rows normalised.
    """
    x = before.astype(np.float64)
    projected = _projected_values(layer, own)
    bias = np.zeros(x.shape[1]) if own.projection.bias is None else own.projection.bias.astype(np.float64)
    total = x + bias + _sum_of_added(layer, projected)
    sigma = np.sqrt(total.var(-1) + own.middle_norm.eps)[:, None]
    constant = _normed_part(bias[None], own.middle_norm, sigma) + _shift(own.middle_norm)
    output = _normed_part(total, own.middle_norm, sigma) + _shift(own.middle_norm)

    gathered = np.zeros_like(output)
    shares = np.empty((len(x), len(x)))
    length = np.abs(output).sum(-1)
    for keys in blocks(len(x), _BLOCK):
        parts = _added(layer, projected, keys)
        positions = np.arange(len(x))[keys]
        parts[np.arange(len(positions)), positions] += x[keys]
        parts = _normed_part(parts, own.middle_norm, sigma)
        gathered += parts.sum(0)
        shares[:, keys] = (length - np.abs(output - parts).sum(-1)).T
    shares = np.maximum(shares, 0)
    error = float(np.abs(gathered + constant - output).max())
    return shares / np.maximum(shares.sum(-1, keepdims=True), np.finfo(float).tiny), error


def rollout(trace: EncoderTrace) -> np.ndarray:
    """Attention rollout (Abnar and Zuidema 2020): product of half the mean weights plus half identity.

    (T,) shares of the sentence vector. It did not track what deleting a token does (see the page).
    """
    mixed = np.eye(len(trace.tokens))
    for layer in trace.layers:
        mixed = (0.5 * layer.weights.mean(0).astype(np.float64) + 0.5 * np.eye(len(mixed))) @ mixed
    return _position_weights(trace) @ mixed


def _position_weights(trace: EncoderTrace) -> np.ndarray:
    """How the pooling weighs the positions, summing to 1; for max, by the numbers each position gives."""
    if trace.ledger_mode == "max":
        winners = np.where(trace.counted[:, None], trace.last_hidden, -np.inf).argmax(0)
        return np.bincount(winners, minlength=len(trace.tokens)) / len(winners)
    if trace.ledger_mode in ("cls", "lasttoken"):
        place = np.flatnonzero(trace.counted)[0 if trace.ledger_mode == "cls" else -1]
        return np.eye(len(trace.tokens))[place]
    counted = trace.counted * 1.0
    if trace.ledger_mode == "weightedmean":
        counted = counted * np.arange(1, len(counted) + 1)
    return counted / counted.sum()


def _projected_values(layer: LayerTrace, own: LayerWeights) -> np.ndarray:
    """(H, T, d) float64: each head's values after the output projection."""
    heads, _, size = layer.v.shape
    maps = own.projection.weight.astype(np.float64).reshape(-1, heads, size).transpose(1, 2, 0)
    return layer.v.astype(np.float64) @ maps


def _added(layer: LayerTrace, projected: np.ndarray, keys: slice) -> np.ndarray:
    """(keys, T, d): what each key of the block adds to every position, heads summed."""
    weights = layer.weights[:, :, keys].astype(np.float64)
    return weights.transpose(2, 1, 0) @ projected[:, keys].transpose(1, 0, 2)


def _sum_of_added(layer: LayerTrace, projected: np.ndarray) -> np.ndarray:
    return (layer.weights.astype(np.float64) @ projected).sum(0)


def _normed_part(part: np.ndarray, norm: Norm, sigma: np.ndarray) -> np.ndarray:
    """Linear share of a layer norm: gain (part - mean part) / sigma."""
    return norm.weight * (part - part.mean(-1, keepdims=True)) / sigma


def _shift(norm: Norm) -> np.ndarray | float:
    return 0.0 if norm.bias is None else norm.bias
