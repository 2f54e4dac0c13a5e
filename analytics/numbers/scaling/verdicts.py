"""One sentence per model: what scaling changed, or that it changed nothing that noise would not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analytics.numbers.scaling.learners import SCALERS, UNSUPERVISED, Task, learners_for

_SIGNIFICANT = 0.05
_VISIBLE = 0.001
_MATTERS = 0.01
"""A certain change of accuracy, R² or adjusted Rand index below this is called no difference that matters."""

Outcome = Literal["helps", "hurts", "depends", "unclear", "same", "described"]


@dataclass(frozen=True)
class Verdict:
    """What scaling does to one model.

    ``unclear``: a 95 % interval leaves out zero, but not once several scalers are compared (Holm).
    ``described``: there is no score that could be better or worse.
    """

    label: str
    outcome: Outcome
    text: str

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"


def judge(summary: pd.DataFrame, task: Task) -> dict[str, Verdict]:
    """Model name -> verdict, from the summary of a scaling study."""
    return {
        str(model): Verdict(model_label(str(model), task), *_verdict(str(model), rows.set_index("scaler")))
        for model, rows in summary.groupby("model", sort=False)
    }


def headline(verdicts: Iterable[Verdict]) -> str:
    """All verdicts with a score in one sentence: ``Scaling helps A and B; it makes no difference to C.``"""
    by_outcome: dict[str, list[str]] = {}
    for verdict in verdicts:
        by_outcome.setdefault(verdict.outcome, []).append(verdict.label)
    phrases = {
        "helps": "helps {}",
        "hurts": "hurts {}",
        "depends": "helps or hurts {}, depending on the scaler",
        "unclear": "may matter to {}",
        "same": "makes no difference to {}",
    }
    parts = [phrase.format(_and(by_outcome[key])) for key, phrase in phrases.items() if key in by_outcome]
    return f"Scaling {'; it '.join(parts)}." if parts else ""


def _and(names: list[str]) -> str:
    phrases = [_phrase(name) for name in names]
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def _phrase(label: str) -> str:
    """``the RBF SVM``, ``logistic regression``: a label for the middle of a sentence."""
    lower = label if label.startswith("RBF") else label[0].lower() + label[1:]
    return f"the {lower}" if label.endswith(("SVM", "forest")) else lower


def model_label(model: str, task: Task) -> str:
    """The name a reader sees."""
    return UNSUPERVISED[model] if model in UNSUPERVISED else learners_for(task)[model].label


def _verdict(model: str, rows: pd.DataFrame) -> tuple[Outcome, str]:
    if len(rows) < 2:
        return "described", "only raw values were fitted, so there is nothing to compare."
    if model == "pca":
        return "described", _component_sentence(rows)
    if model == "kmeans" and rows["gain_low"].isna().all():
        return "described", _stability_sentence(rows)
    outcome, text = _score_sentence(rows)
    return outcome, text + _effort_clause(rows)


def _score_sentence(rows: pd.DataFrame) -> tuple[Outcome, str]:
    others = rows.drop(index="raw")
    clear = (others["gain_low"] > 0) | (others["gain_high"] < 0)
    certain = others[clear & ((others["p_holm"] < _SIGNIFICANT) | others["p_holm"].isna())]
    if certain.empty or certain["gain"].abs().max() < _MATTERS:
        return _nothing_certain(rows, others, others[clear] if certain.empty else certain)
    better, worse = certain[certain["gain"] > 0], certain[certain["gain"] < 0]
    if worse.empty:
        tail = _how_many(better, others, "better")
        return "helps", f"scaling helps; {_change(_largest(better), rows)}{tail}."
    if better.empty:
        tail = _how_many(worse, others, "worse")
        return "hurts", f"scaling hurts; {_change(_largest(worse), rows)}{tail}."
    changes = f"{_change(_largest(better), rows)}, but {_change(_largest(worse), rows)}"
    return "depends", f"it depends on the scaler; {changes}."


def _nothing_certain(rows: pd.DataFrame, others: pd.DataFrame, clear: pd.DataFrame) -> tuple[Outcome, str]:
    """No change that is both certain and large; ``clear`` are those whose own interval leaves out zero."""
    if (others["gain"].abs() < _VISIBLE).all():
        metric = others["metric"].iloc[0]
        return "same", f"no difference; no scaler moves the {metric} by {_VISIBLE} on average."
    if clear.empty:
        return "same", f"no difference beyond noise; the largest change: {_change(_largest(others), rows)}."
    largest = _largest(clear)
    if abs(largest["gain"]) < _MATTERS:
        return "same", f"no difference that matters; the largest change: {_change(_largest(others), rows)}."
    return "unclear", (
        f"{_change(largest, rows)}, which chance may explain once {len(others)} scalers are compared "
        f"(Holm's p = {largest['p_holm']:.2f})."
    )


def _largest(rows: pd.DataFrame) -> pd.Series:
    return rows.iloc[int(np.argmax(rows["gain"].abs().to_numpy()))]


def _change(row: pd.Series, rows: pd.DataFrame) -> str:
    before, after = _number(_row(rows, "raw")["score"]), _number(row["score"])
    interval = f"95 % interval {_number(row['gain_low'], sign='+')} to {_number(row['gain_high'], sign='+')}"
    return (
        f"{_scaling_phrase(str(row.name))} takes {row['metric']} from {before} to {after} "
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
    scaled = f"{_iterations(after)} with {_scaling_phrase(name)}"
    return f" Iterations: {_iterations(before)} on raw values, {scaled}."


def _row(rows: pd.DataFrame, scaler: str) -> pd.Series:
    return rows.iloc[list(rows.index).index(scaler)]


def _reference(rows: pd.DataFrame) -> str:
    return "zscore" if "zscore" in rows.index else str(rows.index.drop("raw")[0])


def _iterations(row: pd.Series) -> str:
    return f"{row['iterations']:,.0f}" + ("" if row["converged"] else " (not always converged)")


def _stability_sentence(rows: pd.DataFrame) -> str:
    name = _reference(rows)
    before, after = (_row(rows, scaler)["score"] for scaler in ("raw", name))
    return (
        f"over ten starts the clusters agree with each other at {before:.2f} on raw values and "
        f"{after:.2f} with {_scaling_phrase(name)} (adjusted Rand index, 1 = identical); this says how "
        "repeatable they are, not how true, since there are no classes to compare with."
    )


def _component_sentence(rows: pd.DataFrame) -> str:
    name = _reference(rows)
    raw, scaled = _row(rows, "raw"), _row(rows, name)
    return (
        f"on raw values {raw['top_column']} owns {raw['score']:.1%} of its direction; with "
        f"{_scaling_phrase(name)} the largest share is {scaled['score']:.1%} ({scaled['top_column']})."
    )


def _scaling_phrase(scaler: str) -> str:
    """``z-score scaling``, for the middle of a sentence."""
    label = SCALERS[scaler].label
    return f"{label[0].lower()}{label[1:]} scaling"


def _number(value: float, *, sign: str = "") -> str:
    return f"{value:{sign}.3f}".replace("-", "\N{MINUS SIGN}")
