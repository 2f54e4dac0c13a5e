"""Streams of compound files (OLE2), in which .xls workbooks are kept ([MS-CFB])."""

from __future__ import annotations

import struct

import numpy as np

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_FREE = 0xFFFFFFFA
"""Numbers of sectors from here on end a chain or mark what is no part of one."""
_ENTRY, _IN_HEADER = 128, 109
"""Bytes of an entry of the directory; numbers of sectors of the table of chains that the header holds."""


def stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """The bytes of the first stream that has one of these names; b"" where there is none."""
    if not data.startswith(_MAGIC) or len(data) < _HEADER:
        return b""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if not _ENTRY <= size <= 1 << 20:
        return b""
    file = _File(data, size)
    entries = file.chain(struct.unpack_from("<I", data, 48)[0])
    root = entries[:_ENTRY]
    for place in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        entry = entries[place : place + _ENTRY]
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        if name in names and entry[66] == 2:  # a stream
            return file.content(entry, root)
    return b""


class _File:
    """Sectors of a compound file and the table (n,) of which one follows each."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size
        numbers = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
        following, left = struct.unpack_from("<2I", data, 68)
        most = len(data) // size + 1
        while following < _FREE and left and len(numbers) < most:
            more = np.frombuffer(self._sector(following), "<u4")
            numbers += more[:-1].tolist()
            following, left = int(more[-1]) if len(more) else _FREE, left - 1
        self._next = np.frombuffer(b"".join(self._sector(n) for n in numbers if n < _FREE), "<u4")

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        return sector[: len(sector) // 4 * 4]

    def chain(self, first: int) -> bytes:
        """All sectors from one on; a chain that runs in a circle ends."""
        return b"".join(map(self._sector, _followed(first, self._next)))

    def content(self, entry: bytes, root: bytes) -> bytes:
        """What a stream holds; small ones are kept in sectors within the root's."""
        first, length = struct.unpack_from("<II", entry, 116)
        cutoff, minis = struct.unpack_from("<2I", self._data, 56)
        if length >= cutoff:
            return self.chain(first)[:length]
        small = 1 << struct.unpack_from("<H", self._data, 32)[0]
        if small > self._size:
            return b""
        within = self.chain(struct.unpack_from("<I", root, 116)[0])
        following = np.frombuffer(self.chain(minis), "<u4")
        return b"".join(within[n * small : (n + 1) * small] for n in _followed(first, following))[:length]


def _followed(first: int, following: np.ndarray) -> list[int]:
    """The numbers of a chain of sectors."""
    found: list[int] = []
    while first < len(following) and len(found) <= len(following):
        found.append(first)
        first = int(following[first])
    return found
