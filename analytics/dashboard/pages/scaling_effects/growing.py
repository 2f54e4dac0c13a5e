"""A study that is drawn as it grows: a first look at once, then model by model."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from analytics.dashboard.pages.scaling_effects.study import Request
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_of, job_result
from analytics.errors import ZetascopeError
from analytics.numbers.scaling.effects import ScalingStudy
from analytics.progress import Progress

_SLOT, _FIRST = "scaling_effects", "scaling_effects_first"
_KEPT = "scaling_effects_growing"
_EVERY = 1.0  # seconds between looks: a model takes two or more

Draw = Callable[[ScalingStudy, str], None]
"""Draws verdicts of a study that is not finished, with a sentence about how far it is."""


def carried_out(dataset: DataSet, request: Request, *, draw: Draw) -> ScalingStudy | None:
    """The whole study, or None while its progress and what there is of it are drawn."""
    key = (dataset.key, request)
    job = job_of(_SLOT)
    begun = job is not None and job.key == key
    ended = begun and job is not None and job.finished.is_set()
    first = None if ended else _first_look(dataset, request)
    if first is None and not begun:
        return None  # it is looked for, and the page runs again
    grown = _grown(key)
    frame = dataset.frame

    def work(progress: Progress) -> ScalingStudy:
        return request.run(frame, progress, grown.append)

    place = st.empty()
    study = job_result(_SLOT, key, work, label="Fitting models")
    if study is None:
        with place.container():
            _draw_growing(key, request, first or [], draw)
    return study


def _first_look(dataset: DataSet, request: Request) -> list[ScalingStudy] | None:
    """The quick study in a list, an empty one where the few rows do not allow it; None until it is there."""
    frame, look = dataset.frame, request.first_look

    def work(progress: Progress) -> list[ScalingStudy]:
        try:
            return [look.run(frame, progress)]
        except ZetascopeError:
            return []  # the whole study says what is wrong

    return job_result(_FIRST, (dataset.key, look), work, label="A first look", quick=True)


def _grown(key: Any) -> list[ScalingStudy]:
    """What the study for ``key`` has found so far, the newest last; its thread adds to it."""
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != key:
        kept = (key, [])
        st.session_state[_KEPT] = kept
    return kept[1]


@st.fragment(run_every=_EVERY)
def _draw_growing(key: Any, request: Request, first: list[ScalingStudy], draw: Draw) -> None:
    grown, models = _grown(key), len(request.plan.models or ())
    if grown:
        done = len(grown[-1].verdicts)
        draw(grown[-1], f"{done} of {models} models are done; the others follow one by one.")
    elif first:
        rows, whole = len(first[0].data.X), first[0].data.rows_given
        draw(
            first[0],
            f"A first look: {rows:,} of {whole:,} rows, raw and standardized, the quicker models. All are "
            "being compared now, and the answer may still change.",
        )
