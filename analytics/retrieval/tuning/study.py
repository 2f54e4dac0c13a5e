"""Retrieve or fine-tune: every way learns from the same labels and is measured on the same texts."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from analytics.errors import ZetascopeError
from analytics.memory import PeakMemory, trim
from analytics.progress import Done, Progress, silent
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.generality import generality_of
from analytics.retrieval.tuning.labelled import LabelledTexts, labelled_texts, same_text
from analytics.retrieval.tuning.material import Material
from analytics.retrieval.tuning.measures import calibration_error, macro_f1
from analytics.retrieval.tuning.splits import (
    MOST_TESTED,
    SHOTS,
    Split,
    check_seed,
    check_seeds,
    check_shots,
    first_of_each,
    possible_shots,
    split_texts,
)
from analytics.retrieval.tuning.stopping import stopped_after
from analytics.retrieval.tuning.training import load_libraries
from analytics.retrieval.tuning.trials import Trial, TrialStore
from analytics.retrieval.tuning.ways import UNTUNED, WAYS, Way, check_ways
from analytics.text import TextEncoder, load_encoder
from analytics.text.arguments import as_vectors
from analytics.words import count

_SEEN = 0.2
"""Seconds that learning must take for its memory to be told: ten looks of ``PeakMemory``."""
_TUNING_WEIGHT = 100
"""How much longer fine-tuning takes than a head, for the time left, until a first one was measured."""


@dataclass(frozen=True)
class Outside:
    """Texts from elsewhere with the same labels: how ways do on what they were not made for."""

    texts: Sequence[Any] = field(repr=False)
    labels: Sequence[Any] = field(repr=False)
    vectors: np.ndarray | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Study:
    """Everything a comparison is made from: material, the splits of all draws, texts from elsewhere."""

    data: LabelledTexts
    material: Material
    splits: tuple[Split, ...]
    outside: np.ndarray
    """Places of the texts from elsewhere in the material."""
    notes: tuple[str, ...]

    def shots(self, asked: Sequence[int]) -> tuple[int, ...]:
        """Those of the numbers of labels a class that there are."""
        pool = self.splits[0].pool
        return possible_shots(np.bincount(self.data.codes[pool], minlength=len(self.data.names)), asked)


def compare_ways(
    texts: Sequence[Any],
    labels: Sequence[Any],
    *,
    ways: Sequence[str] = UNTUNED,
    shots: Sequence[int] = SHOTS,
    seeds: int = 5,
    seed: int = 0,
    encoder: TextEncoder | None = None,
    vectors: np.ndarray | None = None,
    outside: Outside | None = None,
    most_tested: int = MOST_TESTED,
    store: TrialStore | None = None,
    progress: Progress | None = None,
    so_far: Callable[[LearningCurve], None] | None = None,
) -> LearningCurve:
    """Accuracy, macro F1, calibration and cost of ``ways`` by the number of labels a class.

    Args:
        texts: one a row; missing ones are left out.
        labels: one a text; a missing one marks a text that is not labelled yet.
        ways: names of ``WAYS``; those that tune an encoder take minutes.
        shots: labels a class to learn from, 0 for all; only those that there are.
        seeds: how many draws of labels and of texts to measure with, from ``seed`` on.
        encoder: what makes vectors and is tuned; the packaged one by default.
        vectors: (n, d), one for each text given, where they are known already.
        outside: a second set of texts with the same labels from elsewhere.
        most_tested: texts measured with at most, in each draw.
        store: where trials are kept and found again, so that a second call goes on.
        progress: gets (trials done, trials) and may raise to cancel; what is done by then is in the store.
        so_far: hears of the curve as it grows.

    Raises:
        ZetascopeError: what cannot be compared, see ``labelled_texts``; unknown ways, shots, seeds.
    """
    ways, shots = check_ways(ways), check_shots(shots)
    seeds, seed = check_seeds(seeds), check_seed(seed)
    data = labelled_texts(texts, labels)
    if vectors is not None:
        vectors = as_vectors(vectors)
        if len(vectors) != len(texts):
            raise ZetascopeError(
                f"There are {len(vectors):,} vectors and {len(texts):,} texts: give a vector for each text."
            )
        vectors = vectors[data.rows]
    study = prepare_study(
        data,
        ways=ways,
        seeds=seeds,
        seed=seed,
        encoder=encoder,
        vectors=vectors,
        outside=outside,
        most_tested=most_tested,
    )
    return run_study(study, ways=ways, shots=shots, store=store, progress=progress, so_far=so_far)


def prepare_study(
    data: LabelledTexts,
    *,
    ways: tuple[str, ...],
    seeds: int,
    seed: int = 0,
    encoder: TextEncoder | None = None,
    vectors: np.ndarray | None = None,
    outside: Outside | None = None,
    most_tested: int = MOST_TESTED,
) -> Study:
    """Encode what is not encoded and split; nothing is learnt yet. ``vectors``: one for each of ``data``."""
    needed = any(WAYS[way].reads_vectors for way in ways)
    if encoder is None and (any(WAYS[way].tunes for way in ways) or (needed and vectors is None)):
        encoder = load_encoder()
    made = vectors if vectors is not None or not needed else _encode(encoder, data.texts)
    away, notes = _outside_texts(data, outside)
    material = Material(
        texts=data.texts + tuple(text for text, _, _ in away),
        codes=np.concatenate([data.codes, np.array([code for _, code, _ in away], dtype=np.int64)]),
        classes=len(data.names),
        vectors=_with_outside(made, away, outside, encoder),
        encoder=encoder,
    )
    splits = tuple(split_texts(data, seed=seed + draw, most_tested=most_tested) for draw in range(seeds))
    return Study(data, material, splits, np.arange(len(data.texts), len(material.texts)), tuple(notes))


def run_study(
    study: Study,
    *,
    ways: tuple[str, ...],
    shots: Sequence[int],
    store: TrialStore | None = None,
    progress: Progress | None = None,
    so_far: Callable[[LearningCurve], None] | None = None,
) -> LearningCurve:
    """Carry out every trial, the quick ways first, from few labels to many; those that are kept are not."""
    shots = study.shots(shots)
    plan = [(WAYS[way], shot) for tunes in (False, True) for shot in shots for way in ways
            if WAYS[way].tunes is tunes]  # fmt: skip
    known = store.read() if store else {}
    run = _Run(study, plan, known, store, progress or silent)
    curve = LearningCurve(study.data, (), notes=_notes_of(study, shots))
    for place, (way, shot) in enumerate(plan):
        if way.name not in {one.way for one in curve.stopped}:
            trials = tuple(run.trials_of(way, shot))
            curve = LearningCurve(study.data, curve.trials + trials, curve.stopped, curve.notes)
        last_of_shot = (
            place + 1 == len(plan) or plan[place + 1][1] != shot or plan[place + 1][0].tunes != way.tunes
        )
        if last_of_shot:
            more = stopped_after(curve, shot, tunes=way.tunes, last=shots[-1])
            curve = LearningCurve(study.data, curve.trials, curve.stopped + more, curve.notes)
            if so_far and curve.trials:
                so_far(curve)
    if not curve.trials:
        least = max(way.least for way, _ in plan)
        raise ZetascopeError(
            f"These ways learn from {least} labels a class or more: add some, or other ways."
        )
    return curve


class _Run:
    """Trials one after the other, with how far they are."""

    def __init__(
        self,
        study: Study,
        plan: list[tuple[Way, int]],
        known: dict[tuple[str, int, int], Trial],
        store: TrialStore | None,
        progress: Progress,
    ) -> None:
        self._study, self._known, self._store, self._progress = study, known, store, progress
        self._total = len(plan) * len(study.splits)
        self._work = sum(_weight(way) for way, _ in plan) * len(study.splits)
        self._done, self._worked = 0, 0.0
        progress(0, self._total)

    def trials_of(self, way: Way, shot: int) -> Iterator[Trial]:
        for split in self._study.splits:
            rows = first_of_each(split.pool, self._study.data.codes, shot)
            sizes = np.bincount(self._study.data.codes[rows])
            if np.sum(sizes >= way.least) < 2:
                self._tell(way)
                continue
            trial = self._known.get((way.name, shot, split.seed))
            if trial is None:
                trial = run_trial(self._study, way, shot, split, rows, partial(self._within, _weight(way)))
                if self._store:
                    self._store.add(trial)
            self._tell(way)
            yield trial

    def _within(self, weight: float, done: int, total: int) -> None:
        share = (self._worked + weight * done / max(total, 1)) / self._work
        # Never the 0 again, from which the time left is counted.
        self._progress(Done(max(self._done, 1), share=share), self._total)

    def _tell(self, way: Way) -> None:
        self._done += 1
        self._worked += _weight(way)
        self._progress(Done(self._done, share=self._worked / self._work), self._total)


def run_trial(study: Study, way: Way, shot: int, split: Split, rows: np.ndarray, progress: Progress) -> Trial:
    """Learn from ``rows``, then guess the split's test and the texts from elsewhere."""
    material, codes = study.material, study.material.codes
    if way.tunes:
        load_libraries()
        trim()  # what the allocator kept of the trial before would be taken again unseen
    start = time.perf_counter()
    with PeakMemory() as peak:
        fitted = way.fit(material, rows, split.seed, progress)
    learnt = time.perf_counter()
    chances = fitted.probabilities(split.test)
    guessed, asked = chances.argmax(axis=1), time.perf_counter()
    away = fitted.probabilities(study.outside).argmax(axis=1) if len(study.outside) else None
    right = guessed == codes[split.test]
    general = generality_of(fitted.tuned, material.encoder) if fitted.tuned is not None else None
    return Trial(
        way=way.name,
        shot=shot,
        seed=split.seed,
        labels=len(rows),
        overlap=split.overlap,
        tested=len(split.test),
        accuracy=float(right.mean()),
        macro_f1=macro_f1(codes[split.test], guessed, classes=material.classes),
        calibration=calibration_error(chances.max(axis=1), right),
        train_seconds=learnt - start,
        predict_ms=1e6 * (asked - learnt) / len(split.test),
        kept_bytes=fitted.kept_bytes,
        parameters=fitted.parameters,
        note=fitted.note,
        outside=float((away == codes[study.outside]).mean()) if away is not None else float("nan"),
        neighbours=general.neighbours if general else float("nan"),
        agreement=general.agreement if general else float("nan"),
        agreement_before=general.agreement_before if general else float("nan"),
        peak_bytes=peak.bytes if learnt - start > _SEEN else float("nan"),
    )


