"""Models that all visitors share: they load beside the page, which says so meanwhile."""

import importlib
import threading
from collections.abc import Callable

import streamlit as st

PATIENCE = 0.2
"""Seconds that a page waits for a model before it says that it waits."""
POLL_SECONDS = 0.5


class _Load:
    """One model on its way, for all who wait for it."""

    def __init__(self, load: Callable[[], object]) -> None:
        self.finished = threading.Event()
        self.error: Exception | None = None
        threading.Thread(target=self._run, args=(load,), name="load-model", daemon=True).start()

    def _run(self, load: Callable[[], object]) -> None:
        try:
            load()
        except Exception as error:
            self.error = error
        finally:
            self.finished.set()


@st.cache_resource(max_entries=20, show_spinner=False)
def _load_of(name: str, _load: Callable[[], object]) -> _Load:
    return _Load(_load)


def is_loaded(name: str, load: Callable[[], object]) -> bool:
    """Whether ``load`` has made the model ``name`` ready; until then say so, and run the page again after.

    What ``load`` raises is raised here, once: the next run of the page tries again.
    """
    loading = _load_of(name, load)
    loading.finished.wait(PATIENCE)
    if not loading.finished.is_set():
        _wait_for(loading)
        return False
    if loading.error:
        _load_of.clear(name, load)
        raise loading.error
    return True


def is_imported(module: str) -> bool:
    """Whether a module has been imported to its end; for those that bring torch along."""
    return is_loaded(module, lambda: importlib.import_module(module))


@st.fragment(run_every=POLL_SECONDS)
def _wait_for(loading: _Load) -> None:
    if loading.finished.is_set():
        st.rerun(scope="app")
    st.info(
        "This page's model is loading: it takes some seconds after the server's start.",
        icon=":material/hourglass_top:",
    )
