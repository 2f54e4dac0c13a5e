"""Numbers that a format shows with leading zeros as the texts that are shown."""

from __future__ import annotations

from dataclasses import replace

from analytics.tables.formats.grid import Grid
from analytics.tables.formats.shown_zeros.patterns import begins_with_zero, with_zeros
from analytics.tables.report import Repair


def as_shown(grid: Grid, formats: dict[tuple[int, int], str]) -> tuple[Grid, tuple[Repair, ...]]:
    """The grid with the leading zeros that formats show, in columns where some cell has such, as text."""
    if not formats or grid.text_cells is None or grid.places is None:
        return grid, ()
    texts, flags = [list(row) for row in grid.texts], [list(row) for row in grid.text_cells]
    repairs = []
    for i, column in enumerate(grid.places):
        shown = {
            j: with_zeros(int(grid.texts[j][i]), formats[number, column])
            for j, number in enumerate(grid.numbers)
            if (number, column) in formats and not flags[j][i] and grid.texts[j][i].isdecimal()
        }
        if not any(map(begins_with_zero, shown.values())):
            continue
        for j, text in shown.items():
            texts[j][i], flags[j][i] = text, True
        first = next(iter(shown))
        said = f"are shown with leading zeros by their format, as {shown[first]}, and were read as that text"
        cells = f"{len(shown):,} numbers of column {column:,} {said}"
        repairs.append(Repair("leading zeros", grid.numbers[first], cells, len(shown)))
    return replace(grid, texts=texts, text_cells=flags), tuple(repairs)
