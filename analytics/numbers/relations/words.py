"""Relations in words: what a measure says of two columns, and how sure it is."""

from typing import Any

import numpy as np

from analytics.words import count

MEASURES = {
    "spearman": "Spearman's rank correlation",
    "pearson": "Pearson's correlation",
    "correlation_ratio": "correlation ratio",
    "cramers_v": "Cramér's V",
}
_STRENGTHS = (
    (0.1, "hardly"),
    (0.3, "weakly"),
    (0.5, "moderately"),
    (0.8, "strongly"),
    (1.01, "very strongly"),
)
"""Cohen (1988) calls 0.1 small, 0.3 medium and 0.5 large."""


def p_text(p: float) -> str:
    """``p < 0.001``, ``p = 0.032``; never 0, because no sample proves what cannot be."""
    if np.isnan(p):
        return "p not known"
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.0995 else f"p = {p:.2f}"


def strength_of(value: float) -> str:
    """How strong, as an adverb."""
    return next(word for most, word in _STRENGTHS if abs(value) < most)


def interval_text(low: float, high: float) -> str:
    """``95 % interval 0.12 to 0.34``."""
    if np.isnan(low) or np.isnan(high):
        return "too few rows in its cells for an interval"
    return f"95% interval {signed(low)} to {signed(high)}"


def signed(value: float) -> str:
    """Two digits behind the point; 1.00 only where it is exactly so."""
    shown = f"{value:.2f}"
    if abs(value) < 1 and abs(float(shown)) == 1:
        shown = "0.99…" if value > 0 else "-0.99…"
    return ("0.00" if shown == "-0.00" else shown).replace("-", "−")


def relation_sentence(row: Any) -> str:
    """A row of the table of relations in words."""
    rows = count(int(row.n), "row")
    if np.isnan(row.value):
        return f"{row.first} and {row.second}: {row.note or f'too few of the {rows} have both'}."
    told = f"{MEASURES[row.measure]} {signed(row.value)}, {interval_text(row.low, row.high)}, {p_text(row.p)}"
    return f"{row.first} and {row.second} hang together {strength_of(row.value)}: {told}, {rows}."


def told_share(share: float) -> str:
    """A share of the variation in words."""
    percent = 100 * share
    if percent < 1:
        return "less than 1%"
    return f"{percent:.0f}%" if percent < 99.5 else "over 99%"
