"""Answers without a writer: the sentences of the documents that come nearest to the question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.arguments import is_real
from analytics.errors import ZetascopeError
from analytics.retrieval.floor import answer_floor
from analytics.retrieval.index import Index
from analytics.retrieval.retrieving import Hits, Rankings, hits_of, rankings
from analytics.retrieval.sentences import sentence_spans
from analytics.text import encode_cached
from analytics.text.arguments import check_whole
from analytics.text.vector_cache import VectorStore
from analytics.text.words import document_terms
from analytics.words import count as counted

PASSAGES_READ = 10  # of each question: all their sentences are encoded, and nobody waits for more
_FEWEST_WORDS = 3  # of a sentence that can tell something


@dataclass(frozen=True)
class Sentence:
    """A sentence as it stands in a document: ``documents[document][start:end]``.

    ``cosine`` is with the question; ``place`` is the passage it was read in.
    """

    text: str
    document: int
    start: int
    end: int
    place: int
    cosine: float


@dataclass(frozen=True)
class Answer:
    """The sentences that carry the answer, the best first; none where nothing reaches the ``floor``.

    ``nearest`` is the best sentence whatever it reaches, so that a reader sees what was turned down.
    """

    question: str
    sentences: tuple[Sentence, ...]
    nearest: Sentence | None
    floor: float
    hits: Hits

    def verdict(self) -> str:
        """What there is, in one sentence."""
        if self.sentences:
            documents = len({one.document for one in self.sentences})
            return (
                f"{counted(len(self.sentences), 'sentence')} of {counted(documents, 'document')} near the "
                f"question: the best reaches {self.sentences[0].cosine:.2f}, questions about other things "
                f"up to {self.floor:.2f}."
            )
        if self.nearest is None:
            return "Nothing here answers this: no document that is searched has text."
        return (
            f"Nothing here answers this: the nearest sentence reaches {self.nearest.cosine:.2f}, and "
            f"questions about other things reach up to {self.floor:.2f}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One line a sentence: rank, document (from 0), cosine, sentence, start and end in the document."""
        return pd.DataFrame(
            {
                "rank": range(1, len(self.sentences) + 1),
                "document": [one.document for one in self.sentences],
                "cosine": [one.cosine for one in self.sentences],
                "sentence": [one.text for one in self.sentences],
                "start": [one.start for one in self.sentences],
                "end": [one.end for one in self.sentences],
            }
        )


def answer(
    question: str,
    index: Index,
    *,
    method: str = "hybrid",
    floor: float | None = None,
    count: int = 5,
    allowed: np.ndarray | None = None,
    store: VectorStore | None = None,
    ranked: Rankings | None = None,
) -> Answer:
    """The ``count`` sentences nearest to a question in the first ten passages that ``method`` finds.

    ``floor``: what ``answer_floor`` gave for this index; measured anew where it is None, which takes seconds.
    ``ranked``: what ``rankings`` gave for this question and these documents, where it was asked before.
    Every sentence is a stretch of a document, nothing added.

    Raises:
        ZetascopeError: as ``retrieve``, or a floor that is no cosine.
    """
    check_whole(count, name="count", least=1)
    if floor is not None and not (is_real(floor) and -1 <= floor <= 1):
        raise ZetascopeError(f"The floor is {floor!r}: use a cosine from -1 to 1, or None to measure one.")
    ranked = ranked or rankings(question, index, allowed=allowed)
    hits = hits_of(question, index, ranked, method=method, k=PASSAGES_READ)
    floor = answer_floor(index, store=store) if floor is None else floor
    found = _sentences(index, hits, ranked.vector, store)
    carrying = tuple(one for one in found if one.cosine >= floor)[:count]
    return Answer(question, carrying, found[0] if found else None, floor, hits)


def _telling(passage: str) -> list[tuple[int, int]]:
    """The sentences of a passage, headings and cries of a word or two only where there are no others."""
    spans = sentence_spans(passage)
    telling = [span for span in spans if len(document_terms(passage[slice(*span)])) >= _FEWEST_WORDS]
    return telling or spans


def _sentences(index: Index, hits: Hits, vector: np.ndarray, store: VectorStore | None) -> list[Sentence]:
    """Every sentence of the hits once, the nearest to the question first."""
    spans: dict[tuple[int, int, int], int] = {}
    said: set[str] = set()
    for hit in hits:
        document = index.documents[hit.document]
        shift = document.find(hit.text)
        for start, end in _telling(hit.text):
            text = hit.text[start:end].casefold()
            if text not in said:
                said.add(text)
                spans[hit.document, shift + start, shift + end] = hit.place
    if not spans:
        return []
    texts = [index.documents[document][start:end] for document, start, end in spans]
    encoded = encode_cached(index.encoder, texts, store=store, role="document").vectors
    made = [
        Sentence(text, document, start, end, place, float(cosine))
        for text, ((document, start, end), place), cosine in zip(
            texts, spans.items(), encoded @ vector, strict=True
        )
    ]
    return sorted(made, key=lambda one: -one.cosine)
