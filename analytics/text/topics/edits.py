"""What a reader makes of found topics: renamed, merged, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.topics.clusters import Clusters, described
from analytics.text.topics.phrases import PhraseCounts
from analytics.text.topics.tree import NOISE

_LONGEST_NAME = 120


@dataclass(frozen=True)
class TopicEdits:
    """Changes to found clusters, all by the numbers they were found under.

    Attributes:
        merged: sets of clusters that are one.
        deleted: clusters that are none: their texts are noise.
        names: (numbers, name) for clusters, or merged ones, that a reader named.
    """

    merged: tuple[tuple[int, ...], ...] = ()
    deleted: tuple[int, ...] = ()
    names: tuple[tuple[tuple[int, ...], str], ...] = ()

    def fits(self, found: Clusters) -> bool:
        """Whether all numbers are those of found clusters, and names are some: edits may come from a file."""
        named = [numbers for numbers, _ in self.names]
        numbers = {number for part in (*self.merged, self.deleted, *named) for number in part}
        return (
            all(0 <= number < len(found.sizes) for number in numbers)
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
        target = np.arange(len(found.sizes))
        for whole in self.merged:
            target[list(whole)] = whole[0]
        target[list(self.deleted)] = NOISE
        labels = np.where(found.labels == NOISE, NOISE, target[found.labels])
        made_of = [tuple(np.flatnonzero(target == number).tolist()) for number in range(len(target))]
        edited = described(labels, texts, vectors, choices=found.choices, made_of=made_of, phrases=phrases)
        own = dict(self.names)
        return replace(
            edited,
            names=tuple(
                own.get(numbers, found.names[numbers[0]] if len(numbers) == 1 else name)
                for numbers, name in zip(edited.made_of, edited.names, strict=True)
            ),
        )


NO_EDITS = TopicEdits()


def _numbers(clusters: Clusters, labels: Sequence[int]) -> tuple[int, ...]:
    wrong = [label for label in labels if not 0 <= label < len(clusters.made_of)]
    if wrong:
        raise ZetascopeError(f"There is no topic {wrong[0] + 1}: there are {len(clusters.made_of)}.")
    return tuple(sorted({number for label in labels for number in clusters.made_of[label]}))
