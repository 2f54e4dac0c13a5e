"""Reading one sheet of a workbook (.xlsx, .xls, .xlsb, .ods): cells keep the types they have there."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from analytics.tables.budget import check_span
from analytics.tables.errors import TableError
from analytics.tables.formats.grid import Grid, first_table, load_grid, sheet_decision
from analytics.tables.formats.kinds import is_workbook
from analytics.tables.formats.loaded import Loaded
from analytics.tables.formats.sheet_cells import as_spans, cell_text
from analytics.tables.formats.sheet_notes import (
    gaps,
    hidden_sheets,
    is_document,
    merged_in_document,
    merged_notes,
    parted,
    sheet_notes,
)
from analytics.tables.formats.shown_zeros.dispatch import shown_zeros
from analytics.tables.formats.shown_zeros.text_cells import as_shown
from analytics.tables.formats.workbook_check import checked_workbook, damaged_workbook, find_errors
from analytics.tables.options import ReadOptions
from analytics.tables.report import Repair

_Repairs = tuple[Repair, ...]


def sheet_names(data: bytes) -> list[str]:
    """Names of a workbook's visible sheets in order; of all if none is visible; none for other files.

    Raises:
        TableError: the workbook is damaged or protected.
    """
    if not is_workbook(data):
        return []
    return _names(_open(checked_workbook(data, ReadOptions())))


def read_spreadsheet(data: bytes, *, options: ReadOptions) -> Loaded:
    """One sheet as a frame: the one asked for by name or position, else the first that is neither empty nor
    a cover of a few words.

    Header, preamble and footer are found as in delimited text; the name of a merged header cell counts for
    all columns it covers. Text cells stay text, bar ISO dates; percentages are the fractions that are stored;
    numbers that a format shows with leading zeros (01067) are the text that is shown.

    Raises:
        TableError: not a workbook, no such sheet, nothing in it, or a limit is passed.
    """
    data = checked_workbook(data, options)
    book = _open(data)
    names = _names(book)
    (name, filled), grid = first_table(_grids(book, names, options, data))
    grid, zeros = as_shown(grid, shown_zeros(data, name))
    loaded = load_grid(grid, options)
    told = (
        *_error_cells(data, name),
        *sheet_notes(data, name, grid),
        *filled,
        *zeros,
        *gaps(loaded, grid),
    )
    told += hidden_sheets([other for other in _sheets(book) if other not in names and other != name])
    decisions = (*sheet_decision(name, names, options), *parted(grid), *loaded.decisions)
    return replace(loaded, repairs=(*told, *loaded.repairs), decisions=decisions)


def _error_cells(data: bytes, sheet: str) -> tuple[Repair, ...]:
    found = find_errors(data, sheet)
    if not found.count:
        return ()
    words = ", ".join(word for word, _ in found.words.most_common(5))
    cells = "1 cell holds an error" if found.count == 1 else f"{found.count:,} cells hold errors"
    return (Repair("error cell", found.row, f"{cells} ({words}), taken as missing", found.count),)


def _open(data: bytes) -> Any:
    import python_calamine

    with _panics_told():
        try:
            return python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        except python_calamine.PasswordError as problem:
            raise TableError("The workbook is protected by a password; save it without one.") from problem
        except (python_calamine.CalamineError, OSError, ValueError) as problem:
            raise damaged_workbook(problem) from problem


@contextmanager
def _panics_told() -> Iterator[None]:
    """What the library's own language raises at damage is no ``Exception`` and would end the process."""
    try:
        yield
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":
            raise
        raise TableError("The workbook is damaged; save it again with a spreadsheet program.") from problem


def _names(book: Any) -> list[str]:
    return _sheets(book, "Visible") or list(book.sheet_names)


def _sheets(book: Any, visible: str = "") -> list[str]:
    """The sheets that hold cells; of all, or of those that are visible."""
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if str(sheet.typ).endswith("WorkSheet") and str(sheet.visible).split(".")[-1].startswith(visible)
    ]


def _grids(
    book: Any, names: Sequence[str], options: ReadOptions, data: bytes
) -> Iterator[tuple[tuple[str, _Repairs], Grid]]:
    """The sheet asked for or, one after the other, all that have a value: name, what was filled in, cells."""
    asked = options.sheet
    if isinstance(asked, int) and 0 <= asked < len(names):
        asked = names[asked]
    if asked is not None and asked not in book.sheet_names:
        raise TableError(f"There is no sheet {asked!r}; choose one of {', '.join(map(repr, names))}.")
    for name in names if asked is None else [str(asked)]:
        sheet = _sheet(book, name)
        found = _grid(sheet, options, document=data if is_document(data) else None) if sheet.height else None
        if found is not None:
            grid, filled = found
            yield (name, filled), grid


