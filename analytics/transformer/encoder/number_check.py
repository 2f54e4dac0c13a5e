"""Any number of an encoder's trace with its formula and the very operands it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analytics.transformer.arguments import check_cell, check_place
from analytics.transformer.arithmetic import ACTIVATIONS, join_heads
from analytics.transformer.encoder.pooling import pool_parts
from analytics.transformer.encoder.stages import logits, stage_array
from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace
from analytics.transformer.stages import STAGES
from analytics.transformer.tokens import TraceError
from analytics.transformer.weights import EncoderWeights
from analytics.transformer.written_numbers import (
    NumberCheck,
    latex_number,
    linear_number,
    mask_number,
    mix_number,
    norm_number,
    numbered,
    score_number,
    softmax_number,
    sum_number,
)


class Walked(Protocol):
    """What the numbers of layers follow from: the trace of an encoder, or that of a decoder-only model."""

    @property
    def tokens(self) -> tuple[str, ...]: ...
    @property
    def token_embeddings(self) -> np.ndarray: ...
    @property
    def segment_embeddings(self) -> np.ndarray | None: ...
    @property
    def position_embeddings(self) -> np.ndarray | None: ...
    @property
    def embedding_sum(self) -> np.ndarray: ...
    @property
    def embedding_output(self) -> np.ndarray: ...
    @property
    def layers(self) -> tuple[LayerTrace, ...]: ...
    @property
    def last_hidden(self) -> np.ndarray: ...
    @property
    def weights(self) -> EncoderWeights | None: ...
    @property
    def head_scale(self) -> np.ndarray | None: ...
    @property
    def missing(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Place:
    """One cell: stage ``key``, ``layer`` and ``head`` from 0, ``row`` and ``column`` of the stage's array."""

    key: str
    row: int
    column: int
    layer: int = 0
    head: int = 0


def check_number(trace: EncoderTrace, place: Place) -> NumberCheck:
    """How the number at ``place`` follows from the numbers before it.

    Raises TraceError for a stage that is read and not computed, or a cell the trace does not have.
    """
    if not isinstance(place.key, str) or place.key not in _RULES:
        known = ", ".join(stage.key for stage in STAGES if stage.key in _RULES)
        raise TraceError(f"{place.key!r} has no formula to check; the stages with one are {known}.")
    check_place(place.layer, name="Layer", count=len(trace.layers) or 1)
    check_place(place.head, name="Head", count=len(trace.layers[0].weights) if trace.layers else 1)
    array = stage_array(trace, place.key, layer=place.layer, head=place.head)
    check_cell(place.row, place.column, shape=array.shape)
    return _RULES[place.key](trace, place, float(array[place.row, place.column]))


def _embedding_sum(trace: Walked, at: Place, shown: float) -> NumberCheck:
    parts = {
        "token": trace.token_embeddings,
        "segment": trace.segment_embeddings,
        "position": trace.position_embeddings,
    }
    terms = {name: float(part[at.row, at.column]) for name, part in parts.items() if part is not None}
    return sum_number("E + S + P", terms, shown)


def _projection(name: str) -> Callable[[Walked, Place, float], NumberCheck]:
    def rule(trace: Walked, at: Place, shown: float) -> NumberCheck:
        own = _weights(trace).layers[at.layer]
        layer = trace.layers[at.layer]
        linear = {"q": own.query, "k": own.key, "v": own.value}[name]
        size = layer.q.shape[-1]
        shared = len(layer.q) * size // len(linear.weight)  # heads that one head of keys or values serves
        x, first = layer.attention_input[at.row], at.head // shared * size
        formula = rf"x W_{name.upper()} + b_{name.upper()}"
        result = linear_number(x, linear, first + at.column, shown, formula)
        if own.inverse_frequencies is None or name == "v":
            return result
        half = size // 2
        angle = at.row * float(own.inverse_frequencies[at.column % half])
        partner_at, sign = (at.column + half, -1.0) if at.column < half else (at.column - half, 1.0)
        partner = linear_number(x, linear, first + partner_at, shown, formula).recomputed
        turned = float(result.recomputed * np.cos(angle) + sign * partner * np.sin(angle))
        steps = (
            *result.steps[:-1],
            ("u", result.recomputed),
            (r"u_{\text{partner}}", partner),
            (r"\theta", angle),
            (r"u \cos\theta \pm u_{\text{partner}} \sin\theta", turned),
        )
        if own.rotary_scale != 1:
            steps = (*steps, (r"\text{times the model's factor}", turned * own.rotary_scale))
        return NumberCheck(result.formula, result.headers, result.labels, result.operands, steps, shown)

    return rule


