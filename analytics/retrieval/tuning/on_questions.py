"""An encoder tuned on questions and what answers them, measured on questions that it did not learn."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import ZetascopeError
from analytics.memory import PeakMemory
from analytics.progress import Progress, silent
from analytics.retrieval.evaluation import Difference, Evaluation, check_answers, evaluate, paired
from analytics.retrieval.index import Index
from analytics.retrieval.nearest import index_vectors
from analytics.retrieval.questions import Questions
from analytics.retrieval.tuning.generality import Generality, generality_of
from analytics.retrieval.tuning.labelled import same_text
from analytics.retrieval.tuning.saving import save_model
from analytics.retrieval.tuning.splits import check_seed
from analytics.retrieval.tuning.training import Plan, copy_of, train
from analytics.text import TextEncoder
from analytics.text.model_files import ModelSource, hash_folder
from analytics.text.words import readable
from analytics.words import count

MOST_PAIRS = 1_024
"""Of questions and passages: passages are ten times as long as questions, and these take some minutes."""
FEWEST = 10  # questions: of fewer than that a third is no measure
_ASIDE = 1 / 3
_PLAN = Plan(rate=2e-5, most_steps=MOST_PAIRS)
_METHODS = ("vectors", "hybrid")


@dataclass(frozen=True)
class TunedFinding:
    """What tuning does to finding.

    Attributes:
        before, after: on the same ``aside`` questions, not learned from; words are in ``before`` only.
        differences: after less before, by method.
        learned, pairs: questions that were learned from, and their pairs with passages.
        train_seconds, train_processor_seconds: by the clock, and of this process's processors.
        read_seconds: to read all passages anew, as the tuned encoder makes other vectors.
        parameters: numbers trained; ``peak_bytes`` more memory at most while they were.
        general: what it forgot of texts that have nothing to do with these.
        model: the tuned SentenceTransformer.
    """

    before: Evaluation
    after: Evaluation
    differences: tuple[Difference, ...]
    learned: int
    aside: int
    pairs: int
    train_seconds: float
    train_processor_seconds: float
    read_seconds: float
    parameters: int
    peak_bytes: float
    general: Generality
    model: Any = field(repr=False)

    def answer(self) -> str:
        """What it gained and what it cost, in one sentence."""
        gap = self.differences[0]
        value = gap.difference
        verdict = "finds better" if value.low > 0 else "finds worse" if value.high < 0 else "finds as it did"
        change = f"{value.value:+.3f} ({value.low:+.3f} to {value.high:+.3f})"
        return (
            f"Tuned on {count(self.learned, 'question')}, the encoder {verdict}, as far as {self.aside:,} "
            f"others tell: nDCG@{self.before.k} by vectors changes by {change}. It took "
            f"{self.train_seconds:,.0f} s to train and {self.read_seconds:,.0f} s to read all passages anew, "
            f"and lost {1 - self.general.neighbours:.0%} of its general neighbours."
        )

    def to_frame(self) -> pd.DataFrame:
        """One line a method: nDCG before and tuned, the difference with its interval, won and lost."""
        name = f"nDCG@{self.before.k}"
        return pd.DataFrame(
            [
                {
                    "method": method,
                    "before": self.before.measures[method][name].value,
                    "tuned": self.after.measures[method][name].value,
                    "difference": gap.difference.value,
                    "low": gap.difference.low,
                    "high": gap.difference.high,
                    "won": gap.won,
                    "lost": gap.lost,
                }
                for method, gap in zip(_METHODS, self.differences, strict=True)
            ]
        )


def tune_on_questions(
    questions: Questions, index: Index, *, k: int = 10, seed: int = 0, progress: Progress | None = None
) -> TunedFinding:
    """Tune a copy of the index's encoder on two thirds of the questions, and ask the others with both.

    Pairs are a question with the passage of an answering document that is nearest to it; the other passages
    of a batch count as wrong (multiple negatives ranking loss, Henderson et al. 2017). Questions that differ
    only in case, spaces and punctuation stay on one side. ``progress`` counts steps of training, then
    questions, and may raise to cancel.

    Raises:
        ZetascopeError: fewer than 10 questions, or an encoder that cannot be tuned.
    """
    tell = progress or silent
    check_answers(questions, index)
    learn, aside = split_questions(questions, seed=check_seed(seed))
    first, second = pairs_of(learn, index, seed=seed)
    model = copy_of(index.encoder)
    began, used = time.perf_counter(), time.process_time()
    with PeakMemory() as peak:
        _train(model, first, second, encoder=index.encoder, seed=seed, progress=tell)
    trained, processor = time.perf_counter() - began, time.process_time() - used
    with tempfile.TemporaryDirectory() as folder:
        encoder = _encoder_of(model, Path(folder), name=f"{index.encoder.name}, tuned")
        began = time.perf_counter()
        vectors = encoder.encode(index.passages.texts, role="document", progress=progress)
        read = time.perf_counter() - began
        again = replace(index, encoder=encoder, vectors=index_vectors(vectors))
        before = evaluate(aside, index, k=k, progress=progress)
        after = evaluate(aside, again, methods=_METHODS, k=k, progress=progress)
    return TunedFinding(
        before=before,
        after=after,
        differences=tuple(_difference(before, after, method) for method in _METHODS),
        learned=len(learn.texts),
        aside=len(aside.texts),
        pairs=len(first),
        train_seconds=trained,
        train_processor_seconds=processor,
        read_seconds=read,
        parameters=sum(weights.numel() for weights in model.parameters() if weights.requires_grad),
        peak_bytes=peak.bytes,
        general=generality_of(model, index.encoder),
        model=model,
    )


def split_questions(questions: Questions, *, seed: int) -> tuple[Questions, Questions]:
    """Those to learn from and a third to measure with; copies of a question stay together."""
    alike: dict[str, list[int]] = {}
    for number, text in enumerate(questions.texts):
        alike.setdefault(same_text(text), []).append(number)
    if len(alike) < FEWEST:
        raise ZetascopeError(
            f"{count(len(alike), 'question')} are too few to tune an encoder on and measure it with others: "
            f"bring {FEWEST} at least."
        )
    groups = list(alike.values())
    order = np.random.default_rng(seed).permutation(len(groups)).tolist()
    measured = round(_ASIDE * len(groups))
    parts = (order[measured:], order[:measured])
    learn, aside = (sorted(number for place in part for number in groups[place]) for part in parts)
    return _some(questions, learn), _some(questions, aside)


def pairs_of(questions: Questions, index: Index, *, seed: int) -> tuple[list[str], list[str]]:
    """Every question with the nearest passage of each document that answers it, at most ``MOST_PAIRS``."""
    chosen = [(number, document) for number, found in enumerate(questions.answers) for document in found]
    owners = index.passages.owners
    some = [one for one in chosen if len(np.flatnonzero(owners == one[1]))]
    if len(some) > MOST_PAIRS:
        kept = np.random.default_rng(seed).choice(len(some), MOST_PAIRS, replace=False)
        some = [some[place] for place in sorted(kept.tolist())]
    vectors = index.encoder.encode(list(questions.texts), role="query")
    first, second = [], []
    for number, document in some:
        places = np.flatnonzero(owners == document)
        best = places[int((index.vectors.vectors[places] @ vectors[number]).argmax())]
        first.append(questions.texts[number])
        second.append(index.passages.texts[best])
    return first, second


def _some(questions: Questions, numbers: Sequence[int]) -> Questions:
    return Questions(
        tuple(questions.texts[number] for number in numbers),
        tuple(questions.answers[number] for number in numbers),
    )


def _train(
    model: Any, first: list[str], second: list[str], *, encoder: TextEncoder, seed: int, progress: Progress
) -> None:
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    data = {
        "question": [encoder.prompt("query") + readable(text) for text in first],
        "passage": [encoder.prompt("document") + readable(text) for text in second],
    }
    loss = MultipleNegativesRankingLoss(model)
    train(model, data, loss, plan=_PLAN, seed=seed, progress=progress, apart=True)


def _encoder_of(model: Any, folder: Path, *, name: str) -> TextEncoder:
    save_model(model, folder)
    # Measuring which runtime is quickest takes longer than the passages do.
    source = ModelSource(name, str(folder), hash_folder(folder), local=True)
    made = TextEncoder(source, backend="torch-float32")
    made.warm_up()
    return made


def _difference(before: Evaluation, after: Evaluation, method: str) -> Difference:
    name = f"nDCG@{before.k}"
    old, new = (
        found.each[found.each["method"] == method].set_index("question")[name] for found in (before, after)
    )
    return paired(f"{method}, tuned", method, (new - old).to_numpy())
