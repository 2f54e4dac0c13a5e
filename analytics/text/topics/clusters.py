"""Groups of texts, named by the phrases that set them apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.arguments import is_real
from analytics.errors import ZetascopeError
from analytics.text.arguments import as_texts, check_share, check_whole
from analytics.text.projection import Projection
from analytics.text.topics.names import name_clusters
from analytics.text.topics.partitions import k_means, leiden
from analytics.text.topics.phrases import PhraseCounts
from analytics.text.topics.tree import NOISE, TopicTree, topic_tree
from analytics.words import count

_SPACES = ("map", "vectors")
LARGEST = 0.25
"""Share of the texts that no topic of the first cut exceeds, unless nothing divides it."""


@dataclass(frozen=True)
class TopicChoices:
    """How groups are found.

    Attributes:
        method: "tree" (density), "k-means" or "leiden" (communities on the vectors' graph).
        space: what the tree is of: the "map" or the "vectors".
        min_size: the smallest group that counts; None is 1 % of the texts, at least 5 and at most 100.
        largest: the tree is cut into the coarsest groups with at most this share of the texts.
        groups: how many k-means makes.
        resolution: of Leiden; more makes more and smaller groups.
        most_noise: texts in no group join the nearest until at most this share is left; 1 leaves them.
    """

    method: str = "tree"
    space: str = "map"
    min_size: int | None = None
    largest: float = LARGEST
    groups: int = 20
    resolution: float = 1.0
    most_noise: float = 1.0

    def check(self) -> None:
        """Raises ZetascopeError for a value no groups can be found with."""
        if self.method not in METHODS:
            raise ZetascopeError(f"Clusters are found by {', '.join(METHODS)}, not by {self.method!r}.")
        if self.space not in _SPACES:
            raise ZetascopeError(f"Clusters are found on {' or '.join(_SPACES)}, not on {self.space!r}.")
        if self.min_size is not None:
            check_whole(self.min_size, name="min_size", least=2)
        check_share(self.largest, name="largest")
        check_whole(self.groups, name="groups", least=1)
        if not is_real(self.resolution) or not 0 < self.resolution < np.inf:
            raise ZetascopeError(f"resolution is {self.resolution!r}: use a number above 0.")
        check_share(self.most_noise, name="most_noise")


METHODS = ("tree", "k-means", "leiden")


@dataclass(frozen=True)
class Clusters:
    """Clusters of n texts, the largest first.

    Attributes:
        labels: (n,) int64, 0 ... c - 1, or -1 for noise.
        names: (c,) the phrases that distinguish each cluster, or what a reader called it.
        sizes: (c,) int64.
        examples: (c,) rows of the most typical texts of each, best first.
        choices: how they were found, with the smallest size that was used.
        made_of: (c,) the numbers of the found clusters that each consists of.
    """

    labels: np.ndarray
    names: tuple[str, ...]
    sizes: np.ndarray
    examples: tuple[tuple[int, ...], ...]
    choices: TopicChoices
    made_of: tuple[tuple[int, ...], ...]

    @property
    def noise_share(self) -> float:
        """Share of texts in no cluster."""
        return float((self.labels == NOISE).mean()) if len(self.labels) else 0.0

    def name_of(self, label: int) -> str:
        return "noise" if label == NOISE else self.names[label]


def cluster(
    projection: Projection,
    texts: Sequence[str],
    *,
    choices: TopicChoices | None = None,
    space: str = "map",
    min_size: int | None = None,
    tree: TopicTree | None = None,
    phrases: PhraseCounts | None = None,
) -> Clusters:
    """Groups of the map's texts: by default cut from a tree (HDBSCAN: Campello, Moulavi & Sander 2013).

    On the map, clusters are what the eye sees, the map's errors included. On the vectors, distances are
    cosine, known between nearest neighbours, and many more texts are noise. ``space`` and ``min_size`` are
    those of ``choices`` where none are given. A ``tree`` of these choices is cut without being made again,
    and ``phrases`` of these texts are not counted again.

    Raises:
        ZetascopeError: a choice that does not exist, or another number of texts than points.
    """
    choices = choices or TopicChoices(space=space, min_size=min_size)
    choices.check()
    n = len(projection.points)
    texts = as_texts(texts)
    if len(texts) != n:
        raise ZetascopeError(f"{count(len(texts), 'text')} for {count(n, 'point')}: give a text for each.")
    choices = with_min_size(choices, n)
    labels = _found(projection, choices, tree)
    labels = with_less_noise(labels, projection.vectors, most=choices.most_noise)
    return described(labels, texts, projection.vectors, choices=choices, phrases=phrases)


def described(
    labels: np.ndarray,
    texts: Sequence[str],
    vectors: np.ndarray,
    *,
    choices: TopicChoices,
    made_of: Sequence[tuple[int, ...]] | None = None,
    phrases: PhraseCounts | None = None,
) -> Clusters:
    """The clusters of these labels (n,), largest first, with names and typical texts."""
    labels, order = _largest_first(labels)
    return Clusters(
        labels=labels,
        names=name_clusters(texts, labels, vectors=vectors, phrases=phrases),
        sizes=np.bincount(labels[labels >= 0], minlength=len(order)),
        examples=typical_rows(vectors, labels),
        choices=choices,
        made_of=tuple((place,) if made_of is None else made_of[old] for place, old in enumerate(order)),
    )


def with_min_size(choices: TopicChoices, n: int) -> TopicChoices:
    """The same choices with the smallest size that ``n`` texts get where none was chosen."""
    return choices if choices.min_size else replace(choices, min_size=default_min_size(n))


def default_min_size(n: int) -> int:
    return int(np.clip(n // 100, 5, 100))


def _found(projection: Projection, choices: TopicChoices, tree: TopicTree | None) -> np.ndarray:
    assert choices.min_size is not None
    seed = projection.parameters.seed
    if choices.method == "k-means":
        return k_means(projection.vectors, groups=choices.groups, seed=seed)
    if choices.method == "leiden":
        return leiden(
            projection.neighbors, resolution=choices.resolution, min_size=choices.min_size, seed=seed
        )
    tree = tree or topic_tree(projection, space=choices.space, min_size=choices.min_size)
    return tree.cut(choices.largest)


def with_less_noise(labels: np.ndarray, vectors: np.ndarray, *, most: float) -> np.ndarray:
    """Labels (n,) where texts in no group joined the group of the most similar mean, the likest first.

    At most the share ``most`` of all texts stays in none.
    """
    lost = np.flatnonzero(labels == NOISE)
    joining = len(lost) - int(most * len(labels))
    groups = np.unique(labels[labels != NOISE])
    if joining <= 0 or not len(groups):
        return labels
    means = np.array([vectors[labels == group].mean(axis=0) for group in groups])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    similarity = vectors[lost] @ means.T
    likest = np.argsort(-similarity.max(axis=1), kind="stable")[:joining]
    joined = labels.copy()
    joined[lost[likest]] = groups[similarity[likest].argmax(axis=1)]
    return joined


def typical_rows(vectors: np.ndarray, labels: np.ndarray, *, count: int = 5) -> tuple[tuple[int, ...], ...]:
    """For each cluster the rows nearest its mean vector, no two with the same vector."""
    return tuple(
        _typical(vectors, np.flatnonzero(labels == label), count)
        for label in range(labels.max(initial=-1) + 1)
    )


def _typical(vectors: np.ndarray, rows: np.ndarray, count: int) -> tuple[int, ...]:
    members = vectors[rows]
    order = np.argsort(-(members @ members.mean(axis=0)), kind="stable")[: 5 * count]
    _, first = np.unique(members[order].round(6), axis=0, return_index=True)
    return tuple(int(rows[order[place]]) for place in np.sort(first)[:count])


def _largest_first(labels: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Labels (n,) numbered by size, and the old number of each."""
    found, sizes = np.unique(labels[labels >= 0], return_counts=True)
    order = found[np.argsort(-sizes, kind="stable")]
    rank = np.full(int(labels.max(initial=-1)) + 2, NOISE, dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[labels], order.tolist()  # noise, -1, is the last
