"""What the picture of an encoder with a decoder draws, at one step of writing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.figures import theme
from analytics.figures.living.pieces import Rows
from analytics.transformer.decoder.trace import TranslationTrace

MOST_ROWS = 12
"""Pieces of the source and of the output that are drawn: two bands must fit on one screen."""
CANDIDATES = 6


@dataclass(frozen=True)
class DecoderFlow:
    """The numbers of the picture at ``step``. S source pieces, T output pieces, L layers of the decoder.

    ``source`` and ``target`` are Euclidean lengths by the place's name, (S,) and (T,). ``written`` (L, T, T)
    and ``looked`` (L, T, S) are the weights of self- and cross-attention, the mean over heads;
    ``source_mixing`` (encoder layers, S, S) those of the encoder. ``feed_forward`` (L, T) is the length of
    what that part adds. ``best`` are the most probable pieces of this step, ``chances`` how probable.
    """

    step: int
    source: dict[str, np.ndarray]
    target: dict[str, np.ndarray]
    source_mixing: np.ndarray
    written: np.ndarray
    looked: np.ndarray
    feed_forward: np.ndarray
    best: np.ndarray
    chances: np.ndarray

    @property
    def largest(self) -> float:
        """The length of the longest vector on the way: the widest ribbon."""
        lengths = [*self.source.values(), *self.target.values()]
        return max(float(values.max(initial=0.0)) for values in lengths) or 1.0


def decoder_flow(trace: TranslationTrace, step: int) -> DecoderFlow:
    """The picture's numbers while output piece ``step``, from 0, is written."""
    source = {"embedding": _length(trace.source.embedding_output)}
    for number, one in enumerate(trace.source.layers, start=1):
        source[f"block {number}, middle"] = _length(one.attention.output)
        source[f"block {number}"] = _length(one.output)
    target = {"embedding": _length(trace.embedding_output)}
    for number, layer in enumerate(trace.layers, start=1):
        target[f"block {number}, self"] = _length(layer.self_attention.output)
        target[f"block {number}, cross"] = _length(layer.cross_attention.output)
        target[f"block {number}"] = _length(layer.output)
    chances = trace.next_word(step).probabilities
    best = trace.next_word(step).ranked(CANDIDATES)
    return DecoderFlow(
        step=step,
        source=source,
        target=target,
        source_mixing=np.stack([one.attention.weights.mean(0) for one in trace.source.layers]),
        written=np.stack([layer.self_attention.weights.mean(0) for layer in trace.layers]),
        looked=np.stack([layer.cross_attention.weights.mean(0) for layer in trace.layers]),
        feed_forward=np.stack([_length(layer.feed_forward.projected) for layer in trace.layers]),
        best=best,
        chances=chances[best],
    )


def source_rows(trace: TranslationTrace, flow: DecoderFlow, *, top: float, step: float) -> Rows:
    """The source pieces that this step looks at most."""
    looked = flow.looked[:, flow.step].mean(0)
    kept = np.sort(np.argsort(-looked, kind="stable")[:MOST_ROWS])
    names = tuple(theme.shortened(trace.source.tokens[place].text, width=13) for place in kept)
    return Rows(kept, names, len(looked), step, top)


def target_rows(trace: TranslationTrace, flow: DecoderFlow, *, top: float, step: float) -> Rows:
    """The pieces read, up to a few behind the one that is being written."""
    total = len(trace.steps)
    last = min(total, max(flow.step + 1, MOST_ROWS))
    kept = np.arange(max(0, last - MOST_ROWS), last)
    names = tuple(theme.shortened(trace.steps[place].input_text, width=13) for place in kept)
    return Rows(kept, names, total, step, top)


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=-1)
