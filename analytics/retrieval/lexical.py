"""Passages found by their words: BM25, with what each word of the question gives to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.text.arguments import as_texts
from analytics.text.finding.marks import term_spans
from analytics.text.words import document_terms, query_terms

K1, B = 1.5, 0.75
"""How soon a repeated word counts no more, and how far long passages are held against: bm25s's defaults."""
_JOINING = frozenset(
    """a about all an and any are as at be been but by can could did do does for from had has have how i if in
    into is it its me my no not of on or our should so some such that the their them then there these they
    this to was we were what when where which who whom whose why will with would you your""".split()
)
"""English words that ask or join: Lucene's list, and what questions begin with. Left out of a question that
has others; on the CISI collection that adds 2 points of nDCG@10 to BM25."""
_HISSES = ("ss", "x", "ch", "sh")


@dataclass(frozen=True)
class WordPart:
    """What one word of the question gives to a passage's score."""

    word: str
    score: float


@dataclass(frozen=True)
class WordIndex:
    """BM25 weights of the words of m passages; ``model`` is None where no passage has a word."""

    count: int
    words: dict[str, int]
    model: Any

    def scores(self, question: str) -> np.ndarray:
        """BM25 of every passage, (m,) float32; 0 where it has none of the question's words."""
        forms = (form_of(term) for term in asked_terms(question))
        numbers = [self.words[form] for form in forms if form in self.words]
        if not numbers:
            return np.zeros(self.count, dtype=np.float32)
        return self.model.get_scores_from_ids(numbers)

    def parts(self, question: str, place: int) -> tuple[WordPart, ...]:
        """Words of the question that a passage has, the weightiest first; they sum to its score."""
        found: dict[str, float] = {}
        for term in asked_terms(question):
            weight = self._weight(term, place)
            if weight:
                found[term] = found.get(term, 0.0) + weight  # a word asked twice counts twice, as in BM25
        ordered = sorted(found.items(), key=lambda one: -one[1])
        return tuple(WordPart(word, score) for word, score in ordered)

    def rarity(self, term: str) -> float:
        """Lucene's inverse document frequency of a term: log(1 + (m - n + 0.5) / (n + 0.5)), n have it."""
        having = len(self._having(term)[0])
        return float(np.log1p((self.count - having + 0.5) / (having + 0.5)))

    @property
    def bytes(self) -> int:
        """Memory of the weights."""
        if self.model is None:
            return 0
        return sum(self.model.scores[name].nbytes for name in ("data", "indices", "indptr"))

    def _weight(self, term: str, place: int) -> float:
        places, weights = self._having(term)
        at = int(np.searchsorted(places, place))
        return float(weights[at]) if at < len(places) and places[at] == place else 0.0

    def _having(self, term: str) -> tuple[np.ndarray, np.ndarray]:
        """The passages that have a term, ascending, and its weight in each."""
        number = self.words.get(form_of(term))
        if number is None:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        starts = self.model.scores["indptr"]
        part = slice(starts[number], starts[number + 1])
        return self.model.scores["indices"][part], self.model.scores["data"][part]


def asked_terms(question: str) -> list[str]:
    """The words of a question that are looked for."""
    terms = query_terms(question)
    return [term for term in terms if term not in _JOINING] or terms


def counted_spans(text: str, question: str) -> tuple[tuple[int, int], ...]:
    """Start and end of the words of a text that BM25 counts for a question, so that a reader sees them."""
    return term_spans(text, asked_terms(question), form=form_of)


def form_of(term: str) -> str:
    """A word without the ending of an English plural, so that one is found by the other.

    Where a passage has the word in both forms they count together; on CISI it adds 2 points of nDCG@10.
    """
    if len(term) < 4 or not term.isascii() or not term.endswith("s") or term.endswith(("ss", "us", "is")):
        return term
    if term.endswith("ies") and len(term) > 4:
        return f"{term[:-3]}y"
    return term[:-2] if term.endswith("es") and term[:-2].endswith(_HISSES) else term[:-1]


def index_words(texts: Sequence[str]) -> WordIndex:
    """The words of every text, in any script, weighted as Lucene's BM25 does (k1 1.5, b 0.75)."""
    import bm25s

    words: dict[str, int] = {}
    cut = [
        [words.setdefault(form_of(term), len(words)) for term in document_terms(text)]
        for text in as_texts(texts)
    ]
    if not words:
        return WordIndex(len(texts), words, None)
    model = bm25s.BM25(k1=K1, b=B, method="lucene")
    model.index((cut, dict(words)), show_progress=False)
    return WordIndex(len(texts), words, model)
