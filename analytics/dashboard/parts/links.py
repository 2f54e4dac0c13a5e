"""How one page opens another with choices already made there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

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


def hold(values: Mapping[str, object], *, shown: Mapping[str, str] | None = None) -> None:
    """Callback: set bound widgets by their keys, drawn or not, and put them into the address at once.

    A widget that is drawn for the first time tells the browser of its value only at the run after, and before
    that it would take what the first link held. ``shown`` has the labels of values that are shown otherwise.
    """
    for key, value in values.items():
        st.session_state[key] = value
    context = get_script_run_ctx()
    if context is None:
        return
    told = {key: [(shown or {}).get(key, str(value))] for key, value in values.items()}
    query = urlencode({**parse_qs(context.query_string, keep_blank_values=True), **told}, doseq=True)
    with context.session_state.query_params() as parameters:
        parameters.populate_from_query_string(query)
        parameters.set_initial_query_params(query)
        parameters.update()