def _sheet(book: Any, name: str) -> Any:
    import python_calamine

    with _panics_told():
        try:
            return book.get_sheet_by_name(name)
        except (python_calamine.CalamineError, OSError, ValueError) as problem:
            reason = str(problem).rstrip(".")
            said = f" ({reason})" if reason != name else ""  # the library names a sheet whose part is missing
            raise TableError(
                f"The sheet {name!r} is damaged or missing{said}: choose another, or open the workbook in a "
                "spreadsheet program and save it anew."
            ) from problem


def _grid(sheet: Any, options: ReadOptions, *, document: bytes | None) -> tuple[Grid, _Repairs] | None:
    """The sheet's rows and columns that are not empty, with their row numbers from 1, and what was
    filled in; ``document`` are the bytes of an open document."""
    if sheet.height > options.max_rows or sheet.width > options.max_columns:
        size = f"{sheet.height:,} rows and {sheet.width:,} columns"
        raise TableError(
            f"The sheet has {size}; the limits are {options.max_rows:,} and {options.max_columns:,}."
        )
    check_span(sheet.height, sheet.width, options, present=sheet.height * sheet.width)
    top, left = sheet.start
    rows = _values(sheet)
    with _panics_told():
        merged = sheet.merged_cell_ranges or []
    if document is not None:
        merged = merged or merged_in_document(document, sheet.name)
    _check_merged(merged, sheet)
    heads = _head_rows(rows, [(first[0] - top, last[1] > first[1]) for first, last in merged])
    down = []
    for (first_row, first_column), (last_row, last_column) in merged:
        end = first_row if first_row - top in heads else last_row
        if _fill(rows, first_row - top, first_column - left, end - top, last_column - left):
            down.append(first_row + 1)
    used = [i for i in range(sheet.width) if any(_has_value(row[i]) for row in rows)]
    kept = [(number, row) for number, row in enumerate(rows, top + 1) if any(map(_has_value, row))]
    if not kept:
        return None
    columns = [as_spans([row[i] for _, row in kept], written=document is not None) for i in used]
    values = [list(row) for row in zip(*columns, strict=True)]
    texts = [[cell_text(cell) for cell in row] for row in values]
    flags = [[isinstance(cell, str) and not cell.startswith("#") for cell in row] for row in values]
    grid = Grid(texts, [number for number, _ in kept], flags, [left + i + 1 for i in used])
    return grid, merged_notes(down)


def _values(sheet: Any) -> list[list[Any]]:
    with _panics_told():
        try:
            return sheet.to_python(skip_empty_area=True)
        except (ArithmeticError, ValueError) as problem:  # a number of days beyond what Python has room for
            raise TableError(
                f"A cell of the sheet {sheet.name!r} has the format of a date or a length of time and holds "
                "a number that is none; change its format there."
            ) from problem


def _check_merged(ranges: Sequence[Any], sheet: Any) -> None:
    """Ranges that overlap are no work of a spreadsheet, and each is filled."""
    top, left = sheet.start
    covered = sum(
        max(0, min(last_row - top, sheet.height - 1) - max(first_row - top, 0) + 1)
        * max(0, min(last - left, sheet.width - 1) - max(first - left, 0) + 1)
        for (first_row, first), (last_row, last) in ranges
    )
    if covered > sheet.height * sheet.width:
        raise TableError(
            f"The sheet's merged ranges cover {covered:,} cells, more than all of its "
            f"{sheet.height * sheet.width:,}; save it again with a spreadsheet program."
        )


def _has_value(cell: Any) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _head_rows(rows: list[list[Any]], merged: list[tuple[int, bool]]) -> set[int]:
    """Rows in which a cell merged downwards names a column and groups no rows: the first row of several
    cells, and those in which others are merged across; ``merged``: row, and whether across."""
    first = next((i for i, row in enumerate(rows) if sum(map(_has_value, row)) > 1), 0)
    return {first, *(row for row, across in merged if across)}


def _fill(rows: list[list[Any]], top: int, left: int, bottom: int, right: int) -> bool:
    """A merged text stands for all cells it covers; a title over the whole table stays alone.

    Numbers and dates are repeated down the first column only, where they group rows: amounts would be
    counted twice. Returns whether rows below the first were filled.
    """
    if not (0 <= top < len(rows) and 0 <= left < len(rows[top])) or right - left + 1 >= len(rows[top]):
        return False
    value = rows[top][left]
    groups = left == right == 0 and not isinstance(value, bool)
    if not _has_value(value) or not (isinstance(value, str) or groups):
        return False
    width = min(right, len(rows[top]) - 1) - left + 1
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [value] * width
    return min(bottom, len(rows) - 1) > top
