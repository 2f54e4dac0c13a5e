"""The login inside a session; what is in front of it, ``analytics.dashboard.gate``, let nobody else in."""

import streamlit as st

from analytics.dashboard.server.settings import read_settings


def require() -> None:
    """Go on only for a visitor who is logged in, where the owner asks for that."""
    if not read_settings().login:
        return
    if not st.user.get("is_logged_in", False):
        st.error("Please reload this page: the server does not know who you are.")
        st.stop()
    with st.sidebar:
        st.button("Log out", key="frame_log_out", icon=":material/logout:", on_click=st.logout)
