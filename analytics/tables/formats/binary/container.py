"""Compound files ([MS-CFB]), the container of .xls: its streams, and a new one around one stream."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here on are marks such as "end of chain"."""
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_ENTRY = 128
_SMALL, _SMALL_SECTOR = 4096, 64
"""Streams below so many bytes lie in small sectors of a stream of their own."""
_SECTOR = 4096
"""Of a container that is made here: 109 sectors with the chains, which its header names, reach 457 MB."""
_MOST_SECTORS = 109 * (_SECTOR // 4)


class DamagedError(Exception):
    """The container is none, or its parts contradict one another."""


@dataclass(frozen=True)
class _Place:
    """Where a stream begins, and how many bytes it has."""

    start: int
    size: int


class Container:
    """The streams of a compound file; chains of sectors that are longer than the file are damage."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(MAGIC):
            raise DamagedError("it ends within its header")
        shift, small = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small != 6:
            raise DamagedError("its sectors have a size that none have")
        self._data, self._size = data, 1 << shift
        directory, _, _, self._small_start = struct.unpack_from("<4I", data, 48)
        self._chains = self._all_chains()
        self._places = self._directory(self._chain(directory))

    def names(self) -> list[str]:
        """Of all streams and folders, as they stand in the directory."""
        return list(self._places)

    def stream(self, name: str) -> bytes:
        """What the first stream of this name holds.

        Raises:
            DamagedError: there is no such stream, or not all of it.
        """
        if name not in self._places:
            raise DamagedError(f"it has no part {name}")
        place = self._places[name]
        if place.size >= _SMALL:
            return self._chain(place.start)[: place.size]
        root = self._places[next(iter(self._places))]
        inside, chains = self._chain(root.start), _numbers(self._chain(self._small_start))
        return _followed(inside, chains, place.start, _SMALL_SECTOR)[: place.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _all_chains(self) -> np.ndarray:
        """The sector that follows each; where that is told the header says, and a chain behind it."""
        named = list(struct.unpack_from("<109I", self._data, 76))
        following, seen = struct.unpack_from("<I", self._data, 68)[0], 0
        while following < _LAST_SECTOR:
            seen += 1
            more = _numbers(self._sector(following))
            if not len(more) or seen > len(self._data) // self._size:
                raise DamagedError("its list of sectors has no end")
            named.extend(more[:-1].tolist())
            following = int(more[-1])
        chains = [_numbers(self._sector(number)) for number in named if number < _LAST_SECTOR]
        return np.concatenate(chains) if chains else np.empty(0, np.uint32)

    def _chain(self, start: int) -> bytes:
        return _followed(self._data[self._size :], self._chains, start, self._size)

    def _directory(self, listed: bytes) -> dict[str, _Place]:
        """The first of each name; a library takes that one too."""
        places: dict[str, _Place] = {}
        for at in range(0, len(listed) - _ENTRY + 1, _ENTRY):
            name = listed[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            start, size = struct.unpack_from("<II", listed, at + 116)
            if name or not places:
                places.setdefault(name, _Place(start, size))
        if not places:
            raise DamagedError("it lists no parts")
        return places


def _numbers(data: bytes) -> np.ndarray:
    return np.frombuffer(data[: len(data) // 4 * 4], "<u4")


def _followed(data: bytes, chains: np.ndarray, start: int, size: int) -> bytes:
    """The sectors of a chain, one behind the other; it may visit none twice."""
    parts: list[bytes] = []
    number, most = start, -(-len(data) // size)
    while number < _LAST_SECTOR:
        if number >= min(len(chains), most) or len(parts) >= most:
            raise DamagedError("a chain of its sectors leads nowhere")
        parts.append(data[number * size : (number + 1) * size])
        number = int(chains[number])
    return b"".join(parts)


def contained(name: str, stream: bytes) -> bytes:
    """A compound file with this one stream, and nothing that a library could follow into nowhere.

    Raises:
        DamagedError: the stream is too long for any workbook of this kind.
    """
    stream = stream.ljust(_SMALL, b"\0")
    count = -(-len(stream) // _SECTOR)
    tables = next(n for n in range(1, 1 << 20) if n * (_SECTOR // 4) >= n + 1 + count)
    if tables * (_SECTOR // 4) > _MOST_SECTORS:
        raise DamagedError(f"it holds {len(stream):,} bytes, more than such a workbook can")
    chains = np.full(tables * (_SECTOR // 4), _FREE, "<u4")
    chains[:tables], chains[tables] = _FAT, _END
    first = tables + 1
    chains[first : first + count] = np.arange(first + 1, first + count + 1)
    chains[first + count - 1] = _END
    listed = _entry("Root Entry", 5, 0, 0, child=1) + _entry(name, 2, first, len(stream))
    named = [*range(tables), *[_FREE] * (109 - tables)]
    head = MAGIC + bytes(16) + struct.pack("<HHHHH6x", 62, 4, 0xFFFE, 12, 6)
    head += struct.pack("<9I109I", 1, tables, tables, 0, _SMALL, _END, 0, _END, 0, *named)
    sectors = (head, chains.tobytes(), listed, stream)
    return b"".join(part.ljust(-(-len(part) // _SECTOR) * _SECTOR, b"\0") for part in sectors)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE) -> bytes:
    told = name.encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, _FREE, _FREE, child)
    place = struct.pack("<IQ", start, size)
    return told.ljust(64, b"\0") + struct.pack("<H", len(told) + 2) + links + bytes(36) + place
