"""A question to passages: by words, by vectors, or by both, each hit with the reasons it was found for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.retrieval.fusion import OFFSET, reciprocal_ranks
from analytics.retrieval.index import Index
from analytics.retrieval.lexical import WordPart
from analytics.retrieval.nearest import top
from analytics.text.arguments import as_flags, as_texts, check_whole
from analytics.text.words import query_terms

if TYPE_CHECKING:
    from analytics.text import TextEncoder
    from analytics.transformer import SimilarityTrace

METHODS = ("words", "vectors", "hybrid")
DEPTH = 1_000
"""Places of each ranking that take part when two are joined: beyond, 1 / (60 + rank) is below 0.001."""


@dataclass(frozen=True)
class Hit:
    """A passage that was found, and why.

    Attributes:
        place, document: of the passage and of its document, from 0.
        score: what it was ranked by: BM25, cosine, or the sum of reciprocal ranks.
        bm25: the sum of ``words``, 0 where it has no word of the question.
        word_rank, vector_rank: its rank by either method, from 1; None where it is in neither's first.
    """

    place: int
    document: int
    text: str
    score: float
    bm25: float
    cosine: float
    words: tuple[WordPart, ...]
    word_rank: int | None
    vector_rank: int | None

    def rank_parts(self) -> tuple[float, float]:
        """What the rank by words and by vectors give to the score of both methods together."""
        return _part(self.word_rank), _part(self.vector_rank)


def _part(rank: int | None) -> float:
    return 0.0 if rank is None else 1 / (OFFSET + rank)


@dataclass(frozen=True)
class Hits:
    """What a question found, the best first."""

    question: str
    method: str
    found: tuple[Hit, ...]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.found)

    def to_frame(self) -> pd.DataFrame:
        """One line a hit: rank, document (from 0), score, its parts, and the passage."""
        return pd.DataFrame(
            {
                "rank": range(1, len(self) + 1),
                "document": [hit.document for hit in self],
                "score": [hit.score for hit in self],
                "bm25": [hit.bm25 for hit in self],
                "cosine": [hit.cosine for hit in self],
                "rank_by_words": pd.array([hit.word_rank for hit in self], dtype="Int64"),
                "rank_by_vectors": pd.array([hit.vector_rank for hit in self], dtype="Int64"),
                "words": [", ".join(f"{part.word} {part.score:.2f}" for part in hit.words) for hit in self],
                "passage": [hit.text for hit in self],
            }
        )


@dataclass(frozen=True)
class Rankings:
    """A question's vector (d,), and the best places by each method with their BM25 scores (m,)."""

    vector: np.ndarray
    bm25: np.ndarray
    by_method: dict[str, np.ndarray]
    joined: dict[int, float]


def retrieve(
    question: str,
    index: Index,
    *,
    method: str = "hybrid",
    k: int = 10,
    allowed: np.ndarray | None = None,
) -> Hits:
    """The ``k`` passages that answer best, by ``words`` (BM25), ``vectors`` (cosine) or ``hybrid``.

    ``hybrid`` joins the first 1,000 of both by reciprocal rank. ``allowed`` (n,) bool are the documents that
    are searched. A passage without any word of the question is no hit by words.

    Raises:
        ZetascopeError: a question without a word, an unknown method, or flags of other documents.
    """
    return hits_of(question, index, rankings(question, index, allowed=allowed), method=method, k=k)


def retrieve_all(
    question: str, index: Index, *, k: int = 10, allowed: np.ndarray | None = None
) -> dict[str, Hits]:
    """What every method finds; the question is read once."""
    ranked = rankings(question, index, allowed=allowed)
    return {method: hits_of(question, index, ranked, method=method, k=k) for method in METHODS}


def rankings(
    question: str,
    index: Index,
    *,
    allowed: np.ndarray | None = None,
    vector: np.ndarray | None = None,
    methods: Sequence[str] = ("words", "vectors"),
) -> Rankings:
    """The best places by each of the two ``methods``; ``vector`` is the question's where it is known."""
    check_question(question)
    chosen = None
    if allowed is not None:
        chosen = index.of_documents(as_flags(allowed, count=len(index.documents), what="filter"))
    if vector is None:
        vector = index.encoder.encode([question], role="query")[0]
    by_method: dict[str, np.ndarray] = {}
    bm25 = np.zeros(0, np.float32)
    if "words" in methods:
        bm25 = index.words.scores(question)
        by_method["words"] = _with_words(bm25 if chosen is None else np.where(chosen, bm25, 0))
    if "vectors" in methods:
        by_method["vectors"] = index.vectors.ranking(vector, depth=DEPTH, allowed=chosen)
    return Rankings(vector, bm25, by_method, reciprocal_ranks(by_method))


def _with_words(bm25: np.ndarray) -> np.ndarray:
    best = top(bm25, DEPTH)
    return best[bm25[best] > 0]


def hits_of(question: str, index: Index, ranked: Rankings, *, method: str, k: int) -> Hits:
    """The first ``k`` of a method's ranking, with their reasons."""
    if method not in METHODS:
        raise ZetascopeError(f"There is no method {method!r}: choose one of {', '.join(METHODS)}.")
    check_whole(k, name="k", least=1)
    places = ranking_of(ranked, method)[:k]
    cosines = index.vectors.similarity(ranked.vector, places)
    ranks = {
        name: {place: rank for rank, place in enumerate(found.tolist(), start=1)}
        for name, found in ranked.by_method.items()
    }
    found = []
    for place, cosine in zip(places.tolist(), cosines.tolist(), strict=True):
        bm25 = float(ranked.bm25[place])
        found.append(
            Hit(
                place=place,
                document=int(index.passages.owners[place]),
                text=index.passages.texts[place],
                score={"words": bm25, "vectors": cosine, "hybrid": ranked.joined.get(place, 0.0)}[method],
                bm25=bm25,
                cosine=cosine,
                words=index.words.parts(question, place),
                word_rank=ranks["words"].get(place),
                vector_rank=ranks["vectors"].get(place),
            )
        )
    return Hits(question, method, tuple(found))


def ranking_of(ranked: Rankings, method: str) -> np.ndarray:
    """Places in a method's order, (r,) int64."""
    if method == "hybrid":
        return np.fromiter(ranked.joined, dtype=np.int64, count=len(ranked.joined))
    return ranked.by_method[method]


def check_question(question: Any) -> None:
    """Raises ZetascopeError where there is nothing to ask."""
    as_texts([question])
    if not query_terms(question):
        raise ZetascopeError("The question has no word in it: write what you want to know.")


def token_pairs(question: str, passage: str, *, encoder: TextEncoder) -> SimilarityTrace:
    """The pairs of tokens that make the cosine of a question and a passage; see ``explain_similarity``."""
    from analytics.transformer import explain_similarity

    return explain_similarity(question, passage, encoder=encoder)
