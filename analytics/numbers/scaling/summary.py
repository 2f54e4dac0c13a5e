"""The figures of a comparison as one table: a row per model and scaler."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analytics.numbers.scaling.clusters import Clustering, FirstComponent
from analytics.numbers.scaling.corrected_tests import (
    PairedComparison,
    compare_clusterings,
    corrected_resampled_t,
    holm,
)
from analytics.numbers.scaling.data import ScalingData
from analytics.numbers.scaling.plan import SettledPlan

_COLUMNS = [
    *("model", "scaler", "metric", "score", "score_sd"),
    *("gain", "gain_low", "gain_high", "p_value", "p_holm"),
    *("iterations", "converged", "fit_seconds", "stability", "top_column", "explained"),
]


def summarize(
    plan: SettledPlan,
    scores: pd.DataFrame,
    clusterings: Mapping[str, Clustering],
    components: Mapping[str, FirstComponent],
) -> pd.DataFrame:
    """One row per model and scaler: its score, its gain over raw values, and how hard it was to fit."""
    parts = [
        _summarize_scores(scores, plan),
        _summarize_clusterings(clusterings, plan.data, seed=plan.seed),
        _summarize_components(components, plan.data),
    ]
    return pd.concat(parts, ignore_index=True).reindex(columns=_COLUMNS)


def _summarize_scores(scores: pd.DataFrame, plan: SettledPlan) -> pd.DataFrame:
    metric = "accuracy" if plan.data.task == "class" else "R²"
    n_train, n_test = plan.fold_sizes
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
