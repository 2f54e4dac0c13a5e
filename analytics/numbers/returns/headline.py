"""The comparison in a few sentences: what it is of, what moves most, and what the figures rest on."""

from collections import Counter

import numpy as np
import pandas as pd

from analytics.numbers.returns.comparison import FEWEST
from analytics.numbers.returns.price_suggestions import Suggestion
from analytics.numbers.returns.returns import ReturnKind
from analytics.numbers.returns.study import ReturnStudy
from analytics.words import count, number_text

KIND_WORDS: dict[ReturnKind, str] = {
    "log": "log returns",
    "simple": "simple returns",
    "difference": "differences",
}
KIND_MARKS: dict[ReturnKind, str] = {"log": "log", "simple": "simple", "difference": "difference"}
_NAMES = {"split": "split", "spike": "mistyped value", "stale": "run that stands still"}
_PLURALS = {"stale": "runs that stand still"}


def headline(study: ReturnStudy) -> str:
    """The comparison in one to three sentences.

    Where suggestions are open that change it, both readings are said, but not of what is no price at all. The
    column is named where its name is not that of an asset, and where it is no price.
    """
    if study.summary["volatility"].dropna().empty:
        return f"Every series has fewer than {FEWEST} returns: too few to compare."
    if study.kind != "difference" and len(study.no_prices) == len(study.layout.prices):
        return f"{_of_what(study)}{_figures(study, study.summary)}"
    return f"{_of_what(study)}{_both_readings(study) or _figures(study, study.summary)} {_tails(study)}"


def rests_on(study: ReturnStudy) -> str:
    """What was decided, in one sentence; empty where nothing was."""
    made = Counter(_deed(one.kind, one.action) for one in study.decisions if one not in study.idle)
    if not made:
        return ""
    told = ", ".join(f"{number:,} {words}" for words, number in made.items())
    return f"As decided: {told}."


def amount(value: float, kind: ReturnKind) -> str:
    """A return in percent, with a decimal where it says too little without; a difference as it is."""
    if kind == "difference":
        return number_text(value)
    return f"{value:,.0%}" if abs(value) >= 0.1 else f"{value:.1%}"


def _of_what(study: ReturnStudy) -> str:
    odd, columns = study.no_prices, study.layout.prices
    if odd and study.kind != "difference":
        name, why = next(iter(odd.items()))
        others = (
            ""
            if len(odd) == 1
            else f", and {count(len(odd) - 1, 'more column is', 'more columns are')} no price"
        )
        whose = "its" if len(odd) == 1 else "their"
        return f"{name} {why}, and is no price{others}: {whose} returns are growth rates. "
    if study.layout.form == "long" or (study.kind == "difference" and len(columns) == 1):
        what = "Differences of " if study.kind == "difference" else ""
        return f"{what or 'Of '}{columns[0]}: "
    return "Differences: " if study.kind == "difference" else ""


def _both_readings(study: ReturnStudy) -> str:
    if not study.readings:
        return ""
    taken, refused = (_figures(study, reading.summary) for reading in study.readings)
    if taken == refused:
        return ""
    with_them, without = _as_words(study.open)
    return f"{with_them}, {taken} {without}, {refused}"


def _as_words(found: tuple[Suggestion, ...]) -> tuple[str, str]:
    """How to say that suggestions are taken, and that they are not."""
    if len(found) == 1:
        return f"With {found[0].name} taken as {found[0].taken_words}", f"As {found[0].refused_words}"
    kinds = Counter(one.kind for one in found)
    told = ", ".join(count(number, _NAMES[kind], _PLURALS.get(kind)) for kind, number in kinds.items())
    return f"With the {len(found):,} open suggestions taken ({told})", "With none of them"


def _figures(study: ReturnStudy, summary: pd.DataFrame) -> str:
    kind = study.kind
    volatility = summary["volatility"].dropna().sort_values()
    least, most = (amount(volatility.iloc[place], kind) for place in (0, -1))
    if len(volatility) > 1 and least == most and kind != "difference":
        least, most = f"{volatility.iloc[0]:.1%}", f"{volatility.iloc[-1]:.1%}"
    alone = len(volatility) == 1
    first = f"{volatility.index[-1]} moves {'' if alone else 'most, '}by {most} a year"
    if not alone:
        first += f", and {volatility.index[0]} least, by {least}"
    deepest = summary.iloc[int(np.nanargmin(summary["depth"].to_numpy()))]
    date = study.table.frequency.date
    return (
        f"{first}; the deepest fall was {amount(-deepest['depth'], kind)} of {deepest.name}, "
        f"{date(deepest['peak'])} to {date(deepest['trough'])} ({KIND_WORDS[kind]})."
    )


def _tails(study: ReturnStudy) -> str:
    period = study.table.frequency.period
    seen, expected = study.summary["seen"].sum(), study.summary["expected"].sum()
    moves = count(int(seen), period)
    return f"Moves beyond three spreads: {moves} seen, {expected:,.1f} expected of normal returns."


_DEEDS = {
    ("split", "split"): "taken as a split",
    ("split", "keep"): "taken as a real move",
    ("spike", "missing"): "mistyped and left out",
    ("spike", "keep"): "kept as a real value",
    ("zero", "missing"): "with zeros as placeholders",
    ("zero", "keep"): "with zeros as real values",
    ("stale", "missing"): "standstill left out",
    ("stale", "keep"): "standstill kept",
    ("gap", "missing"): "gap left out",
    ("gap", "keep"): "gap as one return",
}


def _deed(kind: str, action: str) -> str:
    return "set by hand" if action == "set" else _DEEDS[kind, action]
