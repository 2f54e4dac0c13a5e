"""Headers with fewer names than records have cells: which cells have no name, or which make one number."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analytics.tables.options import ReadOptions
from analytics.tables.records.cell_kinds import group_of
from analytics.tables.records.grammar import Dialect
from analytics.tables.records.head.inner_commas import are_thousands, joined, number_commas, text_commas
from analytics.tables.records.head.naming import column_names
from analytics.tables.records.layout import Layout
from analytics.tables.records.records import Records
from analytics.tables.report import Alternative, Doubt
from analytics.words import count

_SHOWN = 3
"""Records shown with a question."""


@dataclass(frozen=True)
class ShortHeader:
    """``names`` above records of ``width`` cells (rows of values), and which cell is taken to have none."""

    names: list[str]
    rows: list[list[str]]
    width: int
    line: int
    first: bool
    dialect: Dialect

    @property
    def lacking(self) -> int:
        """How many names there are too few."""
        return self.width - len(self.names)

    @property
    def is_plain(self) -> bool:
        """Whether the first cells are row names beyond doubt, as R writes them: quoted or counted, and no
        number is cut by a comma."""
        if not self.first or self.commas():
            return False
        texts = [row[0] for row in self.rows]
        counted = texts == [str(number) for number in range(1, len(texts) + 1)]
        words = all(group_of(text) == "other" for text in texts)
        return counted or (words and self.dialect.delimiter in "\t " and len(self.names) > 1)

    def commas(self) -> list[tuple[int, ...]]:
        """The ways to choose as many cells as names are lacking, from 1, that a comma within a number parted
        from the cell before."""
        return number_commas(self.rows, self.lacking) if self.dialect.delimiter == "," else []


def shifted(
    headers: list[list[str]], rows: list[list[str]], width: int, options: ReadOptions
) -> list[list[str]]:
    """The header with "" above row names: R writes none there, the header is one short and they differ.

    Where most lines begin with a bare number and end in a delimiter, it is the last column's that lacks.
    """
    if len(headers) != 1 or len(headers[0]) != width - 1 or options.unnamed == "last":
        return headers
    if options.unnamed == "first":
        return [["", *headers[0]]]
    if not len({row[0] for row in rows}) == len(rows) > 1:
        return headers
    ended = sum(not row[-1].strip() and group_of(row[0]) == "number" for row in rows)
    return headers if 2 * ended >= len(rows) else [["", *headers[0]]]


def with_joined_cells(
    records: Records, layout: Layout, options: ReadOptions
) -> tuple[Records, Layout, tuple[Doubt, ...]]:
    """The records with the cells put together that ``comma_cells`` ask for, and so many columns fewer.

    Where nothing is asked, texts that a comma and a blank cut, below a header with a name for each, are put
    together too, with a doubt.
    """
    doubts: tuple[Doubt, ...] = ()
    places = [place for place in options.comma_cells or () if 1 < place <= layout.width]
    if options.comma_cells is None and options.unnamed is None and not options.as_text:
        places, doubts = _cut_texts(records, layout)
    if not places:
        return records, layout, ()
    rows = list(records.rows)
    for i in range(layout.body, layout.end):
        if len(rows[i]) == layout.width:
            rows[i] = joined(rows[i], places)
    width = layout.width - len(places)
    return replace(records, rows=rows, _known={}), replace(layout, width=width), doubts


def _cut_texts(records: Records, layout: Layout) -> tuple[list[int], tuple[Doubt, ...]]:
    """The cells that complete a text, and whether they do."""
    names = records.rows[layout.header] if layout.header_rows == 1 else []
    lacking = layout.width - len(names)
    if records.dialect.delimiter != "," or not all(names) or not 0 < lacking < len(names):
        return [], ()
    full = [i for i in range(layout.body, layout.end) if len(records.rows[i]) == layout.width]
    places = text_commas([records.rows[i] for i in full], lacking) if full else ()
    if not places:
        return [], ()
    cells = [joined(records.rows[i], places)[places[0] - 2] for i in full[:_SHOWN]]
    name, line = names[places[0] - 2].strip(), records.lines[layout.header]
    lines = ", ".join(f"{records.lines[i]:,}" for i in full[:_SHOWN]) + (
        ", ..." if len(full) > _SHOWN else ""
    )
    evidence = (
        f"Line {line:,} has {count(len(names), 'name')}, lines {lines} have {layout.width:,} cells each; "
        f"behind {'one comma' if lacking == 1 else f'{lacking} commas'} of each stands a blank."
    )
    whole = tuple((cell, cell) for cell in cells)
    parted = tuple((cell, " and ".join(part.strip() for part in cell.split(",", 1))) for cell in cells)
    taken = Alternative("One value with a comma in it", (("comma_cells", places),), whole)
    others = [Alternative("Two values, the last cell has no name", (("unnamed", "last"),), parted)]
    if lacking == 1:
        others.append(
            Alternative("Two values, the first cells are row names", (("unnamed", "first"),), parted)
        )
    return list(places), (Doubt(f"Is {cells[0]!r} one value of {name}?", evidence, taken, tuple(others)),)


def short_header_doubts(
    records: Records, layout: Layout, headers: list[list[str]], options: ReadOptions, *, first: bool
) -> tuple[Doubt, ...]:
    """Which cells have no name where names are lacking; ``first``: the first is taken to have none."""
    asked = options.unnamed is not None or options.comma_cells is not None
    if asked or options.as_text or len(headers) != 1:
        return ()
    rows = [row.values for row in records.sampled(layout.body, layout.end, layout.width)]
    names, line = headers[0], records.lines[layout.header]
    short = ShortHeader(names, rows, layout.width, line, first, records.dialect)
    if not all(names) or not 0 < short.lacking < layout.width or not rows or short.is_plain:
        return ()
    if not any(row[-1].strip() for row in rows):  # delimiters at the end, which are told
        return ()
    doubt = _doubt(short, records, layout)
    return (doubt,) if doubt.alternatives else ()


def _doubt(short: ShortHeader, records: Records, layout: Layout) -> Doubt:
    names, lacking, mark = short.names, short.lacking, short.dialect.delimiter
    places = [i for i in range(layout.body, layout.end) if len(records.rows[i]) == short.width][:_SHOWN]
    rows = [records.row(i).values for i in places]
    ending = "The last cells have no name" if lacking > 1 else "The last cell has no name"
    left = [_reading(ending, (("unnamed", "last"),), [*names, *[""] * lacking], rows, mark)]
    if lacking == 1:
        left.append(
            _reading("The first cells are row names", (("unnamed", "first"),), ["", *names], rows, mark)
        )
    taken = left.pop(int(short.first))
    lines = ", ".join(f"{records.lines[i]:,}" for i in places)
    named = count(len(names), "name")
    have = (
        f"line {lines} has {short.width:,} cells"
        if len(places) == 1
        else f"lines {lines} have {short.width:,} cells each"
    )
    evidence = f"Line {short.line:,} has {named}, {have}."
    left += [one for way in short.commas() for one in _comma_readings(short, way, rows)]
    return Doubt("Which cells of the records have no name?", evidence, taken, tuple(left))


def _comma_readings(short: ShortHeader, way: tuple[int, ...], rows: list[list[str]]) -> list[Alternative]:
    """The records with these cells put together, as decimals and, where they may be, as thousands."""
    together = [joined(row, way) for row in rows]
    of = ", ".join(dict.fromkeys(short.names[place - 2 - before] for before, place in enumerate(way)))
    marks = []
    if not any("." in row[place - 1] or place - 1 in way for row in short.rows for place in way):
        marks.append((",", ".", f"All have names: a comma in {of} is the decimal mark"))
    if are_thousands(short.rows, way):
        marks.append((".", "", f"All have names: a comma in {of} parts thousands"))
    made = []
    for decimal, shown, label in marks:
        texts = [[cell.replace(",", shown) for cell in row] for row in together]
        changes = (("delimiter", ","), ("comma_cells", way), ("decimal", decimal))
        made.append(_reading(label, changes, short.names, rows, ",", texts))
    return made


def _reading(
    label: str,
    changes: tuple[tuple[str, object], ...],
    names: list[str],
    rows: list[list[str]],
    mark: str,
    values: list[list[str]] | None = None,
) -> Alternative:
    """What stands under which name in each of the rows shown."""
    full, _ = column_names([names], width=len(names), line=None)
    shown = [
        (mark.join(row), ", ".join(f"{name} = {value}" for name, value in zip(full, own, strict=True)))
        for row, own in zip(rows, values or rows, strict=True)
    ]
    return Alternative(label, changes, tuple(shown))
