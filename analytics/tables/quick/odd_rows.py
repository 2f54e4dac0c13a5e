"""Rows that Arrow skipped because they have another number of cells: found again and mended."""

from __future__ import annotations

import re

from analytics.tables.quick.glimpse import Glimpse
from analytics.tables.records.repair import MODEL_ROWS, fix_row, learn_columns
from analytics.tables.report import Repair

BLANK_LINE = re.compile(rb"(?:\n|\A)(?=\r?\n)")


class TooOddError(Exception):
    """The quick way cannot know what the careful one would see."""


def find_places(data: bytes, odd: list[str]) -> list[tuple[int, str]]:
    """(zero-based row, text) of each odd row, found again in the bytes; equal rows one after the other."""
    places = [(found.end(), "") for found in BLANK_LINE.finditer(data)] if "" in odd else []
    after = dict.fromkeys(odd, 0)
    for text in filter(None, odd):
        line = text.encode()
        at = data.find(line, after[text])
        while at >= 0 and not _is_whole_line(data, at, at + len(line)):
            at = data.find(line, at + 1)
        if at < 0:
            raise TooOddError
        after[text] = at + len(line)
        places.append((at, text))
    if len(places) != len(odd):
        raise TooOddError
    return sorted((data.count(b"\n", 0, at), text) for at, text in places)


def _is_whole_line(data: bytes, start: int, end: int) -> bool:
    return (start == 0 or data[start - 1] == 10) and (end == len(data) or data[end] == 10)


def mend(records: Glimpse, first: int, width: int) -> tuple[list[list[str]], list[Repair]]:
    """The values of each odd record in order, mended as the careful way does it, and the repairs."""
    dialect = records.dialect
    sound = records.sampled(first, len(records.rows), width, most=MODEL_ROWS)
    models = learn_columns([row.cells for row in sound], dialect, width)
    mended, repairs = [], []
    for index in records.odd.tolist():
        cells = records.rows[index]
        fix = fix_row(dialect.delimiter.join(cells), cells, dialect, models, broken=False)
        if fix.numbers:  # a doubt that the careful way asks about
            raise TooOddError
        repairs.append(Repair(fix.kind, int(records.lines[index]), fix.detail))
        mended.append([dialect.value(cell) for cell in fix.cells])
    return mended, repairs
