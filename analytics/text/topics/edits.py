"""What a reader makes of found topics: renamed, merged, split, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.topics.clusters import Clusters, described
from analytics.text.topics.partitions import k_means
from analytics.text.topics.phrases import PhraseCounts
from analytics.text.topics.tree import NOISE
from analytics.words import count

MOST_PARTS = 20  # more are told apart by the slider from coarse to fine
_LONGEST_NAME = 120
_SEED = 42  # the same parts for all who have the same vectors


@dataclass(frozen=True)
class TopicEdits:
    """Changes to found clusters, all by the numbers they were found under.

    Attributes:
        split: (numbers, parts) of clusters whose texts, together, were cut into so many by k-means of their
            vectors. The parts get the numbers that follow all those before, split by split.
        merged: sets of clusters that are one.
        deleted: clusters that are none: their texts are noise.
        names: (numbers, name) for clusters, or merged ones, that a reader named.
    """

    split: tuple[tuple[tuple[int, ...], int], ...] = ()
    merged: tuple[tuple[int, ...], ...] = ()
    deleted: tuple[int, ...] = ()
    names: tuple[tuple[tuple[int, ...], str], ...] = ()

    def fits(self, found: Clusters) -> bool:
        """Whether all numbers are those of found clusters, and names are some: edits may come from a file."""
        known = len(found.sizes)
        for numbers, parts in self.split:
            if not numbers or not all(0 <= number < known for number in numbers) or not _can_be(parts):
                return False
            known += parts
        named = [numbers for numbers, _ in self.names]
        spoken_of = {number for part in (*self.merged, self.deleted, *named) for number in part}
        return (
            all(0 <= number < known for number in spoken_of)
            and all(self.merged)
            and all(0 < len(name) <= _LONGEST_NAME for _, name in self.names)
        )

    def merge(self, clusters: Clusters, labels: Sequence[int]) -> TopicEdits:
        """These clusters as they are now are one. Raises ZetascopeError for fewer than two."""
        if len(set(labels)) < 2:
            raise ZetascopeError("One topic alone cannot be merged: choose two or more.")
        whole = _numbers(clusters, labels)
        rest = tuple(one for one in self.merged if not set(one) & set(whole))
        names = tuple((numbers, name) for numbers, name in self.names if not set(numbers) & set(whole))
        return replace(self, merged=(*rest, whole), names=names)

    def divide(self, clusters: Clusters, label: int, parts: int) -> TopicEdits:
        """This cluster is so many. Raises ZetascopeError where it has too few texts for that."""
        if not _can_be(parts):
            raise ZetascopeError(f"A topic is split into 2 to {MOST_PARTS} parts, not {parts}.")
        numbers = _numbers(clusters, [label])
        if clusters.sizes[label] < parts:
            size = count(int(clusters.sizes[label]), "text")
            raise ZetascopeError(f"A topic of {size} makes no {parts} parts: choose fewer.")
        gone = set(numbers)
        return replace(
            self,
            split=(*self.split, (numbers, parts)),
            merged=tuple(one for one in self.merged if not set(one) & gone),
            names=tuple((named, name) for named, name in self.names if not set(named) & gone),
        )

    def delete(self, clusters: Clusters, labels: Sequence[int]) -> TopicEdits:
        """The texts of these clusters are in no topic. Raises ZetascopeError for none."""
        if not labels:
            raise ZetascopeError("No topic is chosen: choose one or more.")
        return replace(self, deleted=tuple(sorted({*self.deleted, *_numbers(clusters, labels)})))

    def rename(self, clusters: Clusters, label: int, name: str) -> TopicEdits:
        """This cluster is called ``name``. Raises ZetascopeError for a name without letters or in use."""
        name = " ".join(name.split())
        if not name or len(name) > _LONGEST_NAME:
            raise ZetascopeError(f"A topic's name has 1 to {_LONGEST_NAME} characters: choose another.")
        others = [known for place, known in enumerate(clusters.names) if place != label]
        if name in {*others, "noise"}:
            raise ZetascopeError(f"Another topic is called {name!r}: choose another name, or merge the two.")
        numbers = _numbers(clusters, [label])
        return replace(self, names=(*(one for one in self.names if one[0] != numbers), (numbers, name)))

    def apply(
        self,
        found: Clusters,
        texts: Sequence[str],
        vectors: np.ndarray,
        *,
        phrases: PhraseCounts | None = None,
    ) -> Clusters:
        """The ``found`` clusters with these changes, largest first; those untouched keep their names."""
        if self == NO_EDITS:
            return found
        labels, known = self._divided(found, vectors)
        target = np.arange(known)
        for whole in self.merged:
            target[list(whole)] = whole[0]
        target[list(self.deleted)] = NOISE
        labels = np.where(labels == NOISE, NOISE, target[labels])
        made_of = [tuple(np.flatnonzero(target == number).tolist()) for number in range(len(target))]
        edited = described(labels, texts, vectors, choices=found.choices, made_of=made_of, phrases=phrases)
        own = dict(self.names)
        return replace(
            edited,
            names=tuple(
                own.get(numbers, found.names[numbers[0]] if _is_found(numbers, found) else name)
                for numbers, name in zip(edited.made_of, edited.names, strict=True)
            ),
        )

    def _divided(self, found: Clusters, vectors: np.ndarray) -> tuple[np.ndarray, int]:
        """The numbers (n,) of the texts once clusters were split, and how many numbers there are."""
        labels, known = found.labels, len(found.sizes)
        for numbers, parts in self.split:
            rows = np.flatnonzero(np.isin(labels, numbers))
            if not len(rows):
                known += parts  # a note from a file may speak of what was split before
                continue
            labels = labels.copy()
            distinct = len(np.unique(vectors[rows], axis=0))  # equal texts cannot be told apart
            labels[rows] = known + k_means(vectors[rows], groups=min(parts, max(distinct, 1)), seed=_SEED)
            known += parts
        return labels, known


NO_EDITS = TopicEdits()


def _can_be(parts: int) -> bool:
    return 2 <= parts <= MOST_PARTS


def _is_found(numbers: tuple[int, ...], found: Clusters) -> bool:
    """Whether it is one found cluster, as it was."""
    return len(numbers) == 1 and numbers[0] < len(found.sizes)


def _numbers(clusters: Clusters, labels: Sequence[int]) -> tuple[int, ...]:
    wrong = [label for label in labels if not 0 <= label < len(clusters.made_of)]
    if wrong:
        raise ZetascopeError(f"There is no topic {wrong[0] + 1}: there are {len(clusters.made_of)}.")
    return tuple(sorted({number for label in labels for number in clusters.made_of[label]}))
