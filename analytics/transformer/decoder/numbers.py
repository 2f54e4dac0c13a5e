"""The decoder's stages as matrices, and any of their numbers with the operands it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.transformer.arguments import check_cell, check_place
from analytics.transformer.arithmetic import ACTIVATIONS, Linear, join_heads
from analytics.transformer.decoder.marian_weights import AttentionWeights
from analytics.transformer.decoder.trace import AttentionBlock, TargetLayer, TranslationTrace
from analytics.transformer.stages import STAGES
from analytics.transformer.tokens import TraceError
from analytics.transformer.written_numbers import (
    NumberCheck,
    latex_number,
    linear_number,
    mask_number,
    mix_number,
    norm_number,
    score_number,
    softmax_number,
    sum_number,
)

_ATTENTION = ("q", "k", "v", "scores", "mask", "weights", "heads", "projected", "residual", "output")
_FORWARD = ("hidden", "projected", "residual", "output")
PARTS: dict[str, tuple[str, ...]] = {
    "embedding": ("embedding_output",),
    "self_attention": _ATTENTION,
    "cross_attention": _ATTENTION,
    "feed_forward": _FORWARD,
    "next_word": ("logits", "probabilities"),
}
HEAD_KEYS = frozenset({"q", "k", "v", "scores", "weights", "heads"})
KEYS_ARE_COLUMNS = frozenset({"scores", "mask", "weights"})

_WORDS = {stage.key: (stage.short, stage.explanation, stage.formula) for stage in STAGES}
_SAME = {
    "projected": "attention_output", "residual": "attention_residual", "output": "attention_norm",
}  # fmt: skip
_SAME_FORWARD = {
    "hidden": "feed_forward_hidden", "projected": "feed_forward_output",
    "residual": "feed_forward_residual", "output": "output",
}  # fmt: skip
_SHORT = {"residual": "Add", "output": "Norm"}
_OWN = {
    "embedding_output": (
        "Embeddings",
        "Each piece read so far starts as its row of a learned table, multiplied by the root of the width. "
        "A fixed pattern of sines and cosines is added that says where the piece stands.",
        r"x_t = \sqrt{d}\,E_{\mathrm{id}_t} + P_t",
    ),
    "mask": (
        "Mask",
        "A number is added to each score: 0 where a place may look, the lowest number there is where not. In "
        "self-attention that hides what is not written yet, in cross-attention nothing is hidden.",
        r"\mathrm{scores} + M",
    ),
    "weights": (
        "Weights",
        "Softmax turns each row of scores into shares that sum to 1. A weight says how much of a value is "
        "taken, not how much it matters.",
        r"\alpha = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d_{\mathrm{head}}}} + M\right)",
    ),
    "logits": (
        "Logits",
        "The last vector is multiplied with the vector of every piece of the vocabulary. The better they fit "
        "together, the larger the logit.",
        r"z = h E^\top + b",
    ),
    "probabilities": (
        "Probabilities",
        "Softmax turns the logits of all pieces into shares that sum to 1. This is what the model says; "
        "temperature, top-k and top-p come after it.",
        r"p = \mathrm{softmax}(z)",
    ),
}


@dataclass(frozen=True)
class TargetPlace:
    """One cell: ``part`` and ``key`` of PARTS, ``layer`` and ``head`` from 0, ``row`` and ``column``."""

    part: str
    key: str
    row: int
    column: int
    layer: int = 0
    head: int = 0


def stage_words(part: str, key: str) -> tuple[str, str, str]:
    """Short name, explanation in two sentences and formula of a stage."""
    if key in _OWN:
        return _OWN[key]
    forward = part == "feed_forward"
    short, explanation, formula = _WORDS[(_SAME_FORWARD if forward else _SAME).get(key, key)]
    return ("Output" if forward and key == "projected" else _SHORT.get(key, short)), explanation, formula


def target_array(
    trace: TranslationTrace, part: str, key: str, *, layer: int = 0, head: int = 0
) -> np.ndarray:
    """The numbers of one stage as (rows, columns).

    Rows are the pieces read (T), or those of the source (S) for the keys and values of cross-attention;
    logits and probabilities have one column per piece of the vocabulary.
    """
    if key not in PARTS.get(part, ()):
        known = ", ".join(f"{name}.{one}" for name, keys in PARTS.items() for one in keys)
        raise TraceError(f"There is no stage {part}.{key}; the stages are {known}.")
    if part == "embedding":
        return trace.embedding_output
    if part == "next_word":
        return trace.logits if key == "logits" else _probabilities(trace)
    values = getattr(getattr(trace.layers[layer], part), key)
    return values[head] if key in HEAD_KEYS else values


def _probabilities(trace: TranslationTrace) -> np.ndarray:
    return np.stack([trace.next_word(step.index).probabilities for step in trace.steps])


def row_names(trace: TranslationTrace, part: str, key: str) -> tuple[str, ...]:
    """What the rows of a stage are."""
    if part == "cross_attention" and key in ("k", "v"):
        return tuple(token.text for token in trace.source.tokens)
    return tuple(step.input_text for step in trace.steps)


def key_names(trace: TranslationTrace, part: str) -> tuple[str, ...]:
    """What an attention block looks at: the pieces read, or the source's."""
    return row_names(trace, part, "k")


