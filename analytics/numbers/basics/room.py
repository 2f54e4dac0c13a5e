"""Memory for results as large as the table: fresh at the first call of a process, kept afterwards."""

import ctypes
import mmap
from pathlib import Path

import numpy as np

from analytics.numbers.basics.statistics import Floats

_SMALL = 32_000_000  # bytes: 16 huge pages, whose worst case is a few milliseconds each
_PLENTY = 4  # times what is asked for: others take huge pages meanwhile
_HUGE = 9  # 2**9 pages of 4 KB are one of 2 MB
_KEPT_BACK = "DMA"  # zones for devices, which Linux opens to others last, after moving pages about
_FREE = Path("/proc/buddyinfo")


def room(shape: tuple[int, int]) -> Floats:
    """An array to write into, from Arrow's pool, which keeps pages where malloc asks for fresh ones.

    Arrow asks for huge pages. Where free memory is in pieces, Linux moves others' pages out of the way until
    it has 2 MB in a row: for 160 MB that took 0.1 to 0.3 s of a first call, plain pages 0.07 s. So huge ones
    are taken only where they lie ready. Later calls find the pool's pages and wait for nothing.
    """
    import pyarrow as pa

    buffer = pa.allocate_buffer(8 * shape[0] * shape[1])
    if buffer.size > _SMALL and _free_in_huge_pages() < _PLENTY * buffer.size:
        _in_plain_pages(buffer.address, buffer.size)
    return np.frombuffer(buffer, dtype=np.float64).reshape(shape)


def _free_in_huge_pages() -> float:
    """Bytes that lie free in pieces of 2 MB and more; infinite where nobody says."""
    try:
        lines = [line.split() for line in _FREE.read_text().splitlines()]
        zones = [[int(one) for one in line[4:]] for line in lines if not line[3].startswith(_KEPT_BACK)]
    except (OSError, ValueError, IndexError):
        return np.inf
    return float(
        sum(count << order for zone in zones for order, count in enumerate(zone) if order >= _HUGE)
    ) * 4096  # fmt: skip


def _in_plain_pages(address: int, size: int) -> None:
    """Advise the kernel; one that does not know the advice, or refuses it, is left as it is."""
    advice = getattr(mmap, "MADV_NOHUGEPAGE", None)
    if advice is None:
        return
    start = -(-address // mmap.PAGESIZE) * mmap.PAGESIZE
    length = (address + size - start) // mmap.PAGESIZE * mmap.PAGESIZE
    ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), advice)
