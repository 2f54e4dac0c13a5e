"""Values that a link brings: one that its widget cannot take gives way to the usual one, and that is told.

Streamlit drops most of them without a word, and ends the page where a number is infinite. All bound widgets
of all pages pass the one function below.
"""

import threading
from typing import Any

import streamlit as st
from streamlit.runtime.state.query_params import parse_url_param
from streamlit.runtime.state.session_state import SessionState


class _Told(threading.local):
    """What this run's links brought in vain: names of widgets and values. A run is one thread."""

    def __init__(self) -> None:
        self.refused: list[tuple[str, str]] = []


_TOLD = _Told()
_take = SessionState._seed_widget_from_url


def _take_or_tell(
    self: SessionState, metadata: Any, user_key: str, widget_id: str, url_value: str | list[str]
) -> bool:
    try:
        taken = _take(self, metadata, user_key, widget_id, url_value)
    except ArithmeticError:  # a whole number from "inf" or "1e999"
        self._clear_url_param(user_key)
        taken = False
    if not taken and not _is_usual(metadata, url_value):
        shown = url_value if isinstance(url_value, str) else ", ".join(url_value)
        _TOLD.refused.append((user_key, shown))
    return taken


def _is_usual(metadata: Any, url_value: str | list[str]) -> bool:
    """Whether the link says what would be there without it, or nothing."""
    try:
        parsed = parse_url_param(url_value, metadata.value_type)
        return parsed in (None, "", []) or bool(metadata.serializer(metadata.deserializer(None)) == parsed)
    except (ValueError, TypeError, IndexError, ArithmeticError):
        return False


def linked(key: str) -> str | None:
    """What a bound widget holds, also before its first drawing, where only the link has it: unchecked."""
    held = st.session_state.get(key, st.query_params.get(key))
    return None if held is None else str(held)


def refused() -> list[tuple[str, str]]:
    """What was refused since the last call: the widgets' names and the values."""
    found, _TOLD.refused = _TOLD.refused, []
    return found


SessionState._seed_widget_from_url = _take_or_tell  # type: ignore[method-assign]
