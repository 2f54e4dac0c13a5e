"""What a closed browser tab held is freed soon after it, whether another visitor comes or not.

Streamlit keeps a closed session for a tab that lost its connection for a moment, and looks for those whose
time is over only when the next one closes. What an upload brings after its session has gone, nobody would
ever free.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from streamlit.runtime import Runtime

from analytics.dashboard.server.memory import give_back_soon

log = logging.getLogger(__name__)

KEPT_SECONDS = 30.0
"""Time for a lost connection to come back; with the pause below it leaves half of the promised minute."""
_PAUSE = 5.0


@asynccontextmanager
async def freeing_what_left(_app: Any) -> AsyncIterator[None]:
    """For as long as the server runs."""
    task = asyncio.create_task(_keep_freeing(), name="leaving")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_freeing() -> None:
    left: dict[str, float] = {}
    while True:
        await asyncio.sleep(_PAUSE)
        try:
            left = free(Runtime.instance(), left, now=time.monotonic())
        except Exception:
            log.exception("Could not free what a closed session held")


def free(runtime: Any, left: dict[str, float], *, now: float) -> dict[str, float]:
    """Close what has been without a connection for long; returns since when the others are."""
    waiting = {session: left.get(session, now) for session in stored_sessions(runtime)}
    over = {session for session, since in waiting.items() if now - since >= KEPT_SECONDS}
    for session in over:
        runtime.close_session(session)
    orphaned = _free_orphans(runtime, waiting.keys() - over)
    if over or orphaned:
        give_back_soon()
    return {session: since for session, since in waiting.items() if session not in over}


def stored_sessions(runtime: Any) -> list[str]:
    """Sessions without a connection that may come back."""
    return [info.session.id for info in runtime._session_mgr._session_storage.list()]


def _free_orphans(runtime: Any, waiting: set[str]) -> bool:
    """Files of sessions that are no more: their upload ended after their tab was closed."""
    files = runtime.uploaded_file_mgr
    owners = list(files.file_storage)
    gone = [owner for owner in owners if owner not in waiting and not runtime.is_active_session(owner)]
    for owner in gone:
        files.remove_session_files(owner)
    return bool(gone)
