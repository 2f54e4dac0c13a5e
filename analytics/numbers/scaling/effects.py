"""Does scaling help? The same models on the same folds, raw and scaled, with honest intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analytics.errors import ZetascopeError
from analytics.numbers.scaling.clusters import Clustering, FirstComponent, cluster_rows, first_component
from analytics.numbers.scaling.corrected_tests import (
    PairedComparison,
    compare_clusterings,
    corrected_resampled_t,
    holm,
)
from analytics.numbers.scaling.data import ScalingData, prepare_scaling_data
from analytics.numbers.scaling.folds import fill_and_scale, repeated_folds, scale_fold, score_fold
from analytics.numbers.scaling.learners import (
    SCALERS,
    UNSUPERVISED,
    Task,
    check_models,
    check_scalers,
    learners_for,
)
from analytics.numbers.scaling.verdicts import Verdict, judge
from analytics.progress import Progress
from analytics.threads import one_blas_thread

_SUMMARY = [
    *("model", "scaler", "metric", "score", "score_sd"),
    *("gain", "gain_low", "gain_high", "p_value", "p_holm"),
    *("iterations", "converged", "fit_seconds", "stability", "top_column", "explained"),
]


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
    models: tuple[str, ...] | None = None,
    scalers: tuple[str, ...] = tuple(SCALERS),
    seed: int = 0,
    progress: Progress | None = None,
    **options: Any,
) -> pd.DataFrame:
    """The ``summary`` of :func:`study_scaling`, which see for the arguments and the columns."""
    study = study_scaling(X, y, models=models, scalers=scalers, seed=seed, progress=progress, **options)
    return study.summary


def study_scaling(
    X: pd.DataFrame | NDArray[np.float64],
    y: str | pd.Series | NDArray[np.generic] | None = None,
    *,
    models: tuple[str, ...] | None = None,
    scalers: tuple[str, ...] = tuple(SCALERS),
    task: Task | None = None,
    clusters: int | None = None,
    folds: int = 5,
    repeats: int = 4,
    max_rows: int = 2_000,
    seed: int = 0,
    progress: Progress | None = None,
) -> ScalingStudy:
    """Fit every model on raw and on scaled columns and say what changed.

    ``X`` (n, d) and ``y`` as in :func:`prepare_scaling_data`. Without a target only k-means and the first
    principal component are compared. ``clusters`` is k (default: the number of classes, else 3).

    Supervised models: the same ``repeats`` x ``folds`` splits for all; medians for missing cells and the
    scaler are fitted inside each fold's training rows. A number target is standardized with the training
    rows' mean and SD, alike for every scaler. Score is accuracy or R². ``gain`` is the mean difference from
    raw over the folds with the 95 % interval of the corrected resampled t-test; ``p_holm`` is corrected for
    comparing several scalers.

    k-means is scored by its adjusted Rand index with the classes, or its stability over ten starts where
    there are none; the first principal component by the share its largest column owns. Both see all rows.

    Raises ZetascopeError for unknown models or scalers and for tables with nothing to compare.
    """
    if folds < 2 or repeats < 1:
        raise ZetascopeError(
            f"{folds} folds, {repeats} times, cannot be compared: use at least 2 folds, once."
        )
    scalers = check_scalers(scalers)
    data = prepare_scaling_data(X, y, task=task, min_per_class=folds, max_rows=max_rows, seed=seed)
    models = check_models(models, data.task)
    k = clusters or len(data.classes) or 3
    if not 2 <= k < len(data.X):
        raise ZetascopeError(
            f"{k} clusters do not fit {len(data.X)} rows: choose from 2 to {len(data.X) - 1}."
        )
    supervised = [name for name in models if name not in UNSUPERVISED]
    count = _Count(
        len(scalers) * (len(supervised) * folds * repeats + len(models) - len(supervised)), progress
    )
    # Waiting threads cost ten times what such small fits do. A limit on OpenMP is this thread's own.
    with one_blas_thread(), threadpool_limits(1, user_api="openmp"):
        scores = _score_models(
            data, supervised, scalers, folds=folds, repeats=repeats, seed=seed, count=count
        )
        clusterings, components = _describe_scaled(data, models, scalers, k=k, seed=seed, count=count)
    test_rows = len(data.X) / folds
    summary = pd.concat(
        [
            _summarize_scores(
                scores, data.task, n_train=round(len(data.X) - test_rows), n_test=round(test_rows)
            ),
            _summarize_clusterings(clusterings, data, seed=seed),
            _summarize_components(components, data),
        ],
        ignore_index=True,
    ).reindex(columns=_SUMMARY)
    return ScalingStudy(
        data,
        scalers,
        summary,
        scores,
        clusterings,
        components,
        _baseline(data),
        judge(summary, data.task),
    )


class _Count:
    """Reports each finished fit; ``progress`` may raise to cancel."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def step(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)


