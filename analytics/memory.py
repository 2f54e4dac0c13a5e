"""Freed memory goes back to the system, not only to the allocator's own store."""

import ctypes
import gc
import math
import sys
import threading
from pathlib import Path
from typing import Self

_LOOKS = 0.02  # seconds between looks; what is held for less than that hardly tells of a machine's need
_STATM = Path("/proc/self/statm")
PLENTY = 4  # times what is asked for: others take large pages meanwhile
_LARGE = 9  # 2**9 pages of 4 KB are one of 2 MB
_KEPT_BACK = "DMA"  # zones for devices, which Linux opens to others last, after moving pages about
_FREE = Path("/proc/buddyinfo")


def free_in_large_pages() -> float:
    """Bytes that lie free in pieces of 2 MB and more; infinite where nobody says."""
    try:
        lines = [line.split() for line in _FREE.read_text().splitlines()]
        zones = [[int(one) for one in line[4:]] for line in lines if not line[3].startswith(_KEPT_BACK)]
    except (OSError, ValueError, IndexError):
        return math.inf
    return float(
        sum(count << order for zone in zones for order, count in enumerate(zone) if order >= _LARGE)
    ) * 4096  # fmt: skip


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


class PeakMemory:
    """How much more memory the process held at most while the block ran, looked at fifty times a second.

    ``bytes`` is NaN where the system does not tell (Linux does); what the process does besides counts too.
    """

    bytes: float = float("nan")

    def __enter__(self) -> Self:
        self._ended = threading.Event()
        self._before = self._most = _held()
        self._thread = threading.Thread(target=self._look, name="peak-memory", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.bytes = max(self._most, _held()) - self._before

    def _look(self) -> None:
        while not self._ended.wait(_LOOKS):
            self._most = max(self._most, _held())


def _held() -> float:
    if not _STATM.exists():
        return float("nan")
    import resource

    return float(_STATM.read_text().split()[1]) * resource.getpagesize()
