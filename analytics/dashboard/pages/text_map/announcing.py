"""What is said before long work: how long it takes, roughly."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard.parts.markdown import count
from analytics.dashboard.parts.texts.text_maps import Source
from analytics.text import TextColumn, TextEncoder
from analytics.text.runtimes import LONG_TOKENS

_TOKENS_PER_SECOND = 8_000
"""What two cores without matrix units read; for the estimate before it is measured."""
_LONG_SECONDS = 30


def announce(source: Source, column: TextColumn, rows: int, encoder: TextEncoder) -> None:
    """Before long work: how long it will take, roughly, and what all rows would take."""
    seconds = sum(min(len(text) / 4 + 2, 256) for text in column.texts) / _rate(encoder)
    if source.limit:
        st.caption(
            f"{rows:,} rows are many: {source.limit:,} of them, evenly spread, are mapped. Reading these "
            f"takes about {_duration(seconds)} on two cores, all of them about "
            f"{_duration(seconds * rows / source.limit)}. You can choose more under How many rows."
        )
    elif seconds > _LONG_SECONDS:
        st.caption(
            f"{count(len(column.texts), 'text')}: reading them for the first time takes about "
            f"{_duration(seconds)} on two cores. You can cancel; what is read by then is kept."
        )


def _rate(encoder: TextEncoder) -> float:
    """Tokens a second, as measured here; before that, what two usual cores reach."""
    choice = encoder.choice if encoder.has_chosen else None
    return choice.best.long * LONG_TOKENS if choice else _TOKENS_PER_SECOND


def _duration(seconds: float) -> str:
    return f"{max(seconds, 1):,.0f} s" if seconds < 90 else f"{seconds / 60:,.0f} min"
