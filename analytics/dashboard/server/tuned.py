"""Encoders that were tuned in this session: other pages use them, and they go when the session does."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import streamlit as st

if TYPE_CHECKING:
    from analytics.text import TextEncoder

_MINE = "zetascope_tuned_encoders"
_MOST = 2  # of a session: each takes 90 MB of disk, and as much of memory once it is used


@dataclass(eq=False)
class _Tuned:
    """An encoder whose folder is removed with it."""

    folder: tempfile.TemporaryDirectory[str]
    encoders: dict[str, TextEncoder] = field(default_factory=dict)


@st.cache_resource(show_spinner=False)
def _all() -> WeakValueDictionary[str, _Tuned]:
    """Those of all sessions, since jobs know of no session; each is held by its session alone."""
    return WeakValueDictionary()


def keep_tuned(model: Any, *, about: object) -> str:
    """The name under which a tuned SentenceTransformer is an encoder of this session's pages from now on.

    ``about`` says which one it is, so that it is saved once.
    """
    from analytics.retrieval.tuning.saving import save_model
    from analytics.text.model_files import hash_folder

    mine: dict[str, tuple[object, _Tuned]] = dict(st.session_state.get(_MINE, {}))
    known = next((name for name, (what, _) in mine.items() if what == about), None)
    if known:
        return known
    made = _Tuned(tempfile.TemporaryDirectory(prefix="zetascope_tuned_"))
    save_model(model, Path(made.folder.name))
    # By its weights: a name stands for the same vectors wherever it is kept or written down.
    name = f"tuned_encoder_{hash_folder(Path(made.folder.name))[:8]}"
    made = _all().setdefault(name, made)
    st.session_state[_MINE] = dict([*mine.items(), (name, (about, made))][-_MOST:])
    return name


def tuned_names() -> tuple[str, ...]:
    """The encoders of this session, the newest last."""
    return tuple(st.session_state.get(_MINE, {}))


def tuned_encoder(name: str, backend: str) -> TextEncoder | None:
    """A tuned encoder by its name, from a page or a job; None for every other name."""
    from analytics.text import TextEncoder
    from analytics.text.model_files import ModelSource, hash_folder

    made = _all().get(name)
    if made is None:
        return None
    if backend not in made.encoders:
        folder = Path(made.folder.name)
        source = ModelSource(name, str(folder), hash_folder(folder), local=True)
        made.encoders = {**made.encoders, backend: TextEncoder(source, backend=backend)}
    return made.encoders[backend]
