"""What a sheet holds that its cells do not show: hidden rows and columns, formulas without a result."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from xml.parsers import expat

from analytics.tables.formats.document_check import times
from analytics.tables.formats.grid import Grid
from analytics.tables.formats.loaded import Loaded
from analytics.tables.formats.sheet_span import PLACE
from analytics.tables.formats.workbook_check import DAMAGE, sheet_part, xml_attributes
from analytics.tables.report import Decision, Repair
from analytics.words import count

_HIDDEN = re.compile(
    rb"""<(?:[\w.-]+:)?(row|col)\s([^>]{0,400}\bhidden\s*=\s*["'](?:1|true)["'][^>]{0,400})>"""
)
_NO_RESULT = re.compile(
    rb"""<(?:[\w.-]+:)?c\s([^>]{0,200})>\s*<(?:[\w.-]+:)?f\b(?:[^>]{0,400}/>|[^>]{0,400}>[^<]{0,9000}</[^>]{0,60}f>)"""
    rb"""\s*(<(?:[\w.-]+:)?v\s*/>|<(?:[\w.-]+:)?v\s*>\s*</[^>]{0,60}v>)?\s*</(?:[\w.-]+:)?c>"""
)
_WIDEST = 16_384
"""Columns of the widest sheet there is."""


Range = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of a range, each by its row and column from 0."""


def is_document(data: bytes) -> bool:
    """Whether a workbook is an open document (.ods)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "content.xml" in archive.namelist()
    except DAMAGE:
        return False


def merged_notes(rows: Sequence[int]) -> tuple[Repair, ...]:
    """What is told of cells merged downwards, which begin in these rows from 1 and were filled."""
    if not rows:
        return ()
    cells = "1 merged cell stands" if len(rows) == 1 else f"{len(rows):,} merged cells stand"
    return (Repair("merged cells", min(rows), f"{cells} for all rows that it covers, first here", len(rows)),)


def sheet_notes(data: bytes, sheet: str, grid: Grid) -> tuple[Repair, ...]:
    """What is told of a sheet of .xlsx or .ods whose cells are ``grid``; nothing of other workbooks."""
    if is_document(data):
        return _hidden_words(*_hidden_in_document(data, sheet, grid), grid)
    xml = _xml(data, sheet)
    return (*_hidden(xml, grid), *_without_result(xml))


def _xml(data: bytes, sheet: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = sheet_part(archive, sheet)
            return archive.read(part) if part else b""
    except DAMAGE:
        return b""


def _hidden(xml: bytes, grid: Grid) -> tuple[Repair, ...]:
    rows: set[int] = set()
    columns: dict[int, int] = {}
    for found in _HIDDEN.finditer(xml) if b"hidden" in xml else ():
        attributes = xml_attributes(found[2])
        if found[1] == b"row":
            rows.add(_number(attributes.get("r")))
        else:
            last = min(_number(attributes.get("max")), _WIDEST)
            _reach(columns, min(_number(attributes.get("min")), _WIDEST), last)
    return _hidden_words(rows, _members(columns), grid)


def _reach(ends: dict[int, int], first: int, last: int) -> None:
    """Keep one range, by its first number; of those that begin with it, the longest."""
    ends[first] = max(ends.get(first, last), last)


def _members(ends: dict[int, int]) -> set[int]:
    """All numbers of these ranges, each once: a small sheet may hide all columns a million times."""
    found: set[int] = set()
    reached = -1
    for first, last in sorted(ends.items()):
        found.update(range(max(first, reached + 1), last + 1))
        reached = max(reached, last)
    return found


def _hidden_in_document(data: bytes, sheet: str, grid: Grid) -> tuple[set[int], set[int]]:
    """Hidden rows and columns of an .ods sheet, from 1; a filter hides rows as well.

    Only as far as cells stand: one line of the file may hide a million rows, and the next another million.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    hidden: dict[str, dict[int, int]] = {"row": {}, "column": {}}
    ends = {"row": max(grid.numbers, default=0), "column": max(grid.places or (), default=0)}
    place = {"row": 0, "column": 0}
    here = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal here
        if name == "table:table":
            here = attributes.get("table:name") == sheet
            place.update(row=0, column=0)
        kind = name.removeprefix("table:table-")
        if here and kind in place:
            many = times(attributes.get(f"table:number-{kind}s-repeated"))
            if attributes.get("table:visibility", "visible") != "visible":
                first = min(place[kind], ends[kind]) + 1
                _reach(hidden[kind], first, min(place[kind] + many, ends[kind]))
            place[kind] += many

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)
    return _members(hidden["row"]), _members(hidden["column"])


def merged_in_document(data: bytes, sheet: str) -> list[Range]:
    """The merged ranges of an .ods sheet, of which the library does not tell, as those of other workbooks."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    found: list[Range] = []
    if b"-spanned" not in content:
        return found
    here, row, column, rows = False, 0, 0, 1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal here, row, column, rows
        if name == "table:table":
            here, row, column, rows = attributes.get("table:name") == sheet, 0, 0, 0
        elif here and name == "table:table-row":
            row, column = row + rows, 0
            rows = times(attributes.get("table:number-rows-repeated"))
        elif here and name in ("table:table-cell", "table:covered-table-cell"):
            down, across = (
                times(attributes.get(f"table:number-{kind}s-spanned")) for kind in ("row", "column")
            )
            if down > 1 or across > 1:
                found.append(((row, column), (row + down - 1, column + across - 1)))
            column += times(attributes.get("table:number-columns-repeated"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)
    return found


def hidden_sheets(names: Sequence[str]) -> tuple[Repair, ...]:
    """What is told of sheets that a spreadsheet program does not show."""
    if not names:
        return ()
    shown = ", ".join(map(repr, names[:5])) + (" and others" if len(names) > 5 else "")
    said = f"{count(len(names), 'sheet')} hidden in the workbook ({shown}), not read"
    return (Repair("hidden", None, said, len(names)),)


def _hidden_words(rows: set[int], columns: set[int], grid: Grid) -> tuple[Repair, ...]:
    shown = [number for number in grid.numbers if number in rows]
    places = [place for place in grid.places or () if place in columns]
    told = []
    if shown:
        said = f"{count(len(shown), 'row')} hidden in the sheet, first here; read like the others"
        told.append(Repair("hidden", shown[0], said, len(shown)))
    if places:
        said = f"{count(len(places), 'column')} hidden in the sheet ({_listed(places)}); read like the others"
        told.append(Repair("hidden", None, said, len(places)))
    return tuple(told)


def gaps(loaded: Loaded, grid: Grid) -> tuple[Repair, ...]:
    """What is told of rows of a sheet that lie within its table and hold nothing."""
    lines, filled = [] if loaded.lines is None else loaded.lines.tolist(), set(grid.numbers)
    rows = [row for one, next_ in pairwise(lines) for row in range(one + 1, next_) if row not in filled]
    if not rows:
        return ()
    said = f"{count(len(rows), 'empty row')} within the table left out, first here"
    return (Repair("empty row", rows[0], said, len(rows)),)


def _without_result(xml: bytes) -> tuple[Repair, ...]:
    """Formulas that no spreadsheet program has worked out, as libraries write them: their cells are empty."""
    places = []
    for found in _NO_RESULT.finditer(xml) if b"<f" in xml or b":f" in xml else ():
        if found[2] is not None and xml_attributes(found[1]).get("t") == "str":
            continue  # the result is the empty text
        place = PLACE.search(b" " + found[1])
        places.append(int(place[2]) if place else 0)
    if not places:
        return ()
    cells = "1 formula has" if len(places) == 1 else f"{len(places):,} formulas have"
    said = f"{cells} no stored result, taken as missing; open and save the file in a spreadsheet program"
    return (Repair("formula", min(places) or None, said, len(places)),)


def parted(grid: Grid) -> tuple[Decision, ...]:
    """Empty columns within the sheet, beside which further tables may stand."""
    gaps = [before + 1 for before, after in pairwise(grid.places or ()) if after > before + 1]
    if not gaps:
        return ()
    sides = "what stands on both sides of it was" if len(gaps) == 1 else "what stands between them was"
    return (Decision("columns", "", f"The sheet has an empty {_listed(gaps)}; {sides} read as one table."),)


def _listed(places: Sequence[int]) -> str:
    shown = ", ".join(f"{place:,}" for place in places[:5])
    return f"column {shown}{' and others' if len(places) > 5 else ''}"


def _number(given: str | None) -> int:
    digits = (given or "").strip()[:9]
    return int(digits) if digits.isascii() and digits.isdigit() else 0