def _scores(trace: Walked, at: Place, shown: float) -> NumberCheck:
    layer = trace.layers[at.layer]
    return score_number(layer.q[at.head, at.row], layer.k[at.head, at.column], layer.scaling, shown)


def _mask(trace: Walked, at: Place, shown: float) -> NumberCheck:
    return mask_number(trace.tokens[at.column], shown)


def _attention_weight(trace: Walked, at: Place, shown: float) -> NumberCheck:
    row = logits(trace.layers[at.layer], at.head)[at.row]
    formula = r"\alpha_{ij} = \frac{e^{s_{ij} - m}}{\sum_k e^{s_{ik} - m}}"
    return softmax_number(row, trace.tokens, at.column, shown, formula=formula, header="score + mask")


def _weighted_value(trace: Walked, at: Place, shown: float) -> NumberCheck:
    layer = trace.layers[at.layer]
    factor = None if trace.head_scale is None else float(trace.head_scale[at.layer, at.head])
    weights, values = layer.weights[at.head, at.row], layer.v[at.head, :, at.column]
    return mix_number(weights, values, trace.tokens, shown, factor=factor)


def _attention_output(trace: Walked, at: Place, shown: float) -> NumberCheck:
    joined = join_heads(trace.layers[at.layer].heads)[at.row]
    own = _weights(trace).layers[at.layer]
    return linear_number(joined, own.projection, at.column, shown, r"[H_1 \ldots H_h] W_O + b_O")


def _before(trace: Walked, at: Place) -> np.ndarray:
    return trace.embedding_output if at.layer == 0 else trace.layers[at.layer - 1].output


def _attention_residual(trace: Walked, at: Place, shown: float) -> NumberCheck:
    change = trace.layers[at.layer].attention_output[at.row, at.column]
    came_in = _before(trace, at)[at.row, at.column]
    return sum_number("x + a", {"what came in": float(came_in), "attention": float(change)}, shown)


def _feed_forward_hidden(trace: Walked, at: Place, shown: float) -> NumberCheck:
    weights = _weights(trace)
    own, x = weights.layers[at.layer], trace.layers[at.layer].attention_norm[at.row]
    bent_by = own.up if own.gate is None else own.gate
    result = linear_number(x, bent_by, at.column, shown, r"\mathrm{act}(x W_1 + b_1)")
    bent = float(ACTIVATIONS[weights.activation](np.array(result.recomputed)))
    name = weights.activation.replace("_", r"\_")
    steps = (*result.steps[:-1], ("z", result.recomputed), (rf"\text{{{name}}}(z)", bent))
    if own.gate is not None:
        other = linear_number(x, own.up, at.column, shown, "").recomputed
        steps = (*steps, (r"\text{gate}", other), (r"\text{result}", bent * other))
    elif weights.gated:
        width = own.up.weight.shape[0] // 2
        gate = linear_number(x, own.up, width + at.column, shown, "").recomputed
        steps = (*steps, (r"\text{gate}", gate), (r"\text{result}", bent * gate))
    return NumberCheck(result.formula, result.headers, result.labels, result.operands, steps, shown)


def _feed_forward_output(trace: Walked, at: Place, shown: float) -> NumberCheck:
    hidden = trace.layers[at.layer].feed_forward_hidden[at.row]
    return linear_number(hidden, _weights(trace).layers[at.layer].down, at.column, shown, "h W_2 + b_2")


def _feed_forward_residual(trace: Walked, at: Place, shown: float) -> NumberCheck:
    layer, norm_first = trace.layers[at.layer], _weights(trace).norm_first
    came_in = (layer.attention_residual if norm_first else layer.attention_norm)[at.row, at.column]
    change = layer.feed_forward_output[at.row, at.column]
    return sum_number("x + f", {"what came in": float(came_in), "feed-forward": float(change)}, shown)


