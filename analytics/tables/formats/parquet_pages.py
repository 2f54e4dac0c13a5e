"""The pages of a Parquet column as they are: what the file's end says of them may be a lie.

Arrow follows the pages too, so a dictionary that no other place mentions is used, and a page of a gigabyte is
unpacked. Their headers are structures of Thrift's compact protocol, read here as far as they are needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.parquet as pq

_DATA, _INDEX, _DICTIONARY, _DATA_2 = range(4)
_TYPE, _SIZE, _PACKED_SIZE = 1, 2, 3
_VALUES = 1
_HEADERS = {_DATA: (5, 2), _DATA_2: (8, 4)}
"""For each kind of page that holds values: the fields of its own header, and of the encoding in that."""
_PREFIXES, _BY_NUMBER = 7, (2, 8)
"""Encodings: texts that begin as the one before, and numbers of texts in a dictionary."""
_TRUE, _FALSE, _BYTE, _SHORT, _INT, _LONG, _DOUBLE, _BINARY = range(1, 9)
_STRUCT = 12
_DEEPEST = 4
"""Structures within each other; a page's header has three."""
_MOST_PAGES = 1_000_000
"""Of one column's part; writers make one for 20,000 rows, and each takes some 10 µs here."""


@dataclass(frozen=True)
class Pages:
    """What the pages of a column's part come to: bytes once unpacked, and how their values are written."""

    size: int = 0
    by_number: bool = False
    prefixes: bool = False


def pages_of(data: bytes, chunk: pq.ColumnChunkMetaData) -> Pages:
    """Follow the pages as far as Arrow does; raises OSError where a header makes no sense."""
    place = chunk.data_page_offset
    if chunk.has_dictionary_page and 0 < chunk.dictionary_page_offset < place:
        place = chunk.dictionary_page_offset
    end = min(place + chunk.total_compressed_size, len(data))
    seen = size = count = 0
    encodings: set[object] = set()
    while 0 < place < end and seen < chunk.num_values:
        header, place = _header(data, place)
        packed, unpacked = _whole(header.get(_PACKED_SIZE)), _whole(header.get(_SIZE))
        place, size, count = place + packed, size + unpacked, count + 1
        if count > _MOST_PAGES:
            raise OSError(f"a column in more than {_MOST_PAGES:,} pages")
        kind = header.get(_TYPE)
        if kind in _HEADERS:
            field, encoding = _HEADERS[kind]
            of_values = header.get(field)
            if not isinstance(of_values, dict):
                raise OSError("a page without its header")
            seen += _whole(of_values.get(_VALUES))
            encodings.add(of_values.get(encoding))
        elif kind == _DICTIONARY:
            encodings.add(_BY_NUMBER[0])
    return Pages(size, not encodings.isdisjoint(_BY_NUMBER), _PREFIXES in encodings)


def _whole(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise OSError("a page without a size")
    return value


def _header(data: bytes, place: int) -> tuple[dict[int, object], int]:
    """A page's header by the numbers of its fields, and where its content begins."""
    try:
        return _structure(data, place, _DEEPEST)
    except IndexError as problem:
        raise OSError("a page's header is cut short") from problem


def _structure(data: bytes, place: int, depth: int) -> tuple[dict[int, object], int]:
    if not depth:
        raise OSError("a page's header is nested too deep")
    found: dict[int, object] = {}
    number = 0
    while True:
        head = data[place]
        place += 1
        if not head:
            return found, place
        kind, step = head & 15, head >> 4
        if step:
            number += step
        else:
            coded, place = _variable(data, place)
            number = _signed(coded)
        found[number], place = _value(data, place, kind, depth)


def _value(data: bytes, place: int, kind: int, depth: int) -> tuple[object, int]:
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, place
    if kind in (_SHORT, _INT, _LONG):
        coded, place = _variable(data, place)
        return _signed(coded), place
    if kind == _STRUCT:
        return _structure(data, place, depth - 1)
    if kind == _BINARY:  # a least or greatest value: passed over
        length, place = _variable(data, place)
        return None, place + length
    if kind in (_BYTE, _DOUBLE):
        return None, place + (1 if kind == _BYTE else 8)
    raise OSError("a page's header holds what no header has")  # lists and maps


def _variable(data: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, the last one first."""
    value = shift = 0
    while shift < 64:
        part = data[place]
        value |= (part & 127) << shift
        place, shift = place + 1, shift + 7
        if part < 128:
            return value, place
    raise OSError("a number without an end")


def _signed(value: int) -> int:
    return value >> 1 ^ -(value & 1)
