"""Memory for results as large as the table: fresh at the first call of a process, kept afterwards."""

import ctypes
import mmap

import numpy as np

from analytics.memory import PLENTY, free_in_large_pages
from analytics.numbers.basics.statistics import Floats

_SMALL = 32_000_000  # bytes: 16 huge pages, whose worst case is a few milliseconds each


def room(shape: tuple[int, int]) -> Floats:
    """An array to write into, from Arrow's pool, which keeps pages where malloc asks for fresh ones.

    Arrow asks for huge pages. Where free memory is in pieces, Linux moves others' pages out of the way until
    it has 2 MB in a row: for 160 MB that took 0.1 to 0.3 s of a first call, plain pages 0.07 s. So huge ones
    are taken only where they lie ready. Later calls find the pool's pages and wait for nothing.
    """
    import pyarrow as pa

    buffer = pa.allocate_buffer(8 * shape[0] * shape[1])
    if buffer.size > _SMALL and free_in_large_pages() < PLENTY * buffer.size:
        _in_plain_pages(buffer.address, buffer.size)
    return np.frombuffer(buffer, dtype=np.float64).reshape(shape)


def _in_plain_pages(address: int, size: int) -> None:
    """Advise the kernel; one that does not know the advice, or refuses it, is left as it is."""
    advice = getattr(mmap, "MADV_NOHUGEPAGE", None)
    if advice is None:
        return
    start = -(-address // mmap.PAGESIZE) * mmap.PAGESIZE
    length = (address + size - start) // mmap.PAGESIZE * mmap.PAGESIZE
    ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), advice)
