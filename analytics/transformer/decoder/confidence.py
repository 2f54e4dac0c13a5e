"""How sure a model was of its output, held against what it knows: sentences kept out of its training."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from analytics.transformer.decoder.copying import Copying, copying
from analytics.transformer.decoder.trace import SourceTrace, TranslationTrace
from analytics.transformer.tokens import Token
from analytics.transformer.translator.loading import PACKAGED

REFERENCE = PACKAGED / "reference.json"
_UNSURE = 0.10  # one held-out sentence in 10 is called unsure; "12.5 per cent in 2016", all wrong, is there
_CUT = 0.98  # one held-out sentence in 50 has a word cut into so many pieces


@dataclass(frozen=True)
class Reference:
    """What held-out sentences look like to one model: how it was measured, and 101 percentiles of each.

    ``probability`` is the mean probability of the pieces of a greedy output, ``pieces`` the most pieces that
    any word of the source is cut into.
    """

    revision: str
    sentences: int
    how: str
    probability: tuple[float, ...]
    pieces: tuple[float, ...]


@dataclass(frozen=True)
class Confidence:
    """How sure a model was of one output.

    ``probability`` is the geometric mean over the pieces it chose itself, NaN where it chose none;
    ``weakest`` is the step of the least probable of them. ``most_cut`` is the source word cut into the most
    pieces, ``pieces`` of them. ``less_sure`` and ``less_cut`` are the shares of held-out sentences with a
    lower mean probability, and with no word of so many pieces; None without a reference for this model.
    ``copied`` are the numbers and names that should be the same in both.
    """

    probability: float
    weakest: int | None
    most_cut: str
    pieces: int
    unknown: tuple[str, ...]
    less_sure: float | None
    less_cut: float | None
    copied: Copying

    @property
    def doubts(self) -> tuple[str, ...]:
        """One sentence for each sign that the sentence is outside what the model knows."""
        said = []
        if self.unknown:
            said.append(
                f"The vocabulary has no piece for {', '.join(self.unknown)}; the model reads <unk> there, "
                "one sign for all unknown."
            )
        if self.less_cut is not None and self.less_cut >= _CUT:
            said.append(
                f"“{self.most_cut}” is cut into {self.pieces} pieces, as words are that the model hardly "
                f"knows: {_of_hundred(self.less_cut)} held-out sentences have no word cut so often."
            )
        if self.less_sure is not None and self.less_sure <= _UNSURE:
            said.append(
                f"Its pieces have {100 * self.probability:.0f}% on average: the model was surer of "
                f"{_of_hundred(1 - self.less_sure)} held-out sentences."
            )
        if self.copied.sentence:
            said.append(self.copied.sentence)
        return tuple(said)


def confidence(trace: TranslationTrace, *, reference: Reference | None = None) -> Confidence:
    """How sure the model was; ``reference`` is its own, or None to find the packaged one's where it fits.

    A sampled output is not held against held-out sentences, which were written greedily.
    """
    known = reference or packaged_reference()
    known = known if known is not None and known.revision == trace.revision else None
    chosen = [step for step in trace.steps if not step.forced]
    mean = mean_probability([step.log_probability for step in chosen])
    word, pieces = most_cut_word(trace.source.tokens)
    sampled = trace.settings.strategy == "sample"
    return Confidence(
        probability=mean,
        weakest=min(chosen, key=lambda step: step.log_probability).index if chosen else None,
        most_cut=word,
        pieces=pieces,
        unknown=_unknown(trace.source),
        less_sure=None if known is None or sampled or not chosen else _share_below(known.probability, mean),
        less_cut=None if known is None else _share_below(known.pieces, pieces),
        copied=copying(trace),
    )


def mean_probability(logs: Sequence[float]) -> float:
    """The geometric mean of probabilities given as natural logarithms; NaN for none."""
    return float(np.exp(np.mean(logs))) if len(logs) else float("nan")


def most_cut_word(tokens: Sequence[Token]) -> tuple[str, int]:
    """The word of a source that is cut into the most pieces, the first of equals, and their number.

    Pieces without a letter or digit are marks beside the word and are not counted.
    """
    words: dict[int, list[str]] = {}
    for token in tokens:
        if token.word is not None and any(map(str.isalnum, token.text)):
            words.setdefault(token.word, []).append(token.text)
    if not words:
        return "", 0
    most = max(words.values(), key=len)
    return "".join(most).replace("▁", ""), len(most)


@cache
def packaged_reference() -> Reference | None:
    """The held-out sentences of the packaged model, or None where the package has none."""
    return read_reference(REFERENCE) if REFERENCE.is_file() else None


def read_reference(path: Path) -> Reference:
    """A reference as ``python -m training.reference`` writes it."""
    read = json.loads(path.read_text(encoding="utf-8"))
    percentiles = {name: tuple(map(float, read[name])) for name in ("probability", "pieces")}
    return Reference(read["revision"], int(read["sentences"]), read["how"], **percentiles)


def _unknown(source: SourceTrace) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source.tokens[place].text for place in source.unknown))


def _share_below(percentiles: Sequence[float], value: float) -> float:
    """The share of a sample below ``value``, from its 101 percentiles."""
    return min(bisect_left(percentiles, value), len(percentiles) - 1) / (len(percentiles) - 1)


def _of_hundred(share: float) -> str:
    return f"{round(100 * share)} of 100"
