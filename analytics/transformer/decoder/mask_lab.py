"""Take the causal mask away and see what the decoder then knows too early."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.threads import one_openmp_thread
from analytics.transformer.capture import Changes
from analytics.transformer.decoder.marian_recording import causal_modules, record_pass
from analytics.transformer.decoder.sampling import log_softmax
from analytics.transformer.decoder.trace import TranslationTrace
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator
from analytics.transformer.weights import to_numpy


@dataclass(frozen=True)
class MaskLab:
    """One training-time pass with and without the causal mask. T output tokens, V vocabulary.

    ``masked`` and ``open`` (T,) are the probabilities of the tokens that were written. ``weights_masked``
    and ``weights_open`` (L, H, T, T) are the self-attention of both passes. ``changed_input`` is the last
    input token, replaced by ``replaced_by``; ``moved_masked`` and ``moved_open`` (T - 1,) are the largest
    changes of any probability at the places before it: exactly 0 with the mask, and the leak without it.
    """

    masked: np.ndarray
    open: np.ndarray
    weights_masked: np.ndarray
    weights_open: np.ndarray
    changed_input: int
    replaced_by: int
    moved_masked: np.ndarray
    moved_open: np.ndarray


@one_openmp_thread()
def open_the_mask(trace: TranslationTrace, *, model: Translator) -> MaskLab:
    """Run the trace's output through the decoder with and without the mask, and with its last input changed.

    Raises TraceError for an output of a single token, which has no future to see.
    """
    if len(trace.steps) < 2:
        raise TraceError("The mask hides later words, so an output of two tokens at least is needed.")
    last = trace.input_ids[-1]
    other = _another_word(trace, last)
    inputs = trace.input_ids
    changed = (*inputs[:-1], other)
    (masked, masked_changed), weights_masked = _pass(trace, (inputs, changed), model, masked=True)
    (opened, opened_changed), weights_open = _pass(trace, (inputs, changed), model, masked=False)
    rows, wrote = np.arange(len(trace.steps)), list(trace.ids)
    return MaskLab(
        masked=masked[rows, wrote],
        open=opened[rows, wrote],
        weights_masked=weights_masked,
        weights_open=weights_open,
        changed_input=last,
        replaced_by=other,
        moved_masked=np.abs(masked - masked_changed)[:-1].max(-1),
        moved_open=np.abs(opened - opened_changed)[:-1].max(-1),
    )


def _pass(
    trace: TranslationTrace, inputs: tuple[tuple[int, ...], ...], model: Translator, *, masked: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (rows, T, V) of every input, and self-attention weights (L, H, T, T) of the first."""
    names = causal_modules(model.model)
    changes = None if masked else Changes(without_mask=names)
    source = [token.id for token in trace.source.tokens]
    recorded = record_pass(model.model, source, *inputs, changes=changes)
    weights = [to_numpy(call.weights[0]) for call in recorded.attention if call.name in names]
    logits = to_numpy(recorded.output.logits).astype(np.float64)
    return np.exp(log_softmax(logits)), np.stack(weights)


def _another_word(trace: TranslationTrace, last: int) -> int:
    """The best-ranked token that could have stood in the place of the last input."""
    row = trace.logits[-2]
    order = np.argsort(-row)
    barred = {last, *trace.suppressed}
    return next(int(one) for one in order if int(one) not in barred)
