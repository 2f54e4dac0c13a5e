"""Sentence pairs for a memory: what is kept, and what is left out and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from analytics.text.words import readable
from analytics.transformer.decoder.source_notes import languages_in
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator

MOST_PAIRS = 50_000  # about a million entries, 0.5 GB of keys, and 2 s of search for a sentence
LONGEST = 100  # pieces a side, as long as the walk takes a sentence
_TOLD = 0.5  # a column speaks a language where more than half of the texts that can be told do


@dataclass(frozen=True)
class Pair:
    """A sentence and its translation; ``row`` is the place in the file, from 1, and never changes."""

    row: int
    source: str
    target: str


@dataclass(frozen=True)
class LeftOut:
    """A pair that is not in the memory, and why."""

    pair: Pair
    reason: str


@dataclass(frozen=True)
class Encoded:
    """A pair as piece ids of the model, ``</s>`` at the end of both sides."""

    pair: Pair
    source_ids: tuple[int, ...]
    target_ids: tuple[int, ...]


def as_pairs(sources: Sequence[object], targets: Sequence[object]) -> list[Pair]:
    """Both columns as texts, one pair a row; what is no text becomes an empty one.

    Raises TraceError where there is nothing, too much, or one column is longer than the other.
    """
    for column in (sources, targets):
        listed = hasattr(column, "__len__") and getattr(column, "ndim", 1) == 1
        if not listed or isinstance(column, str | bytes | Mapping | Set):
            raise TraceError("A memory is made of two columns of sentences; give two lists of texts.")
    if len(sources) != len(targets):
        raise TraceError(
            f"There are {len(sources):,} sentences and {len(targets):,} translations; give one for each."
        )
    if not len(sources):
        raise TraceError("There are no sentence pairs; give at least one sentence with its translation.")
    if len(sources) > MOST_PAIRS:
        raise TraceError(f"{len(sources):,} pairs are more than a memory takes; give {MOST_PAIRS:,} at most.")
    rows = enumerate(zip(sources, targets, strict=True), 1)
    return [Pair(row, _text(source), _text(target)) for row, (source, target) in rows]


def _text(value: object) -> str:
    """NFC, every run of white space one space; French puts narrow ones before ? and !."""
    return " ".join(re.sub(r"\s+", " ", readable(value)).split()) if isinstance(value, str) else ""


def sort_out(pairs: Sequence[Pair], *, translator: Translator) -> tuple[list[Encoded], list[LeftOut]]:
    """The pairs as pieces, and those that a memory cannot use; each text is encoded once."""
    kept: list[Encoded] = []
    left_out: list[LeftOut] = []
    first: dict[tuple[str, str], int] = {}
    most = min(LONGEST, translator.longest)
    for pair in pairs:
        encoded = encode(pair, translator=translator)
        twin = first.setdefault((pair.source, pair.target), pair.row)
        reason = _fault(encoded, most=most) or ("" if twin == pair.row else f"the same pair as row {twin}")
        if reason:
            left_out.append(LeftOut(pair, reason))
        else:
            kept.append(encoded)
    return kept, left_out


def encode(pair: Pair, *, translator: Translator) -> Encoded:
    """The pieces of both sides; an empty side has its end token alone."""
    with translator.lock:
        source = tuple(token.id for token in translator.vocabulary.encode(pair.source))
        return Encoded(pair, source, translator.vocabulary.target_ids(pair.target))


def _fault(encoded: Encoded, *, most: int) -> str:
    """Why a pair cannot be used, empty where it can."""
    pair = encoded.pair
    for text, ids, side in (
        (pair.source, encoded.source_ids, "sentence"),
        (pair.target, encoded.target_ids, "translation"),
    ):
        if not text or len(ids) < 2:
            return f"the {side} is empty or no text"
        if len(ids) > most:
            return f"the {side} has {len(ids)} pieces; {most} at most"
    return "both sides are the same text" if pair.source == pair.target else ""


def refuse_swapped(pairs: Sequence[Pair]) -> None:
    """Raises TraceError where the sentences are French and the translations English, most of them."""
    if _speaks(pairs, "source") == "French" and _speaks(pairs, "target") == "English":
        raise TraceError(
            "The sentences look French and their translations English; name the English column as the "
            "sentences and the French one as the translations."
        )


def language_notes(pairs: Sequence[Pair]) -> Iterator[str]:
    """One sentence for a column that looks like the other language."""
    if _speaks(pairs, "source") == "French":
        yield "The sentences look French; the packaged model reads English."
    if _speaks(pairs, "target") == "English":
        yield "The translations look English; the packaged model writes French."


def _speaks(pairs: Sequence[Pair], side: str) -> str:
    """The language of most texts of a side that can be told, of an even sample; empty where none can."""
    places = np.linspace(0, len(pairs) - 1, min(len(pairs), 300)).astype(int)  # 300 tell as much as all
    told = [language for place in places if (language := _language(getattr(pairs[place], side)))]
    return next((one for one in ("French", "English") if told.count(one) > _TOLD * len(told)), "")


def _language(text: str) -> str:
    french, english = languages_in(text)
    return "" if french == english else "French" if french > english else "English"
