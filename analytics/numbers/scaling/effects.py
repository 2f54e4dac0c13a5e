"""Does scaling help? The same models on the same folds, raw and scaled, with honest intervals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analytics.errors import ZetascopeError
from analytics.numbers.scaling.clusters import Clustering, FirstComponent, cluster_rows, first_component
from analytics.numbers.scaling.data import ScalingData, prepare_scaling_data
from analytics.numbers.scaling.folds import FoldScore, fill_and_scale, repeated_folds, scale_fold, score_fold
from analytics.numbers.scaling.halves import agreements_in_halves
from analytics.numbers.scaling.learners import SCALERS, learners_for
from analytics.numbers.scaling.one_scale import spread_ratio
from analytics.numbers.scaling.plan import ScalingPlan, SettledPlan, settle
from analytics.numbers.scaling.summary import summarize
from analytics.numbers.scaling.verdicts import Ground, Verdict, judge
from analytics.progress import Progress, silent
from analytics.threads import one_blas_thread


@dataclass(frozen=True)
class ScalingStudy:
    """All that a comparison of scalers found.

    ``summary``: one row per model and scaler. ``folds``: one row per model, scaler and fold.
    ``clusterings`` and ``components`` by scaler. ``baseline`` is the score of always guessing the commonest
    class, 0 for R². ``verdicts`` by model.
    """

    data: ScalingData
    scalers: tuple[str, ...]
    summary: pd.DataFrame
    folds: pd.DataFrame
    clusterings: Mapping[str, Clustering]
    components: Mapping[str, FirstComponent]
    baseline: float
    verdicts: Mapping[str, Verdict]


def compare_scaling(
    X: pd.DataFrame | NDArray[np.float64],
    y: str | pd.Series | NDArray[np.generic] | None = None,
    *,
    progress: Progress | None = None,
    **choices: Any,
) -> pd.DataFrame:
    """The ``summary`` of :func:`study_scaling`; ``choices`` are the fields of :class:`ScalingPlan`."""
    unknown = choices.keys() - {field.name for field in fields(ScalingPlan)}
    if unknown:
        known = ", ".join(field.name for field in fields(ScalingPlan))
        raise ZetascopeError(f"There is no choice {min(unknown)!r}: choose from {known}.")
    return study_scaling(X, y, plan=ScalingPlan(**choices), progress=progress).summary


def study_scaling(
    X: pd.DataFrame | NDArray[np.float64],
    y: str | pd.Series | NDArray[np.generic] | None = None,
    *,
    plan: ScalingPlan | None = None,
    progress: Progress | None = None,
    so_far: Callable[["ScalingStudy"], None] | None = None,
) -> ScalingStudy:
    """Fit every model on raw and on scaled columns and say what changed.

    ``X`` (n, d) and ``y`` as in :func:`prepare_scaling_data`. Without a target only k-means and the first
    principal component are compared.

    Supervised models: the same splits for all; medians for missing cells and the scaler are fitted inside
    each fold's training rows. A number target is standardized with the training rows' mean and SD, alike for
    every scaler. Score is accuracy or R². ``gain`` is the mean difference from raw over the folds with the
    95 % interval of the corrected resampled t-test; ``p_holm`` is corrected for comparing several scalers.

    k-means is scored by its adjusted Rand index with the classes, or its stability over ten starts where
    there are none; the first principal component by the share its largest column owns. Both see all rows. The
    interval of k-means comes from 20 random halves of the rows, scaled and clustered anew. ``p_equal`` tests
    that the gain is at least ``margin``, up or down: small means that there is no such difference.

    ``progress`` counts fits; ``so_far`` is given, after each model but the last, the study of those that are
    done. Raises ZetascopeError for unknown models or scalers and for tables with nothing
    to compare.
    """
    plan = plan or ScalingPlan()
    plan.check()
    data = prepare_scaling_data(
        X, y, task=plan.task, min_per_class=plan.folds, max_rows=plan.max_rows, seed=plan.seed
    )
    settled = settle(plan, data)
    count = _Count(settled.fits, progress or silent)
    # Waiting threads cost ten times what such small fits do. A limit on OpenMP is this thread's own.
    with one_blas_thread(), threadpool_limits(1, user_api="openmp"):
        study = None
        for model in settled.models:
            if study is not None and so_far is not None:
                so_far(study)
            study = _with_model(study, replace(settled, models=(model,)), count)
    if study is None:
        raise ZetascopeError("No model is named, so there is nothing to compare: choose at least one.")
    return study


def _with_model(study: ScalingStudy | None, plan: SettledPlan, count: "_Count") -> ScalingStudy:
    """The study with what the one model of ``plan`` adds to it."""
    scores = _score_models(plan, count)
    clusterings, components = _describe_scaled(plan, count)
    halves = agreements_in_halves(plan, count.step) if plan.halved else {}
    summary = summarize(plan, scores, clusterings, components, halves=halves)
    ground = Ground(
        plan.data.task,
        rows=len(plan.data.X),
        baseline=_baseline(plan.data),
        margin=plan.margin,
        spread_ratio=spread_ratio(plan.data.X, plan.data.labels),
    )
    verdicts = judge(summary, ground)
    if study is not None:
        summary = _joined(study.summary, summary)
        scores = _joined(study.folds, scores)
    return ScalingStudy(
        data=plan.data,
        scalers=plan.scalers,
        summary=summary,
        folds=scores,
        clusterings={**(study.clusterings if study else {}), **clusterings},
        components={**(study.components if study else {}), **components},
        baseline=ground.baseline,
        verdicts={**(study.verdicts if study else {}), **verdicts},
    )


def _joined(before: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Rows below each other; a table without any has no types to join."""
    return pd.concat([one for one in (before, more) if len(one)] or [before], ignore_index=True)


class _Count:
    """Reports each finished fit; ``progress`` may raise to cancel."""

    def __init__(self, total: int, progress: Progress) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def step(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)


def _score_models(plan: SettledPlan, count: _Count) -> pd.DataFrame:
    columns = ["model", "scaler", "fold", *(field.name for field in fields(FoldScore))]
    if not plan.supervised:
        return pd.DataFrame(columns=columns)
    learners = learners_for(plan.data.task)
    folds = repeated_folds(plan.data, folds=plan.folds, repeats=plan.repeats, seed=plan.seed)
    found = []
    for number, (train, test) in enumerate(folds):
        for scaler in plan.scalers:
            fold = scale_fold(plan.data, train, test, SCALERS[scaler].make(len(train)))
            for model in plan.supervised:
                result = score_fold(learners[model], fold, seed=plan.seed)
                found.append((model, scaler, number, *vars(result).values()))
                count.step()
    return pd.DataFrame(found, columns=columns)


def _describe_scaled(
    plan: SettledPlan, count: _Count
) -> tuple[dict[str, Clustering], dict[str, FirstComponent]]:
    clusterings, components = {}, {}
    for scaler in plan.scalers:
        (Z,) = fill_and_scale(plan.data.X, SCALERS[scaler].make(len(plan.data.X)))
        if "kmeans" in plan.models:
            clusterings[scaler] = cluster_rows(Z, plan.clusters, labels=plan.data.labels, seed=plan.seed)
            count.step()
        if "pca" in plan.models:
            components[scaler] = first_component(Z)
            count.step()
    return clusterings, components


def _baseline(data: ScalingData) -> float:
    if data.labels is None:
        return 0.0 if data.task == "number" else float("nan")
    return float(np.bincount(data.labels).max() / len(data.labels))
