"""Load and compile what later pages need while the visitor looks at the first one."""

import gc
import importlib
import logging
import threading
import time
from collections.abc import Callable

import streamlit as st

from analytics.dashboard.catalog import shown_pages
from analytics.dashboard.settings import read_settings

log = logging.getLogger(__name__)

# The first page is drawn before this, and gets both cores.
DELAY_SECONDS = 0.5


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
    for step in STEPS:
        _try(step)
        _settle()


def _try(step: Callable[[], None]) -> None:
    try:
        step()
    except Exception:
        log.exception("Could not prepare%s ahead of time", step.__name__.replace("_", " "))


def _settle() -> None:
    """Spare what stays for the server's life from every later search for garbage.

    Streamlit collects after each run. With torch and its kin loaded that takes 0.3 s of the one thread that
    all visitors share, and finds nothing among them.
    """
    gc.collect()
    gc.freeze()


def _pages() -> None:
    for page in shown_pages():
        importlib.import_module(f"analytics.dashboard.{page.name}")


def _outlier_methods() -> None:
    import sklearn.covariance
    import sklearn.ensemble  # noqa: F401


def _encoder() -> None:
    from analytics.dashboard import encoder_page  # noqa: F401
    from analytics.dashboard.encoder_walk import EXAMPLE, PACKAGED_MODEL, shared_encoder
    from analytics.transformer.encoder_walk import trace_encoder

    trace_encoder(EXAMPLE, encoder=shared_encoder(PACKAGED_MODEL))


def _text_map() -> None:
    from analytics.dashboard.encoder_walk import PACKAGED_MODEL, shared_encoder
    from analytics.text import warm_up

    warm_up(shared_encoder(PACKAGED_MODEL))


def _translator() -> None:
    from analytics.dashboard import decoder_page  # noqa: F401
    from analytics.dashboard.decoder_walk import translator
    from analytics.transformer.translator.loading import PACKAGED_NAME

    translator(PACKAGED_NAME)


STEPS = (_pages, _outlier_methods, _encoder, _translator, _text_map)
