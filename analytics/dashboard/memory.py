"""Freed memory goes back to the system, not only to the allocator's own store."""

import ctypes
import gc
import sys
import threading

PAUSE = 3.0
"""Seconds until what is being released is gone for certain."""

_waiting = threading.Lock()


def give_back_soon(released: object) -> None:
    """Callback for caches, when a large entry is dropped; several calls within ``PAUSE`` count as one."""
    if _waiting.acquire(blocking=False):
        timer = threading.Timer(PAUSE, _give_back)
        timer.daemon = True
        timer.start()


def _give_back() -> None:
    _waiting.release()
    gc.collect()  # a closed session is held by references in a circle
    trim()


def trim() -> bool:
    """Whether the C library gave pages back; only glibc can be asked to. Takes some milliseconds.

    After a trace of 256 tokens, some 80 MB in arrays of all sizes, glibc keeps most of it for later.
    """
    if not sys.platform.startswith("linux"):
        return False
    ask = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return bool(ask and ask(0))
