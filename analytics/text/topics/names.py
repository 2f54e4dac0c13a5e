"""Names for groups of texts: phrases by class-based tf-idf (Grootendorst, arXiv 2203.05794, section 3.3)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from analytics.text.topics.phrases import PhraseCounts, count_phrases, same_stem
from analytics.text.words import is_blankless

_TERMS = 4
_MOST_TERMS = 8
_SHORT = 2
_MOSTLY = 0.5
_WHOLE = 0.6  # a phrase stands for its word where the word is in it so often
_NEAR = 3  # clusters that a name is contrasted with


def name_clusters(
    texts: Sequence[str],
    labels: np.ndarray,
    *,
    terms: int = _TERMS,
    vectors: np.ndarray | None = None,
    phrases: PhraseCounts | None = None,
) -> tuple[str, ...]:
    """One name per label 0 ... c - 1: its most distinguishing phrases, joined by commas; no two are the same.

    Phrases are one to three words between pauses and stop words. The texts of a cluster are one document; a
    phrase's weight is its share there times ``log(1 + A / f)``, with A the mean number of phrases per
    cluster and f the phrase's count in all. With the ``vectors`` (n, d) of the texts it is multiplied by the
    share it has of the phrase's shares here and in the nearest three clusters, where it is as common. Markup
    and the stop words of each text's language are left out; words that nearly every cluster uses weigh
    little. A cluster whose texts have no words is called by its number. ``phrases`` are the
    ``count_phrases`` of the texts, where they are known.
    """
    count = int(labels.max(initial=-1)) + 1
    if not count:
        return ()
    found = _ByCluster.of(phrases or count_phrases(texts), labels, count)
    weights = found.weights(None if vectors is None else _near(vectors, labels, count))
    ranked = [found.best(weights, label) for label in range(count)]
    return _all_different([names or [f"cluster {label + 1}"] for label, names in enumerate(ranked)], terms)


def phrases_apart(phrases: PhraseCounts, selected: np.ndarray) -> list[str]:
    """The phrases that set ``selected`` texts (n,) bool apart from the others, ranked as in names."""
    found = _ByCluster.of(phrases, np.where(selected, 0, 1), 2)
    return found.best(found.weights(np.array([[1], [0]])), 0)


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """The first two phrases of every name, more where two names would be the same."""
    parts = [name.split(", ") for name in names]
    return _all_different(parts, _SHORT)


def _all_different(parts: list[list[str]], terms: int) -> tuple[str, ...]:
    """The first ``terms`` of each, more of those that would be shared; at last a number tells them apart."""
    lengths = [terms] * len(parts)
    while True:
        names = [", ".join(own[:length]) for own, length in zip(parts, lengths, strict=True)]
        times = Counter(names)
        longer = [
            place
            for place, name in enumerate(names)
            if times[name] > 1 and lengths[place] < len(parts[place])
        ]
        if not longer:
            break
        for place in longer:
            lengths[place] += 1
    seen: Counter[str] = Counter()
    for place, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[place] = f"{name} ({seen[name]})"
    return tuple(names)


@dataclass(frozen=True)
class _ByCluster:
    """How often each phrase occurs in each cluster, (c, phrases), and the phrases."""

    counts: csr_array
    phrases: np.ndarray

    @classmethod
    def of(cls, found: PhraseCounts, labels: np.ndarray, count: int) -> "_ByCluster":
        members = np.flatnonzero(labels >= 0)
        groups = csr_array(
            (np.ones(len(members), np.int32), (labels[members], members)), shape=(count, len(labels))
        )
        return cls(csr_array(groups @ found.counts), found.phrases)

    def weights(self, near: np.ndarray | None) -> csr_array:
        """Class-based tf-idf (c, phrases), contrasted with the clusters ``near`` (c, m) each."""
        per_cluster = np.maximum(np.asarray(self.counts.sum(axis=1)).ravel(), 1)
        per_term = np.maximum(np.asarray(self.counts.sum(axis=0)).ravel(), 1)
        shares = csr_array(self.counts.multiply(1 / per_cluster[:, None]))
        weights = csr_array(shares.multiply(np.log1p(per_cluster.mean() / per_term)[None, :]))
        if near is None or not near.shape[1]:
            return weights
        for label, others in enumerate(near):
            own = slice(weights.indptr[label], weights.indptr[label + 1])
            terms = weights.indices[own]
            most = shares[others][:, terms].toarray().max(axis=0)
            here = shares[[label]][:, terms].toarray().ravel()
            weights.data[own] *= here / (here + most)
        return weights

    def best(self, weights: csr_array, label: int) -> list[str]:
        """The heaviest phrases, whole ones for their words, without those that repeat a chosen word."""
        row, counts = weights[[label]], self.counts[[label]]
        order = np.argsort(-row.data, kind="stable")[: 20 * _MOST_TERMS]
        often = dict(zip(self.phrases[counts.indices].tolist(), counts.data.tolist(), strict=True))
        candidates = self.phrases[row.indices[order]].tolist()
        chosen: list[str] = []
        for term in candidates:
            chosen = _with(chosen, term, _whole(term, candidates, often), often)
            if len(chosen) == _MOST_TERMS:
                break
        return chosen


def _with(chosen: list[str], term: str, whole: str, often: dict[str, int]) -> list[str]:
    """The chosen and the whole phrase of a term, or the term; a part that mostly stands in it gives way.

    Of "new" and "york", "new york" is what both mean.
    """
    parts = [
        other for other in chosen if f" {other} " in f" {whole} " and often[whole] > _MOSTLY * often[other]
    ]
    if not any(_repeats(whole, other) for other in chosen if other not in parts):
        if not parts:
            return [*chosen, whole]
        return [whole if other == parts[0] else other for other in chosen if other not in parts[1:]]
    repeats = any(_repeats(term, other) for other in chosen)
    return chosen if repeats else [*chosen, term]


def _whole(term: str, candidates: list[str], often: dict[str, int]) -> str:
    """The longest phrase that the term nearly always stands in, or the term."""
    words = f" {term} "
    longer = [
        other
        for other in candidates
        if len(other) > len(term) and words in f" {other} " and often[other] >= _WHOLE * often[term]
    ]
    return max(longer, key=lambda other: (len(other.split()), often[other]), default=term)


def _near(vectors: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """The clusters whose mean vectors are nearest to each one's, (count, up to 3)."""
    means = np.array([vectors[labels == label].mean(axis=0) for label in range(count)])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    similarity = means @ means.T
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, : min(_NEAR, count - 1)]


def _repeats(term: str, other: str) -> bool:
    """Whether two phrases share a word, or nearly; where nothing parts words, whether one is in the other."""
    if is_blankless(term) and is_blankless(other):
        return term in other or other in term
    return any(same_stem(word, known) for word in term.split() for known in other.split())
