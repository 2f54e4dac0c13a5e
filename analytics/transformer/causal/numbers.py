"""The stages of a decoder-only model as matrices, and any of their numbers with what it comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analytics.transformer.arguments import check_cell, check_place
from analytics.transformer.causal.trace import CausalTrace
from analytics.transformer.encoder.number_check import LAYER_RULES, Place
from analytics.transformer.stages import HEAD_STAGES, STAGES, Stage
from analytics.transformer.tokens import TraceError
from analytics.transformer.written_numbers import NumberCheck

_NORMS = ("attention_input", "attention_norm", "last_hidden")
_ROOT_MEAN_SQUARE = (
    "Each token's vector is divided by the root of its mean square and stretched by learned gains. Its mean "
    "is not taken away first."
)
_LAST = Stage(
    "last_hidden",
    "Last norm",
    "Last norm",
    "What leaves the last layer is normalised once more. Its product with the vector of every piece of the "
    "vocabulary gives the logits.",
    r"\mathrm{LN}(x)",
)
_OWN = {
    "embedding_sum": (
        "Each token starts as its row of a learned table. Models that do not turn queries and keys by their "
        "position add a learned row for it here."
    ),
    "mask": (
        "A number is added to each score: 0 where a token may be seen, the lowest number there is where not. "
        "A token sees itself and those before it, none that follow."
    ),
}


def stages_of(trace: CausalTrace) -> tuple[Stage, ...]:
    """The stages of this model, in order, with its own formulas."""
    norm = trace.weights.final_norm
    centred = norm is None or norm.centred
    gated = trace.weights.layers[0].gate is not None
    shown = [stage for stage in STAGES if stage.key in LAYER_RULES and stage.key not in _LEFT_OUT]
    return tuple(_of_this_model(stage, trace, centred=centred, gated=gated) for stage in (*shown, _LAST))


_LEFT_OUT = ("embedding_output", "output", "last_hidden")
"""What is the same as the stage before it in these models, or is told in other words."""


def _of_this_model(stage: Stage, trace: CausalTrace, *, centred: bool, gated: bool) -> Stage:
    stage = replace(stage, explanation=_OWN.get(stage.key, stage.explanation))
    if stage.key == "embedding_sum":
        added = "" if trace.position_embeddings is None else " + P_t"
        return replace(stage, formula=r"x_t = E_{\mathrm{id}_t}" + added)
    if stage.key in _NORMS and not centred:
        formula = r"\frac{x}{\sqrt{\bar{x^2} + \varepsilon}} \odot \gamma"
        return replace(stage, explanation=_ROOT_MEAN_SQUARE, formula=formula)
    if stage.key == "feed_forward_hidden" and gated:
        return replace(stage, formula=r"h = \mathrm{act}(x W_g) \odot x W_1")
    return stage


def stage_array(trace: CausalTrace, key: str, *, layer: int = 0, head: int = 0) -> np.ndarray:
    """The numbers of one stage as (rows, columns)."""
    if key in ("embedding_sum", "last_hidden"):
        return trace.embedding_output if key == "embedding_sum" else trace.last_hidden
    values = getattr(trace.layers[layer], key)
    return values[head] if key in HEAD_STAGES else values


def check_prompt_number(trace: CausalTrace, place: Place) -> NumberCheck:
    """How the number at ``place`` follows from the numbers before it.

    Raises TraceError for a stage or a cell that the trace does not have.
    """
    known = [stage.key for stage in stages_of(trace)]
    if not isinstance(place.key, str) or place.key not in known:
        raise TraceError(f"There is no stage {place.key!r}; the stages are {', '.join(known)}.")
    check_place(place.layer, name="Layer", count=len(trace.layers))
    check_place(place.head, name="Head", count=len(trace.layers[0].weights))
    array = stage_array(trace, place.key, layer=place.layer, head=place.head)
    check_cell(place.row, place.column, shape=array.shape)
    return LAYER_RULES[place.key](trace, place, float(array[place.row, place.column]))
