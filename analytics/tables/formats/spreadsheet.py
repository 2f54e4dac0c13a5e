"""Reading one sheet of a workbook (.xlsx, .xls, .xlsb, .ods): cells keep the types they have there."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat

from analytics.tables.containers import is_spreadsheet
from analytics.tables.errors import TableError
from analytics.tables.formats.grid import Grid, load_grid
from analytics.tables.formats.loaded import Loaded
from analytics.tables.options import ReadOptions
from analytics.tables.report import Decision

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of workbooks older than .xlsx."""

BYTES_PER_CELL = 32
DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, EOFError, LookupError, ValueError, RuntimeError
)  # fmt: skip
"""What the standard library raises for a broken archive or sheet."""

# Rows too, and numbers of any length: the library allocates whatever they say, and aborts where it cannot.
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]+)\s*["']""")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml|content\.xml")


def list_sheets(source: bytes | str | Path | BinaryIO) -> list[str]:
    """Names of a workbook's visible sheets in order; of all if none is visible; none for other files.

    Raises:
        TableError: the workbook is damaged or protected.
    """
    if isinstance(source, str | Path):
        source = Path(source).read_bytes()
    data = source if isinstance(source, bytes) else source.read()
    if not (data.startswith(OLE2) or (data.startswith(b"PK") and is_spreadsheet(data))):
        return []
    check_archive(data, ReadOptions())
    return _names(_open(data))


def read_spreadsheet(data: bytes, *, options: ReadOptions) -> Loaded:
    """One sheet as a frame: the one asked for by name or position, else the first that is not empty.

    Header, preamble and footer are found as in delimited text; the name of a merged header cell counts for
    all columns it covers. Text cells stay text, bar ISO dates; percentages are the fractions that are stored.

    Raises:
        TableError: not a workbook, no such sheet, nothing in it, or a limit is passed.
    """
    check_archive(data, options)
    book = _open(data)
    names = _names(book)
    sheet = _choose(book, names, options.sheet)
    if sheet is None:
        raise TableError("The workbook has no cell with a value.")
    loaded = load_grid(_grid(sheet, options), options)
    others = tuple(name for name in names if name != sheet.name)
    if not others:
        return loaded
    sentence = f"The sheet {sheet.name!r} was read, one of {len(names)}."
    decision = Decision("sheet", sheet.name, sentence, alternatives=others)
    return replace(loaded, decisions=(decision, *loaded.decisions))


def check_archive(data: bytes, options: ReadOptions) -> None:
    """Refuse workbooks whose parts expand too far, or whose few cells span an absurd rectangle."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > options.max_expanded_bytes:
                raise TableError(f"The workbook expands to {size:,} bytes, beyond max_expanded_bytes.")
            parts = [part for part in archive.namelist() if _SHEET_PART.fullmatch(part)]
            sheets = (archive.read(part) for part in parts)
            spans = [_span(_well_formed(sheet)) for sheet in sheets]
    except TableError:
        raise
    except DAMAGE as problem:
        raise TableError(f"The workbook is damaged: {problem}.") from problem
    for rows, columns in spans:
        if rows * columns * BYTES_PER_CELL > options.max_expanded_bytes:
            raise TableError(
                f"A sheet spans {rows:,} rows and {columns:,} columns, more than max_expanded_bytes allows."
            )


def _well_formed(sheet: bytes) -> bytes:
    """The sheet, if its XML is in order: calamine 0.9 waits forever for the end of an open element."""
    expat.ParserCreate().Parse(sheet, True)
    return sheet


def _span(sheet: bytes) -> tuple[int, int]:
    """The lowest row and the rightmost column that any cell of a sheet's XML names."""
    places = _PLACE.findall(sheet)
    if not places:
        return 0, 0
    columns = {letters.upper()[:8] for letters, _ in places}
    return max(int(row[:18]) for _, row in places), max(1, *(_column_number(letters) for letters in columns))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _open(data: bytes) -> Any:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
    except python_calamine.PasswordError as problem:
        raise TableError("The workbook is protected by a password; save it without one.") from problem
    except (python_calamine.CalamineError, OSError, ValueError) as problem:
        raise TableError(f"The workbook cannot be opened: {problem}.") from problem


def _names(book: Any) -> list[str]:
    visible = [
        sheet.name for sheet in book.sheets_metadata
        if str(sheet.typ).endswith("WorkSheet") and str(sheet.visible).endswith("Visible")
    ]  # fmt: skip
    return visible or list(book.sheet_names)


def _choose(book: Any, names: Sequence[str], asked: str | int | None) -> Any:
    if asked is None:
        sheets = (_sheet(book, name) for name in names)
        return next((sheet for sheet in sheets if sheet.height), None)
    if isinstance(asked, int) and 0 <= asked < len(names):
        asked = names[asked]
    if asked not in book.sheet_names:
        raise TableError(f"There is no sheet {asked!r}; choose one of {', '.join(map(repr, names))}.")
    sheet = _sheet(book, str(asked))
    return sheet if sheet.height else None


def _sheet(book: Any, name: str) -> Any:
    import python_calamine

    try:
        return book.get_sheet_by_name(name)
    except (python_calamine.CalamineError, ValueError) as problem:
        raise TableError(f"The sheet {name!r} cannot be read: {problem}.") from problem


def _grid(sheet: Any, options: ReadOptions) -> Grid:
    """The sheet's rows and columns that are not empty, with their row numbers from 1."""
    if sheet.height > options.max_rows or sheet.width > options.max_columns:
        size = f"{sheet.height:,} rows and {sheet.width:,} columns"
        raise TableError(
            f"The sheet has {size}; the limits are {options.max_rows:,} and {options.max_columns:,}."
        )
    top, left = sheet.start
    rows = sheet.to_python(skip_empty_area=True)
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or []:
        _fill(rows, first_row - top, first_column - left, last_row - top, last_column - left)
    used = [i for i in range(sheet.width) if any(row[i] != "" for row in rows)]
    kept = [(number, row) for number, row in enumerate(rows, top + 1) if any(cell != "" for cell in row)]
    if not kept:
        raise TableError("The sheet has no cell with a value.")
    values = [[row[i] for i in used] for _, row in kept]
    texts = [[cell_text(cell) for cell in row] for row in values]
    flags = [[isinstance(cell, str) and not cell.startswith("#") for cell in row] for row in values]
    return Grid(texts, [number for number, _ in kept], flags)


def _fill(rows: list[list[Any]], top: int, left: int, bottom: int, right: int) -> None:
    """A merged text stands for all cells it covers, unless it is a title over the whole table."""
    if not (0 <= top < len(rows) and isinstance(rows[top][left], str) and right > left):
        return
    if right - left + 1 >= len(rows[top]):
        return
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [rows[top][left]] * (min(right, len(row) - 1) - left + 1)


def cell_text(cell: Any) -> str:
    """A cell as text that reads back as what it is: whole floats without a point, dates as ISO."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return str(cell)
