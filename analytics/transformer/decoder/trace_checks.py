"""Recompute every stage of a translation from the stage before it, in numpy, and compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from analytics.transformer.arithmetic import (
    ACTIVATIONS,
    apply_linear,
    join_heads,
    layer_norm,
    softmax,
    split_heads,
)
from analytics.transformer.checks import Check, check
from analytics.transformer.decoder.marian_weights import AttentionWeights, FeedForwardWeights, sinusoids
from analytics.transformer.decoder.recalling import recall_checks
from analytics.transformer.decoder.sampling import log_softmax

if TYPE_CHECKING:  # a trace asks for its checks, so the arrow at run time goes the other way
    from analytics.transformer.decoder.trace import (
        AttentionBlock,
        FeedForwardBlock,
        SourceTrace,
        TranslationTrace,
    )

_ROWS_SUM = 1e-6
_DRIFT = 1e-4


def check_translation(trace: TranslationTrace) -> tuple[Check, ...]:
    """The checks of one trace, in the order of its stages; float32 where the model computes in it."""
    return (
        *_source_checks(trace),
        *_target_checks(trace),
        *_output_checks(trace),
        *_choice_checks(trace),
        *_beam_checks(trace),
        *recall_checks(trace),
    )


def _source_checks(trace: TranslationTrace) -> Iterator[Check]:
    source = trace.source
    yield from _embedding_checks("Encoder", source, trace.weights.scale, trace.weights.source_positions)
    before = source.embedding_output
    for index, (layer, own) in enumerate(zip(source.layers, trace.weights.encoder, strict=True)):
        name = f"Encoder layer {index + 1}: "
        yield from _attention_checks(name + "self-attention ", before, before, layer.attention, own[0])
        yield from _feed_forward_checks(name, layer.attention.output, layer.feed_forward, own[1], trace)
        before = layer.output


def _target_checks(trace: TranslationTrace) -> Iterator[Check]:
    yield from _embedding_checks("Decoder", trace, trace.weights.scale, trace.weights.target_positions)
    before, memory = trace.embedding_output, trace.source.output
    for index, (layer, own) in enumerate(zip(trace.layers, trace.weights.decoder, strict=True)):
        name = f"Decoder layer {index + 1}: "
        first, second = layer.self_attention, layer.cross_attention
        yield from _attention_checks(name + "self-attention ", before, before, first, own[0])
        seen = np.triu(first.weights, 1)
        formula = r"\alpha_{ij} = 0 \text{ for } j > i"
        yield check(name + "nothing of the future", formula, seen, np.zeros_like(seen), tolerance=0)
        yield from _attention_checks(name + "cross-attention ", first.output, memory, second, own[1])
        yield from _feed_forward_checks(name, second.output, layer.feed_forward, own[2], trace)
        before = layer.output


def _embedding_checks(
    side: str, stage: SourceTrace | TranslationTrace, scale: float, positions: np.ndarray
) -> Iterator[Check]:
    table = sinusoids(*positions.shape)[: len(stage.position_embeddings)]
    formula = r"\sin, \cos\left(t / 10000^{2i/d}\right)"
    yield check(f"{side} positions", formula, stage.position_embeddings, table)
    again = stage.token_embeddings * np.float32(scale) + stage.position_embeddings
    yield check(f"{side} embeddings", r"\sqrt{d}\,E_{\mathrm{id}} + P_t", stage.embedding_output, again)


def _attention_checks(
    name: str, queries: np.ndarray, keys: np.ndarray, block: AttentionBlock, own: AttentionWeights
) -> Iterator[Check]:
    for symbol, shown, linear, read in (
        ("Q", block.q, own.query, queries),
        ("K", block.k, own.key, keys),
        ("V", block.v, own.value, keys),
    ):
        again = split_heads(apply_linear(read, linear), len(shown))
        yield check(name + symbol, rf"x W_{symbol} + b_{symbol}", shown, again)
    again = block.q @ block.k.transpose(0, 2, 1) * np.float32(block.scaling)
    yield check(name + "scores", r"QK^\top / \sqrt{d}", block.scores, again)
    again = softmax(block.scores + block.mask)
    formula = r"\mathrm{softmax}(\mathrm{scores} + \mathrm{mask})"
    yield check(name + "weights", formula, block.weights, again)
    rows = block.weights.sum(-1)
    formula = r"\sum_j \alpha_{ij} = 1"
    yield check(name + "rows of weights", formula, rows, np.ones_like(rows), tolerance=_ROWS_SUM)
    yield check(name + "weighted values", r"\alpha V", block.heads, block.weights @ block.v)
    again = apply_linear(join_heads(block.heads), own.projection)
    yield check(name + "output projection", r"[H_1 \ldots H_h] W_O + b_O", block.projected, again)
    yield check(name + "residual", r"x + a", block.residual, queries + block.projected)
    yield check(name + "norm", r"\mathrm{LN}(x + a)", block.output, layer_norm(block.residual, own.norm))


def _feed_forward_checks(
    name: str, before: np.ndarray, block: FeedForwardBlock, own: FeedForwardWeights, trace: TranslationTrace
) -> Iterator[Check]:
    again = ACTIVATIONS[trace.weights.activation](apply_linear(before, own.up))
    yield check(name + "feed-forward hidden", r"\mathrm{act}(x W_1 + b_1)", block.hidden, again)
    again = apply_linear(block.hidden, own.down)
    yield check(name + "feed-forward output", r"h W_2 + b_2", block.projected, again)
    yield check(name + "feed-forward residual", r"x + f", block.residual, before + block.projected)
    again = layer_norm(block.residual, own.norm)
    yield check(name + "feed-forward norm", r"\mathrm{LN}(x + f)", block.output, again)


def _output_checks(trace: TranslationTrace) -> Iterator[Check]:
    again = trace.layers[-1].output @ trace.weights.head.T + trace.weights.bias
    yield check("Logits", r"h E^\top + b", trace.logits, again)
    formula = r"\mathrm{cached} = \mathrm{teacher\ forced}"
    yield check("No drift while writing", formula, trace.written_logits, trace.logits, tolerance=_DRIFT)
    sums = softmax(trace.logits.astype(np.float64)).sum(-1)
    yield check("Probabilities", r"\sum_v p_v = 1", sums, np.ones_like(sums), tolerance=_ROWS_SUM)


def _choice_checks(trace: TranslationTrace) -> Iterator[Check]:
    logs = log_softmax(trace.written_logits.astype(np.float64))
    shown = [step.log_probability for step in trace.steps]
    again = [logs[step.index, step.id] for step in trace.steps]
    yield check("Log-probabilities", r"\log p(y_t \mid y_{<t}, x)", shown, again, tolerance=_DRIFT)
    free = [step for step in trace.steps if not step.forced]
    if trace.settings.strategy == "greedy" and free and not trace.recalled:
        best = [int(trace.next_word(step.index).tempered.argmax()) for step in free]
        yield check("Greedy choices", r"\arg\max_v p_v", [step.id for step in free], best, tolerance=0)
    if trace.settings.strategy == "sample" and free:
        words = [trace.next_word(step.index) for step in free]
        outside = [float(not word.kept[step.id]) for word, step in zip(words, free, strict=True)]
        formula = r"y_t \in \mathrm{kept}"
        yield check("Draws from what was kept", formula, outside, np.zeros(len(free)), tolerance=0)
        sums = [word.final.sum() for word in words]
        yield check("Renormalised", r"\sum_v p'_v = 1", sums, np.ones(len(free)), tolerance=_ROWS_SUM)


def _beam_checks(trace: TranslationTrace) -> Iterator[Check]:
    if trace.beams is None:
        return
    tree = trace.beams
    yield check("Best beam's score", r"\sum_t \log p_t", tree.best.score, trace.score, tolerance=_DRIFT)
    shown = [one.final_score for one in tree.hypotheses]
    again = [one.score / len(one.ids) ** tree.length_penalty for one in tree.hypotheses]
    yield check("Length penalty", r"\sum_t \log p_t / T^{\alpha}", shown, again)
