"""Texts that likely belong to a tag: the nearest first, then by a small classifier that tells its doubt."""

from dataclasses import dataclass

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_flags, as_vectors, check_whole

CLASSIFIED_FROM = 8
"""Members from which a classifier is fitted: below, its intervals span nearly everything."""
_OTHERS = 2_000  # taken as no members; more change the boundary little and cost seconds
_OTHERS_PER_MEMBER = 5
_RESAMPLED = 19  # fits: between the least and the greatest a further one lies in 18 of 20 cases


@dataclass(frozen=True)
class LikelyMembers:
    """Texts without a tag, the likeliest first.

    Attributes:
        places: (m,) their places.
        similarity: (m,) cosine with the nearest member.
        probability: (m,) that a member looks like this, the mean of classifiers fitted to resampled examples,
            with ``low`` and ``high`` (m,), between which nine in ten of these lie; NaN where there are too
            few examples for one.
    """

    places: np.ndarray
    similarity: np.ndarray
    probability: np.ndarray
    low: np.ndarray
    high: np.ndarray


def likely_members(
    vectors: np.ndarray, members: np.ndarray, *, tagged: np.ndarray | None = None, most: int = 50
) -> LikelyMembers:
    """Texts that are like the ``members`` (n,) bool; those ``tagged`` (n,) bool otherwise are not proposed.

    With few members the order is that of the similarity to the nearest one. With eight or more it is that of
    a logistic regression on the vectors: members against texts with other tags and, as there are seldom
    enough of these, against texts by chance. So a probability is a measure of likeness and not a forecast.

    Raises:
        ZetascopeError: no member, or flags for other texts.
    """
    vectors = as_vectors(vectors)
    members = as_flags(members, count=len(vectors))
    tagged = members if tagged is None else as_flags(tagged, count=len(vectors)) | members
    check_whole(most, name="most", least=1)
    if not members.any():
        raise ZetascopeError("No text has this tag: give it to some first.")
    places = np.flatnonzero(~tagged)
    similarity = _nearest(vectors[places], vectors[members])
    unknown = np.full(len(places), np.nan)
    probability = low = high = unknown
    if members.sum() >= CLASSIFIED_FROM and len(places):
        drawn = _fitted(vectors, members, tagged & ~members, places)
        probability = drawn.mean(axis=0)
        low, high = drawn.min(axis=0), drawn.max(axis=0)
    score = similarity if np.isnan(probability).any() else probability
    order = np.argsort(-score, kind="stable")[:most]
    return LikelyMembers(places[order], similarity[order], probability[order], low[order], high[order])


def _nearest(vectors: np.ndarray, members: np.ndarray, *, block: int = 2_000) -> np.ndarray:
    """Cosine of each vector with the nearest member, (m,) float."""
    parts = [
        (vectors[start : start + block] @ members.T).max(axis=1) for start in range(0, len(vectors), block)
    ]
    return np.minimum(np.concatenate(parts), 1).astype(float) if parts else np.zeros(0)


def _fitted(vectors: np.ndarray, members: np.ndarray, others: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Probabilities (fits, m) of the texts at ``places`` by classifiers of resampled examples."""
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    positive, negative = np.flatnonzero(members), np.flatnonzero(others)
    # As in Mordelet & Vert (2014): each fit sees some of those without a tag, so that members among them are
    # taken for strangers in some fits only.
    lacking = min(_OTHERS, _OTHERS_PER_MEMBER * len(positive), len(places) // 2 + 1)
    drawn = []
    for _ in range(_RESAMPLED):
        by_chance = rng.choice(places, lacking, replace=False)
        rows = np.concatenate([rng.choice(positive, len(positive)), negative, by_chance])
        # C: unit vectors are close to each other, so the usual 1 would leave every probability near a half.
        model = LogisticRegression(C=10, class_weight="balanced", max_iter=300)
        model.fit(vectors[rows], np.arange(len(rows)) < len(positive))
        drawn.append(model.predict_proba(vectors[places])[:, 1])
    return np.array(drawn)
