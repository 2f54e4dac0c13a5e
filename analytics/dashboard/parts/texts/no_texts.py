"""What a page that reads texts says of a table that has none."""

import streamlit as st

from analytics.dashboard.server.datasets import open_next


def offer_opinions(why: str) -> None:
    """Say what is missing, and offer the sample that has it."""
    st.info(why, icon=":material/notes:")
    st.button("Open the sample of opinions", on_click=open_next, args=("opinions",), type="primary")