def _score_models(
    data: ScalingData,
    models: list[str],
    scalers: tuple[str, ...],
    *,
    folds: int,
    repeats: int,
    seed: int,
    count: _Count,
) -> pd.DataFrame:
    columns = ["model", "scaler", "fold", "score", "iterations", "converged", "fit_seconds"]
    if not models:
        return pd.DataFrame(columns=columns)
    learners = learners_for(data.task)
    found = []
    for number, (train, test) in enumerate(repeated_folds(data, folds=folds, repeats=repeats, seed=seed)):
        for scaler in scalers:
            fold = scale_fold(data, train, test, SCALERS[scaler].make(len(train)))
            for model in models:
                result = score_fold(learners[model], fold, seed=seed)
                found.append((model, scaler, number, *vars(result).values()))
                count.step()
    return pd.DataFrame(found, columns=columns)


def _describe_scaled(
    data: ScalingData, models: tuple[str, ...], scalers: tuple[str, ...], *, k: int, seed: int, count: _Count
) -> tuple[dict[str, Clustering], dict[str, FirstComponent]]:
    clusterings, components = {}, {}
    for scaler in scalers:
        (Z,) = fill_and_scale(data.X, SCALERS[scaler].make(len(data.X)))
        if "kmeans" in models:
            clusterings[scaler] = cluster_rows(Z, k, labels=data.labels, seed=seed)
            count.step()
        if "pca" in models:
            components[scaler] = first_component(Z)
            count.step()
    return clusterings, components


def _summarize_scores(scores: pd.DataFrame, task: Task, *, n_train: int, n_test: int) -> pd.DataFrame:
    metric = "accuracy" if task == "class" else "R²"
    rows = []
    for model, of_model in scores.groupby("model", sort=False):
        by_scaler = dict(list(of_model.groupby("scaler", sort=False)))
        raw = by_scaler["raw"]["score"].to_numpy()
        gains = {
            name: corrected_resampled_t(part["score"].to_numpy() - raw, n_train=n_train, n_test=n_test)
            for name, part in by_scaler.items()
            if name != "raw"
        }
        adjusted = dict(zip(gains, holm([gain.p_value for gain in gains.values()]), strict=True))
        for name, part in by_scaler.items():
            rows.append(
                {"model": model, "scaler": name, "metric": metric}
                | _spread(part)
                | _gain(gains.get(name))
                | {"p_holm": adjusted.get(name, np.nan)}
            )
    return pd.DataFrame(rows)


def _spread(part: pd.DataFrame) -> dict[str, Any]:
    return {
        "score": part["score"].mean(),
        "score_sd": part["score"].std(),
        "iterations": part["iterations"].median(),
        "converged": bool(part["converged"].all()),
        "fit_seconds": part["fit_seconds"].median(),
    }


def _gain(gain: PairedComparison | None) -> dict[str, float]:
    if gain is None:
        return {}
    return {"gain": gain.mean, "gain_low": gain.low, "gain_high": gain.high, "p_value": gain.p_value}


def _summarize_clusterings(found: Mapping[str, Clustering], data: ScalingData, *, seed: int) -> pd.DataFrame:
    rows = []
    for scaler, result in found.items():
        known = data.labels
        score = result.stability if known is None else result.agreement
        low, high = np.nan, np.nan
        if known is not None and scaler != "raw":
            low, high = compare_clusterings(known, found["raw"].labels, result.labels, seed=seed)
        base = found["raw"].stability if known is None else found["raw"].agreement
        rows.append(
            {
                "model": "kmeans",
                "scaler": scaler,
                "metric": "stability" if known is None else "adjusted Rand index",
                "score": score,
                "score_sd": np.nan if known is None else float(np.std(result.agreements, ddof=1)),
                "iterations": result.iterations,
                "converged": result.converged,
                "fit_seconds": result.fit_seconds,
                "gain": np.nan if scaler == "raw" else score - base,
                "gain_low": low,
                "gain_high": high,
                "stability": result.stability,
            }
        )
    return pd.DataFrame(rows)


def _summarize_components(found: Mapping[str, FirstComponent], data: ScalingData) -> pd.DataFrame:
    rows = []
    for scaler, result in found.items():
        top = int(np.argmax(result.loadings))
        share = float(result.loadings[top])
        rows.append(
            {
                "model": "pca",
                "scaler": scaler,
                "metric": "largest column's share",
                "score": share,
                "fit_seconds": result.fit_seconds,
                "gain": np.nan if scaler == "raw" else share - float(found["raw"].loadings.max()),
                "top_column": data.columns[top],
                "explained": result.explained,
            }
        )
    return pd.DataFrame(rows)


def _baseline(data: ScalingData) -> float:
    if data.labels is None:
        return 0.0 if data.task == "number" else float("nan")
    return float(np.bincount(data.labels).max() / len(data.labels))
