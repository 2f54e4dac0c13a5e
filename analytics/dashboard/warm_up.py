"""Load what later pages need while the visitor looks at the first one."""

import importlib
import logging
import threading
import time

import streamlit as st

from analytics.dashboard.settings import read_settings

log = logging.getLogger(__name__)

# The first page is drawn before this, and gets both cores.
DELAY_SECONDS = 3.0


def start() -> None:
    """Begin once per server; returns at once."""
    if read_settings().warm_up:
        _begin()


@st.cache_resource(show_spinner=False)
def _begin() -> threading.Thread:
    thread = threading.Thread(target=_warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    time.sleep(DELAY_SECONDS)
    for module in ("sklearn.ensemble", "scipy.stats", "analytics.numbers"):
        try:
            importlib.import_module(module)
        except Exception:
            log.exception("Could not load %s ahead of time", module)
