"""The tables of an HTML text as grids of cell texts; spans are filled, nothing is fetched or expanded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.tables.budget import ARISEN, ELEMENT, NUMBER, check_rows, check_table, check_way
from analytics.tables.errors import TableError
from analytics.tables.formats.grid import Grid
from analytics.tables.formats.web.shown import keep_shown, taken_notes
from analytics.tables.formats.web.tags import check_tags
from analytics.tables.options import ReadOptions
from analytics.tables.report import Repair

_OFTEN = 1_000_000
"""Cells after which what they fill is looked at again."""
_WIDEST, _LONGEST = 1000, 65_534
"""Spans beyond these are cut, as the HTML standard says."""
_MOST_TABLES = 2000


@dataclass(frozen=True)
class HtmlTable:
    """One table: its cells, what it is called, and where rows of header cells begin and how many they are."""

    grid: Grid
    title: str
    header: tuple[int, int] | None
    filled: int
    notes: tuple[Repair, ...] = ()
    """What was taken out of it."""


@dataclass
class _Row:
    line: int
    cells: list[tuple[str, int, int]]
    heads: int


def html_tables(text: str, options: ReadOptions) -> list[HtmlTable]:
    """Every table with a cell in it, in the order of the page.

    Raises:
        TableError: a limit is passed.
    """
    from lxml import etree

    text = text.replace("\x00", "")
    check_way(text.count("<") - text.count("</"), ELEMENT, options, what="tags")
    check_tags(text)
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        recover=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise TableError(f"The web page cannot be read: {problem}.") from problem
    if root is None:
        return []
    etree.strip_elements(root, "script", "style", with_tail=False)
    for end in root.iter("br", "p", "div", "li"):
        end.tail = " " + (end.tail or "")
    taken = keep_shown(root)
    rows: dict[Any, list[_Row]] = {}
    for row in root.iter("tr"):
        table = next(row.iterancestors("table"), None)
        if table is not None and (len(rows) < _MOST_TABLES or table in rows):
            rows.setdefault(table, []).append(_row(row))
    made = [_table(table, own, taken_notes(taken[table]), options) for table, own in rows.items()]
    return [table for table in made if table is not None]


def _row(row: Any) -> _Row:
    cells, heads = [], 0
    for cell in row.iterchildren("td", "th"):
        text = " ".join("".join(cell.itertext()).split())
        cells.append((text, _span(cell.get("colspan"), _WIDEST), _span(cell.get("rowspan"), _LONGEST)))
        heads += cell.tag == "th"
    return _Row(int(row.sourceline or 0), cells, heads)


def _span(given: str | None, most: int) -> int:
    digits = (given or "").strip()[:9]
    return min(most, max(1, int(digits))) if digits.isascii() and digits.isdigit() else 1


def _table(table: Any, rows: list[_Row], notes: tuple[Repair, ...], options: ReadOptions) -> HtmlTable | None:
    rows = [row for row in rows if row.cells]
    if not rows:
        return None
    check_rows(len(rows), options)
    spread = _spread(rows, options)
    wide = max(map(len, spread))
    _check_size(len(rows), wide, rows, options)
    grid = [[*cells, *[""] * (wide - len(cells))] for cells in spread]
    used = [i for i in range(wide) if any(row[i] for row in grid)]
    kept = [i for i, row in enumerate(grid) if any(row)]
    if not used:
        return None
    texts = [[grid[i][j] for j in used] for i in kept]
    lines = [rows[i].line or i + 1 for i in kept]
    filled = sum(1 for row in texts for cell in row if cell)
    header = _header([rows[i] for i in kept])
    return HtmlTable(Grid(texts, lines), _title(table, texts), header, filled, notes)


def _check_size(count: int, columns: int, rows: list[_Row], options: ReadOptions) -> None:
    present = sum(len(row.cells) for row in rows)
    arisen = max(0, count * columns - present)
    check_table(count, columns, options, size=present * NUMBER + arisen * ARISEN)


def _spread(rows: list[_Row], options: ReadOptions) -> list[list[str]]:
    """Rows with spans filled in: a merged cell's text stands for all cells that it covers."""
    widest = max(sum(across for _, across, _ in row.cells) for row in rows)
    hanging: dict[int, tuple[str, int]] = {}
    spread, size, checked = [], 0, 0
    names_groups = True
    for row in rows:
        cells: list[str] = []
        # At the top, names of groups are merged across; a cell merged down beside them names one column, once
        names_groups = names_groups and any(across > 1 for _, across, _ in row.cells)
        for text, across, down in row.cells:
            cells += _taken(hanging, len(cells))
            # A cell over the whole width is a title, and stays one cell.
            title = across >= widest > 1 and len(row.cells) == 1
            for _ in range(across):
                if down > 1:
                    hanging[len(cells)] = ("" if names_groups and across == 1 else text, down - 1)
                cells.append("" if title and cells else text)
        cells += _taken(hanging, len(cells))
        if len(cells) > options.max_columns:
            raise TableError(
                f"The table's merged cells span more than the {options.max_columns:,} columns of max_columns."
            )
        spread.append(cells)
        size += len(cells)
        if size > checked + _OFTEN:
            _check_size(size // len(cells), len(cells), rows, options)
            checked = size
    return spread


def _taken(hanging: dict[int, tuple[str, int]], place: int) -> list[str]:
    """Texts of cells from above that hang down into this place and those behind it."""
    texts = []
    while place in hanging:
        text, left = hanging.pop(place)
        if left > 1:
            hanging[place] = (text, left - 1)
        texts.append(text)
        place += 1
    return texts


def _header(rows: list[_Row]) -> tuple[int, int] | None:
    """The first rows of nothing but header cells, if others follow."""
    only = [row.heads == len(row.cells) and len(row.cells) > 1 for row in rows]
    if True not in only:
        return None
    first = only.index(True)
    count = next((i for i, flag in enumerate(only[first:]) if not flag), None)
    return (first, count) if count else None


def _title(table: Any, texts: list[list[str]]) -> str:
    caption = next(table.iterchildren("caption"), None)
    named = " ".join("".join(caption.itertext()).split()) if caption is not None else ""
    named = named or ", ".join(cell for cell in texts[0] if cell)
    return f"{named[:60]!r}, {len(texts):,} x {len(texts[0]):,}"
