"""Why an upload was refused, told by the page: browsers show the number of an answer's status, and no words.

A refused upload brings no new run of the page, so one is asked for here.
"""

from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx

_MOST = 1_000
"""Sessions whose page has yet to tell; more are forgotten, the first ones first."""
_waiting: dict[str, str] = {}


def tell(session: Any, sentence: str) -> None:
    """Have a session's page say why a file was refused."""
    while len(_waiting) >= _MOST:
        _waiting.pop(next(iter(_waiting)), None)
    _waiting[session.id] = sentence
    session.request_rerun(session._client_state)


def told() -> str:
    """What this run's page has to say, once; "" where nothing was refused."""
    context = get_script_run_ctx()
    return _waiting.pop(context.session_id, "") if context else ""
