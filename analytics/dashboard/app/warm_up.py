"""Load and compile what later pages need while the visitor looks at the first one."""

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import streamlit as st

from analytics.dashboard.app.catalog import shown_pages
from analytics.dashboard.server.datasets import sample_dataset
from analytics.dashboard.server.loading import import_now, load_now, shared_encoder
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
    for name, step in steps():
        PAGE_RUNS.give_way()
        try:
            step()
        except Exception:
            log.exception("Could not prepare %s ahead of time", name)
        _settle()


def steps() -> Iterator[tuple[str, Callable[[], None]]]:
    """(name, what to do) for the pages that are shown; what brings torch along comes last."""
    shown = {page.name: page.module for page in shown_pages()}
    for heavy in (False, True):
        names = [name for name in shown if (name in HEAVY) is heavy]
        for name in names:
            yield shown[name], partial(import_now, shown[name])
        for name in names:
            if name in FIRST_USE:
                use = f"{name}, first use"
                yield use, partial(load_now, use, FIRST_USE[name])


def _settle() -> None:
    """Spare what stays for the server's life from every later search for garbage.

    Streamlit collects after each run. With torch and its kin loaded that takes 0.3 s of the one thread that
    all visitors share, and finds nothing among them.
    """
    gc.collect()
    gc.freeze()


def _standardize() -> None:
    import pandas as pd

    from analytics.figures.standardize import before_and_after

    values = {"a": np.arange(20.0), "b": np.arange(20.0) ** 2}
    before_and_after(values, values).to_json()
    pd.DataFrame(values).style.format("{:.1f}").to_html()


def _outliers() -> None:
    from analytics.dashboard.pages.outliers.search import AT_FIRST, Search
    from analytics.numbers.outliers.search import OutlierSearch

    sample = sample_dataset()
    Search(tuple(sample.columns("number")), AT_FIRST).run(OutlierSearch(sample.frame))


def _encoder() -> None:
    from analytics.dashboard.pages.encoder_walk.walk import EXAMPLE, PACKAGED_MODEL
    from analytics.transformer.encoder.walk import trace_encoder

    trace_encoder(EXAMPLE, encoder=shared_encoder(PACKAGED_MODEL))


def _translator() -> None:
    from analytics.dashboard.pages.decoder_walk.walk import translator
    from analytics.transformer.translator.loading import PACKAGED_NAME

    translator(PACKAGED_NAME)


def _text_map() -> None:
    from analytics.dashboard.pages.encoder_walk.walk import PACKAGED_MODEL
    from analytics.text import warm_up

    warm_up(shared_encoder(PACKAGED_MODEL))


HEAVY = {"text_map", "encoder_walk", "decoder_walk"}
FIRST_USE = {
    "standardize": _standardize,
    "outliers": _outliers,
    "encoder_walk": _encoder,
    "decoder_walk": _translator,
    "text_map": _text_map,
}
