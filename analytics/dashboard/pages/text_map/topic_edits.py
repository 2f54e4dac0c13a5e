"""What a visitor made of the topics, kept for the map and the choices they were found with."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from analytics.text import TopicEdits

UNCHANGED = TopicEdits()
_EDITS = "zetascope_text_map_topics"

Key = tuple[object, ...]


def edits_of(key: Key) -> TopicEdits:
    """The changes made so far to the topics of this key."""
    history = st.session_state.get(_EDITS, {}).get(key, ())
    return history[-1] if history else UNCHANGED


def change(key: Key, make: Callable[[TopicEdits], TopicEdits]) -> None:
    """One more change; what ``make`` raises changes nothing."""
    kept = st.session_state.get(_EDITS, {})
    st.session_state[_EDITS] = {**kept, key: (*kept.get(key, ()), make(edits_of(key)))}


def undo(key: Key) -> None:
    """Take the last change back."""
    kept = st.session_state.get(_EDITS, {})
    st.session_state[_EDITS] = {**kept, key: kept.get(key, ())[:-1]}
