"""Freed memory goes back to the system, not only to the allocator's own store."""

import ctypes
import gc
import sys


def give_back() -> None:
    """Free what only references in a circle hold, and trim; some tenths of a second with large libraries."""
    gc.collect()
    trim()


def trim() -> bool:
    """Whether the C library gave pages back; only glibc can be asked to. Takes some milliseconds.

    After a trace of 256 tokens, some 80 MB in arrays of all sizes, glibc keeps most of it for later.
    """
    if not sys.platform.startswith("linux"):
        return False
    ask = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return bool(ask and ask(0))
