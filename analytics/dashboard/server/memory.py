"""What a run, a closed session or a full cache held goes back to the system."""

import threading

from analytics.memory import give_back

PAUSE = 3.0
"""Seconds until what is being released is gone for certain."""

_waiting = threading.Lock()


def give_back_soon(released: object = None) -> None:
    """For runs, and the callback of caches when a large entry is dropped.

    Several calls within ``PAUSE`` count as one.
    """
    if _waiting.acquire(blocking=False):
        timer = threading.Timer(PAUSE, _give_back)
        timer.daemon = True
        timer.start()


def _give_back() -> None:
    _waiting.release()
    give_back()  # a closed session is held by references in a circle
