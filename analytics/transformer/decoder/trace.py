"""What one sentence became on its way through an encoder and a decoder: plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.transformer.checks import Check
from analytics.transformer.decoder.beams import BeamTree
from analytics.transformer.decoder.decoding import Decoding, Forced
from analytics.transformer.decoder.marian_weights import AttentionWeights, MarianWeights
from analytics.transformer.decoder.recalling import Recalled
from analytics.transformer.decoder.sampling import NextWord
from analytics.transformer.tokens import Token


@dataclass(frozen=True)
class AttentionBlock:
    """One attention block with its residual sum and norm. T queries, S keys, H heads, d model width; float32.

    ``scores`` are QK^T / sqrt(d_head) before ``mask``, the numbers that are added to them.
    """

    q: np.ndarray  # (H, T, d_head)
    k: np.ndarray  # (H, S, d_head)
    v: np.ndarray  # (H, S, d_head)
    scaling: float
    scores: np.ndarray  # (H, T, S)
    mask: np.ndarray  # (T, S)
    weights: np.ndarray  # (H, T, S), rows sum to 1
    heads: np.ndarray  # (H, T, d_head), weights times v
    projected: np.ndarray  # (T, d), after the output projection
    residual: np.ndarray  # (T, d), input plus projected
    output: np.ndarray  # (T, d), after the norm


@dataclass(frozen=True)
class FeedForwardBlock:
    """One feed-forward block with its residual sum and norm."""

    hidden: np.ndarray  # (T, f), after the activation
    projected: np.ndarray  # (T, d)
    residual: np.ndarray  # (T, d)
    output: np.ndarray  # (T, d)


@dataclass(frozen=True)
class SourceLayer:
    """One encoder layer."""

    attention: AttentionBlock
    feed_forward: FeedForwardBlock

    @property
    def output(self) -> np.ndarray:
        return self.feed_forward.output


@dataclass(frozen=True)
class TargetLayer:
    """One decoder layer: what was written so far, then the source, then each place alone."""

    self_attention: AttentionBlock
    cross_attention: AttentionBlock
    feed_forward: FeedForwardBlock

    @property
    def output(self) -> np.ndarray:
        return self.feed_forward.output


@dataclass(frozen=True)
class SourceTrace:
    """The sentence through the encoder; the decoder sees ``output`` (S, d) and nothing else of it.

    ``embedding_output`` = ``token_embeddings`` * scale + ``position_embeddings``, all (S, d).
    ``unknown`` are the places of tokens the vocabulary does not have.
    """

    text: str
    tokens: tuple[Token, ...]
    unknown: tuple[int, ...]
    token_embeddings: np.ndarray
    position_embeddings: np.ndarray
    embedding_output: np.ndarray
    layers: tuple[SourceLayer, ...]

    @property
    def output(self) -> np.ndarray:
        return self.layers[-1].output


@dataclass(frozen=True)
class Step:
    """One output token: read ``input_id``, wrote ``id``.

    ``probability`` and ``rank`` (from 1) are the model's own, over the whole vocabulary; ``entropy`` in
    bits. ``forced`` says "path" for a token the reader put there, "limit" for an end token put in by the
    model's settings. ``point`` is the random number of a sampled choice.
    """

    index: int
    input_id: int
    input_text: str
    id: int
    text: str
    log_probability: float
    probability: float
    rank: int
    entropy: float
    forced: Forced
    point: float


@dataclass(frozen=True)
class TranslationTrace:
    """One translation with everything on its way. T output tokens, L layers, V vocabulary.

    Row t of every decoder array reads input token t (the start token first) and predicts output token t.
    ``logits`` (T, V) come from one teacher-forced pass over the whole output, ``written_logits`` from the
    cached pass that wrote it; ``checks`` hold them against each other. ``ended`` is False when the limit
    came before the end token. ``logits`` and the steps' probabilities are the model's own; what was chosen
    from beside a memory is ``mixed_logits``.
    """

    model_name: str
    revision: str
    settings: Decoding
    source: SourceTrace
    steps: tuple[Step, ...]
    translation: str
    ended: bool
    token_embeddings: np.ndarray  # (T, d)
    position_embeddings: np.ndarray  # (T, d)
    embedding_output: np.ndarray  # (T, d)
    layers: tuple[TargetLayer, ...]
    logits: np.ndarray  # (T, V)
    written_logits: np.ndarray  # (T, V)
    suppressed: tuple[int, ...]
    beams: BeamTree | None
    weights: MarianWeights
    recalled: tuple[Recalled, ...] = ()  # one a step, none where there is no memory

    @property
    def tokens(self) -> tuple[str, ...]:
        """The output pieces, the end token included where it was written."""
        return tuple(step.text for step in self.steps)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(step.id for step in self.steps)

    @property
    def input_ids(self) -> tuple[int, ...]:
        """What the decoder read: the start token, then all output but the last."""
        return tuple(step.input_id for step in self.steps)

    @property
    def score(self) -> float:
        """Sum of the log-probabilities of the tokens that were not put in by the limit."""
        return float(sum(step.log_probability for step in self.steps if step.forced != "limit"))

    def next_word(self, index: int) -> NextWord:
        """Every stage of the distribution of output token ``index`` under the trace's settings."""
        return self.settings.next_word(self.mixed_logits(index), self.suppressed)

    def mixed_logits(self, index: int) -> np.ndarray:
        """What output token ``index`` was chosen from: the model's logits, mixed with a memory's if any."""
        return self.recalled[index].mixed_logits(self.logits[index]) if self.recalled else self.logits[index]

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every stage recomputed from the one before it, and the two passes against each other."""
        from analytics.transformer.decoder.trace_checks import check_translation

        return check_translation(self)


def added_lengths(block: AttentionBlock, weights: AttentionWeights, *, heads: Sequence[int]) -> np.ndarray:
    """(T, S) Euclidean length of what each key adds to each query's output, over the given heads.

    The added vector is the sum over heads of weight * W_O^h v^h (Kobayashi et al. 2020, "Attention is Not
    Only a Weight"), so a high weight on a short vector counts for little.
    """
    size = block.v.shape[-1]
    total = np.zeros((*block.weights.shape[1:], len(weights.projection.weight)), dtype=np.float32)
    for head in heads:
        values = block.v[head] @ weights.head_projection(head, size).T
        total += block.weights[head][:, :, None] * values[None]
    return np.linalg.norm(total, axis=-1)


def alignment(
    trace: TranslationTrace, *, layer: int, head: int | None = None, added: bool = False
) -> np.ndarray:
    """(T, S) where the decoder looked in the source, rows summing to 1.

    The weights of one head, or the mean over heads for None; with ``added`` the lengths of the added
    vectors, as shares of their row.
    """
    block = trace.layers[layer].cross_attention
    if not added:
        return block.weights.mean(0) if head is None else block.weights[head]
    heads = range(len(block.weights)) if head is None else (head,)
    lengths = added_lengths(block, trace.weights.decoder[layer][1], heads=heads)
    return lengths / np.maximum(lengths.sum(-1, keepdims=True), np.finfo(np.float32).tiny)
