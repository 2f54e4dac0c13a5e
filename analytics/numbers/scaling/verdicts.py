"""One sentence per model: what scaling changed, that it changed nothing much, or that none can tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from analytics.numbers.scaling.learners import SCALERS, UNSUPERVISED, Task, learners_for
from analytics.numbers.scaling.one_scale import ONE_SCALE

_SIGNIFICANT = 0.05
_LEAST_SCORE = {"accuracy": 0.0, "adjusted Rand index": -0.5}  # R² has no floor; all end at 1
_POWER = 0.8  # the usual chance of success that a sample is planned for

_BY_DISTANCE = {"kmeans", "knn"}
"""Models that compare distances only: a factor that all columns share is nothing to them."""

Outcome = Literal["helps", "hurts", "depends", "weighs", "same", "unclear", "described"]


@dataclass(frozen=True)
class Ground:
    """What verdicts stand on: kind of target, rows, score of always the same guess, margin, and how many
    times the least column's spread the largest is."""

    task: Task
    rows: int
    baseline: float
    margin: float = 0.02
    spread_ratio: float = np.inf


@dataclass(frozen=True)
class Verdict:
    """What scaling does to one model.

    ``helps``, ``hurts``, ``depends`` (on the scaler): there is a difference once all scalers are compared
    (Holm). ``weighs``: so there is, though the columns have one scale already; scaling has nothing to put
    right and only lets columns count more or less. ``same``: no scaler makes a difference as large as the
    margin (equivalence tests). ``unclear``: the rows are too few to say either. ``described``: there is no
    score that could be better or worse. ``stopped`` says which fits met the limit of iterations, if any.
    """

    label: str
    outcome: Outcome
    text: str
    stopped: str = ""
    margin: float = 0.02

    def __str__(self) -> str:
        return f"{self.label}: {self.text}"


def judge(summary: pd.DataFrame, ground: Ground) -> dict[str, Verdict]:
    """Model name -> verdict, from the summary of a scaling study."""
    return {
        str(model): _verdict(str(model), rows.set_index("scaler"), ground)
        for model, rows in summary.groupby("model", sort=False)
    }


def headline(verdicts: Iterable[Verdict]) -> str:
    """All verdicts with a score: ``Scaling helps A; it makes no difference larger than 0.02 to B.``"""
    by_outcome: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_outcome.setdefault(verdict.outcome, []).append(verdict)
    phrases = {
        "helps": "helps {}",
        "hurts": "hurts {}",
        "depends": "helps or hurts {}, depending on the scaler",
        "weighs": "finds one scale already, and only changes what each column counts for in {}",
        "same": "makes no difference larger than {margin:g} to {}",
    }
    parts = [
        phrase.format(_and(found), margin=found[0].margin)
        for key, phrase in phrases.items()
        if (found := by_outcome.get(key))
    ]
    said = [f"Scaling {'; it '.join(parts)}."] if parts else []
    if open_ones := by_outcome.get("unclear"):
        said.append(
            f"Whether {'it' if parts else 'scaling'} matters to {_and(open_ones)}, these data can't tell."
        )
    return " ".join(said)


def _and(verdicts: list[Verdict]) -> str:
    phrases = [_phrase(one.label) + (f" ({one.stopped})" if one.stopped else "") for one in verdicts]
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def _phrase(label: str) -> str:
    """``the RBF SVM``, ``logistic regression``: a label for the middle of a sentence."""
    lower = label if label.startswith("RBF") else label[0].lower() + label[1:]
    return f"the {lower}" if label.endswith(("SVM", "forest")) else lower


def model_label(model: str, task: Task) -> str:
    """The name a reader sees."""
    return UNSUPERVISED[model] if model in UNSUPERVISED else learners_for(task)[model].label


