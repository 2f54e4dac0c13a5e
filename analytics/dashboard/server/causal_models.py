"""Decoder-only models at hand: those in the owner's folder, and those that were fetched from the Hub."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analytics.dashboard.server.settings import read_settings

if TYPE_CHECKING:
    from analytics.transformer.causal.loading import CausalModel


def local_models() -> dict[str, Path]:
    """Folders of models by their names, as they lay in the owner's folder when it was first asked for."""
    folder = read_settings().causal_models
    return dict(_models_in(folder)) if folder else {}


@cache
def _models_in(folder: str) -> tuple[tuple[str, Path], ...]:
    from analytics.transformer.causal.loading import problem_of

    top = Path(folder).expanduser()
    places = [top, *sorted(one for one in top.iterdir() if one.is_dir())] if top.is_dir() else []
    return tuple((place.name, place) for place in places if not problem_of(place))


def may_be_used() -> bool:
    """Whether a visitor can have such a model: one lies here, or the Hub is open to them."""
    return bool(local_models()) or read_settings().hub


@st.cache_resource(max_entries=2, show_spinner="Opening the model")
def shared_causal(name: str) -> CausalModel:
    """One model for the whole server: one of the owner's folder, or one fetched from the Hub."""
    from analytics.dashboard.server.hub import fetched_model
    from analytics.transformer.causal.loading import load_causal

    local = local_models()
    if name in local:
        return load_causal(local[name], name=name)
    fetched = fetched_model(name)
    return load_causal(fetched.folder, name=name, revision=fetched.commit)
