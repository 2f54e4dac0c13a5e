"""Where the vectors of a visitor's texts are kept, whichever page made them."""

import streamlit as st

from analytics.text import MemoryVectors, open_cache
from analytics.text.vector_cache import VectorStore

_MEMORY = "zetascope_vectors"


def vectors_kept() -> VectorStore:
    """The server's cache on disk, or this session's memory where its owner keeps nothing on disk."""
    return open_cache() or st.session_state.setdefault(_MEMORY, MemoryVectors())
