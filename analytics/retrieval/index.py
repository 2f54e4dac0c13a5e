"""Documents made ready for questions: passages, their words and their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analytics.progress import Progress
from analytics.retrieval.lexical import WordIndex, index_words
from analytics.retrieval.nearest import EXACT_UP_TO, VectorIndex, index_vectors
from analytics.retrieval.passages import passages
from analytics.text import Passages, TextEncoder, encode_cached
from analytics.text.reading.passages import LONGEST
from analytics.text.vector_cache import VectorStore
from analytics.words import count


@dataclass(frozen=True)
class Index:
    """n documents and their m passages.

    Attributes:
        documents: (n,) the texts; what is found is called by its place among them.
        passages: (m,) texts and ``owners``, which document each is of.
        encoded: passages that were read by the model for this index; the others' vectors were known.
    """

    documents: tuple[str, ...]
    passages: Passages
    words: WordIndex = field(repr=False)
    vectors: VectorIndex = field(repr=False)
    encoder: TextEncoder = field(repr=False)
    encoded: int

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, each as a sentence."""
        empty = int((self.passages.sizes == 0).sum())
        long = sum(len(text) > LONGEST for text in self.documents)
        notes = [f"{count(empty, 'document')} without text cannot be found."] if empty else []
        if long:
            notes.append(f"Of {count(long, 'document')} only the first {LONGEST:,} characters are read.")
        return tuple(notes)

    def of_documents(self, allowed: np.ndarray) -> np.ndarray:
        """(m,) bool: passages of the documents (n,) bool that are allowed."""
        return allowed[self.passages.owners]


def build_index(
    documents: Sequence[str],
    *,
    encoder: TextEncoder,
    tokens: int | None = None,
    store: VectorStore | None = None,
    exact_up_to: int = EXACT_UP_TO,
    progress: Progress | None = None,
) -> Index:
    """Cut, count words and encode; with the ``store`` of an earlier index only changed passages are encoded.

    So an index is up to date by being built again: words are counted anew,
    and a changed row costs the model the reading of that row alone. ``progress`` may raise to cancel.

    Raises:
        ZetascopeError: no document has text.
    """
    cut = passages(documents, encoder=encoder, tokens=tokens)
    encoded = encode_cached(encoder, cut.texts, store=store, role="document", progress=progress)
    return Index(
        documents=tuple(documents),
        passages=cut,
        words=index_words(cut.texts),
        vectors=index_vectors(encoded.vectors, exact_up_to=exact_up_to),
        encoder=encoder,
        encoded=encoded.encoded,
    )
