"""The stages of a trace: which of them it shows, by which formula, and where their numbers are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analytics.transformer.encoder.trace import EncoderTrace, LayerTrace
from analytics.transformer.stages import HEAD_STAGES, STAGES, Stage

_SUM_OF_POOLING = {
    "cls": r"s = h_{\mathrm{first}}",
    "max": r"s_d = \max_t h_{t,d}",
    "mean_sqrt_len_tokens": r"s = \frac{1}{\sqrt{n}} \sum_t h_t",
    "weightedmean": r"s = \frac{\sum_t t\, h_t}{\sum_t t}",
    "lasttoken": r"s = h_{\mathrm{last}}",
}


def stages_of(trace: EncoderTrace) -> tuple[Stage, ...]:
    """The stages this trace can show, in order."""
    norm_first = trace.weights is not None and trace.weights.norm_first
    return tuple(
        stage
        for stage in STAGES
        if (trace.layers or stage.scope == "text")
        and (norm_first or stage.key != "attention_input")
        and (trace.layers or stage.key != "embedding_sum")
    )


def formula_of(stage: Stage, trace: EncoderTrace) -> str:
    """The stage's formula for this model."""
    if stage.key == "embedding_sum":
        parts = ((trace.segment_embeddings, " + S_0"), (trace.position_embeddings, " + P_t"))
        return r"x_t = E_{\mathrm{id}_t}" + "".join(sign for array, sign in parts if array is not None)
    if stage.key == "pooled":
        return _SUM_OF_POOLING.get(trace.ledger_mode, stage.formula)
    if stage.key == "output" and trace.weights is not None and trace.weights.norm_first:
        return r"x + f(x)"
    return stage.formula


def stage_array(trace: EncoderTrace, key: str, *, layer: int = 0, head: int = 0) -> np.ndarray:
    """The numbers of one stage as (rows, columns); pooled and vector have one row."""
    if key in _TEXT_ARRAYS:
        return _TEXT_ARRAYS[key](trace)
    values = getattr(trace.layers[layer], key)
    return values[head] if key in HEAD_STAGES else values


_TEXT_ARRAYS: dict[str, Callable[[EncoderTrace], np.ndarray]] = {
    "tokens": lambda trace: np.array([[token.id] for token in trace.source.tokens]),
    "embedding_sum": lambda trace: trace.embedding_sum,
    "embedding_output": lambda trace: trace.embedding_output,
    "last_hidden": lambda trace: trace.last_hidden,
    "pooled": lambda trace: trace.pooled[None],
    "vector": lambda trace: trace.vector[None],
}


def logits(layer: LayerTrace, head: int) -> np.ndarray:
    """(T, T) what the softmax of one head receives: scores, position bias and mask, in float64."""
    total = layer.scores[head].astype(np.float64) + layer.mask
    return total if layer.position_bias is None else total + layer.position_bias[head]
