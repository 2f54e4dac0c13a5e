"""What every way of classifying is given, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analytics.progress import Progress
from analytics.text import TextEncoder
from analytics.text.words import document_terms


@dataclass(frozen=True)
class Material:
    """n texts of C classes, labelled or not; ways are fitted to some of them and asked about others.

    Attributes:
        texts: the n texts.
        codes: (n,) int64, the class of each text; -1 where nobody knows it.
        classes: C.
        vectors: (n, d) float32 unit rows, or None where no way needs them.
        encoder: what made the vectors and is tuned, or None where no way does that.
    """

    texts: tuple[str, ...] = field(repr=False)
    codes: np.ndarray = field(repr=False)
    classes: int
    vectors: np.ndarray | None = field(default=None, repr=False)
    encoder: TextEncoder | None = field(default=None, repr=False)

    @property
    def known_vectors(self) -> np.ndarray:
        """The vectors, which whoever calls made sure of."""
        assert self.vectors is not None
        return self.vectors

    @cached_property
    def terms(self) -> tuple[list[str], ...]:
        """The words of every text, as search compares them."""
        return tuple(document_terms(text) for text in self.texts)

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """A number for every word of the texts."""
        return {term: place for place, term in enumerate(sorted({t for terms in self.terms for t in terms}))}

    @cached_property
    def term_ids(self) -> tuple[list[int], ...]:
        """The words of every text as numbers."""
        return tuple([self.vocabulary[term] for term in terms] for terms in self.terms)


@dataclass(frozen=True)
class Fitted:
    """A way that has learnt.

    Attributes:
        probabilities: of texts by their places, (m, C) float64, rows sum to one.
        parameters: how many numbers were trained.
        kept_bytes: what must be kept for it beside the encoder and the texts that all share.
        note: what has to be said of this fit, such as how many pairs it saw.
        tuned: the encoder after fine-tuning, a SentenceTransformer; None where it was left as it is.
    """

    probabilities: Callable[[np.ndarray], np.ndarray]
    parameters: int
    kept_bytes: int
    note: str = ""
    tuned: object = field(default=None, repr=False)


Fit = Callable[[Material, np.ndarray, int, Progress], Fitted]
"""``fit(material, places to learn from, seed, progress)``; ``progress`` may raise to cancel."""