def _layer_output(trace: Walked, at: Place, shown: float) -> NumberCheck:
    layer, own = trace.layers[at.layer], _weights(trace).layers[at.layer]
    if own.output_norm is None:
        return _feed_forward_residual(trace, at, shown)
    return norm_number(layer.feed_forward_residual[at.row], own.output_norm, at.column, shown)


def _attention_norm(trace: Walked, at: Place, shown: float) -> NumberCheck:
    layer, own = trace.layers[at.layer], _weights(trace).layers[at.layer]
    return norm_number(layer.attention_residual[at.row], own.middle_norm, at.column, shown)


def _attention_input(trace: Walked, at: Place, shown: float) -> NumberCheck:
    norm = _weights(trace).layers[at.layer].input_norm
    if norm is None:
        return sum_number("x", {"what came in": shown}, shown)
    return norm_number(_before(trace, at)[at.row], norm, at.column, shown)


def _embedding_output(trace: Walked, at: Place, shown: float) -> NumberCheck:
    norm = _weights(trace).embedding_norm
    if norm is None:
        return _embedding_sum(trace, at, shown)
    return norm_number(trace.embedding_sum[at.row], norm, at.column, shown)


def _pooled(trace: EncoderTrace, at: Place, shown: float) -> NumberCheck:
    width = trace.last_hidden.shape[1]
    modes = (trace.pooling,) if isinstance(trace.pooling, str) else trace.pooling
    hidden = trace.last_hidden.astype(np.float64)
    column = at.column % width
    given = pool_parts(hidden, trace.counted, modes[at.column // width])[:, column]
    operands = np.column_stack([hidden[:, column], given])
    steps = ((r"\sum_t \text{part}_t", float(given.sum())),)
    formula = r"s_d = \sum_t \text{part}_{t,d}"
    return NumberCheck(formula, ("h", "part taken"), trace.tokens, operands, steps, shown)


def _vector(trace: EncoderTrace, at: Place, shown: float) -> NumberCheck:
    if trace.steps_after_pooling != ("Normalize",):
        raise TraceError("Other layers stand between the pooling and this vector; check the pooled numbers.")
    pooled = trace.pooled.astype(np.float64)
    length = float(np.linalg.norm(pooled))
    value = float(pooled[at.column])
    steps = (("s_d", value), (r"\lVert s \rVert", length), (r"\text{result}", value / length))
    operands = np.column_stack([pooled, pooled**2])
    formula = r"v_d = \frac{s_d}{\sqrt{\sum_k s_k^2}}"
    written = rf"\frac{{{latex_number(value)}}}{{{latex_number(length)}}}"
    return NumberCheck(formula, ("s", "s²"), numbered(len(pooled)), operands, steps, shown, written)


def _weights(trace: Walked) -> EncoderWeights:
    if trace.weights is None:
        raise TraceError(trace.missing[0])
    return trace.weights


def _last_hidden(trace: Walked, at: Place, shown: float) -> NumberCheck:
    norm = _weights(trace).final_norm
    before = trace.layers[-1].output
    if norm is not None:
        return norm_number(before[at.row], norm, at.column, shown)
    terms = {"output of the last layer": float(before[at.row, at.column])}
    return sum_number("h_t", terms, shown)


LAYER_RULES: dict[str, Callable[[Walked, Place, float], NumberCheck]] = {
    "embedding_sum": _embedding_sum,
    "embedding_output": _embedding_output,
    "attention_input": _attention_input,
    "q": _projection("q"),
    "k": _projection("k"),
    "v": _projection("v"),
    "scores": _scores,
    "mask": _mask,
    "weights": _attention_weight,
    "heads": _weighted_value,
    "attention_output": _attention_output,
    "attention_residual": _attention_residual,
    "attention_norm": _attention_norm,
    "feed_forward_hidden": _feed_forward_hidden,
    "feed_forward_output": _feed_forward_output,
    "feed_forward_residual": _feed_forward_residual,
    "output": _layer_output,
    "last_hidden": _last_hidden,
}
"""How numbers follow from those before them in any model whose layers are ``LayerTrace``."""
_RULES: dict[str, Callable[[EncoderTrace, Place, float], NumberCheck]] = {
    **LAYER_RULES,
    "pooled": _pooled,
    "vector": _vector,
}
CHECKABLE = frozenset(_RULES)
