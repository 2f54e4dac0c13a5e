"""The figures of a comparison as one table: a row per model and scaler."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.numbers.basics.corrections import holm
from analytics.numbers.scaling.clusters import Clustering, FirstComponent
from analytics.numbers.scaling.corrected_tests import (
    PairedComparison,
    corrected_resampled_t,
    delete_half_jackknife,
)
from analytics.numbers.scaling.data import ScalingData
from analytics.numbers.scaling.plan import SettledPlan

_COLUMNS = [
    *("model", "scaler", "metric", "score", "score_sd"),
    *("gain", "gain_low", "gain_high", "gain_error", "p_value", "p_holm", "p_equal"),
    *("iterations", "converged", "stopped", "fits", "fit_seconds", "stability", "top_column", "explained"),
]


def summarize(
    plan: SettledPlan,
    scores: pd.DataFrame,
    clusterings: Mapping[str, Clustering],
    components: Mapping[str, FirstComponent],
    *,
    halves: Mapping[str, NDArray[np.float64]],
) -> pd.DataFrame:
    """One row per model and scaler: its score, its gain over raw values, and how hard it was to fit.

    ``halves`` are the agreements of clusters found in halves of the rows, by scaler; empty without classes.
    """
    parts = [
        _summarize_scores(scores, plan),
        _summarize_clusterings(clusterings, plan, halves),
        _summarize_components(components, plan.data),
    ]
    return pd.concat(parts, ignore_index=True).reindex(columns=_COLUMNS)


def _summarize_scores(scores: pd.DataFrame, plan: SettledPlan) -> pd.DataFrame:
    metric = "accuracy" if plan.data.task == "class" else "R²"
    n_train, n_test = plan.fold_sizes
    rows = []
    for model, of_model in scores.groupby("model", sort=False):
        by_scaler = {str(name): part for name, part in of_model.groupby("scaler", sort=False)}
        raw = by_scaler["raw"]["score"].to_numpy()
        gains = {
            name: corrected_resampled_t(
                part["score"].to_numpy() - raw, n_train=n_train, n_test=n_test, least_error=_least_error(plan)
            )
            for name, part in by_scaler.items()
            if name != "raw"
        }
        told = _gains(gains, margin=plan.margin)
        for name, part in by_scaler.items():
            rows.append(
                {"model": model, "scaler": name, "metric": metric} | _spread(part) | told.get(name, {})
            )
    return pd.DataFrame(rows)


def _least_error(plan: SettledPlan) -> float:
    """No share of n rows is known better than to one of them; R² has no such step."""
    return 1 / len(plan.data.X) if plan.data.task == "class" else 0.0


def _spread(part: pd.DataFrame) -> dict[str, Any]:
    return {
        "score": part["score"].mean(),
        "score_sd": part["score"].std(),
        "iterations": part["iterations"].median(),
        "converged": bool(part["converged"].all()),
        "stopped": int((~part["converged"].astype(bool)).sum()),
        "fits": len(part),
        "fit_seconds": part["fit_seconds"].median(),
    }


def _gains(gains: Mapping[str, PairedComparison], *, margin: float) -> dict[str, dict[str, Any]]:
    """The columns of each scaler's gain; Holm's p-values are corrected for comparing all of them."""
    adjusted = holm([gain.p_value for gain in gains.values()])
    return {
        name: {
            "gain": gain.mean,
            "gain_low": gain.low,
            "gain_high": gain.high,
            "gain_error": gain.error,
            "p_value": gain.p_value,
            "p_holm": float(p_holm),
            "p_equal": gain.p_equal(margin),
        }
        for (name, gain), p_holm in zip(gains.items(), adjusted, strict=True)
    }


def _summarize_clusterings(
    found: Mapping[str, Clustering], plan: SettledPlan, halves: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    known = bool(halves)
    scores = {name: one.agreement if known else one.stability for name, one in found.items()}
    gains = {
        name: delete_half_jackknife(
            scores[name] - scores["raw"], halves[name] - halves["raw"], least_error=_least_error(plan)
        )
        for name in halves
        if name != "raw"
    }
    told = _gains(gains, margin=plan.margin)
    rows: list[dict[str, Any]] = []
    for scaler, result in found.items():
        rows.append(
            {
                "model": "kmeans",
                "scaler": scaler,
                "metric": "adjusted Rand index" if known else "stability",
                "score": scores[scaler],
                "score_sd": float(np.std(result.agreements, ddof=1)) if known else np.nan,
                "gain": np.nan if scaler == "raw" else scores[scaler] - scores["raw"],
                "iterations": result.iterations,
                "converged": result.converged,
                "stopped": result.stopped,
                "fits": len(result.agreements),
                "fit_seconds": result.fit_seconds,
                "stability": result.stability,
            }
            | told.get(scaler, {})
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