def _weight(way: Way) -> float:
    return _TUNING_WEIGHT if way.tunes else 1


def _encode(encoder: TextEncoder | None, texts: Sequence[str]) -> np.ndarray:
    assert encoder is not None  # whoever calls has loaded one
    return encoder.encode(list(texts), role="document")


def _outside_texts(
    data: LabelledTexts, outside: Outside | None
) -> tuple[list[tuple[str, int, int]], list[str]]:
    """(text, class, place) of those from elsewhere that are new and have a known label; what is left out."""
    if outside is None:
        return [], []
    other = labelled_texts(outside.texts, outside.labels)
    codes = {name: code for code, name in enumerate(data.names)}
    seen = {same_text(text) for text in data.texts}
    labels = (other.names[code] for code in other.codes)
    named = list(zip(other.texts, labels, other.rows.tolist(), strict=True))
    known = [(text, codes[name], row) for text, name, row in named if name in codes]
    new = [one for one in known if same_text(one[0]) not in seen]
    if not new:
        raise ZetascopeError(
            "The second file has no new text with one of these labels: choose its columns again."
        )
    notes = [f"Measured elsewhere with {count(len(new), 'text')} of the second file."]
    if len(known) < len(named):
        notes.append(
            f"{count(len(named) - len(known), 'text')} of it left out: their labels are not in the first."
        )
    if len(new) < len(known):
        notes.append(
            f"{count(len(known) - len(new), 'text')} of it left out: they stand in the first file too."
        )
    return new, notes


def _with_outside(
    made: np.ndarray | None,
    away: list[tuple[str, int, int]],
    outside: Outside | None,
    encoder: TextEncoder | None,
) -> np.ndarray | None:
    if made is None or outside is None:
        return made
    if outside.vectors is not None:
        more = as_vectors(outside.vectors)[[row for _, _, row in away]]
    else:
        more = _encode(encoder or load_encoder(), [text for text, _, _ in away])
    return np.concatenate([made, more])


def _notes_of(study: Study, shots: tuple[int, ...]) -> tuple[str, ...]:
    split, sizes = study.splits[0], study.data.sizes
    notes = [
        *study.data.notes,
        f"Each of {count(len(study.splits), 'draw')} keeps {count(len(split.test), 'text')} to measure with "
        f"and learns from up to {len(split.pool):,} others.",
    ]
    most = max((shot for shot in shots if shot), default=0)
    few = int((sizes - np.maximum(1, np.round(sizes / 4)) < most).sum())
    if few:
        notes.append(
            f"{count(few, 'class', 'classes')} with fewer than {most} to learn from give all they have."
        )
    return (*notes, *study.notes)
