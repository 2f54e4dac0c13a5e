"""How one page opens another with choices already made there."""

from typing import Any

import streamlit as st

from analytics.dashboard.server.settings import read_settings

RECIPE_PAGE = "data"
"""Where the recipe of the open data set is made."""
_NEXT = "zetascope_next_choices"


def link(page: str, label: str, *, icon: str) -> None:
    """A link to another page; nothing where this server does not show it."""
    shown = read_settings().shown
    if not shown or page in shown:
        st.page_link(f"pages/{page}.py", label=label, icon=f":material/{icon}:")


def set_next(page: str, **choices: Any) -> None:
    """Set widgets of ``page`` in its next run: ``set_next("encoder_walk", text=...)`` sets encoder_walk_text.

    They may be drawn already in this run, where Streamlit takes no new value for them.
    """
    waiting = st.session_state.get(_NEXT, {})
    st.session_state[_NEXT] = {**waiting, page: {**waiting.get(page, {}), **choices}}


def go_to(page: str, **choices: Any) -> None:
    """Leave this page for ``page``, whose widgets take ``choices``."""
    set_next(page, **choices)
    # Named, because without any Streamlit clears the address, and that it refuses where a widget of this page
    # or of the sidebar is bound to a part of it. Those named are checked one by one, and none is bound yet.
    named = {f"{page}_{name}": str(value) for name, value in choices.items()}
    st.switch_page(f"pages/{page}.py", query_params=named)


def take_next(page: str) -> None:
    """Carry out what ``set_next`` asked of this page; called before any of its widgets is drawn."""
    waiting = dict(st.session_state.get(_NEXT, {}))
    for name, value in waiting.pop(page, {}).items():
        st.session_state[f"{page}_{name}"] = value
    st.session_state[_NEXT] = waiting
