"""What questions reach that have nothing to do with the documents: below it, nothing here answers."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from analytics.progress import Progress
from analytics.retrieval.index import Index
from analytics.retrieval.sentences import sentence_spans
from analytics.text import encode_cached, similarity_floor
from analytics.text.vector_cache import VectorStore

_QUESTIONS = Path(__file__).parent / "everyday_questions.txt"
_PASSAGES = 3
"""Passages whose sentences are read for each of these questions: with three, CISI takes seconds and not
minutes, and many of the sixty share theirs."""
_DEVIATIONS = 2.5
"""Robust deviations above the median: 0.39 on CISI, and each of 76 real questions finds a sentence above it;
among whole passages the best of the 60 reaches 0.36 there, the least of the 76 0.40. Not a percentile, since
some of the 60 may be answered by the documents."""


@cache
def everyday_questions() -> tuple[str, ...]:
    """Sixty questions about sixty different things."""
    return tuple(_QUESTIONS.read_text(encoding="utf-8").split("\n")[:-1])


def answer_floor(
    index: Index, *, store: VectorStore | None = None, progress: Progress | None = None
) -> float:
    """The cosine with a question from which on a sentence counts as an answer, in [-1, 1].

    Sixty everyday questions are asked of the documents; the floor is the median of what their best sentence
    reaches plus 2.5 robust deviations, and no less than what words of random letters reach
    (``similarity_floor``), which tells of scripts that the model cannot read.
    """
    encoder, vectors = index.encoder, index.vectors.vectors
    asked = encode_cached(encoder, everyday_questions(), store=store, role="query").vectors
    places = {
        place for one in asked for place in index.vectors.ranking(one, depth=_PASSAGES, allowed=None).tolist()
    }
    best = np.maximum(
        _best(asked, vectors[sorted(places)]),
        _best(asked, encode_cached(
            encoder, _sentences(index, sorted(places)), store=store, role="document", progress=progress
        ).vectors),
    )  # fmt: skip
    middle = np.median(best)
    spread = 1.4826 * np.median(np.abs(best - middle))
    nonsense = similarity_floor(
        lambda texts: encoder.encode(texts, role="query"), vectors, index.passages.texts
    )
    return float(max(middle + _DEVIATIONS * spread, nonsense))


def _best(asked: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return (asked @ vectors.T).max(axis=1) if len(vectors) else np.full(len(asked), -1.0)


def _sentences(index: Index, places: Sequence[int]) -> list[str]:
    texts = (index.passages.texts[place] for place in places)
    return [text[start:end] for text in texts for start, end in sentence_spans(text)]
