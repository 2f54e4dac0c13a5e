"""What pages decided about a file beside their widgets: it goes with the file into projects and browsers.

A note is text that the page writes, and checks when it reads it: it may come back from a stranger's project.
"""

import hashlib

import streamlit as st

from analytics.project.project import Choices

_NOTES = "zetascope_page_notes"
_PART = "decided"
"""Where notes stand among a page's choices, whose other names are those of widgets."""


def notes_of(file: str, page: str) -> tuple[str, ...]:
    """What the page noted about the file with this SHA-256."""
    return st.session_state.get(_NOTES, {}).get(file, {}).get(page, ())


def keep_notes(file: str, page: str, notes: tuple[str, ...]) -> None:
    """Let these be all that the page notes about the file."""
    kept = st.session_state.get(_NOTES, {})
    st.session_state[_NOTES] = {**kept, file: {**kept.get(file, {}), page: notes}}


def with_notes(file: str, choices: Choices) -> Choices:
    """The choices of a file with the notes about it."""
    made = {page: dict(chosen) for page, chosen in choices.items()}
    for page, notes in st.session_state.get(_NOTES, {}).get(file, {}).items():
        if notes:
            made.setdefault(page, {})[f"{page}_{_PART}"] = notes
    return made


def take_notes(file: str, choices: Choices) -> Choices:
    """Let the notes among the choices be those about the file; what is left is the widgets'."""
    left = {page: dict(chosen) for page, chosen in choices.items()}
    found = {page: tuple(chosen.pop(f"{page}_{_PART}", ())) for page, chosen in left.items()}
    st.session_state[_NOTES] = {**st.session_state.get(_NOTES, {}), file: found}
    return left


def name_of(*parts: object) -> str:
    """A short name for what a note is about; the same in every session."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
