"""Find texts by meaning and by exact words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_texts, as_vector, as_vectors, check_whole
from analytics.text.reading.stop_words import common_stop_words
from analytics.text.words import document_terms, query_terms, search_key

_RANK_OFFSET = 60
_WORDS_READ = 20_000
_COMMON = 0.2  # of the texts: "ich" and "der" are in more, what a text is about in fewer
_FEW = 5  # texts: of a handful, a word in two is no sign that it tells nothing
_QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True)
class Hits:
    """Found rows, best first: ``rows`` (h,), cosine ``similarity`` (h,), ``word_match`` (h,) in [0, 1].

    ``floor`` is the similarity that nonsense reaches among these texts (``similarity_floor``).
    """

    rows: np.ndarray
    similarity: np.ndarray
    word_match: np.ndarray
    floor: float = -1.0

    @property
    def alike(self) -> np.ndarray:
        """(h,) whether a text is more like the query than nonsense finds, or has words of it."""
        return (self.similarity >= self.floor) | (self.word_match > 0)

    def only(self, chosen: np.ndarray) -> "Hits":
        """The hits (h,) bool that are chosen, in their order."""
        return Hits(self.rows[chosen], self.similarity[chosen], self.word_match[chosen], self.floor)


@dataclass(frozen=True)
class WordIndex:
    """Tf-idf weights (n, words), rows of length 1, and what turns a query into the same space.

    ``stop``: words that say nothing in English or in the language that most of the texts are in.
    """

    weights: csr_array
    vectorizer: object
    stop: frozenset[str]


def search(query_vector: np.ndarray, vectors: np.ndarray, k: int = 20, *, without: int | None = None) -> Hits:
    """The ``k`` rows of unit ``vectors`` (n, d) most similar to a unit vector (d,) by cosine.

    ``without`` is a row that is not asked for: the query's own, where it is one of them.
    """
    similarity = _similarity(query_vector, vectors)
    check_whole(k, name="k", least=0)
    rows = _top(similarity, k if without is None else k + 1)
    if without is not None:
        rows = rows[rows != without][:k]
    return Hits(rows, similarity[rows], np.zeros(len(rows)))


def index_words(texts: Sequence[str]) -> WordIndex:
    """Words of every text (its first 20,000 characters), any script, weighted by rarity."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    # A text and a query are cut in different ways (see words), so the vectorizer gets them cut already.
    texts = as_texts(texts)
    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, dtype=np.float32)
    try:
        weights = vectorizer.fit_transform(document_terms(text[:_WORDS_READ]) for text in texts)
    except ValueError:  # not one word in all texts
        vectorizer.fit([["word"]])
        weights = csr_array((len(texts), 1), dtype=np.float32)
    return WordIndex(csr_array(weights), vectorizer, common_stop_words(texts))


def search_mixed(
    query: str,
    query_vector: np.ndarray,
    vectors: np.ndarray,
    *,
    texts: Sequence[str],
    index: WordIndex,
    k: int = 20,
    by: str = "both",
    floor: float = -1.0,
) -> Hits:
    """Search by meaning, by words, or by both together; ``"words in quotes"`` must occur as they are.

    By ``"meaning"`` hits are in the order of their similarity, by ``"words"`` in that of their word match
    (those without any of the words are no hits), by ``"both"`` the two rankings are joined by reciprocal rank
    fusion with the constant 60 (Cormack, Clarke & Buettcher, SIGIR 2009), and a text without any of the words
    takes part with its meaning only. Words that tell nothing ("how do I") make no match by themselves
    (``telling``). ``floor`` is kept with the hits, which may lie below it.

    Raises:
        ZetascopeError: an unknown way, or texts, vectors and index of different rows.
    """
    if not isinstance(by, str) or by not in SCORES:
        raise ZetascopeError(f"Texts are searched by {', '.join(SCORES)}, not by {by!r}.")
    similarity = _similarity(query_vector, vectors)
    check_whole(k, name="k", least=0)
    if not len(as_texts(texts)) == index.weights.shape[0] == len(similarity):
        raise ZetascopeError(
            f"Texts: {len(texts):,}, vectors: {len(similarity):,}, indexed texts: "
            f"{index.weights.shape[0]:,}; all three must be of the same rows."
        )
    as_texts([query])
    word_match = np.where(has_any(telling(query, index), index), word_similarity(query, index), 0)
    score = SCORES[by](similarity, word_match)
    allowed = np.flatnonzero(contains_all(texts, quoted(query)) & np.isfinite(score))
    rows = allowed[_top(score[allowed], k)]
    return Hits(rows, similarity[rows], word_match[rows], floor)


