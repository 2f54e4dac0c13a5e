"""What a newcomer is told: what this is, and where one goes on with a file."""

import streamlit as st

from analytics.dashboard.parts.links import link
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet

_NEXT = (
    ("relations", "Relations", "number"),
    ("standardize", "Standardize", "number"),
    ("outliers", "Outliers", "number"),
    ("text_map", "Text map", "text"),
)
"""Pages that go on from a file, with the kind of column that each needs."""


def draw_welcome() -> None:
    """Two lines on a first visit; nothing once there is a file of the visitor's own."""
    if datasets.uploads():
        return
    st.markdown(
        "Zetascope takes a table from upload to standard scores you can defend, outliers with reasons, and a "
        "map of its texts. It says what it guessed and asks what it cannot know. **Upload a file** to begin, "
        "or look around in the sample that is open; your file is kept for this browser tab only."
    )


def draw_next(dataset: DataSet) -> None:
    """Links to what one does next with this file."""
    pages = [(page, title) for page, title, kind in _NEXT if dataset.columns(kind)]
    if not pages:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Check how it was read and what is worth a look, then go on:", width="content")
        for page, title in pages:
            link(page, title, icon="arrow_forward")
