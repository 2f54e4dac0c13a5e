"""What a reader of one format hands over; ``reading`` makes the report of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.tables.report import ColumnReading, Decision, Doubt, Repair


@dataclass(frozen=True)
class Loaded:
    """A frame with how it was read; ``header_row`` is the line or the row of a sheet with the names, from 1,
    and ``lines`` (n,) are those on which its rows begin, ``None`` in a format that has none.

    ``format`` is what the file turned out to be, where the reader knows better than its first bytes say. The
    fields from ``encoding`` on are those of ``ReadReport``.
    """

    frame: pd.DataFrame
    decisions: tuple[Decision, ...] = ()
    readings: tuple[ColumnReading, ...] = ()
    repairs: tuple[Repair, ...] = ()
    header_row: int | None = None
    preamble: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    lines: np.ndarray | None = None
    encoding: str | None = None
    format: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    quote: str | None = None
    escape: str | None = None

    @property
    def last_line(self) -> int | None:
        """The line of the last record."""
        return int(self.lines[-1]) if self.lines is not None and len(self.lines) else None


def with_units(readings: tuple[ColumnReading, ...], units: tuple[str, ...]) -> tuple[ColumnReading, ...]:
    """Each reading with the unit that stands below the column's name."""
    if not units or not readings:
        return readings
    return tuple(
        replace(reading, unit=unit, sentence=f"{reading.sentence} In {unit}.") if unit else reading
        for reading, unit in zip(readings, units, strict=True)
    )
