"""Workbooks in the XML that Excel 2003 writes (SpreadsheetML)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from analytics.tables.budget import ARISEN, ELEMENT, NUMBER, check_rows, check_table, check_way
from analytics.tables.errors import TableError
from analytics.tables.formats.grid import Grid, first_table, load_grid, sheet_decision
from analytics.tables.formats.loaded import Loaded
from analytics.tables.formats.sheet_cells import as_spans, cell_text
from analytics.tables.formats.shown_zeros.patterns import zeros_of
from analytics.tables.formats.shown_zeros.text_cells import as_shown
from analytics.tables.options import ReadOptions

_SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MOST_COLUMNS = 16_384
"""Columns of the widest sheet there is."""
_EPOCH = dt.datetime(1899, 12, 31)
"""A time of day or a length of time stands as so much after the last day of 1899."""
_Cell = tuple[Any, bool]
"""A text, a date or a length of time, and whether the workbook stores it as text."""


@dataclass(frozen=True)
class _Sheet:
    name: str
    element: Any


def read_sheet_xml(data: bytes, options: ReadOptions) -> Loaded:
    """One sheet: the one asked for by name or position, else the first with a value that is no cover.

    Raises:
        TableError: the XML is damaged or defines entities, no such sheet, nothing in it, a limit is passed.
    """
    root = _parse(data, options)
    formats = _zeros(root)
    sheets = [
        _Sheet(element.get(f"{_SPACE}Name") or "", element) for element in root.iter(f"{_SPACE}Worksheet")
    ]
    names = [sheet.name for sheet in sheets]
    grids = ((sheet, _grid(sheet.element, options)) for sheet in _asked(sheets, options))
    sheet, grid = first_table((sheet, grid) for sheet, grid in grids if grid is not None)
    grid, zeros = as_shown(grid, _shown_zeros(sheet.element, formats))
    loaded = load_grid(grid, options)
    decisions = (*sheet_decision(sheet.name, names, options), *loaded.decisions)
    return replace(loaded, format="spreadsheet xml", repairs=(*zeros, *loaded.repairs), decisions=decisions)


def _parse(data: bytes, options: ReadOptions) -> Any:
    from lxml import etree

    check_way(data.count(b"<") - data.count(b"</"), ELEMENT, options, what="tags")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise TableError(f"The workbook's XML is damaged: {problem}.") from problem
    if root.getroottree().docinfo.internalDTD is not None:
        raise TableError("The workbook's XML defines entities, which no table needs; save it as .xlsx.")
    return root


def _zeros(root: Any) -> dict[str, str]:
    """The name of a style to the leading zeros that its format shows."""
    formats: dict[str, str] = {}
    for style in root.iter(f"{_SPACE}Style"):
        form = next(style.iterchildren(f"{_SPACE}NumberFormat"), None)
        zeros = zeros_of(form.get(f"{_SPACE}Format") or "") if form is not None else ""
        formats |= {style.get(f"{_SPACE}ID"): zeros} if zeros else {}
    return formats


def _shown_zeros(sheet: Any, formats: dict[str, str]) -> dict[tuple[int, int], str]:
    """The zeros that show a cell by its row and column from 1; a cell has its own style, else its row's or
    its column's."""
    found: dict[tuple[int, int], str] = {}
    if not formats:
        return found
    columns: dict[int, str | None] = {}
    place = 0
    for column in sheet.iter(f"{_SPACE}Column"):
        place = _index(column, place + 1)
        more = min(_whole(column.get(f"{_SPACE}Span")), _MOST_COLUMNS)
        columns |= dict.fromkeys(range(place, place + more + 1), column.get(f"{_SPACE}StyleID"))
        place += more
    number = 0
    for row in sheet.iter(f"{_SPACE}Row"):
        number, place = _index(row, number + 1), 0
        for cell in row.iterchildren(f"{_SPACE}Cell"):
            place = _index(cell, place + 1)
            style = cell.get(f"{_SPACE}StyleID") or row.get(f"{_SPACE}StyleID") or columns.get(place)
            if style in formats:
                found[number, place] = formats[style]
            place += _whole(cell.get(f"{_SPACE}MergeAcross"))
    return found


