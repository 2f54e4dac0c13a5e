"""What a reader of a typed format hands over."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.tables.report import ColumnReading, Decision, Repair


@dataclass(frozen=True)
class Loaded:
    """A frame with how it was read; ``header_row`` is the row of a sheet that holds the names, from 1."""

    frame: pd.DataFrame
    decisions: tuple[Decision, ...] = ()
    readings: tuple[ColumnReading, ...] = ()
    repairs: tuple[Repair, ...] = ()
    header_row: int | None = None
    preamble: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
