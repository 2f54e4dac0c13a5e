"""Classifying by words alone: tf-idf with logistic regression."""

from itertools import pairwise

import numpy as np

from analytics.progress import Progress
from analytics.retrieval.tuning.heads import fit_logistic
from analytics.retrieval.tuning.material import Fitted, Material


def fit_tfidf(material: Material, train: np.ndarray, seed: int, progress: Progress) -> Fitted:
    """Logistic regression on words and neighbouring pairs of words, weighted by their rarity."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    weights = TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True)
    try:
        features = weights.fit_transform([material.terms[row] for row in train])
    except ValueError:  # no word in any text
        shares = np.bincount(material.codes[train], minlength=material.classes) / len(train)
        return Fitted(lambda rows: np.tile(shares, (len(rows), 1)), parameters=0, kept_bytes=shares.nbytes)
    head = fit_logistic(features, material.codes[train], classes=material.classes)

    def probabilities(rows: np.ndarray) -> np.ndarray:
        return head.probabilities(weights.transform([material.terms[row] for row in rows]))

    words = sum(len(term.encode("utf-8", "replace")) for term in weights.vocabulary_)
    return Fitted(probabilities, parameters=head.parameters, kept_bytes=4 * head.parameters + words)


def _words_and_pairs(terms: list[str]) -> list[str]:
    return terms + [f"{first} {second}" for first, second in pairwise(terms)]
