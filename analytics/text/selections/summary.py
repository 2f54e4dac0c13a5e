"""A selection of texts in short: the phrases that set it apart, its typical texts, and those at its edge."""

from dataclasses import dataclass

import numpy as np

from analytics.errors import ZetascopeError
from analytics.text.arguments import as_flags, as_vectors
from analytics.text.neighbors import Neighbors
from analytics.text.topics.names import phrases_apart
from analytics.text.topics.phrases import PhraseCounts

_TEXTS = 3
_OFTENER = 1.5  # times as often as among the rest: 20 % beside 16 % is what chance gives in a few dozen texts


@dataclass(frozen=True)
class PhraseApart:
    """A phrase: how many texts of the selection and of the rest have it, and how often the former do."""

    phrase: str
    inside: int
    outside: int
    times: int


@dataclass(frozen=True)
class SelectionSummary:
    """What a selection of m among n texts is.

    Attributes:
        size, rest: how many texts are selected and how many are not.
        phrases: those that set it apart, the first most.
        typical: places of the texts nearest to its mean, best first.
        edge: places of those with most of their true neighbours outside, the farthest from the mean first.
    """

    size: int
    rest: int
    phrases: tuple[PhraseApart, ...]
    typical: tuple[int, ...]
    edge: tuple[int, ...]


def summarise_selection(
    selected: np.ndarray, *, vectors: np.ndarray, neighbors: Neighbors, phrases: PhraseCounts
) -> SelectionSummary:
    """Say what the ``selected`` texts (n,) bool have in common that the others have not.

    Phrases are ranked by class-based tf-idf (Grootendorst, arXiv 2203.05794) of two classes, the selection
    and the rest, times the share of the phrase's two shares that is the selection's, as names of topics are.

    Raises:
        ZetascopeError: nothing is selected, or flags, vectors, neighbours and phrases are of other texts.
    """
    vectors = as_vectors(vectors)
    selected = as_flags(selected, count=len(vectors))
    if not selected.any():
        raise ZetascopeError("Nothing is selected: select some texts first.")
    if not len(neighbors.indices) == phrases.counts.shape[0] == len(vectors):
        raise ZetascopeError("Vectors, neighbours and phrases are of different texts: give those of one map.")
    places = np.flatnonzero(selected)
    to_mean = vectors[places] @ vectors[places].mean(axis=0)
    near = neighbors.indices[places]
    outside = (~selected)[near].mean(axis=1) if near.size else np.zeros(len(places))
    edge = np.lexsort((to_mean, -outside))[:_TEXTS]
    return SelectionSummary(
        size=len(places),
        rest=len(vectors) - len(places),
        phrases=_counted(phrases, selected),
        typical=tuple(places[np.argsort(-to_mean, kind="stable")[:_TEXTS]].tolist()),
        edge=tuple(places[edge[outside[edge] > 0]].tolist()),
    )


def _counted(phrases: PhraseCounts, selected: np.ndarray) -> tuple[PhraseApart, ...]:
    """The phrases that set ``selected`` texts (n,) bool apart, with how often they occur.

    What is nearly as common among the others sets nothing apart.
    """
    names = phrases_apart(phrases, selected)
    column = {str(phrase): place for place, phrase in enumerate(phrases.phrases)}
    counts = phrases.counts[:, [column[name] for name in names]].toarray()
    has = counts > 0
    inside, outside = has[selected].sum(axis=0), has[~selected].sum(axis=0)
    rest = max(int((~selected).sum()), 1)
    times = counts[selected].sum(axis=0)
    return tuple(
        PhraseApart(name, inside=int(inside[at]), outside=int(outside[at]), times=int(times[at]))
        for at, name in enumerate(names)
        if inside[at] / selected.sum() >= _OFTENER * outside[at] / rest
    )
