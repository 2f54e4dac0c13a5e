"""What a table would take is counted before any of it is made: refused in a sentence with the number."""

from __future__ import annotations

from analytics.tables.errors import LimitError
from analytics.tables.options import ReadOptions

NUMBER = 8
"""Bytes of a cell as a number, or as a reference to its text."""
ARISEN = 48
"""Bytes that a cell takes on its way which no byte of the file stands for, as in a row that ends early: it is
in the row, in the column, and in the column's array."""
COPIES = 3
"""Of a repeated text of a sheet: of the library that opens it, of Python, and in the column."""
LINE = 128
"""Bytes of a line on its way: its text, its list of cells, and its number."""
OBJECT = 64
"""Bytes of a nested value on its way to JSON text: an object of Python, and what is written of it."""
CELL = 128
"""Bytes of a cell that is looked at by itself: its text in its row and in its column, and what it is taken
for; 100,000 rows of 20 take 135 a cell."""
KEPT = 32
"""Bytes of a cell of a sheet that is made by a library and not read."""
ELEMENT = 448
"""Bytes of an element of a page or of a workbook's XML until it is a cell; three million take 1,375 MB."""
_ON_THE_WAY = 5
"""Times the limit of the table that reading it may take: a million rows of 20 numbers need 2,600 MB when they
are read one by one, and a server allows a table of 600."""


_SAID = {
    "table": "The table expands to {:,} rows of {:,} columns",
    "sheet": "The sheet spans {:,} rows and {:,} columns",
}


def check_table(rows: int, columns: int, options: ReadOptions, *, size: int, what: str = "table") -> None:
    """Raise ``TableError`` where ``size`` bytes are more than the options allow."""
    most, option = _limit(options)
    if size > most:
        raise LimitError(
            f"{_SAID[what].format(rows, columns)}, which fill {megabytes(size)}; the limit is "
            f"{megabytes(most)} ({option}): give fewer rows or columns."
        )


def check_span(rows: int, columns: int, options: ReadOptions, *, present: int) -> None:
    """The same for the rectangle around all cells of a sheet, of which so many may be there."""
    arisen = max(0, rows * columns - present)
    check_table(rows, columns, options, size=present * NUMBER + arisen * ARISEN, what="sheet")


def check_sheets(cells: int, largest: int, options: ReadOptions) -> None:
    """The same for the cells of all sheets, which a library keeps while one of them is read."""
    most, option = _limit(options)
    size = (cells - largest) * KEPT
    if size > most:
        raise LimitError(
            f"The workbook's sheets span {cells:,} cells, which fill {megabytes(size)} beside the sheet that "
            f"is read; the limit is {megabytes(most)} ({option}): give fewer sheets."
        )


def check_texts(
    size: int, options: ReadOptions, *, at_least: bool = False, what: str = "The file's texts"
) -> None:
    """The same for texts, which a small file may repeat; ``at_least`` where counting stopped there."""
    most, option = _limit(options)
    if size > most:
        more = "at least " if at_least else ""
        raise LimitError(
            f"{what} fill {more}{megabytes(size)}, each counted as often as it is repeated: the file expands "
            f"beyond {megabytes(most)} ({option}); give fewer rows."
        )


def _limit(options: ReadOptions) -> tuple[int, str]:
    names = ("max_table_bytes", "max_expanded_bytes")
    return min((getattr(options, name), name) for name in names)


def check_lines(lines: int, options: ReadOptions) -> None:
    """The same for lines that are looked at one by one."""
    most, option = _limit(options)
    if lines * LINE > most:
        raise LimitError(
            f"The file has {lines:,} lines that have to be read one by one, which fills "
            f"{megabytes(lines * LINE)}; the limit is {megabytes(most)} ({option}): give fewer lines, all of "
            "one form."
        )


def check_way(parts: int, size: int, options: ReadOptions, *, what: str) -> None:
    """The same for so many parts of ``size`` bytes each that are only there until the table is."""
    most, option = _limit(options)
    if parts * size > _ON_THE_WAY * most:
        raise LimitError(
            f"The file has {parts:,} {what}, which fill {megabytes(parts * size)} while they are read; the "
            f"limit is {megabytes(_ON_THE_WAY * most)} ({_ON_THE_WAY} times {option}): give fewer rows or "
            "columns."
        )


def check_unpacked(size: int, options: ReadOptions) -> None:
    """The same for text that has to be looked at part by part: unpacked it may be no longer than a file."""
    if size > options.max_bytes:
        raise LimitError(
            f"The file expands to {megabytes(size)} that have to be read one cell after the other; the limit "
            f"for that is {megabytes(options.max_bytes)} (max_bytes): give fewer rows, all of one form."
        )


def check_rows(rows: int, options: ReadOptions, *, at_least: bool = False) -> None:
    """Raise ``TableError`` for more rows than ``max_rows``; ``at_least`` where counting stopped there."""
    most = options.max_rows
    if rows > most:
        counted = f"more than {most:,}" if at_least else f"{rows:,}"
        raise LimitError(
            f"The file has {counted} rows; the limit is {most:,}: give fewer, or raise max_rows."
        )


def megabytes(size: int) -> str:
    """A number of bytes for people."""
    return f"{-(-size // 10**6):,} MB"