def _verdict(model: str, rows: pd.DataFrame, ground: Ground) -> Verdict:
    label = model_label(model, ground.task)
    if len(rows) < 2:
        return Verdict(label, "described", "only raw values were fitted, so there is nothing to compare.")
    if model == "pca":
        return Verdict(label, "described", _component_sentence(rows))
    if model == "kmeans" and rows["gain_low"].isna().all():
        return Verdict(label, "described", _stability_sentence(rows))
    outcome, text = _score_sentence(rows, ground)
    if outcome in {"helps", "hurts", "depends"} and model in _BY_DISTANCE and ground.spread_ratio < ONE_SCALE:
        outcome, text = "weighs", _one_scale_sentence(rows, ground)
    warning = _warning(rows)
    return Verdict(
        label, outcome, warning + text + _effort_clause(rows), stopped=_stopped(rows), margin=ground.margin
    )


def _score_sentence(rows: pd.DataFrame, ground: Ground) -> tuple[Outcome, str]:
    others = rows.drop(index="raw")
    certain = others[others["p_holm"] < _SIGNIFICANT]
    change = _Change(rows, ground)
    if (others["p_equal"] < _SIGNIFICANT).all():
        return "same", (
            f"no difference larger than {ground.margin:g}; the largest change: {change.of(_largest(others))}."
        )
    if certain.empty:
        return "unclear", _open_sentence(others, change, ground)
    better, worse = certain[certain["gain"] > 0], certain[certain["gain"] < 0]
    if worse.empty:
        tail = _how_many(better, others, "better")
        return "helps", f"scaling helps; {change.of(_largest(better))}{tail}."
    if better.empty:
        tail = _how_many(worse, others, "worse")
        return "hurts", f"scaling hurts; {change.of(_largest(worse))}{tail}."
    changes = f"{change.of(_largest(better))}, but {change.of(_largest(worse))}"
    return "depends", f"it depends on the scaler; {changes}."


def _one_scale_sentence(rows: pd.DataFrame, ground: Ground) -> str:
    """A change that no unit explains: scalers even out the columns that tell classes apart, too."""
    certain = rows[rows["p_holm"] < _SIGNIFICANT]
    return (
        "the columns have one scale already (spreads differ by a factor of "
        f"{ground.spread_ratio:.1f} at most), so there are no units to put right; scaling only changes what "
        f"each column counts for: {_Change(rows, ground).of(_largest(certain))}."
    )


def _open_sentence(others: pd.DataFrame, change: "_Change", ground: Ground) -> str:
    """What the data leave open, and how many rows would close it."""
    lowest = _LEAST_SCORE.get(_metric(others), -np.inf)  # no interval says more than a score can do
    gain = min(others["gain_high"].max(), 1 - change.raw)
    loss = min(-others["gain_low"].min(), change.raw - lowest)
    bounds = [f"a gain of up to {_number(gain)}"] if gain > 0 else []
    bounds += [f"a loss of up to {_number(loss)}"] if loss > 0 else []
    compatible = " and ".join(bounds) + (" are" if len(bounds) > 1 else " is")
    largest = _largest(others)
    several = f" Chance may explain it among {len(others)} scalers (Holm's p = {largest['p_holm']:.2f})."
    clear = largest["p_value"] < _SIGNIFICANT
    return (
        f"no difference could be shown; {compatible} compatible with these data. The largest change: "
        f"{change.of(largest)}.{several if clear else ''} {_rows_needed(others, ground)}"
    )


def _rows_needed(others: pd.DataFrame, ground: Ground) -> str:
    """How many rows would do, if standard errors shrink with the root of their number as they commonly do."""
    largest = _largest(others)
    if abs(largest["gain"]) >= ground.margin:
        level = stats.norm.isf(_SIGNIFICANT / (2 * len(others)))
        errors = largest["gain_error"] / abs(largest["gain"])
        what = "to show a difference of that size"
    else:
        level = stats.norm.isf(_SIGNIFICANT)
        room = ground.margin - others["gain"].abs()
        errors = float((others["gain_error"] / room.clip(lower=ground.margin / 20)).max())
        what = f"to show that none is larger than {ground.margin:g}"
    needed = ground.rows * ((level + stats.norm.ppf(_POWER)) * errors) ** 2
    return f"About {_round_up(max(needed, ground.rows + 1))} rows would be needed {what}."


