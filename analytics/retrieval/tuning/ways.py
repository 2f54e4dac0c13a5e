"""The ways of classifying, declared once: what they are called, what they need, and who fits them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from analytics.errors import ZetascopeError
from analytics.retrieval.tuning import heads, tuned, votes, words_only
from analytics.retrieval.tuning.material import Fit


@dataclass(frozen=True)
class Way:
    """One way: ``tunes`` an encoder of its own (minutes), or leaves it as it is (no time at all).

    ``least``: the labels a class without which it cannot learn.
    """

    name: str
    label: str
    about: str
    fit: Fit
    reads_vectors: bool = True
    tunes: bool = False
    least: int = 1
    remembers: bool = False
    """Whether a new or corrected example counts at once, without any fit."""


WAYS: dict[str, Way] = {
    way.name: way
    for way in (
        Way(
            "bm25",
            "Nearest by words",
            "The labelled texts with the most telling words in common vote (BM25).",
            votes.fit_bm25,
            reads_vectors=False,
            remembers=True,
        ),
        Way(
            "tfidf",
            "Weighed words",
            "Each class gives every word a weight (tf-idf, logistic regression).",
            words_only.fit_tfidf,
            reads_vectors=False,
        ),
        Way(
            "retrieval",
            "Retrieval",
            "The labelled texts nearest in meaning vote, the nearer the louder.",
            votes.fit_retrieval,
            remembers=True,
        ),
        Way(
            "both",
            "Retrieval with words",
            "Retrieval by meaning, to which shared words add.",
            votes.fit_both,
            remembers=True,
        ),
        Way(
            "head",
            "Frozen head",
            "The encoder stays as it is; each class learns a direction among vectors (logistic regression).",
            heads.fit_head,
        ),
        Way(
            "contrastive",
            "Contrastive fine-tuning",
            "Pairs of texts teach the encoder which belong together; then a head (as SetFit does).",
            tuned.fit_contrastive,
            tunes=True,
            least=2,
        ),
        Way(
            "lora",
            "LoRA",
            f"The same pairs, but only matrices of rank {tuned.RANK} beside the encoder's weights learn.",
            tuned.fit_lora,
            tunes=True,
            least=2,
        ),
        Way(
            "full",
            "Full fine-tuning",
            "All weights learn to tell the classes apart, the head with them (cross-entropy).",
            tuned.fit_full,
            tunes=True,
        ),
    )
}
UNTUNED = tuple(way.name for way in WAYS.values() if not way.tunes)
TUNED = tuple(way.name for way in WAYS.values() if way.tunes)


def check_ways(ways: Any) -> tuple[str, ...]:
    """The ways asked for, in the order of the table.

    Raises:
        ZetascopeError: none, or one that is not there.
    """
    asked = [ways] if isinstance(ways, str) else list(ways) if isinstance(ways, Iterable) else []
    unknown = next((way for way in asked if way not in WAYS), None)
    if not asked or unknown is not None:
        said = "No way is named" if not asked else f"There is no way {unknown!r}"
        raise ZetascopeError(f"{said}: choose among {', '.join(WAYS)}.")
    return tuple(name for name in WAYS if name in asked)
