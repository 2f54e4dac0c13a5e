"""Tags that a reader gave to texts: kept for a file and a column, by the rows' numbers in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from analytics.errors import ZetascopeError
from analytics.recipe import SetTags

_TAGS = "zetascope_text_map_tags"
_LONGEST = 80

Owner = tuple[str, str]
"""What the tags belong to: the file as it was read, and its column."""


def tags_of(owner: Owner) -> Mapping[int, str]:
    """The tag of each row that has one, by its number in the file."""
    history = st.session_state.get(_TAGS, {}).get(owner, ())
    return history[-1] if history else {}


def give(owner: Owner, numbers: Sequence[int], tag: str) -> None:
    """These rows have this tag from now on, and no other. Raises ZetascopeError for an empty or long one."""
    tag = " ".join(tag.split())
    if not 0 < len(tag) <= _LONGEST:
        raise ZetascopeError(f"A tag has 1 to {_LONGEST} characters: type another.")
    _keep(owner, {**tags_of(owner), **dict.fromkeys(numbers, tag)})


def take(owner: Owner, numbers: Sequence[int]) -> None:
    """These rows have no tag any more."""
    gone = set(numbers)
    _keep(owner, {row: tag for row, tag in tags_of(owner).items() if row not in gone})


def undo(owner: Owner) -> None:
    """Take the last change back."""
    kept = st.session_state.get(_TAGS, {})
    st.session_state[_TAGS] = {**kept, owner: kept.get(owner, ())[:-1]}


def changed(owner: Owner) -> bool:
    """Whether there is a change to take back."""
    return bool(st.session_state.get(_TAGS, {}).get(owner))


def as_step(owner: Owner, column: str) -> SetTags:
    """The tags as a step of the recipe, which makes them a column."""
    return SetTags(column, tuple(sorted(tags_of(owner).items())))


def _keep(owner: Owner, tags: Mapping[int, str]) -> None:
    if tags != tags_of(owner):  # a second click on the same button is nothing to undo
        kept = st.session_state.get(_TAGS, {})
        st.session_state[_TAGS] = {**kept, owner: (*kept.get(owner, ()), tags)}