def _asked(sheets: list[_Sheet], options: ReadOptions) -> list[_Sheet]:
    asked, names = options.sheet, [sheet.name for sheet in sheets]
    if asked is None:
        return sheets
    if isinstance(asked, int) and 0 <= asked < len(sheets):
        return [sheets[asked]]
    if asked not in names:
        raise TableError(f"There is no sheet {asked!r}; choose one of {', '.join(map(repr, names))}.")
    return [sheets[names.index(str(asked))]]


def _grid(sheet: Any, options: ReadOptions) -> Grid | None:
    rows: list[tuple[int, dict[int, _Cell]]] = []
    number = 0
    hanging: dict[int, tuple[_Cell, int]] = {}
    for row in sheet.iter(f"{_SPACE}Row"):
        number = _index(row, number + 1)
        hanging = {place: (cell, last) for place, (cell, last) in hanging.items() if number <= last}
        own = _cells(row, options)
        cells = {place: cell for place, (cell, _) in hanging.items()} | own
        hanging |= _merged_down(row, own, number)
        if own:
            rows.append((number, cells))
    used = sorted({place for _, cells in rows for place in cells})
    if not rows:
        return None
    check_rows(len(rows), options)
    present = sum(len(cells) for _, cells in rows)
    arisen = len(rows) * len(used) - present
    check_table(len(rows), len(used), options, size=present * NUMBER + arisen * ARISEN, what="sheet")
    blank = ("", False)
    flags = [[cells.get(place, blank)[1] for place in used] for _, cells in rows]
    columns = [as_spans([cells.get(place, blank)[0] for _, cells in rows]) for place in used]
    texts = [list(map(cell_text, row)) for row in zip(*columns, strict=True)]
    return Grid(texts, [number for number, _ in rows], flags, used)


def _merged_down(row: Any, cells: dict[int, _Cell], number: int) -> dict[int, tuple[_Cell, int]]:
    """Texts that stand for rows below too, by column, and the last of these rows."""
    found: dict[int, tuple[_Cell, int]] = {}
    place = 0
    for cell in row.iterchildren(f"{_SPACE}Cell"):
        place = _index(cell, place + 1)
        down = _whole(cell.get(f"{_SPACE}MergeDown"))
        if down and cells.get(place, ("", False))[1]:
            found[place] = (cells[place], number + down)
        place += _whole(cell.get(f"{_SPACE}MergeAcross"))
    return found


def _cells(row: Any, options: ReadOptions) -> dict[int, _Cell]:
    """Values by column, and whether the workbook stores them as text."""
    cells: dict[int, _Cell] = {}
    place = 0
    for cell in row.iterchildren(f"{_SPACE}Cell"):
        place = _index(cell, place + 1)
        if place > options.max_columns:
            raise TableError(f"A cell stands in column {place:,}; the limit is {options.max_columns:,}.")
        found = next(cell.iterchildren(f"{_SPACE}Data"), None)
        text = "" if found is None else "".join(found.itertext())
        across = _whole(cell.get(f"{_SPACE}MergeAcross"))
        if found is not None and text.strip():
            shown = _shown(text, found.get(f"{_SPACE}Type"))
            cells[place] = shown
            if shown[1] and place + across <= options.max_columns and across < _siblings(row):
                cells |= dict.fromkeys(range(place + 1, place + across + 1), shown)
        place += across
    return cells


def _siblings(row: Any) -> int:
    """A text merged over more cells than its row has others is a title, and stays in one."""
    return len(row)


def _shown(text: str, kind: str | None) -> _Cell:
    if kind == "Boolean":
        return ("true" if text.strip() == "1" else "false", False)
    if kind == "DateTime":
        return _moment(text.strip()), False
    if kind in ("Number", "Error"):
        return text.strip(), False
    return text, True


def _moment(text: str) -> str | dt.date | dt.timedelta:
    """A date, one with a time of day, or how long after the last day of 1899."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None and moment.year < 1900:
        return moment - _EPOCH
    return moment.date() if moment.time() == dt.time() else moment


def _index(element: Any, following: int) -> int:
    """Where a row or cell stands: behind the last one, unless it says otherwise."""
    return max(_whole(element.get(f"{_SPACE}Index")), following)


def _whole(given: str | None) -> int:
    digits = (given or "").strip()[:9]
    return int(digits) if digits.isascii() and digits.isdigit() else 0
