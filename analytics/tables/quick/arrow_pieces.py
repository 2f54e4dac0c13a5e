"""Arrow's parser, a piece of whole lines for each processor at a time, put together as they come.

Numbers are gathered in arrays that pandas takes over as they are. Pieces that stay in the cache leave their
memory to the next ones: parsed in one go and copied then, a file of 167 MB makes the system clear three times
as many pages, which takes a fifth of the time.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from analytics.tables.budget import NUMBER, check_rows, check_table
from analytics.tables.options import ReadOptions
from analytics.tables.quick.column_types import is_doubtful
from analytics.tables.quick.odd_rows import TooOddError
from analytics.tables.quick.plan import Plan
from analytics.tables.room import InFile, InMemory, new_columns

_BLOCK = 1 << 21
"""Bytes that Arrow parses at once; 1 M x 20 takes as much processor time from half to four times as many."""
PIECE = _BLOCK
TAIL = 1 << 16
"""Bytes in which the last line of a piece ends; where lines are longer, the rest is one piece."""
_AHEAD = 2
"""Pieces for each processor that are parsed or wait to be gathered, which takes a tenth of parsing."""
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
    dtypes = [None if pa.types.is_string(kind) else kind.to_pandas_dtype() for kind in types]
    gathered = list(map(_Gathered, types, new_columns(dtypes)))
    rows = done = 0
    with closing(_parsed(body, _Parser(plan, types))) as pieces:
        for piece in pieces:
            rows, done = rows + piece.table.num_rows, done + piece.size
            odd += piece.odd
            # Some of the rows may turn out to be none; so many more are too many in any case.
            check_rows(rows - _MOST_ODD_ROWS, options, at_least=True)
            check_table(rows, len(types), options, size=rows * len(types) * NUMBER)
            if rows > options.max_rows or len(odd) > _MOST_ODD_ROWS:
                raise TooOddError
            room = rows * len(body) // done  # for as many rows as the bytes seen so far have, and some more
            for column, values in zip(gathered, piece.table.columns, strict=True):
                column.add(values, room + room // 8)
    return ArrowColumns(
        [column.whole() for column in gathered],
        frozenset(place for place, column in enumerate(gathered) if column.doubtful),
    )


@dataclass(frozen=True)
class _Piece:
    """So many bytes of whole lines, their sound rows, and the texts of the others."""

    size: int
    table: pa.Table
    odd: list[str]


def _parsed(body: memoryview, parser: _Parser) -> Generator[_Piece, None, None]:
    """All pieces in their order, as many at a time as there are processors."""
    workers = pa.cpu_count()
    ahead: deque[Future[_Piece]] = deque()
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        stack.callback(lambda: [future.cancel() for future in ahead])  # where one of them could not be parsed
        for piece in _pieces(body):
            ahead.append(pool.submit(parser.parse, piece))
            if len(ahead) > _AHEAD * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


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

    def __init__(self, kind: pa.DataType, numbers: InMemory | InFile | None) -> None:
        self._kind, self._numbers = kind, numbers
        self._chunks: list[pa.Array] = []
        self.doubtful = False

    def add(self, values: pa.ChunkedArray, room: int) -> None:
        """Add rows; ``room`` is how many rows there may be in all."""
        if pa.types.is_floating(self._kind):
            self.doubtful = self.doubtful or any(is_doubtful(_known(chunk)) for chunk in values.chunks)
        if self._numbers is None or values.null_count:
            self._chunks = [*self._done(), *values.chunks]
            self._numbers = None
            return
        for chunk in values.chunks:
            self._numbers.add(chunk.to_numpy(), room)

    def _done(self) -> list[pa.Array]:
        return self._chunks if self._numbers is None else [pa.array(self._numbers.array())]

    def whole(self) -> pa.ChunkedArray:
        """All rows."""
        return pa.chunked_array(self._done(), type=self._kind)


def _known(chunk: pa.Array) -> np.ndarray:
    return (chunk.drop_null() if chunk.null_count else chunk).to_numpy(zero_copy_only=False)


class _Parser:
    """Arrow's parser as a plan asks for it; for any thread."""

    def __init__(self, plan: Plan, types: list[pa.DataType]) -> None:
        keys = [str(number) for number in range(len(types))]
        self._keys, self._plan = keys, plan
        self._convert = pa_csv.ConvertOptions(
            column_types=dict(zip(keys, types, strict=True)),
            null_values=[""],
            strings_can_be_null=plan.look.quoting is not None,
            quoted_strings_can_be_null=False,
            decimal_point=plan.decimal,
        )

    def parse(self, piece: memoryview) -> _Piece:
        if piece[:3] == codecs.BOM_UTF8:  # Arrow takes it off, in the middle of a file too
            raise TooOddError
        odd: list[str] = []
        table = pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(piece)),
            # A piece is one block. Only the last may be longer: its blocks are shared out to Arrow's threads.
            read_options=pa_csv.ReadOptions(
                column_names=self._keys, block_size=_BLOCK, use_threads=len(piece) > _BLOCK
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=self._plan.delimiter,
                quote_char='"' if self._plan.look.quoting else False,
                invalid_row_handler=partial(_skip, odd) if self._plan.mends else None,
                ignore_empty_lines=self._plan.blank_lines,
            ),
            convert_options=self._convert,
        )
        return _Piece(len(piece), table, odd)


def _skip(odd: list[str], row: pa_csv.InvalidRow) -> str:
    if len(odd) >= _MOST_ODD_ROWS:
        return "error"
    odd.append(row.text.rstrip("\n"))
    return "skip"
