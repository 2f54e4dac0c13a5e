"""The gate in front of every page of a private server."""

import streamlit as st

from analytics.dashboard.server.settings import read_settings


def require() -> None:
    """Go on only for a visitor who is logged in, where the owner asks for that."""
    if not read_settings().login:
        return
    if "auth" not in st.secrets:
        st.error("This server asks for a login, but its secrets.toml describes no provider.")
        st.stop()
    if not st.user.is_logged_in:
        st.navigation([st.Page(_ask, title="Log in")], position="hidden").run()
        st.stop()
    with st.sidebar:
        st.button("Log out", key="frame_log_out", icon=":material/logout:", on_click=st.logout)


def _ask() -> None:
    st.title("Zetascope", anchor=False)
    st.write("This server is private. Please log in to go on.")
    st.button("Log in", key="frame_log_in", type="primary", on_click=st.login)
