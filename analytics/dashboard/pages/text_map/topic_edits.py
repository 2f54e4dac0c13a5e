"""What a visitor made of the topics, kept for the map and the choices they were found with."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from analytics.dashboard.parts import page_notes
from analytics.dashboard.parts.texts.text_maps import Source
from analytics.dashboard.server.datasets import DataSet
from analytics.recipe import Recipe
from analytics.text import Clusters, MapParameters, TopicEdits

UNCHANGED = TopicEdits()
_EDITS = "zetascope_text_map_topics"
_PAGE = "text_map"

Key = tuple[str, str]
"""SHA-256 of the file, and a name for the map and the choices."""


@dataclasses.dataclass(frozen=True)
class _Note:
    """What is kept with the file: the changes to the topics of one map."""

    map: str
    edits: TopicEdits


_NOTE = TypeAdapter(_Note)


def key_of(dataset: DataSet, source: Source, parameters: MapParameters, found: Clusters) -> Key:
    """Names the found topics, the same in another session with the same file."""
    alike = dataclasses.replace(source, data_key=Recipe(steps=dataset.steps).to_json())
    return dataset.table.sha256, page_notes.name_of(alike, parameters, found.choices)


def edits_of(key: Key, found: Clusters) -> TopicEdits:
    """The changes made so far to the topics of this key; none where they speak of topics that are not."""
    edits = _kept(key)
    return edits if edits.fits(found) else UNCHANGED


def change(key: Key, made: TopicEdits) -> None:
    """From now on the topics have these changes; ``undo`` comes back."""
    past = st.session_state.get(_EDITS, {})
    st.session_state[_EDITS] = {**past, key: (*past.get(key, ()), _kept(key))}
    _keep(key, made)


def undo(key: Key) -> None:
    """Take the last change back, or all of those that came with the file."""
    past = st.session_state.get(_EDITS, {})
    *before, last = past.get(key, ()) or (UNCHANGED,)
    st.session_state[_EDITS] = {**past, key: tuple(before)}
    _keep(key, last)


def _kept(key: Key) -> TopicEdits:
    file, name = key
    return next((one.edits for one in _noted(page_notes.notes_of(file, _PAGE)) if one.map == name), UNCHANGED)


def _keep(key: Key, edits: TopicEdits) -> None:
    file, name = key
    others = tuple(one for one in _noted(page_notes.notes_of(file, _PAGE)) if one.map != name)
    notes = others if edits == UNCHANGED else (*others, _Note(name, edits))
    page_notes.keep_notes(file, _PAGE, tuple(_NOTE.dump_json(one).decode() for one in notes))


@lru_cache(maxsize=64)
def _noted(texts: tuple[str, ...]) -> tuple[_Note, ...]:
    """The notes that are some."""
    found = []
    for text in texts:
        try:
            found.append(_NOTE.validate_json(text, strict=True))
        except ValidationError:
            continue
    return tuple(found)
