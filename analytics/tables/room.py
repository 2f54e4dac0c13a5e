"""Where columns of numbers grow: in memory, or in the file by which another process takes them over."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from analytics.apart.files import Writer
from analytics.memory import PLENTY, free_in_large_pages

_LARGE_PAGE = 1 << 21
"""Bytes of the pages that processors know beside those of 4 KB."""
_file: ContextVar[Writer | None] = ContextVar("file", default=None)


@contextmanager
def columns_in(target: Any) -> Iterator[None]:
    """Meanwhile columns of this thread grow in ``target``, where it can be written to at any place."""
    token = _file.set(target if isinstance(target, Writer) and hasattr(os, "pwrite") else None)
    try:
        yield
    finally:
        _file.reset(token)


def new_columns(dtypes: list[np.dtype | None]) -> list[InMemory | InFile | None]:
    """Empty columns of numbers, none for ``None``; those of before are not used any more."""
    file = _file.get()
    if file is None:
        return [None if dtype is None else InMemory(dtype, len(dtypes)) for dtype in dtypes]
    file.rewind()
    return [None if dtype is None else InFile(dtype, file) for dtype in dtypes]


def forget_columns() -> None:
    """All columns of before have been given up."""
    file = _file.get()
    if file is not None:
        file.empty()


class InMemory:
    """One array that is copied to a wider one where it does not do."""

    def __init__(self, dtype: np.dtype, beside: int) -> None:
        self._rows, self._array, self._beside = 0, np.empty(0, dtype), beside

    def add(self, values: np.ndarray, room: int) -> None:
        """Put rows behind the last; there may be ``room`` in all."""
        end = self._rows + len(values)
        if end > len(self._array):
            wider = _fresh(max(end, room), self._array.dtype, self._beside)
            wider[: self._rows] = self.array()
            self._array = wider
        self._array[self._rows : end] = values
        self._rows = end

    def array(self) -> np.ndarray:
        """All rows (n,)."""
        return self._array[: self._rows]


class InFile:
    """The same in a file: what is written there takes no page that must be cleared before."""

    def __init__(self, dtype: np.dtype, file: Writer) -> None:
        self._dtype, self._file = np.dtype(dtype), file
        self._rows = self._room = self._place = 0

    def add(self, values: np.ndarray, room: int) -> None:
        """As in memory."""
        end, size = self._rows + len(values), self._dtype.itemsize
        if end > self._room:
            before, self._room = self.array(), max(end, room)
            self._place = self._file.reserve(self._room * size)
            if len(before):
                self._file.put(self._place, before)
        if len(values):
            self._file.put(self._place + self._rows * size, values)
        self._rows = end

    def array(self) -> np.ndarray:
        """All rows (n,); what is done to them does not reach the file."""
        size = self._rows * self._dtype.itemsize
        if not size:
            return np.empty(0, self._dtype)
        return np.frombuffer(self._file.mapped(self._place, size), self._dtype, self._rows)


def _fresh(count: int, dtype: np.dtype, beside: int) -> np.ndarray:
    """Room for numbers, of which ``beside`` are asked for in all, in large pages where these lie ready.

    There one page is cleared in place of 512. Else the system moves others' pages about, or has its host find
    memory first: 160 MB took 0.16 to 0.28 s then, in plain pages 0.08 s.
    """
    size = count * dtype.itemsize
    if size < 2 * _LARGE_PAGE or not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.empty(count, dtype)
    memory = mmap.mmap(-1, size + _LARGE_PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if free_in_large_pages() > PLENTY * size * beside:
        memory.madvise(mmap.MADV_HUGEPAGE)
    first = -np.frombuffer(memory, np.uint8).ctypes.data % _LARGE_PAGE  # what is left over is never touched
    return np.frombuffer(memory, dtype, count, first)
