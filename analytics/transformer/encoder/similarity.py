"""Why two texts are similar: a matrix of token pairs that sums exactly to their cosine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.transformer.checks import Check, check
from analytics.transformer.encoder.attribution import Attribution, integrated_gradients
from analytics.transformer.encoder.trace import EncoderTrace
from analytics.transformer.encoder.walk import trace_encoders

_SHARES_FROM = 0.1  # below it the shares of a single pair exceed 100 % again and again


@dataclass(frozen=True)
class SimilarityTrace:
    """Two traces and their pairs.

    ``matrix`` (T_a, T_b) is S_ij = a_i . b_j for the parts a_i, b_j that the tokens give to the two unit
    sentence vectors, and sums to ``cosine`` (float64). ``special_part`` is what the pairs give to it that
    touch a token the tokenizer added.
    """

    a: EncoderTrace
    b: EncoderTrace
    matrix: np.ndarray
    cosine: float
    special_part: float

    @property
    def tokens_a(self) -> tuple[str, ...]:
        return self.a.tokens

    @property
    def tokens_b(self) -> tuple[str, ...]:
        return self.b.tokens

    @property
    def touches_special(self) -> np.ndarray:
        """(T_a, T_b) bool: pairs in which at least one token was added by the tokenizer."""
        return self.a.special[:, None] | self.b.special[None, :]

    @property
    def has_shares(self) -> bool:
        """Whether parts can be told as shares: those of a cosine near 0 cancel, and are many times it."""
        return abs(self.cosine) >= _SHARES_FROM

    def special_sentence(self) -> str:
        """What the added tokens give, as an amount, and as a share where the cosine is large enough."""
        share = f" ({self.special_part / self.cosine:.0%})" if self.has_shares else ""
        return f"pairs that touch an added token give {self.special_part:.4f}{share}"

    @property
    def checks(self) -> tuple[Check, ...]:
        total = check("Sum of all pairs", r"\sum_{ij} S_{ij} = \cos(a, b)", self.cosine, self.matrix.sum())
        if set(self.a.steps_after_pooling) <= {"Normalize"}:
            lengths = np.linalg.norm(self.a.vector) * np.linalg.norm(self.b.vector)
            own = float(self.a.vector @ self.b.vector) / float(lengths)
            return (total, check("Cosine of the model's vectors", r"a \cdot b", own, self.cosine))
        return (total,)


def explain_similarity(text_a: str, text_b: str, *, encoder: Any) -> SimilarityTrace:
    """Split the cosine of two texts into the contributions of all pairs of their tokens.

    Exact arithmetic on the pooled token vectors; with a dense layer after the pooling, the cosine is the
    one before that layer. Raises TraceError as ``trace_encoders`` does.
    """
    return pair_traces(*trace_encoders([text_a, text_b], encoder=encoder))


def pair_traces(a: EncoderTrace, b: EncoderTrace) -> SimilarityTrace:
    """What ``explain_similarity`` gives, from two traces of the same encoder."""
    matrix = a.ledger.parts @ b.ledger.parts.T
    cosine = float(a.ledger.vector @ b.ledger.vector)
    special = a.special[:, None] | b.special[None, :]
    return SimilarityTrace(a, b, matrix, cosine, float(matrix[special].sum()))


def attribute_similarity(trace: SimilarityTrace, *, encoder: Any) -> tuple[Attribution, Attribution]:
    """Integrated gradients of the cosine for the tokens of each text, the other text held fixed."""
    return (
        integrated_gradients(trace.a.source.text, encoder=encoder, target=trace.b.vector),
        integrated_gradients(trace.b.source.text, encoder=encoder, target=trace.a.vector),
    )
