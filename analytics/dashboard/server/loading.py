"""What all visitors share, models and modules: it loads beside the page, which says so meanwhile."""

import importlib
import threading
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import streamlit as st

from analytics.dashboard.server.runs import WorkBeside, imports_giving_way

PATIENCE = 0.2
"""Seconds that a page waits for it before it says that it waits."""
_POLL_SECONDS = 0.5

# Two threads that import one library from different ends can meet in the middle. To avoid a deadlock, Python
# then lets one of them go on with half a module, and it fails.
_IMPORTS = threading.Lock()


class _Load(WorkBeside):
    """One of them on its way, for all who wait for it."""

    def __init__(self, load: Callable[[], object]) -> None:
        super().__init__()
        self.error: Exception | None = None
        threading.Thread(target=self._run, args=(load,), name="load", daemon=True).start()

    def _run(self, load: Callable[[], object]) -> None:
        try:
            with imports_giving_way(self.give_way):
                load()
        except Exception as error:
            self.error = error
        finally:
            self.finished.set()


@st.cache_resource(max_entries=50, show_spinner=False)
def _load_of(name: str, _load: Callable[[], object]) -> _Load:
    return _Load(_load)


def is_loaded(name: str, load: Callable[[], object]) -> bool:
    """Whether ``load`` has made ``name`` ready; until then say so, and run the page again after.

    What ``load`` raises is raised here, once: the next run of the page tries again.
    """
    loading = _load_of(name, load)
    loading.wait(PATIENCE)
    if not loading.finished.is_set():
        _wait_for(loading)
        return False
    _raise_error(name, load, loading)
    return True


def is_imported(module: str) -> bool:
    """Whether a module has been imported to its end; for those that bring whole libraries along."""
    return is_loaded(module, partial(_import, module))


def _import(module: str) -> None:
    with _IMPORTS:
        importlib.import_module(module)


def load_now(name: str, load: Callable[[], object]) -> None:
    """For work beside the page: returns when it is done, and raises what ``load`` raises."""
    loading = _load_of(name, load)
    loading.finished.wait()
    _raise_error(name, load, loading)


def import_now(module: str) -> None:
    """The same for a module."""
    load_now(module, partial(_import, module))


def shared_encoder(name: str, backend: str = "auto") -> Any:
    """One encoder per model for the whole server; it loads on first use and has a lock of its own.

    A name but the packaged one was tuned in a session that is open, or is of the Hub and has been fetched; it
    opens no folder and asks no network.
    """
    from analytics.dashboard.server.tuned import tuned_encoder

    return tuned_encoder(name, backend) or _shared_encoder(name, backend)


@st.cache_resource(max_entries=3, show_spinner="Loading the model")
def _shared_encoder(name: str, backend: str) -> Any:
    from analytics.dashboard.server.hub import fetched_model
    from analytics.text import load_encoder
    from analytics.text.model_files import PACKAGED_NAME

    return load_encoder(backend=backend) if name == PACKAGED_NAME else fetched_model(name).encoder(backend)


def _raise_error(name: str, load: Callable[[], object], loading: _Load) -> None:
    if loading.error:
        _load_of.clear(name, load)
        raise loading.error


@st.fragment(run_every=_POLL_SECONDS)
def _wait_for(loading: _Load) -> None:
    if loading.finished.is_set():
        st.rerun(scope="app")
    st.info(
        "What this page needs is loading: right after the server's start that takes some seconds.",
        icon=":material/hourglass_top:",
    )


def is_whole_now(error: AttributeError) -> bool:
    """Whether what a module lacked was only not there yet, and is now: waits until the module is imported.

    SciPy asks whether an array is one of torch as soon as torch is among the modules, while another thread
    may be in the middle of importing it.
    """
    module = error.obj
    if not isinstance(module, ModuleType) or not error.name:
        return False
    importlib.import_module(module.__name__)
    return hasattr(module, error.name)