def _round_up(value: float) -> str:
    """Up to two digits: ``1,300``; no plan is more exact."""
    step = 10 ** max(int(np.floor(np.log10(value))) - 1, 0)
    return f"{int(np.ceil(value / step) * step):,}"


def _largest(rows: pd.DataFrame) -> pd.Series:
    return rows.iloc[int(np.argmax(rows["gain"].abs().to_numpy()))]


class _Change:
    """Words for a scaler's change from raw values, beside the score of always the same guess."""

    def __init__(self, rows: pd.DataFrame, ground: Ground) -> None:
        self.raw = _row(rows, "raw")["score"]
        guess, score = "the commonest class", ground.baseline
        if _metric(rows) == "R²":
            guess = "the mean"
        elif _metric(rows) != "accuracy":
            guess, score = "one cluster", 0.0
        self.baseline = f"always {guess}: {_number(score)}"

    def of(self, row: pd.Series) -> str:
        low, high = (_number(row[name], sign="+") for name in ("gain_low", "gain_high"))
        return (
            f"{_scaling_phrase(str(row.name))} takes {row['metric']} from {_number(self.raw)} to "
            f"{_number(row['score'])} ({_number(row['gain'], sign='+')}, 95% interval {low} to {high}; "
            f"{self.baseline})"
        )


def _metric(rows: pd.DataFrame) -> str:
    return str(rows["metric"].iloc[0])


def _how_many(certain: pd.DataFrame, others: pd.DataFrame, word: str) -> str:
    if len(others) == 1:
        return ""
    return f"; {len(certain)} of {len(others)} scalers {'is' if len(certain) == 1 else 'are'} {word} than raw"


def _stopped(rows: pd.DataFrame) -> str:
    """For the headline: that a model never or not always converged, where it did not."""
    short = rows[rows["stopped"] > 0]
    if short.empty:
        return ""
    never = short[short["stopped"] == short["fits"]]
    word, named = ("never", never) if len(never) else ("not always", short)
    if len(named) > 2:  # on which, its own verdict says
        on = "any scale" if len(named) == len(rows) else f"{len(named)} of {len(rows)} scales"
        return f"{word} converged on {on}"
    return f"{word} converged {_and_words([_on(str(name)) for name in named.index])}"


def _warning(rows: pd.DataFrame) -> str:
    """First of all: fits that met the limit of iterations, whose scores are not what the model can do."""
    short = rows[rows["stopped"] > 0]
    if short.empty:
        return ""
    counts = [
        f"{_on(str(name))} in {row['stopped']:.0f} of {row['fits']:.0f} fits"
        for name, row in short.iterrows()
    ]
    return f"did not converge {_and_words(counts)}, so those scores are of models that are not finished; "


def _on(scaler: str) -> str:
    return "on raw values" if scaler == "raw" else f"with {_scaling_phrase(scaler)}"


def _and_words(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _effort_clause(rows: pd.DataFrame) -> str:
    """What the solver spent, where it iterates and raw and scaled values differ clearly."""
    name = _reference(rows)
    before, after = _row(rows, "raw"), _row(rows, name)
    if np.isnan(before["iterations"]) or np.isnan(after["iterations"]):
        return ""
    if before["converged"] and after["converged"] and 0.8 < before["iterations"] / after["iterations"] < 1.25:
        return ""
    scaled = f"{after['iterations']:,.0f} {_on(name)}"
    return f" Iterations: {before['iterations']:,.0f} on raw values, {scaled}."


def _row(rows: pd.DataFrame, scaler: str) -> pd.Series:
    return rows.iloc[list(rows.index).index(scaler)]


def _reference(rows: pd.DataFrame) -> str:
    return "zscore" if "zscore" in rows.index else str(rows.index.drop("raw")[0])


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
