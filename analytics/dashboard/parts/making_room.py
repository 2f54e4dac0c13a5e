"""Files that have to go where another comes: nobody loses one without having been told."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.dashboard.parts import projects, uploads, widgets
from analytics.dashboard.parts.files import stem_of
from analytics.dashboard.parts.markdown import count, plain
from analytics.dashboard.server import datasets
from analytics.dashboard.server.datasets import DataSet, RoomNeededError
from analytics.dashboard.server.settings import read_settings
from analytics.project import save_project

_ASKED = "zetascope_room_asked"


@dataclass(frozen=True)
class _Asked:
    """An upload that waits in its uploader, and the names of the files that would go."""

    file: str
    leaving: tuple[str, ...]


def tell_next_to_go() -> None:
    """Say which file the next one takes the place of, and offer to keep the work on it."""
    oldest = datasets.next_to_go()
    if oldest is None:
        return
    datasets.agree_to_let_go((oldest.name,))
    with st.container(border=True):
        settings = read_settings()
        kept = f"{count(settings.uploads_kept, 'file')} of together {settings.session_mb:,} MB"
        st.markdown(
            rf"{kept} are kept at a time: the next one may take the place of **{plain(oldest.name)}**\. "
            r"Save its project first to go on with it later\."
        )
        _offer_project(oldest)


def taken(file: UploadedFile, take: Callable[[], None], *, uploader: str) -> None:
    """Take the file in an uploader; where others would go that nobody was told of, ask first.

    The file waits in its uploader until then, and is not read again before there is an answer.
    """
    asked = st.session_state.get(_ASKED)
    if asked is None or asked.file != file.file_id:
        try:
            with uploads.taking(uploader, file_name=file.name), st.spinner(f"Reading {plain(file.name)}"):
                take()
        except RoomNeededError as needed:
            asked = st.session_state[_ASKED] = _Asked(file.file_id, needed.leaving)
    if asked is not None:
        _ask(file.name, asked)


def _ask(name: str, asked: _Asked) -> None:
    with st.container(border=True, key="room_asked"):
        names = ", ".join(f"**{plain(one)}**" for one in asked.leaving)
        their = "its project" if len(asked.leaving) == 1 else "their projects"
        st.markdown(
            rf"**{plain(name)}** needs the place of {names}\. Save {their} first to go on later, or take the "
            r"new file out of the uploader\."
        )
        mine = datasets.uploads()
        for one in asked.leaving:
            if one in mine:
                _offer_project(mine[one])
        st.button("Open it and let them go", key="room_agreed", on_click=_agree, args=(asked,))


def _offer_project(dataset: DataSet) -> None:
    project = projects.project_of(dataset)
    widgets.download(
        f"Project of {plain(dataset.name, width=60)}",
        lambda: save_project(project),
        file_name=f"{stem_of(dataset.name)}.{projects.ENDING}",
        key=f"data_project_of_{dataset.name}",
    )


def _agree(asked: _Asked) -> None:
    """Callback: an answer to what is asked; a second click agrees to nothing that comes later."""
    if st.session_state.get(_ASKED) == asked:
        del st.session_state[_ASKED]
        datasets.agree_to_let_go(asked.leaving)
