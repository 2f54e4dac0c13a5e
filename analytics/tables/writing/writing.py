"""Writing frames so that they read back the same and no spreadsheet runs what is in them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.arguments import require_frame
from analytics.tables.arrow_columns import arrow_column
from analytics.tables.columns import check_unique_names
from analytics.tables.errors import TableError
from analytics.tables.writing.cell_texts import CellTexts, cell_texts
from analytics.tables.writing.defusing import NAME_NEEDS_QUOTES, defuse
from analytics.words import count

_ROWS_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class Written:
    """What was written; ``defused`` text cells and names got an apostrophe in front."""

    rows: int
    columns: int
    defused: int = 0

    def sentence(self) -> str:
        """The same for people."""
        size = f"{count(self.rows, 'row')} and {count(self.columns, 'column')} written."
        if not self.defused:
            return size
        cells = count(self.defused, "text cell that starts", "text cells that start")
        return (
            f"{size} {cells} like a spreadsheet formula got an apostrophe in front; no line end follows the "
            "last line, by which Zetascope knows such a file and takes the apostrophes off again."
        )


def write_csv(frame: pd.DataFrame, target: str | Path | BinaryIO, *, formula_safe: bool = True) -> Written:
    """Write UTF-8 with commas and LF; the index is not written.

    Text is always quoted, all else bare, and missing is bare and empty (``NA`` in a frame of one column, and
    first in a row without any value if no name is quoted): so ``read_table`` tells "007", "NA" and
    "" as texts from numbers and missing cells. Floats have the fewest digits that give the same number again.
    A frame of text only has one bare name in its header, as a mark.
    With ``formula_safe``, text cells and names that start like a formula get a leading apostrophe, and the
    last line has no line end, as the mark by which ``read_table`` takes the apostrophes off again.

    Raises:
        TableError: the frame has no columns, two of one name, or text that is not valid Unicode.
    """
    frame = _with_text_names(frame)
    if not frame.shape[1]:
        raise TableError("The frame has no columns, so there is nothing to write.")
    cells = [cell_texts(frame.iloc[:, i]) for i in range(frame.shape[1])]
    names = pa.array(frame.columns.tolist(), pa.large_string())
    names, defused = defuse(names) if formula_safe else (names, 0)
    cells[0] = _with_marks(cells)
    columns: list[pa.Array] = []
    for column in cells:
        texts, count = defuse(column.texts) if formula_safe and column.quoted else (column.texts, 0)
        columns.append(_quoted(texts) if column.quoted else texts)
        defused += count
    header = _header(names.to_pylist(), columns, [column.quoted for column in cells])
    with _opened(target) as file:
        file.write(header.encode() if len(frame) or not defused else header.encode()[:-1])
        for start in range(0, len(frame), _ROWS_AT_ONCE):
            rows = _rows([column.slice(start, _ROWS_AT_ONCE) for column in columns])
            file.write(rows[:-1] if defused and start + _ROWS_AT_ONCE >= len(frame) else rows)
    return Written(len(frame), len(columns), defused)


def write_parquet(frame: pd.DataFrame, target: str | Path | BinaryIO) -> Written:
    """Write Parquet without the index; dtypes it lacks (spans, complex, mixed objects) become text."""
    frame = _with_text_names(frame)
    columns = [arrow_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    table = pa.table(columns, names=frame.columns.tolist())
    with _opened(target) as file:
        pq.write_table(table, file)
    return Written(len(frame), frame.shape[1])


def _with_text_names(frame: pd.DataFrame) -> pd.DataFrame:
    """The same columns under ``str`` of their names, which must differ."""
    require_frame(frame, error=TableError)
    named = frame.set_axis([str(name) for name in frame.columns], axis=1)
    check_unique_names(named)
    return named


def _with_marks(cells: list[CellTexts]) -> CellTexts:
    """The first column with "NA" in rows that have no value: of delimiters alone a reader makes no row at the
    end of a file, unless a name is quoted, as those of texts and of nothing are."""
    first = cells[0]
    named = any(column.quoted or column.texts.null_count == len(column.texts) for column in cells)
    if named or len(cells) < 2 or not all(column.texts.null_count for column in cells):
        return first
    empty = reduce(pc.and_, [column.texts.is_null() for column in cells])
    return replace(first, texts=pc.if_else(empty, pa.scalar("NA", first.texts.type), first.texts))


def _quoted(texts: pa.Array) -> pa.Array:
    mark, nothing = pa.scalar('"', texts.type), pa.scalar("", texts.type)
    return pc.binary_join_element_wise(mark, pc.replace_substring(texts, '"', '""'), mark, nothing)


def _header(names: list[str], columns: list[pa.Array], text: list[bool]) -> str:
    """Names of text and of nothing in quotes, bar the one that marks a frame of text only."""
    quoted = [text[i] or column.null_count == len(column) > 0 for i, column in enumerate(columns)]
    bare = _bare_name(names, columns) if all(quoted) else None
    cells = [
        '"' + name.replace('"', '""') + '"'
        if (quoted[i] and i != bare) or NAME_NEEDS_QUOTES.search(name)
        else name
        for i, name in enumerate(names)
    ]
    return ",".join(cells) + "\n"


def _bare_name(names: list[str], columns: list[pa.Array]) -> int | None:
    """The first column with a value and a name that may stand bare; a lone column of nothing is quoted."""
    plain = [i for i, name in enumerate(names) if not NAME_NEEDS_QUOTES.search(name)]
    filled = [i for i in plain if columns[i].null_count < len(columns[i])]
    return next(iter(filled or (plain if len(names) > 1 or not len(columns[0]) else [])), None)


def _rows(columns: list[pa.Array]) -> bytes:
    """The lines of these rows, made by Arrow as one array of strings whose bytes lie end to end."""
    kind = pa.large_string()
    missing = "NA" if len(columns) == 1 else ""
    filled = [pc.fill_null(column, missing) for column in columns]
    lines = pc.binary_join_element_wise(*filled, pa.scalar(",", kind))
    ended = pc.binary_join_element_wise(lines, pa.scalar("\n", kind), pa.scalar("", kind))
    return ended.buffers()[2].to_pybytes()


@contextlib.contextmanager
def _opened(target: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(target, str | Path):
        try:
            with Path(target).open("wb") as file:
                yield file
        except OSError as problem:
            raise TableError(f"{str(target)!r} cannot be written: {problem.strerror}.") from problem
    elif not hasattr(target, "write"):
        raise TableError(f"A {type(target).__name__} cannot be written to: give a path or a binary file.")
    else:
        yield target
