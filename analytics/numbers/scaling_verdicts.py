"""One sentence per model: what scaling changed, or that it changed nothing that noise would not."""

import numpy as np
import pandas as pd

from analytics.numbers.learners import SCALERS, UNSUPERVISED, Task, learners_for

SIGNIFICANT = 0.05
VISIBLE = 0.001
MATTERS = 0.01
"""A certain change of accuracy, R² or adjusted Rand index below this is called no difference that matters."""


def verdict_sentences(summary: pd.DataFrame, task: Task) -> dict[str, str]:
    """Model name -> verdict, from the summary of a scaling study."""
    return {
        str(model): _verdict(str(model), rows.set_index("scaler"), task)
        for model, rows in summary.groupby("model", sort=False)
    }


def model_label(model: str, task: Task) -> str:
    """The name a reader sees."""
    return UNSUPERVISED[model] if model in UNSUPERVISED else learners_for(task)[model].label


def _verdict(model: str, rows: pd.DataFrame, task: Task) -> str:
    label = model_label(model, task)
    if len(rows) < 2:
        return f"{label}: only raw values were fitted, so there is nothing to compare."
    if model == "pca":
        return _component_sentence(label, rows)
    if model == "kmeans" and rows["gain_low"].isna().all():
        return _stability_sentence(label, rows)
    return _score_sentence(label, rows) + _effort_clause(rows)


def _score_sentence(label: str, rows: pd.DataFrame) -> str:
    others = rows.drop(index="raw")
    if (others["gain"].abs() < VISIBLE).all():
        return (
            f"{label}: no difference; no scaler moves the {others['metric'].iloc[0]} by {VISIBLE} on average."
        )
    certain = _certain(others)
    better, worse = others[certain & (others["gain"] > 0)], others[certain & (others["gain"] < 0)]
    if better.empty and worse.empty:
        return f"{label}: no difference beyond noise; the largest change: {_change(_largest(others), rows)}."
    if max(better["gain"].max(), -worse["gain"].min(), 0.0) < MATTERS:
        return f"{label}: no difference that matters; the largest change: {_change(_largest(others), rows)}."
    if worse.empty:
        return (
            f"{label}: scaling helps; {_change(_largest(better), rows)}{_how_many(better, others, 'better')}."
        )
    if better.empty:
        return f"{label}: scaling hurts; {_change(_largest(worse), rows)}{_how_many(worse, others, 'worse')}."
    return (
        f"{label}: it depends on the scaler; {_change(_largest(better), rows)}, "
        f"but {_change(_largest(worse), rows)}."
    )


def _certain(others: pd.DataFrame) -> pd.Series:
    """Where the interval leaves out 0 and, for cross-validated scores, Holm's p-value agrees."""
    clear = (others["gain_low"] > 0) | (others["gain_high"] < 0)
    return clear & ((others["p_holm"] < SIGNIFICANT) | others["p_holm"].isna())


def _largest(rows: pd.DataFrame) -> pd.Series:
    return rows.iloc[int(np.argmax(rows["gain"].abs().to_numpy()))]


def _change(row: pd.Series, rows: pd.DataFrame) -> str:
    before, after = _number(_row(rows, "raw")["score"]), _number(row["score"])
    interval = f"95 % interval {_number(row['gain_low'], sign='+')} to {_number(row['gain_high'], sign='+')}"
    return (
        f"{scaling_phrase(str(row.name))} takes {row['metric']} from {before} to {after} "
        f"({_number(row['gain'], sign='+')}, {interval})"
    )


def _how_many(certain: pd.DataFrame, others: pd.DataFrame, word: str) -> str:
    if len(others) == 1:
        return ""
    return f"; {len(certain)} of {len(others)} scalers {'is' if len(certain) == 1 else 'are'} {word} than raw"


def _effort_clause(rows: pd.DataFrame) -> str:
    """What the solver spent, where it iterates and raw and scaled values differ clearly."""
    name = _reference(rows)
    before, after = _row(rows, "raw"), _row(rows, name)
    if np.isnan(before["iterations"]) or np.isnan(after["iterations"]):
        return ""
    if before["converged"] and after["converged"] and 0.8 < before["iterations"] / after["iterations"] < 1.25:
        return ""
    return (
        f" Iterations: {_iterations(before)} on raw values, {_iterations(after)} with {scaling_phrase(name)}."
    )


def _row(rows: pd.DataFrame, scaler: str) -> pd.Series:
    return rows.iloc[list(rows.index).index(scaler)]


def _reference(rows: pd.DataFrame) -> str:
    return "zscore" if "zscore" in rows.index else str(rows.index.drop("raw")[0])


def _iterations(row: pd.Series) -> str:
    return f"{row['iterations']:,.0f}" + ("" if row["converged"] else " (not always converged)")


def _stability_sentence(label: str, rows: pd.DataFrame) -> str:
    name = _reference(rows)
    before, after = (_row(rows, scaler)["score"] for scaler in ("raw", name))
    return (
        f"{label}: over ten starts the clusters agree with each other at {before:.2f} on raw values and "
        f"{after:.2f} with {scaling_phrase(name)} (adjusted Rand index, 1 = identical); this says how "
        "repeatable they are, not how true, since there are no classes to compare with."
    )


def _component_sentence(label: str, rows: pd.DataFrame) -> str:
    name = _reference(rows)
    raw, scaled = _row(rows, "raw"), _row(rows, name)
    return (
        f"{label}: on raw values {raw['top_column']} owns {raw['score']:.1%} of its direction; with "
        f"{scaling_phrase(name)} the largest share is {scaled['score']:.1%} ({scaled['top_column']})."
    )


def scaling_phrase(scaler: str) -> str:
    """``z-score scaling``, for the middle of a sentence."""
    label = SCALERS[scaler].label
    return f"{label[0].lower()}{label[1:]} scaling"


def _number(value: float, *, sign: str = "") -> str:
    return f"{value:{sign}.3f}".replace("-", "\N{MINUS SIGN}")
