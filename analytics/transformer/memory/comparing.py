"""Remember or fine-tune: both ways to learn from the same sentence pairs, scored on the same others."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from analytics.memory import PeakMemory
from analytics.progress import Progress, silent
from analytics.transformer.memory.calibrating import everyday_for, everyday_pairs
from analytics.transformer.memory.checkpoints import open_checkpoint
from analytics.transformer.memory.pairs import Encoded, Pair, as_pairs, sort_out
from analytics.transformer.memory.store import Memory
from analytics.transformer.memory.tuning import Tuning, trained_numbers, tuned
from analytics.transformer.memory.writing import write_all
from analytics.transformer.tokens import TraceError
from analytics.transformer.translator.loading import Translator

FEWEST = 10
_ASIDE, _MOST_ASIDE = 0.2, 200  # a fifth of the pairs; BLEU of 200 sentences is known to about 2 points

_T = TypeVar("_T")


@dataclass(frozen=True)
class Score:
    """sacrebleu's corpus BLEU and chrF, 0 to 100."""

    bleu: float
    chrf: float


@dataclass(frozen=True)
class Way:
    """One way to use the pairs.

    ``seconds`` went into preparing it, ``peak_bytes`` of memory at most beside what was there (NaN where the
    system does not tell); ``bytes`` must be kept for it, and ``trained`` numbers were learned.
    """

    name: str
    own: Score
    everyday: Score
    seconds: float
    bytes: int
    peak_bytes: float = 0.0
    trained: int = 0


@dataclass(frozen=True)
class Comparison:
    """``learned`` pairs were learned from, ``aside`` others of the file and ``everyday`` sentences scored.

    ``tuned`` is the fine-tuned model.
    """

    ways: tuple[Way, ...]
    learned: int
    aside: int
    everyday: int
    tuned: Translator | None = field(default=None, repr=False)


def compare(
    sources: Sequence[object],
    targets: Sequence[object],
    *,
    translator: Translator,
    tuning: Tuning = Tuning(),  # noqa: B008
    seed: int = 0,
    progress: Progress = silent,
) -> Comparison:
    """The model alone, with a memory, fine-tuned, and both; the everyday sentences come with the package.

    The split is by sentence: no English sentence is learned and scored. Fine-tuning that was ended goes on
    from the user's cache folder. Progress counts pairs that are
    remembered, then batches of fine-tuning, then pairs again.
    Raises TraceError for fewer than 10 pairs that can be used.
    """
    tuning.check()
    encoded, _ = sort_out(as_pairs(sources, targets), translator=translator)
    learned, aside = _split(encoded, seed=seed)
    everyday, references = _everyday(translator)
    sets = ((aside, [[one.pair.target] for one in aside]), (everyday, references))

    def scored(name: str, used: Translator, memory: Memory | None, cost: _Cost, size: int) -> Way:
        own, other = (score(write_all(part, translator=used, memory=memory), right) for part, right in sets)
        return Way(name, own, other, cost.seconds, size, cost.peak_bytes, cost.trained)

    def remember(used: Translator) -> tuple[Memory, _Cost]:
        pairs = [one.pair for one in learned]
        return _measured(
            lambda: Memory.from_pairs(
                [pair.source for pair in pairs], [pair.target for pair in pairs], translator=used,
                everyday=everyday_for(translator), progress=progress,
            )
        )  # fmt: skip

    progress(0, 1)
    memory, remembering = remember(translator)
    mixed = everyday_for(translator)
    checkpoint = open_checkpoint(translator.revision, tuning, learned, mixed)
    other, training = _measured(
        lambda: tuned(
            learned,
            translator=translator,
            tuning=tuning,
            everyday=mixed,
            checkpoint=checkpoint,
            progress=progress,
        )
    )
    training = replace(training, trained=trained_numbers(translator, tuning))
    weights = sum(one.numel() * one.element_size() for one in other.model.parameters())
    joined, again = remember(other)
    both = _Cost(
        training.seconds + again.seconds, max(training.peak_bytes, again.peak_bytes), training.trained
    )
    name = f"Fine-tuned, LoRA of rank {tuning.rank}" if tuning.rank else "Fine-tuned"
    ways = (
        scored("The model alone", translator, None, _Cost(0.0, 0.0), 0),
        scored("With a memory", translator, memory, remembering, memory.bytes),
        scored(name, other, None, training, weights),
        scored("Fine-tuned, with a memory", other, joined, both, weights + joined.bytes),
    )
    if checkpoint:
        checkpoint.clear()
    return Comparison(ways, len(learned), len(aside), len(everyday), other)


def score(said: Sequence[str], references: Sequence[Sequence[str]]) -> Score:
    """BLEU (13a tokens, mixed case) and chrF2, with any number of references a sentence."""
    import sacrebleu

    most = max(map(len, references))
    streams: Any = [[row[place] if place < len(row) else None for row in references] for place in range(most)]
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    return Score(bleu.corpus_score(said, streams).score, chrf.corpus_score(said, streams).score)


def _split(encoded: Sequence[Encoded], *, seed: int) -> tuple[list[Encoded], list[Encoded]]:
    """Pairs to learn from and pairs to score on, apart by their English sentence."""
    sentences = sorted({one.pair.source for one in encoded})
    if len(sentences) < FEWEST:
        raise TraceError(
            f"{len(sentences)} different sentences are too few to compare on; give {FEWEST} at least."
        )
    random.Random(seed).shuffle(sentences)
    kept = set(sentences[: min(_MOST_ASIDE, max(2, round(_ASIDE * len(sentences))))])
    return [one for one in encoded if one.pair.source not in kept], [
        one for one in encoded if one.pair.source in kept
    ]


def _everyday(translator: Translator) -> tuple[list[Encoded], list[list[str]]]:
    rows = everyday_pairs()["kept"]
    pairs = [Pair(row, english, right[0]) for row, (english, right) in enumerate(rows, 1)]
    kept, _ = sort_out(pairs, translator=translator)
    return kept, [rows[one.pair.row - 1][1] for one in kept]


@dataclass(frozen=True)
class _Cost:
    seconds: float
    peak_bytes: float
    trained: int = 0


def _measured(work: Callable[[], _T]) -> tuple[_T, _Cost]:
    began = time.perf_counter()
    with PeakMemory() as peak:
        made = work()
    return made, _Cost(time.perf_counter() - began, peak.bytes)
