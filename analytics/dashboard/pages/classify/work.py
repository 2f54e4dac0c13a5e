"""The Classify page's long work: vectors, the comparison, fine-tuning, guesses, each in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from analytics.dashboard.pages.classify.choices import FIRST_DRAWS, FIRST_SHOTS, FIRST_WAYS, Request
from analytics.dashboard.server.jobs import job_of, job_result
from analytics.dashboard.server.loading import shared_encoder
from analytics.dashboard.server.vectors_kept import vectors_kept
from analytics.progress import Progress
from analytics.retrieval.tuning.curve import LearningCurve
from analytics.retrieval.tuning.labelled import LabelledTexts
from analytics.retrieval.tuning.prediction import Predictions, predict_labels
from analytics.retrieval.tuning.study import Outside, Study, prepare_study, run_study
from analytics.retrieval.tuning.trials import open_store, study_name
from analytics.retrieval.tuning.ways import WAYS
from analytics.text import encode_cached
from analytics.text.model_files import PACKAGED_NAME
from analytics.words import count

_QUICK_TEXTS = 10_000  # a first answer of so many waits for nobody
_GROWN = "zetascope_classify_growing"
BESIDE = ("both", "head")
"""Ways that fine-tuning is compared with while it runs; they take no time."""
COMPARE, TUNE = "classify_compare", "classify_tune"


@dataclass(frozen=True)
class Compared:
    """What is compared, with its vectors."""

    request: Request
    data: LabelledTexts
    vectors: np.ndarray
    outside: Outside | None = None


def encoder_of_page() -> Any:
    """The encoder, which all visitors share."""
    return shared_encoder(PACKAGED_NAME)


def vectors_of(slot: str, key: tuple[Any, ...], texts: Sequence[str]) -> np.ndarray | None:
    """Vectors (n, d) of texts, kept on disk; None while they are made."""
    store = vectors_kept()

    def read(progress: Progress) -> np.ndarray:
        made = encode_cached(encoder_of_page(), texts, store=store, role="document", progress=progress)
        return made.vectors

    return job_result(slot, key, read, label=f"Reading {count(len(texts), 'text')}")


def first_look(compared: Compared) -> LearningCurve | None:
    """Retrieval and the frozen head with few and with all labels; None while it is made."""
    early = replace(compared.request, ways=FIRST_WAYS, shots=FIRST_SHOTS, draws=FIRST_DRAWS)
    return job_result(
        "classify_first",
        early,
        lambda progress: _run(replace(compared, request=early, outside=None), progress),
        label="A first look",
        quick=len(compared.data.texts) <= _QUICK_TEXTS,
    )


def whole(compared: Compared) -> LearningCurve | None:
    """Every way that leaves the encoder as it is; None while it is made."""
    return job_result(
        COMPARE,
        compared.request,
        lambda progress: _run(compared, progress),
        label="Comparing ways",
    )


def tuned(compared: Compared, request: Request) -> LearningCurve | None:
    """Fine-tuning, trial by trial; what is done is kept on disk, so that it goes on after a restart."""
    grown = grown_of(request)
    return job_result(
        TUNE,
        request,
        lambda progress: _run(replace(compared, request=request), progress, grown=grown),
        label="Fine-tuning",
    )


def grown_of(request: Request) -> list[LearningCurve]:
    """The curves of fine-tuning so far, the newest last; its thread adds to it."""
    kept = st.session_state.get(_GROWN)
    if kept is None or kept[0] != request:
        kept = (request, [])
        st.session_state[_GROWN] = kept
    return kept[1]


def is_running(slot: str, key: Any) -> bool:
    """Whether the slot's job is this one and has not ended."""
    job = job_of(slot)
    return job is not None and job.key == key and not job.finished.is_set() and not job.cancelled.is_set()


def joined(curve: LearningCurve, more: LearningCurve | None) -> LearningCurve:
    """Both comparisons as one: the same texts and draws."""
    if more is None:
        return curve
    known = {trial.key for trial in curve.trials}
    added = tuple(trial for trial in more.trials if trial.key not in known)
    return LearningCurve(curve.data, curve.trials + added, curve.stopped + more.stopped, curve.notes)


def study_of(compared: Compared, *, draws: int = 1) -> Study:
    """The texts, their vectors and the splits."""
    request = compared.request
    reads = compared.outside is not None or any(WAYS[way].tunes for way in request.ways)
    return prepare_study(
        compared.data,
        ways=request.ways,
        seeds=draws,
        seed=request.seed,
        vectors=compared.vectors,
        encoder=encoder_of_page() if reads else None,
        outside=compared.outside,
    )


def predicted(
    compared: Compared, way: str, texts: tuple[str, ...], text_vectors: np.ndarray
) -> Predictions | None:
    """Labels for texts without one; None while they are guessed."""
    encoder = encoder_of_page() if WAYS[way].tunes else None

    def guess(progress: Progress) -> Predictions:
        return predict_labels(
            compared.data,
            texts,
            way=way,
            vectors=compared.vectors,
            text_vectors=text_vectors,
            encoder=encoder,
            seed=compared.request.seed,
            progress=progress,
        )

    key = (compared.request.columns, compared.request.seed, way)
    return job_result("classify_guess", key, guess, label=f"{WAYS[way].label} on these labels")


def _run(compared: Compared, progress: Progress, grown: list[LearningCurve] | None = None) -> LearningCurve:
    request = compared.request
    study = study_of(compared, draws=request.draws)
    store = None
    if grown is not None:
        store = open_store(study_name(study.material, seed=request.seed))
    return run_study(
        study,
        ways=request.ways,
        shots=request.shots,
        store=store,
        progress=progress,
        so_far=grown.append if grown is not None else None,
    )
