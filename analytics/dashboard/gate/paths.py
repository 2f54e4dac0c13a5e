"""What a request asks for, by its address alone. What is not known is closed."""

from collections.abc import MutableMapping
from enum import Enum
from typing import Any


class Way(Enum):
    """The kinds of address that Streamlit and the gate serve."""

    HEALTH = "whether the server lives"
    LOGIN = "to the provider"
    CALLBACK = "back from the provider"
    LOGOUT = "out"
    STREAM = "the session's WebSocket"
    UPLOAD = "a visitor's file"
    MEDIA = "pictures and downloads"
    PAGE = "pages and what browsers need to show them"
    CLOSED = "nothing that is served"


_EXACT = {
    "/_stcore/health": Way.HEALTH,
    "/_stcore/host-config": Way.PAGE,
    "/_stcore/stream": Way.STREAM,
    "/auth/login": Way.LOGIN,
    "/auth/logout": Way.LOGOUT,
    "/oauth2callback": Way.CALLBACK,
}
_BELOW = {
    "/_stcore/upload_file/": Way.UPLOAD,
    "/_stcore/bidi-components/": Way.PAGE,
    "/_stcore/": Way.CLOSED,  # metrics, the agent's interface and whatever a later Streamlit adds
    "/media/": Way.MEDIA,
}
_READING = {"GET", "HEAD"}


def way_of(scope: MutableMapping[str, Any], base: str) -> Way:
    """Which way a request goes; ``base`` is the path before every address, "" or "/stats"."""
    path = below_base(scope["path"], base)
    if path is None:
        return Way.CLOSED
    way = _EXACT.get(path) or next((way for start, way in _BELOW.items() if path.startswith(start)), Way.PAGE)
    if scope["type"] == "websocket" or way is Way.STREAM:
        return way if scope["type"] == "websocket" and way is Way.STREAM else Way.CLOSED
    if way is Way.PAGE and scope["method"] not in _READING:
        return Way.CLOSED
    return way


def below_base(path: str, base: str) -> str | None:
    """The rest of ``path``, or None where it does not lie below ``base``."""
    if not base:
        return path
    if path == base:
        return "/"
    return path.removeprefix(base) if path.startswith(f"{base}/") else None


def session_of_upload(path: str, base: str) -> str:
    """The session that an upload's address names."""
    rest = (below_base(path, base) or "").removeprefix("/_stcore/upload_file/")
    return rest.partition("/")[0]
