"""Cells of sheets as texts that read back as what they are."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

_EPOCH = dt.datetime(1899, 12, 31)
"""What a number of days between 0 and 60 is counted from, where a cell's format makes a date of it."""
_SPELLED = re.compile(r"(-?)PT([0-9]{1,6})H([0-9]{1,2})M([0-9]{1,2}(?:\.[0-9]{1,9})?)S")
_DATES = 1905
"""From here on cells are dates: nobody writes more than five years in hours."""


def cell_text(cell: Any) -> str:
    """A cell as text: whole floats without a point, dates as ISO, lengths of time as days and hours."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return span_text(cell) if isinstance(cell, dt.timedelta) else str(cell)


def as_spans(cells: list[Any], *, written: bool = False) -> list[Any]:
    """A column's cells, its times of day as lengths of time where one cell is such: 23:50 beside 26:10.

    A workbook holds both as numbers of days; only the format of cells over a day may be another one, or be
    that of a time of day, which makes a day in 1900 of them. With ``written`` a cell may spell its time out,
    PT26H30M00S, as open documents do.
    """
    if written:
        cells = _spelled(cells)
    if not any(isinstance(cell, dt.timedelta) for cell in cells) and not _are_times_beyond_a_day(cells):
        return cells
    return [_span(cell) for cell in cells]


def _are_times_beyond_a_day(cells: list[Any]) -> bool:
    """Whether times of day stand beside days of 1900 and no later ones."""
    if not any(isinstance(cell, dt.time) for cell in cells):
        return False
    days = [cell.year for cell in cells if isinstance(cell, dt.date)]
    return bool(days) and max(days) < _DATES


def _spelled(cells: list[Any]) -> list[Any]:
    """Cells with the lengths of time that they spell out; all below a day are times of day."""
    found = [_SPELLED.fullmatch(cell) if isinstance(cell, str) else None for cell in cells]
    spans = [
        dt.timedelta(hours=int(one[2]), minutes=int(one[3]), seconds=float(one[4])) * (-1 if one[1] else 1)
        if one
        else None
        for one in found
    ]
    clocks = all(span is None or dt.timedelta() <= span < dt.timedelta(days=1) for span in spans)
    made = [(dt.datetime.min + span).time() if span is not None and clocks else span for span in spans]
    return [cell if one is None else one for cell, one in zip(cells, made, strict=True)]


def _span(cell: Any) -> Any:
    if isinstance(cell, dt.time):
        return dt.datetime.combine(_EPOCH, cell) - _EPOCH
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        cell = dt.datetime.combine(cell, dt.time()) if cell.year < _DATES else cell
    if isinstance(cell, dt.datetime) and cell.year < _DATES and cell.tzinfo is None:
        # Excel counts a 29 February 1900, which moves the days above it.
        return cell - _EPOCH + dt.timedelta(days=cell >= dt.datetime(1900, 3, 1))
    return cell


def span_text(span: dt.timedelta) -> str:
    """A length of time as pandas writes it, ``1 days 02:30:00``, of which a column reads as such."""
    seconds, micro = span.seconds, span.microseconds
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    fraction = f".{micro:06}".rstrip("0") if micro else ""
    return f"{span.days} days {'+' if span.days < 0 else ''}{clock}{fraction}"
