"""Cells of sheets as texts that read back as what they are."""

from __future__ import annotations

import datetime as dt
from typing import Any


def cell_text(cell: Any) -> str:
    """A cell as text: whole floats without a point, dates as ISO, lengths of time as days and hours."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return span_text(cell) if isinstance(cell, dt.timedelta) else str(cell)


def span_text(span: dt.timedelta) -> str:
    """A length of time as pandas writes it, ``1 days 02:30:00``, of which a column reads as such."""
    seconds, micro = span.seconds, span.microseconds
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    fraction = f".{micro:06}".rstrip("0") if micro else ""
    return f"{span.days} days {'+' if span.days < 0 else ''}{clock}{fraction}"
