"""The map for the Hub: its offline page as a static Space, with a card."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import streamlit as st

from analytics.dashboard.pages.text_map.downloads import map_notes, map_page, selected_mask
from analytics.dashboard.pages.text_map.maps import MadeMap
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.texts import hub as hub_parts
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server import hub
from analytics.dashboard.server.datasets import DataSet
from analytics.hub import page_publication


def draw_publishing(dataset: DataSet, made: MadeMap) -> None:
    """A panel below the downloads; nothing with the Hub off."""
    panel = hub_parts.publishing_panel("text_map")
    if panel is None:
        return
    with panel, errors_told():
        notes, provenance = map_notes(made), hub.provenance(dataset)
        selected = selected_mask(dataset, made)
        st.caption("The page holds every column of the rows on the map\\.")
        hub_parts.draw_publishing(
            "text_map",
            lambda licence: page_publication(
                map_page(dataset, made, notes, selected),
                title=f"Text map of {dataset.name}",
                licence=licence,
                provenance=provenance,
                notes=notes,
            ),
            name=f"{stem_of(dataset.name)}-map",
            about=(made.key, dataset.key, dataset.name, tuple(notes), _digest(selected, made.tags)),
            label="Publish this map as a Space",
        )


def _digest(selected: np.ndarray | None, tags: np.ndarray) -> str:
    """Names what a reader has selected and tagged, which the page shows."""
    marks = "" if selected is None else selected.tobytes().hex()
    return blake2b("\0".join([marks, *tags.tolist()]).encode(errors="replace"), digest_size=16).hexdigest()
