"""A prompt's trace as tables to take away."""

from __future__ import annotations

import pandas as pd

from analytics.transformer.causal.trace import CausalTrace


def steps_frame(trace: CausalTrace) -> pd.DataFrame:
    """One row per written token: what came before, what was written, and how probable it was."""
    return pd.DataFrame(
        {
            "step": [step.index + 1 for step in trace.steps],
            "after": [trace.tokens[trace.row(step.index)] for step in trace.steps],
            "written": [step.text for step in trace.steps],
            "id": [step.id for step in trace.steps],
            "probability": [step.probability for step in trace.steps],
            "rank": [step.rank for step in trace.steps],
            "entropy (bits)": [step.entropy for step in trace.steps],
            "random point": [step.point for step in trace.steps],
        }
    )


def kept_frame(trace: CausalTrace) -> pd.DataFrame:
    """One row per step: tokens found in the store, tokens computed, and what the store holds then."""
    return pd.DataFrame(
        {
            "step": range(1, len(trace.kept) + 1),
            "found": [one.found for one in trace.kept],
            "computed": [one.computed for one in trace.kept],
            "numbers kept": [one.numbers for one in trace.kept],
            "kB": [4 * one.numbers / 1000 for one in trace.kept],
        }
    )
