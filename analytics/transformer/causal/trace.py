"""What a prompt became inside a decoder-only model, and what was written after it: plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.transformer.causal.writing import Kept, Writing
from analytics.transformer.checks import Check
from analytics.transformer.decoder.sampling import NextWord
from analytics.transformer.encoder.trace import LayerTrace
from analytics.transformer.weights import EncoderWeights


@dataclass(frozen=True)
class WrittenToken:
    """One token that was written; ``probability`` and ``rank`` (from 1) are the model's own.

    ``entropy`` is in bits, ``point`` the random number of a drawn token, NaN without one.
    """

    index: int
    id: int
    text: str
    probability: float
    log_probability: float
    rank: int
    entropy: float
    point: float


@dataclass(frozen=True)
class CausalTrace:
    """A prompt of P tokens and N written ones. T = P + N - 1 were read: the last one written was not.

    Layers normalise first, as ``LayerTrace`` tells. ``logits`` (N, V) come from one pass over all that was
    read, ``written_logits`` from the steps that wrote it with the store; ``checks`` hold them against each
    other. ``keys`` and ``values`` are the store after the last step, (H_kv, T, d_head) a layer.
    """

    model_name: str
    revision: str
    family: str
    settings: Writing
    prompt: str
    prompt_tokens: tuple[str, ...]
    ids: tuple[int, ...]  # of the T tokens read
    tokens: tuple[str, ...]
    steps: tuple[WrittenToken, ...]
    text: str
    ended: bool
    token_embeddings: np.ndarray  # (T, d)
    position_embeddings: np.ndarray | None  # (T, d)
    layers: tuple[LayerTrace, ...]
    last_hidden: np.ndarray  # (T, d), after the last norm
    logits: np.ndarray
    written_logits: np.ndarray
    kept: tuple[Kept, ...]
    keys: tuple[np.ndarray, ...]
    values: tuple[np.ndarray, ...]
    weights: EncoderWeights

    @property
    def embedding_output(self) -> np.ndarray:
        """What the first layer reads: (T, d)."""
        if self.position_embeddings is None:
            return self.token_embeddings
        return self.token_embeddings + self.position_embeddings

    @property
    def embedding_sum(self) -> np.ndarray:
        """The same: nothing is normalised before the first layer."""
        return self.embedding_output

    @property
    def segment_embeddings(self) -> None:
        """These models know no segments."""

    @property
    def head_scale(self) -> None:
        """No head is switched off."""

    @property
    def missing(self) -> tuple[str, ...]:
        """All of its inside is shown."""
        return ()

    def row(self, step: int) -> int:
        """The place, from 0, whose vector predicts the token written at ``step``."""
        return len(self.prompt_tokens) - 1 + step

    def next_word(self, step: int) -> NextWord:
        """Every stage of the distribution that the token of ``step`` was chosen from."""
        return self.settings.next_word(self.logits[step])

    def looked(self, step: int, *, layer: int, head: int | None = None) -> np.ndarray:
        """(row + 1,) where the token of ``step`` looked: one head's weights, or the mean of all heads."""
        row = self.row(step)
        weights = self.layers[layer].weights[:, row, : row + 1]
        return weights.mean(0) if head is None else weights[head]

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Every stage recomputed from the one before it, and the two ways of computing against each other."""
        from analytics.transformer.causal.trace_checks import check_causal

        return check_causal(self)
