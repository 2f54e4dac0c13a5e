"""Files in memory: mapped without a copy, and written by two threads."""

from __future__ import annotations

import ctypes
import io
import mmap
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

_PIECE = 1 << 24
"""Bytes that one thread writes at once: below, starting it takes longer."""


def mapped(descriptor: int) -> mmap.mmap:
    """A file that is not empty, where the system can with all its pages at once."""
    if hasattr(mmap, "MAP_POPULATE"):
        flags = mmap.MAP_PRIVATE | mmap.MAP_POPULATE
        return mmap.mmap(descriptor, 0, flags=flags, prot=mmap.PROT_READ)
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def whole(descriptor: int) -> bytes:
    """All that an open file holds."""
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        file.seek(0)
        return file.read()


class Writer(io.RawIOBase):
    """Writes an open file from its start, by two threads: new pages take longer than their content.

    Beside what is written in turn there may be places set aside, written to at once and read where they lie.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor, self._place = descriptor, 0
        self._mapped: dict[int, tuple[int, mmap.mmap]] = {}
        self._pool = ThreadPoolExecutor(2)
        self._open: list[Future[None]] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """All of ``data``, which must not change until the file is closed."""
        view = memoryview(data).cast("B")
        if len(view) < _PIECE or not hasattr(os, "pwrite"):
            _write_at(self._descriptor, self._place, view)
        else:
            for start in range(0, len(view), _PIECE):
                piece = view[start : start + _PIECE]
                self._open.append(self._pool.submit(_write_at, self._descriptor, self._place + start, piece))
        self._place += len(view)
        return len(view)

    def rewind(self) -> None:
        """Begin again, also with places; memory of those set aside before may change."""
        self._place = 0
        self._mapped.clear()

    def empty(self) -> None:
        """Begin again, with no byte taken; memory of places may not be looked at any more."""
        self.rewind()
        os.ftruncate(self._descriptor, 0)

    def reserve(self, size: int) -> int:
        """The place of so many bytes, where a page begins; they take no memory until they are written."""
        place = -(-self._place // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY
        self._place = place + size
        return place

    def put(self, place: int, data: Any) -> None:
        """Write at a place at once."""
        _write_at(self._descriptor, place, memoryview(data).cast("B"))

    def mapped(self, place: int, size: int) -> mmap.mmap:
        """A place as memory of our own: one shared with others would keep them from sealing the file."""
        memory = mmap.mmap(self._descriptor, size, offset=place, access=mmap.ACCESS_COPY)
        self._mapped[_address(memory)] = place, memory
        return memory

    def place_of(self, address: int) -> int | None:
        """Where the memory that begins at this address stands, if it is one of ours."""
        return self._mapped[address][0] if address in self._mapped else None

    def close(self) -> None:
        """Return when all is written; raises what went wrong."""
        if not self.closed:
            super().close()
            self._pool.shutdown()
            for written in self._open:
                written.result()


def _address(memory: mmap.mmap) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


def _write_at(descriptor: int, place: int, view: memoryview) -> None:
    if not hasattr(os, "pwrite"):  # Windows
        os.lseek(descriptor, place, os.SEEK_SET)
    while view:
        count = os.pwrite(descriptor, view, place) if hasattr(os, "pwrite") else os.write(descriptor, view)
        view, place = view[count:], place + count