def check_target_number(trace: TranslationTrace, place: TargetPlace) -> NumberCheck:
    """How the number at ``place`` follows from the numbers before it.

    Raises TraceError for a stage or a cell that the trace does not have.
    """
    check_place(place.layer, name="Layer", count=len(trace.layers))
    check_place(place.head, name="Head", count=len(trace.layers[0].self_attention.weights))
    array = target_array(trace, place.part, place.key, layer=place.layer, head=place.head)
    check_cell(place.row, place.column, shape=array.shape)
    shown = float(array[place.row, place.column])
    if place.part in ("self_attention", "cross_attention"):
        return _ATTENTION_RULES[place.key](_AttentionPlace.at(trace, place), shown)
    return _RULES[place.part, place.key](trace, place, shown)


@dataclass(frozen=True)
class _AttentionPlace:
    """An attention block with what it reads: ``queries`` (T, d) and ``keys`` (S, d)."""

    block: AttentionBlock
    own: AttentionWeights
    queries: np.ndarray
    keys: np.ndarray
    names: tuple[str, ...]
    cell: TargetPlace

    @classmethod
    def at(cls, trace: TranslationTrace, place: TargetPlace) -> _AttentionPlace:
        layer, own = trace.layers[place.layer], trace.weights.decoder[place.layer]
        names = key_names(trace, place.part)
        if place.part == "cross_attention":
            read = layer.self_attention.output
            return cls(layer.cross_attention, own[1], read, trace.source.output, names, place)
        before = _before(trace, place.layer)
        return cls(layer.self_attention, own[0], before, before, names, place)


def _before(trace: TranslationTrace, layer: int) -> np.ndarray:
    return trace.embedding_output if layer == 0 else trace.layers[layer - 1].output


def _projected(name: str) -> Callable[[_AttentionPlace, float], NumberCheck]:
    def rule(at: _AttentionPlace, shown: float) -> NumberCheck:
        linear = {"q": at.own.query, "k": at.own.key, "v": at.own.value}[name]
        read = at.queries if name == "q" else at.keys
        unit = at.cell.head * at.block.q.shape[-1] + at.cell.column
        formula = rf"x W_{name.upper()} + b_{name.upper()}"
        return linear_number(read[at.cell.row], linear, unit, shown, formula)

    return rule


def _score(at: _AttentionPlace, shown: float) -> NumberCheck:
    head, row, column = at.cell.head, at.cell.row, at.cell.column
    return score_number(at.block.q[head, row], at.block.k[head, column], at.block.scaling, shown)


def _weight(at: _AttentionPlace, shown: float) -> NumberCheck:
    row = at.block.scores[at.cell.head, at.cell.row].astype(np.float64) + at.block.mask[at.cell.row]
    formula = r"\alpha_{ij} = \frac{e^{s_{ij} - m}}{\sum_k e^{s_{ik} - m}}"
    return softmax_number(row, at.names, at.cell.column, shown, formula=formula, header="score + mask")


def _mixed(at: _AttentionPlace, shown: float) -> NumberCheck:
    head, row, column = at.cell.head, at.cell.row, at.cell.column
    return mix_number(at.block.weights[head, row], at.block.v[head, :, column], at.names, shown)


def _projection(at: _AttentionPlace, shown: float) -> NumberCheck:
    joined = join_heads(at.block.heads)[at.cell.row]
    return linear_number(joined, at.own.projection, at.cell.column, shown, r"[H_1 \ldots H_h] W_O + b_O")