def _by_both(similarity: np.ndarray, word_match: np.ndarray) -> np.ndarray:
    score = 1 / (_RANK_OFFSET + _ranks(similarity))
    return score + np.where(word_match > 0, 1 / (_RANK_OFFSET + _ranks(word_match)), 0)


SCORES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "meaning": lambda similarity, _: similarity,
    "words": lambda _, word_match: np.where(word_match > 0, word_match, -np.inf),
    "both": _by_both,
}
"""What hits are ordered by, from similarity (n,) and word match (n,); -inf is no hit."""


def _similarity(query_vector: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Inner products (n,) with a query (d,), all finite."""
    if not isinstance(vectors, np.ndarray) or vectors.ndim != 2 or vectors.dtype != np.float32:
        vectors = as_vectors(vectors)
    query = as_vector(query_vector, size=vectors.shape[1])
    with np.errstate(invalid="ignore"):
        similarity = vectors @ query
    if not np.isfinite(similarity).all():  # quicker than to look at every number of every vector
        raise ZetascopeError("Some vectors contain missing or infinite numbers: encode these texts again.")
    return similarity


def word_similarity(query: str, index: WordIndex) -> np.ndarray:
    """Cosine of tf-idf weights between the query and every text, (n,) in [0, 1]."""
    weights = index.vectorizer.transform([query_terms(query)])  # type: ignore[attr-defined]
    return np.asarray((index.weights @ csr_array(weights).T).todense()).ravel()


def telling(query: str, index: WordIndex) -> list[str]:
    """The words of a query that make a text with one of them a hit.

    They are no stop words of the texts' language or of English, and in at most a fifth of the texts, which
    those of further languages are not; where a query has no such word, what it has.
    """
    words = query_terms(query)
    content = [word for word in words if word not in index.stop] or words
    common = max(_COMMON * index.weights.shape[0], _FEW)
    return [word for word in content if _texts_with(word, index) <= common] or content


def _texts_with(word: str, index: WordIndex) -> float:
    """How many texts have the word, as its idf tells."""
    place = index.vectorizer.vocabulary_.get(word)  # type: ignore[attr-defined]
    if place is None:
        return 0
    idf = index.vectorizer.idf_[place]  # type: ignore[attr-defined]
    return float((1 + index.weights.shape[0]) / np.exp(idf - 1) - 1)


def has_any(words: Sequence[str], index: WordIndex) -> np.ndarray:
    """Which texts have one of the words, (n,) bool."""
    known = index.vectorizer.vocabulary_  # type: ignore[attr-defined]
    places = [known[word] for word in words if word in known]
    found = np.zeros(index.weights.shape[0], dtype=bool)
    if places:
        found[index.weights[:, places].tocoo().coords[0]] = True
    return found


def quoted(query: str) -> list[str]:
    """What stands in quotes."""
    return _QUOTED.findall(query)


def contains_all(texts: Sequence[str], phrases: Sequence[str]) -> np.ndarray:
    """Which texts contain every phrase, whatever the case and the spelling in Unicode: (n,) bool."""
    wanted = [search_key(phrase).strip() for phrase in phrases if phrase.strip()]
    if not wanted:
        return np.ones(len(texts), dtype=bool)
    folded = map(search_key, texts)
    return np.fromiter((all(phrase in text for phrase in wanted) for text in folded), bool, len(texts))


def _ranks(score: np.ndarray) -> np.ndarray:
    ranks = np.empty(len(score))
    ranks[np.argsort(-score, kind="stable")] = np.arange(1, len(score) + 1)
    return ranks


def _top(score: np.ndarray, k: int) -> np.ndarray:
    k = max(0, min(k, len(score)))
    if not k:
        return np.zeros(0, dtype=np.int64)
    best = np.sort(np.argpartition(-score, k - 1)[:k])
    return best[np.argsort(-score[best], kind="stable")]
