"""Data of the Hub on the Data page: found, looked at, and opened like a file of the visitor's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from analytics.apart import Limits
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.parts.texts import hub as hub_parts
from analytics.dashboard.parts.widgets import errors_told
from analytics.dashboard.server import datasets, hub
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.jobs import job_result
from analytics.dashboard.server.settings import read_settings
from analytics.hub import (
    SIZES,
    DataCard,
    FetchedData,
    Found,
    checked_name,
    data_card,
    fetch_data,
    search_data,
)
from analytics.progress import Progress

_QUESTION, _WANTED = "data_hub_question", "data_hub_wanted"
_GATED = {"any": None, "open": False, "gated": True}
_FIRST_ROWS = 100_000
_SEED = 0


@dataclass(frozen=True)
class _Wanted:
    """Which rows of which data set are to be opened, and for whom."""

    name: str
    configuration: str
    split: str
    revision: str
    rows: int
    visitor: str


def draw_from_hub() -> None:
    """The search box, the card of what was chosen, and the button that opens it; nothing with the Hub off."""
    if not read_settings().hub:
        return
    panel = st.expander("From the Hub", icon=":material/cloud_download:", on_change="rerun", key="data_hub")
    if not panel.open:
        return
    with panel:
        found = _draw_search()
        name = _choose(found)
        with errors_told():
            known = _card_of(name)
            if known:
                hub_parts.draw_card(known.card)
                _draw_opening(known)
            _open_wanted()
        hub_parts.draw_sign_in("data")


def tell_origin(dataset: DataSet) -> None:
    """Where data of the Hub come from, and which rows of it they are."""
    origin = hub.origin_of(dataset)
    if origin:
        licence = origin.card.licence or "not named"
        st.caption(
            plain(
                f"From {origin.card.name} on the Hub, commit {origin.commit[:12]}, licence {licence}: "
                f"{origin.statement}",
                width=500,
            )
        )


def _draw_search() -> tuple[Found, ...]:
    with (
        st.form("data_hub_search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        _condition("Words", "in its name", width=200)
        _condition("Task", "text-classification", width=170)
        _condition("Language", "fr", width=90)
        st.selectbox("Rows", SIZES, index=None, key="data_hub_size", width=130, placeholder="any")
        _condition("Licence", "mit", width=110)
        st.selectbox("Access", list(_GATED), key="data_hub_gated", width=100)
        st.form_submit_button("Search the Hub", type="primary", on_click=_ask)
    question = st.session_state.get(_QUESTION)
    if question is None:
        return ()
    words, task, language, size, licence, access, _visitor = question
    search = partial(
        search_data,
        words,
        task=task,
        language=language,
        size=size,
        licence=licence,
        gated=access,
        token=hub.session_token(),
    )
    with errors_told():
        found = job_result(
            "data_hub_search", question, lambda _progress: search(), label="Searching the Hub", network=True
        )
        if found is not None:
            _draw_found(found)
        return found or ()
    return ()


def _condition(label: str, example: str, *, width: int) -> None:
    st.text_input(label, key=f"data_hub_{label.lower()}", max_chars=60, width=width, placeholder=example)


def _ask() -> None:
    kept = st.session_state
    words = (kept.data_hub_words, kept.data_hub_task, kept.data_hub_language, kept.data_hub_size or "")
    kept[_QUESTION] = (*words, kept.data_hub_licence, _GATED[kept.data_hub_gated], hub_parts.as_visitor())


def _draw_found(found: tuple[Found, ...]) -> None:
    if not found:
        st.caption("The Hub has nothing that fits; try fewer words or conditions.")
        return
    listed = {
        "data set": [one.name for one in found],
        "tasks": [", ".join(one.tasks[:3]) for one in found],
        "languages": [", ".join(one.languages[:5]) for one in found],
        "rows": [one.size for one in found],
        "licence": [one.licence for one in found],
        "downloads": [one.downloads for one in found],
        "gated": [one.gated for one in found],
    }
    st.dataframe(pd.DataFrame(listed), hide_index=True, alt="Data sets of the Hub that fit", height="content")


def _choose(found: tuple[Found, ...]) -> str:
    now = st.session_state.get("data_hub_name") or ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Data set",
            list(dict.fromkeys([*(one.name for one in found), *([now] if now else [])])),
            index=None,
            key="data_hub_name",
            accept_new_options=True,
            placeholder="choose one, or type owner/name",
            width=420,
        )
        st.text_input(
            "Revision",
            key="data_hub_revision",
            max_chars=200,
            width=160,
            placeholder="newest",
            help="A branch, tag or commit whose Parquet files are read; empty for the newest state.",
        )
    return (name or "").strip()


def _card_of(name: str) -> DataCard | None:
    if not name:
        return None
    checked, revision = checked_name(name), st.session_state.data_hub_revision.strip()
    token = hub.session_token()
    return job_result(
        "data_hub_card",
        (checked, revision, hub_parts.as_visitor()),
        lambda _progress: data_card(checked, revision=revision, token=token),
        label=f"Asking the Hub for {checked}",
        network=True,
    )


def _draw_opening(known: DataCard) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        configuration = _one_of("Configuration", known.configurations, "data_hub_configuration")
        usual = known.split(configuration).name
        split = _one_of("Split", known.splits_of(configuration), "data_hub_split", usual=usual)
        st.number_input(
            "Most rows",
            1,
            read_settings().max_rows,
            min(_FIRST_ROWS, read_settings().max_rows),
            key="data_hub_rows",
            width=150,
            help="Files are fetched one by one until there are so many; beyond it a random sample is drawn.",
        )
        chosen = known.split(configuration, split)
        st.button(
            "Open",
            key="data_hub_open",
            type="primary",
            on_click=_want,
            args=(known.card.name,),
        )
    st.caption(f"{chosen.bytes / 1e6:,.3g} MB in {count(len(chosen.files), 'Parquet file')}\\.")


def _one_of(label: str, options: tuple[str, ...], key: str, *, usual: str = "") -> str:
    if st.session_state.get(key) not in options:
        st.session_state[key] = usual or options[0]
    return st.selectbox(label, options, key=key, width=180)


def _want(name: str) -> None:
    kept = st.session_state
    kept[_WANTED] = _Wanted(
        name,
        kept.data_hub_configuration,
        kept.data_hub_split,
        kept.data_hub_revision.strip(),
        int(kept.data_hub_rows),
        hub_parts.as_visitor(),
    )


def _open_wanted() -> None:
    """Fetch what was asked for; what is whole becomes the open data set, whatever its file holds."""
    wanted: _Wanted | None = st.session_state.get(_WANTED)
    if wanted is None:
        return
    token, most = hub.session_token(), hub.most_bytes()
    settings = read_settings()
    limits = Limits(settings.reading_mb, settings.reading_cpu_seconds, settings.reading_seconds)
    work = partial(_fetch, wanted, token, most, limits)
    fetched = job_result("data_hub_fetch", wanted, work, label=f"Fetching {wanted.name}, in MB", network=True)
    if fetched is None:
        return
    del st.session_state[_WANTED]
    made = datasets.open_upload(fetched.file_name, fetched.parquet)
    hub.keep_origin(made.table.sha256, fetched)
    datasets.open_next(made.name)
    st.rerun()


def _fetch(wanted: _Wanted, token: str | None, most: int, limits: Limits, progress: Progress) -> FetchedData:
    return fetch_data(
        wanted.name,
        configuration=wanted.configuration,
        split=wanted.split,
        revision=wanted.revision,
        token=token,
        max_rows=wanted.rows,
        seed=_SEED,
        most_bytes=most,
        limits=limits,
        progress=progress,
    )