def _added(at: _AttentionPlace, shown: float) -> NumberCheck:
    row, column = at.cell.row, at.cell.column
    came_in, change = float(at.queries[row, column]), float(at.block.projected[row, column])
    return sum_number("x + a", {"what came in": came_in, "attention": change}, shown)


def _normed(at: _AttentionPlace, shown: float) -> NumberCheck:
    return norm_number(at.block.residual[at.cell.row], at.own.norm, at.cell.column, shown)


_ATTENTION_RULES: dict[str, Callable[[_AttentionPlace, float], NumberCheck]] = {
    "q": _projected("q"),
    "k": _projected("k"),
    "v": _projected("v"),
    "scores": _score,
    "mask": lambda at, shown: mask_number(at.names[at.cell.column], shown),
    "weights": _weight,
    "heads": _mixed,
    "projected": _projection,
    "residual": _added,
    "output": _normed,
}


def _embedding(trace: TranslationTrace, at: TargetPlace, shown: float) -> NumberCheck:
    word = float(trace.token_embeddings[at.row, at.column])
    position = float(trace.position_embeddings[at.row, at.column])
    scale = trace.weights.scale
    values = np.array([[word * scale], [position]])
    written = rf"{latex_number(scale)} \cdot {latex_number(word, after_sign=True)}"
    written += f" + {latex_number(position, after_sign=True)}"
    steps = ((r"\text{sum}", float(values.sum())),)
    labels = (f"word vector times {scale:g}", "position")
    return NumberCheck(r"\sqrt{d}\,E + P", ("value",), labels, values, steps, shown, written)


def _forward(trace: TranslationTrace, at: TargetPlace) -> TargetLayer:
    return trace.layers[at.layer]


def _hidden(trace: TranslationTrace, at: TargetPlace, shown: float) -> NumberCheck:
    own = trace.weights.decoder[at.layer][2]
    read = _forward(trace, at).cross_attention.output[at.row]
    result = linear_number(read, own.up, at.column, shown, r"\mathrm{act}(x W_1 + b_1)")
    name = trace.weights.activation
    bent = float(ACTIVATIONS[name](np.array(result.recomputed)))
    steps = (*result.steps[:-1], ("z", result.recomputed), (rf"\text{{{name}}}(z)", bent))
    return NumberCheck(result.formula, result.headers, result.labels, result.operands, steps, shown)


def _forward_output(trace: TranslationTrace, at: TargetPlace, shown: float) -> NumberCheck:
    hidden = _forward(trace, at).feed_forward.hidden[at.row]
    return linear_number(hidden, trace.weights.decoder[at.layer][2].down, at.column, shown, "h W_2 + b_2")


def _forward_added(trace: TranslationTrace, at: TargetPlace, shown: float) -> NumberCheck:
    layer = _forward(trace, at)
    came_in = float(layer.cross_attention.output[at.row, at.column])
    change = float(layer.feed_forward.projected[at.row, at.column])
    return sum_number("x + f", {"what came in": came_in, "feed-forward": change}, shown)


def _forward_normed(trace: TranslationTrace, at: TargetPlace, shown: float) -> NumberCheck:
    norm = trace.weights.decoder[at.layer][2].norm
    return norm_number(_forward(trace, at).feed_forward.residual[at.row], norm, at.column, shown)


def _logit(trace: TranslationTrace, at: TargetPlace, shown: float) -> NumberCheck:
    head = Linear(trace.weights.head, trace.weights.bias)
    return linear_number(trace.layers[-1].output[at.row], head, at.column, shown, r"h \cdot E_v + b_v")


def _probability(trace: TranslationTrace, at: TargetPlace, shown: float) -> NumberCheck:
    row = trace.logits[at.row]
    labels = tuple(str(one) for one in range(len(row)))
    formula = r"p_v = \frac{e^{z_v - m}}{\sum_u e^{z_u - m}}"
    return softmax_number(row, labels, at.column, shown, formula=formula, header="logit")


_RULES: dict[tuple[str, str], Callable[[TranslationTrace, TargetPlace, float], NumberCheck]] = {
    ("embedding", "embedding_output"): _embedding,
    ("feed_forward", "hidden"): _hidden,
    ("feed_forward", "projected"): _forward_output,
    ("feed_forward", "residual"): _forward_added,
    ("feed_forward", "output"): _forward_normed,
    ("next_word", "logits"): _logit,
    ("next_word", "probabilities"): _probability,
}
