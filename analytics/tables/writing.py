"""Writing frames so that they read back the same and no spreadsheet runs what is in them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.tables.cell_texts import arrow_column, cell_texts
from analytics.tables.columns import check_unique_names
from analytics.tables.errors import TableError

FORMULA_START = r"^[=+\-@\t\r]"
"""First characters by which spreadsheets take a text for a formula (OWASP, "CSV Injection")."""

ROWS_AT_ONCE = 1 << 16
_HEADER_NEEDS_QUOTES = re.compile(r'[",\r\n]|^\s|\s$|^$|^[\d.+-]')


@dataclass(frozen=True)
class Written:
    """What was written; ``defused`` text cells and names got an apostrophe in front."""

    rows: int
    columns: int
    defused: int = 0

    def sentence(self) -> str:
        """The same for people."""
        size = f"{self.rows:,} rows and {self.columns:,} columns written."
        if not self.defused:
            return size
        cells = "1 text cell that starts" if self.defused == 1 else f"{self.defused:,} text cells that start"
        return f"{size} {cells} like a spreadsheet formula got an apostrophe in front."


def write_csv(frame: pd.DataFrame, target: str | Path | BinaryIO, *, formula_safe: bool = True) -> Written:
    """Write UTF-8 with commas and LF; the index is not written.

    Text is always quoted, all else bare, and missing is bare and empty (``NA`` in a frame of one column): so
    ``read_table`` tells "007", "NA" and "" as texts from numbers and missing cells. Floats have the fewest
    digits that give the same number again. A frame of text only has one bare name in its header, as a mark.
    With ``formula_safe``, text cells and names that start like a formula get a leading apostrophe.

    Raises:
        TableError: the frame has no columns, two of one name, or text that is not valid Unicode.
    """
    frame = _with_text_names(frame)
    if not frame.shape[1]:
        raise TableError("The frame has no columns, so there is nothing to write.")
    columns = [cell_texts(frame.iloc[:, i]) for i in range(frame.shape[1])]
    names, defused = _defused(pa.array(frame.columns.tolist(), pa.large_string()), formula_safe)
    texts: list[pa.Array] = []
    for column in columns:
        cells, count = _defused(column.texts, formula_safe and column.quoted)
        texts.append(_quoted(cells) if column.quoted else cells)
        defused += count
    bare = _bare_name(names.to_pylist(), texts, all(column.quoted for column in columns))
    with _opened(target) as file:
        file.write(_header(names.to_pylist(), [column.quoted for column in columns], bare).encode())
        for start in range(0, len(frame), ROWS_AT_ONCE):
            file.write(_rows([column.slice(start, ROWS_AT_ONCE) for column in texts]))
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
    named = frame.set_axis([str(name) for name in frame.columns], axis=1)
    check_unique_names(named)
    return named


def _defused(texts: pa.Array, safe: bool) -> tuple[pa.Array, int]:
    if not safe:
        return texts, 0
    risky = pc.fill_null(pc.match_substring_regex(texts, FORMULA_START), False)
    count = pc.sum(risky).as_py() or 0
    if not count:
        return texts, 0
    marked = pc.binary_join_element_wise(pa.scalar("'", texts.type), texts, pa.scalar("", texts.type))
    return pc.if_else(risky, marked, texts), count


def _quoted(texts: pa.Array) -> pa.Array:
    mark, nothing = pa.scalar('"', texts.type), pa.scalar("", texts.type)
    return pc.binary_join_element_wise(mark, pc.replace_substring(texts, '"', '""'), mark, nothing)


def _bare_name(names: list[str], texts: list[pa.Array], only_text: bool) -> int | None:
    """In a frame of text only, the first column with a value and a name that may stand bare."""
    places = range(len(names)) if only_text else ()
    plain = [i for i in places if not _HEADER_NEEDS_QUOTES.search(names[i])]
    return next((i for i in plain if texts[i].null_count < len(texts[i])), next(iter(plain), None))


def _header(names: list[str], quoted: list[bool], bare: int | None) -> str:
    cells = [
        '"' + name.replace('"', '""') + '"'
        if (quoted[i] and i != bare) or _HEADER_NEEDS_QUOTES.search(name)
        else name
        for i, name in enumerate(names)
    ]
    return ",".join(cells) + "\n"


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
    else:
        yield target
