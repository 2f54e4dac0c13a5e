"""Uploaders that let a file go once it is taken or refused, so that nothing piles up in them."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.dashboard.parts.markdown import plain
from analytics.dashboard.server.datasets import RoomNeededError
from analytics.errors import ZetascopeError

_COME = "zetascope_uploads_come"
"""Files that have come and are neither taken nor refused yet, by their uploader's name: another page that is
opened in between ends the run that reads a file, and takes its uploader off the page."""


class WaitsError(ZetascopeError):
    """A file that stays in its uploader until somebody has said what to do with it."""


def uploader_key(name: str) -> str:
    """The widget's key now; below it a refusal is told until the next file comes."""
    turn, _ = st.session_state.get(name, (0, ""))
    return f"{name}_{turn}"


def note(name: str) -> None:
    """Callback of the uploader: what is in it has come, until it is taken, refused or taken out again."""
    rest = {other: file for other, file in st.session_state.get(_COME, {}).items() if other != name}
    file = st.session_state.get(uploader_key(name))
    st.session_state[_COME] = rest if file is None else {**rest, name: file}


def come(name: str) -> UploadedFile | None:
    """The file that has come into the uploader and was not read to its end, if any."""
    return st.session_state.get(_COME, {}).get(name)


def tell_refused(name: str) -> None:
    """Why the last file was not taken, by its name."""
    _, refusal = st.session_state.get(name, (0, ""))
    if refusal:
        st.error(refusal, icon=":material/error:")


@contextmanager
def taking(name: str, *, file_name: str) -> Iterator[None]:
    """Take a file: afterwards, also where it is refused, the uploader is empty and the page runs again.

    RoomNeededError and WaitsError leave it where it is.
    """
    refusal = ""
    try:
        yield
    except (RoomNeededError, WaitsError):
        _read(name)
        raise
    except ZetascopeError as error:
        refusal = f"**{plain(file_name, width=80)}**: {plain(error, width=600)}"
    _empty(name, refusal)
    st.rerun()


def let_go(name: str) -> None:
    """Callback: empty the uploader of what waits in it."""
    _empty(name, "")


def _empty(name: str, refusal: str) -> None:
    _read(name)
    turn, _ = st.session_state.get(name, (0, ""))
    st.session_state[name] = (turn + 1, refusal)


def _read(name: str) -> None:
    """Whatever became of it, the file needs no other page any more."""
    st.session_state.get(_COME, {}).pop(name, None)
