"""What a visitor's browser remembers of files, so that a reload loses nothing but the file itself.

What comes from it is a stranger's: only plain texts of known lengths are taken, and what they say is checked
as a project file is before it is used.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from analytics.dashboard.parts import projects
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet
from analytics.dashboard.server.opening import open_memory
from analytics.project import ProjectError
from analytics.project.memory import LARGEST

_SCRIPT = (Path(__file__).parent / "assets" / "memory.js").read_text()
_KEY = "zetascope_memory"
_FOUND, _FORGET = "zetascope_memory_found", "zetascope_memory_forget"
_TOLD = "zetascope_browser_told"
_SHA = re.compile(r"[0-9a-f]{64}\Z")
_LONGEST_NAME = 255
_MOST = 10


@dataclass(frozen=True)
class Found:
    """What a browser kept when this session began: texts by SHA-256, and which file was open in this tab."""

    texts: dict[str, str]
    names: dict[str, str]
    open: str = ""


def draw_memory(dataset: DataSet) -> None:
    """Have the browser keep the open file's recipe and choices, and take what it kept before."""
    place = st.components.v2.component("zetascope_memory", html="<i></i>", js=_SCRIPT)
    keep = None
    if dataset.sample is None:
        memory = projects.memory_of(dataset)
        keep = {"sha": memory.sha256, "name": memory.name, "text": memory.to_json()}
        if not keep["text"]:
            st.caption("This recipe is too long to be kept in the browser: save the project before you go\\.")
    asked = _FOUND not in st.session_state
    forgotten = [sha for sha in st.session_state.get(_FORGET, []) if sha != dataset.table.sha256]
    data = {"keep": keep, "ask": asked, "forget": forgotten}
    kept = place(data=data, key=_KEY, on_kept_change=_nothing).kept
    if asked and kept:
        st.session_state[_FOUND] = _checked(kept)
        st.rerun()


def _nothing() -> None:
    """A state needs a callback to be in the result; it is taken where the component is drawn."""


def _checked(kept: Any) -> Found:
    """Of what the browser says, that which can be what it was given."""
    entries = kept.get("entries") if isinstance(kept, dict) else None
    texts, names = {}, {}
    for one in entries[:_MOST] if isinstance(entries, list) else []:
        sha, name, text = (
            one.get(part) if isinstance(one, dict) else None for part in ("sha", "name", "text")
        )
        if not (isinstance(sha, str) and isinstance(name, str) and isinstance(text, str)):
            continue
        if _SHA.match(sha) and len(text) <= LARGEST and 0 < len(name) <= _LONGEST_NAME:
            texts[sha], names[sha] = text, name
    shown = kept.get("open") if isinstance(kept, dict) else ""
    return Found(texts, names, shown if isinstance(shown, str) and shown in texts else "")


def _found() -> Found:
    return st.session_state.get(_FOUND, Found({}, {}))


def has_answered() -> bool:
    """Whether the browser has said what it remembers."""
    return _FOUND in st.session_state


def missing_file() -> str:
    """SHA-256 of the file that was open in this tab before a reload, and is not here; empty if none."""
    here = {dataset.table.sha256 for dataset in datasets.uploads().values()}
    found = _found()
    return "" if found.open in here else found.open


def draw_missing() -> None:
    """Say that a file went with the reload, and that its work goes on when it comes again."""
    sha = missing_file()
    if not sha:
        return
    name = plain(_found().names[sha], width=80)
    with st.container(border=True, key="data_missing"):
        st.markdown(
            f"**{name}** is no longer here: a reload lets files go\\. Drop it again, and its recipe, what "
            "columns are used as, decisions and choices continue\\. They were kept in this browser, under "
            "the file's fingerprint; the file was not\\."
        )
        st.button("Forget it", key="data_forget", icon=":material/delete:", on_click=_forget, args=(sha,))


def tell_missing() -> None:
    """The same in short, for other pages."""
    sha = missing_file()
    if sha:
        name = plain(_found().names[sha], width=60)
        st.caption(
            f":material/history: {name} is no longer here\\. Drop it again on the Data page to go on\\."
        )


def _forget(sha: str) -> None:
    found = _found()
    texts = {key: text for key, text in found.texts.items() if key != sha}
    names = {key: name for key, name in found.names.items() if key != sha}
    st.session_state[_FOUND] = Found(texts, names)
    st.session_state[_FORGET] = [*st.session_state.get(_FORGET, []), sha]


def open_file(name: str, source: bytes) -> DataSet:
    """Open a file, and go on with it where this browser remembers earlier work on the same bytes.

    Raises TableError where it cannot be read; what was open before then stays open.
    """
    sha = hashlib.sha256(source).hexdigest()
    text = _found().texts.get(sha)
    here = any(dataset.table.sha256 == sha for dataset in datasets.uploads().values())
    if text is None or here:
        return datasets.open_upload(name, source)
    try:
        memory = open_memory(text, reading=datasets.upload_limits())
        if memory.sha256 != sha:
            raise ProjectError("What is remembered of this file is that of another.")
    except ProjectError as error:
        _tell(f"{error} The file is opened as if it were new.", icon="warning")
        return datasets.open_upload(name, source)
    made = projects.go_on(replace(memory, name=name), source)
    if memory.recipe.steps or memory.uses:
        _tell(f"Went on where it was, with {count(len(memory.recipe.steps), 'step')}.", icon="history")
    return made


def _tell(sentence: str, *, icon: str) -> None:
    """In the next run: that of an upload ends at once, and what it shows may never be seen."""
    st.session_state[_TOLD] = (sentence, icon)


def tell_outcome() -> None:
    """What became of the work remembered for the file that was opened last."""
    if _TOLD in st.session_state:
        sentence, icon = st.session_state.pop(_TOLD)
        st.toast(plain(sentence, width=300), icon=f":material/{icon}:", duration="long")
