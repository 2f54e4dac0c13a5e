"""Names for groups of texts: class-based tf-idf (Grootendorst, BERTopic, arXiv 2203.05794, section 3.3)."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from scipy.sparse import csr_array

from analytics.text.words import is_blankless, learn_words

_TERMS = 4
_READ_CHARACTERS = 2_000
# Contractions that scikit-learn's list knows in pieces only.
_CONTRACTIONS = frozenset({"don't", "didn't", "doesn't", "can't", "it's", "i'm", "i've", "isn't"})


def name_clusters(texts: Sequence[str], labels: np.ndarray, *, terms: int = _TERMS) -> tuple[str, ...]:
    """One name per label 0 ... c - 1: its most distinguishing terms, joined by commas.

    The texts of a cluster are one document; a term's weight is its share there times
    ``log(1 + A / f)``, with A the mean number of terms per cluster and f the term's count in all. English
    stop words are left out, in any language words that nearly every cluster uses weigh little. A cluster
    whose texts have no words is called by its number.
    """
    count = int(labels.max(initial=-1)) + 1
    if not count:
        return ()
    counts, vocabulary = _term_counts(texts, labels, count)
    if not len(vocabulary):
        return tuple(f"cluster {label + 1}" for label in range(count))
    weights = _weights(counts)
    named = [_best_terms(weights[[label]], vocabulary, terms) for label in range(count)]
    return tuple(", ".join(found) or f"cluster {label + 1}" for label, found in enumerate(named))


def _term_counts(texts: Sequence[str], labels: np.ndarray, count: int) -> tuple[csr_array, np.ndarray]:
    """How often each word and pair of words occurs in each cluster, (count, terms), and the terms.

    Every occurrence counts; a term of one text only is no term of a cluster.
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

    members = np.flatnonzero(labels >= 0)
    read = [texts[row][:_READ_CHARACTERS] for row in members.tolist()]
    terms = partial(learn_words(read).terms, stop=ENGLISH_STOP_WORDS | _CONTRACTIONS)
    counter = CountVectorizer(analyzer=terms, min_df=2, dtype=np.int32)
    try:
        found = counter.fit_transform(read)
    except ValueError:  # no words at all
        return csr_array((count, 0)), np.array([], dtype=object)
    groups = csr_array(
        (np.ones(len(members), np.int32), (labels[members], np.arange(len(members)))),
        shape=(count, len(members)),
    )
    return csr_array(groups @ found), counter.get_feature_names_out()


def _weights(counts: csr_array) -> csr_array:
    per_cluster = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)
    per_term = np.maximum(np.asarray(counts.sum(axis=0)).ravel(), 1)
    rarity = np.log1p(per_cluster.mean() / per_term)
    return csr_array(counts.multiply(1 / per_cluster[:, None]).multiply(rarity[None, :]))


def _best_terms(row: csr_array, vocabulary: np.ndarray, terms: int) -> list[str]:
    """The heaviest terms, without those that only repeat a word already chosen."""
    order = np.argsort(-row.data, kind="stable")[: 10 * terms]
    chosen: list[str] = []
    for term in vocabulary[row.indices[order]]:
        if not any(_repeats(term, other) for other in chosen):
            chosen.append(term)
        if len(chosen) == terms:
            break
    return chosen


def _repeats(term: str, other: str) -> bool:
    """Whether two terms share a word, or one is part of the other where nothing parts words."""
    if is_blankless(term) and is_blankless(other):
        return term in other or other in term
    return bool(set(term.split()) & set(other.split()))
