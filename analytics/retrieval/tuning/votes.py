"""Retrieval as a classifier: the nearest labelled texts vote, the nearer the louder."""

import numpy as np

from analytics.progress import Progress
from analytics.retrieval.tuning.material import Fitted, Material
from analytics.retrieval.tuning.word_scores import bytes_of, index_words, relative_scores

NEAREST = 20
"""Voters at most; with the weights below those beyond the tenth hardly count."""
_FADE = 0.08
"""A text whose cosine is lower by this counts e times less. Of 0.02 to 0.2 the best for 2, 8 and 32 labels a
class of banking77; between 0.05 and 0.12 accuracy changes by about a point."""
_FADE_OF_WORDS = 0.2
"""The same for shares of the best BM25 score, where differences are larger."""
_WEIGHT_OF_WORDS = 0.1
"""How much a share of the best BM25 score adds to a cosine; of 0.1, 0.2 and 0.3 the best there too."""
_UNSURE = 0.01
"""What every class is given, so that no class that is merely not near is impossible."""


def fit_retrieval(material: Material, train: np.ndarray, seed: int, progress: Progress) -> Fitted:
    """Nothing is trained: the labelled texts' vectors are kept and asked."""
    vectors, codes = material.known_vectors[train], material.codes[train]

    def probabilities(rows: np.ndarray) -> np.ndarray:
        asked = material.known_vectors[rows]
        return vote(asked @ vectors.T, codes, classes=material.classes)

    return Fitted(probabilities, parameters=0, kept_bytes=vectors.nbytes + codes.nbytes)


def fit_bm25(material: Material, train: np.ndarray, seed: int, progress: Progress) -> Fitted:
    """Nothing is trained: an index of the labelled texts' words, and the vote of those nearest by BM25."""
    index, codes = index_words(material, train), material.codes[train]

    def probabilities(rows: np.ndarray) -> np.ndarray:
        shares = relative_scores(material, index, rows)
        return vote(shares, codes, classes=material.classes, fade=_FADE_OF_WORDS)

    return Fitted(probabilities, parameters=0, kept_bytes=bytes_of(index) + codes.nbytes)


def fit_both(material: Material, train: np.ndarray, seed: int, progress: Progress) -> Fitted:
    """Retrieval by vectors, to which shared words add."""
    vectors, codes = material.known_vectors[train], material.codes[train]
    index = index_words(material, train)

    def probabilities(rows: np.ndarray) -> np.ndarray:
        cosines = material.known_vectors[rows] @ vectors.T
        joined = cosines + _WEIGHT_OF_WORDS * relative_scores(material, index, rows)
        return vote(joined, codes, classes=material.classes)

    return Fitted(probabilities, parameters=0, kept_bytes=vectors.nbytes + bytes_of(index) + codes.nbytes)


def vote(similarities: np.ndarray, codes: np.ndarray, *, classes: int, fade: float = _FADE) -> np.ndarray:
    """Shares of the weighted vote, (m, classes), of the most similar of n labelled texts.

    ``similarities``: (m, n), comparable within a row; ``codes``: (n,) the texts' classes; ``fade``: the
    difference that makes a vote e times weaker.
    """
    k = min(NEAREST, similarities.shape[1])
    nearest = np.argpartition(-similarities, k - 1, axis=1)[:, :k]
    near = np.take_along_axis(similarities, nearest, axis=1).astype(np.float64)
    weights = np.exp((near - near.max(axis=1, keepdims=True)) / fade)
    votes = np.zeros((len(similarities), classes))
    np.add.at(votes, (np.arange(len(votes))[:, None], codes[nearest]), weights)
    votes = votes / votes.sum(axis=1, keepdims=True)
    return (1 - _UNSURE) * votes + _UNSURE / classes
