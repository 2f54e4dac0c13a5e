"""Load and compile what later pages need while the visitor looks at the first one."""

import gc
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import streamlit as st

from analytics.dashboard.app.catalog import shown_pages
from analytics.dashboard.server.loading import import_now, load_now
from analytics.dashboard.server.opening import prepare_opening
from analytics.dashboard.server.runs import PAGE_RUNS
from analytics.dashboard.server.settings import read_settings

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
    prepare_opening()
    for name, step in steps():
        PAGE_RUNS.give_way()
        try:
            step()
        except Exception:
            log.exception("Could not prepare %s ahead of time", name)
        _settle()


def steps() -> Iterator[tuple[str, Callable[[], None]]]:
    """(name, what to do) for the pages that are shown, to be done one after the other.

    What a page exports as ``prepare`` is known once its import has been done; a page whose import failed has
    nothing to prepare.
    """
    for heavy in (False, True):
        pages = [page for page in shown_pages() if page.heavy is heavy]
        for page in pages:
            yield page.module, partial(import_now, page.module)
        for page in pages:
            prepare = getattr(sys.modules.get(page.module), "prepare", None)
            if prepare is not None:
                use = f"{page.name}, first use"
                yield use, partial(load_now, use, prepare)


def _settle() -> None:
    """Spare what stays for the server's life from every later search for garbage.

    Streamlit collects after each run. With torch and its kin loaded that takes 0.3 s of the one thread that
    all visitors share, and finds nothing among them.
    """
    gc.collect()
    gc.freeze()
