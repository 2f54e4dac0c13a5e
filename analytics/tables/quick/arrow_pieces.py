"""Arrow's parser, one piece of the file after the other, so that each piece takes up the memory of the last.

Numbers are gathered in arrays that pandas takes over as they are. Parsed in one go and copied then, a file of
167 MB makes the system clear twice as many pages, which takes a tenth of the time.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from analytics.tables.budget import NUMBER, check_rows, check_table
from analytics.tables.options import ReadOptions
from analytics.tables.quick.column_types import is_doubtful
from analytics.tables.quick.odd_rows import TooOddError
from analytics.tables.quick.plan import Plan

PIECE = 1 << 24
"""Bytes of a piece: eight blocks keep two threads busy; twice as many save no time and take more memory."""
_BLOCK = 1 << 21
"""Bytes that Arrow parses at once; 1 M x 20 takes as much processor time from half to four times as many."""
TAIL = 1 << 16
"""Bytes in which the last line of a piece ends; where lines are longer, the rest is one piece."""
_LARGE_PAGE = 1 << 21
"""Bytes of the pages that NumPy asks the system for."""
_MOST_ODD_ROWS = 1000
"""Rows of another width; each is found again by a search through all bytes."""
_MOST_RETRIES = 4
"""Times that a column turns out to be text; each costs a whole parse."""
_BAD_COLUMN = re.compile(r"column #(\d+)")


@dataclass(frozen=True)
class ArrowColumns:
    """Columns of n rows; the ``doubtful`` ones are floats because Arrow reads words and codes as such."""

    columns: list[pa.ChunkedArray]
    doubtful: frozenset[int]

    @property
    def types(self) -> list[pa.DataType]:
        """A type per column."""
        return [column.type for column in self.columns]


def read_columns(
    body: memoryview, plan: Plan, types: list[pa.DataType], odd: list[str], *, options: ReadOptions
) -> ArrowColumns:
    """Parse; a column with a cell that is not a number after all becomes text and all is parsed again."""
    for attempt in range(_MOST_RETRIES + 1):
        odd.clear()
        try:
            return read_pieces(body, plan, types, odd, options=options)
        except pa.ArrowInvalid as error:
            found = _BAD_COLUMN.search(str(error))
            if found is None or "onversion" not in str(error) or attempt == _MOST_RETRIES:
                raise
            types = [*types]
            types[int(found[1])] = pa.string()
    raise TooOddError


def read_pieces(
    body: memoryview, plan: Plan, types: list[pa.DataType], odd: list[str], *, options: ReadOptions
) -> ArrowColumns:
    """Parse piece by piece; rows of another width are left out and their texts added to ``odd``.

    Raises ``ArrowInvalid`` where a cell does not fit its type, ``TooOddError`` where there may be too many
    rows, and ``LimitError`` where there are too many rows or cells.
    """
    gathered = [_Gathered(kind) for kind in types]
    rows = done = 0
    for piece in _pieces(body):
        table = _read_piece(piece, plan, types, odd)
        rows, done = rows + table.num_rows, done + len(piece)
        # Some of the rows may turn out to be none; so many more are too many in any case.
        check_rows(rows - _MOST_ODD_ROWS, options, at_least=True)
        check_table(rows, len(types), options, size=rows * len(types) * NUMBER)
        if rows > options.max_rows:
            raise TooOddError
        room = rows * len(body) // done + table.num_rows  # for as many rows as the bytes seen so far have
        for column, values in zip(gathered, table.columns, strict=True):
            column.add(values, room)
    return ArrowColumns(
        [column.whole() for column in gathered],
        frozenset(place for place, column in enumerate(gathered) if column.doubtful),
    )


def _pieces(body: memoryview) -> Iterator[memoryview]:
    """Whole lines."""
    start = 0
    while start < len(body) or not start:
        end = start + PIECE
        last = bytes(body[max(start, end - TAIL) : end]).rfind(b"\n") if end < len(body) else -1
        end = max(start, end - TAIL) + last + 1 if last >= 0 else len(body)
        yield body[start:end]
        start = end or 1


class _Gathered:
    """One column: numbers in one growing array as long as none is missing, else Arrow's chunks."""

    def __init__(self, kind: pa.DataType) -> None:
        self._kind, self._rows = kind, 0
        self._array: np.ndarray | None = None
        self._chunks: list[pa.Array] = []
        self.doubtful = False

    def add(self, values: pa.ChunkedArray, room: int) -> None:
        """Add rows; ``room`` is how many rows there may be in all."""
        if pa.types.is_floating(self._kind):
            self.doubtful = self.doubtful or any(map(is_doubtful, values.chunks))
        first = not self._rows and not self._chunks
        if pa.types.is_string(self._kind) or values.null_count or not (first or self._array is not None):
            self._chunks = [*self._done(), *values.chunks]
            self._array = None
            return
        self._make_room(self._rows + len(values), room)
        for chunk in values.chunks:
            self._array[self._rows : self._rows + len(chunk)] = chunk.to_numpy()  # type: ignore[index]
            self._rows += len(chunk)

    def _make_room(self, needed: int, room: int) -> None:
        if self._array is None or needed > len(self._array):
            wider = _on_large_pages(max(needed, room), self._kind.to_pandas_dtype())
            if self._array is not None:
                wider[: self._rows] = self._array[: self._rows]
            self._array = wider

    def _done(self) -> list[pa.Array]:
        return self._chunks if self._array is None else [pa.array(self._array[: self._rows])]

    def whole(self) -> pa.ChunkedArray:
        """All rows."""
        return pa.chunked_array(self._done(), type=self._kind)


def _on_large_pages(count: int, dtype: np.dtype) -> np.ndarray:
    """Room for numbers that begins where a large page does: one page is cleared in place of 512, which takes
    a third of the time for 20 columns of 8 MB. What is left over in front is never touched."""
    size = np.dtype(dtype).itemsize
    if count * size < 2 * _LARGE_PAGE:
        return np.empty(count, dtype)
    raw = np.empty(count + _LARGE_PAGE // size, dtype)
    first = -raw.ctypes.data % _LARGE_PAGE // size
    return raw[first : first + count]


def _read_piece(piece: memoryview, plan: Plan, types: list[pa.DataType], odd: list[str]) -> pa.Table:
    if piece[:3] == codecs.BOM_UTF8:  # Arrow takes it off, in the middle of a file too
        raise TooOddError
    keys = [str(number) for number in range(len(types))]

    def skip(row: pa_csv.InvalidRow) -> str:
        if len(odd) >= _MOST_ODD_ROWS:
            return "error"
        odd.append(row.text.rstrip("\n"))
        return "skip"

    return pa_csv.read_csv(
        pa.BufferReader(pa.py_buffer(piece)),
        read_options=pa_csv.ReadOptions(column_names=keys, block_size=_BLOCK),
        parse_options=pa_csv.ParseOptions(
            delimiter=plan.delimiter,
            quote_char='"' if plan.look.quoting else False,
            invalid_row_handler=skip if plan.mends else None,
            ignore_empty_lines=plan.blank_lines,
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict(zip(keys, types, strict=True)),
            null_values=[""],
            strings_can_be_null=plan.look.quoting is not None,
            quoted_strings_can_be_null=False,
            decimal_point=plan.decimal,
        ),
        # Arrow's default pool spends nearly as long on fresh pages as on parsing.
        memory_pool=pa.system_memory_pool(),
    )
