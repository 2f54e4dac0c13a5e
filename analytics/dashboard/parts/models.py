"""Which model a page works with: the packaged one, or one of the Hub where the owner allows that."""

import os
import re
from collections.abc import Callable

import streamlit as st

from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.settings import read_settings

# A link must not open folders of the server: no path that begins elsewhere, and none that climbs.
_HUB_ID = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)


def ask_for_model(packaged: str, *, key: str, about: str, on_change: Callable[[], None] | None = None) -> str:
    """The model's name, ``packaged`` unless the owner allows the Hub; says so where a name is no id there."""
    if not read_settings().hub:
        return packaged
    typed = st.text_input("Model", packaged, key=key, bind="query-params", help=about, on_change=on_change)
    name = typed.strip() or packaged
    # Whatever loads a model would take a folder of that name below the working directory for it.
    if _HUB_ID.fullmatch(name) and not os.path.lexists(name):
        return name
    st.warning(
        f"{plain(name)} is not the id of a model on the Hub, so the packaged model is used.",
        icon=":material/warning:",
    )
    return packaged
