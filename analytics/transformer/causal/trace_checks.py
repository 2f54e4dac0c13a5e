"""Recompute every stage of a decoder-only model from the stage before it, in numpy, and compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from analytics.transformer.arithmetic import apply_linear, layer_norm, softmax
from analytics.transformer.checks import Check, check
from analytics.transformer.decoder.sampling import log_softmax
from analytics.transformer.encoder.trace_checks import layer_checks

if TYPE_CHECKING:  # a trace asks for its checks, so the arrow at run time goes the other way
    from analytics.transformer.causal.trace import CausalTrace

_ROWS_SUM = 1e-6
_DRIFT = 1e-4


def check_causal(trace: CausalTrace) -> tuple[Check, ...]:
    """The checks of one trace, in the order of its stages."""
    return (*_stage_checks(trace), *_store_checks(trace), *_choice_checks(trace))


def _stage_checks(trace: CausalTrace) -> Iterator[Check]:
    weights, ids = trace.weights, list(trace.ids)
    formula = r"E_{\mathrm{id}}"
    yield check("Token embeddings", formula, trace.token_embeddings, weights.word[ids], tolerance=0)
    if trace.position_embeddings is not None and weights.position is not None:
        rows = weights.position[: len(ids)]
        yield check("Position embeddings", "P_t", trace.position_embeddings, rows, tolerance=0)
    before = trace.embedding_output
    for index, layer in enumerate(trace.layers):
        yield from layer_checks(index, before, layer, weights)
        seen = np.triu(layer.weights, 1)
        formula = r"\alpha_{ij} = 0 \text{ for } j > i"
        name = f"Layer {index + 1}: nothing of the future"
        yield check(name, formula, seen, np.zeros_like(seen), tolerance=0)
        before = layer.output
    if weights.final_norm is not None:
        again = layer_norm(before, weights.final_norm)
        yield check("Final norm", r"\mathrm{LN}(x)", trace.last_hidden, again)
    if weights.head is not None:
        again = apply_linear(trace.last_hidden[trace.row(0) :], weights.head)
        yield check("Logits", r"h W_{\mathrm{out}}", trace.logits, again)


def _store_checks(trace: CausalTrace) -> Iterator[Check]:
    """What was kept while writing is what one pass over the whole computes."""
    for index, (layer, keys, values) in enumerate(zip(trace.layers, trace.keys, trace.values, strict=True)):
        shared = len(layer.k) // len(keys)
        for symbol, kept, whole in (("keys", keys, layer.k), ("values", values, layer.v)):
            again = whole[::shared, -kept.shape[1] :]
            formula = r"\mathrm{kept} = \mathrm{computed\ anew}"
            yield check(f"Layer {index + 1}: kept {symbol}", formula, kept, again, tolerance=_DRIFT)
    formula = r"\mathrm{with\ the\ store} = \mathrm{in\ one\ pass}"
    yield check("No drift while writing", formula, trace.written_logits, trace.logits, tolerance=_DRIFT)


def _choice_checks(trace: CausalTrace) -> Iterator[Check]:
    logs = log_softmax(trace.written_logits.astype(np.float64))
    shown = [step.log_probability for step in trace.steps]
    again = [logs[step.index, step.id] for step in trace.steps]
    yield check("Log-probabilities", r"\log p(y_t \mid y_{<t})", shown, again, tolerance=_DRIFT)
    sums = softmax(trace.logits.astype(np.float64)).sum(-1)
    yield check("Probabilities", r"\sum_v p_v = 1", sums, np.ones_like(sums), tolerance=_ROWS_SUM)
    words = [trace.settings.next_word(row) for row in trace.written_logits]
    ids = [step.id for step in trace.steps]
    if trace.settings.strategy == "greedy":
        best = [int(word.tempered.argmax()) for word in words]
        yield check("Greedy choices", r"\arg\max_v p_v", ids, best, tolerance=0)
        return
    outside = [float(not word.kept[one]) for word, one in zip(words, ids, strict=True)]
    yield check(
        "Draws from what was kept", r"y_t \in \mathrm{kept}", outside, np.zeros(len(ids)), tolerance=0
    )
    sums = np.array([word.final.sum() for word in words])
    yield check("Renormalised", r"\sum_v p'_v = 1", sums, np.ones(len(ids)), tolerance=_ROWS_SUM)
