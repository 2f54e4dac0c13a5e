"""Files in memory: mapped without a copy, and written by two threads."""

from __future__ import annotations

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
    """Writes an open file from its start, by two threads: new pages take longer than their content."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor, self._place = descriptor, 0
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

    def close(self) -> None:
        """Return when all is written; raises what went wrong."""
        if not self.closed:
            super().close()
            self._pool.shutdown()
            for written in self._open:
                written.result()


def _write_at(descriptor: int, place: int, view: memoryview) -> None:
    if not hasattr(os, "pwrite"):  # Windows
        os.lseek(descriptor, place, os.SEEK_SET)
    while view:
        count = os.pwrite(descriptor, view, place) if hasattr(os, "pwrite") else os.write(descriptor, view)
        view, place = view[count:], place + count
