"""What reading a file gives: the table, and every guess and repair in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analytics.tables.options import ReadOptions
from analytics.words import count


@dataclass(frozen=True)
class Repair:
    """One thing put right. ``line`` counts from 1 in the file (``None``: all over it)."""

    kind: str
    line: int | None
    detail: str
    count: int = 1

    def sentence(self) -> str:
        """The repair with its line, for people."""
        return self.detail if self.line is None else f"Line {self.line:,}: {self.detail}"


@dataclass(frozen=True)
class Decision:
    """One guess: ``what`` is the option that overrides it, ``alternatives`` are other values worth a try."""

    what: str
    value: str
    sentence: str
    evidence: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnReading:
    """How one column was typed; ``exceptions`` are (line, text) of cells that do not fit the type."""

    name: str
    kind: str
    sentence: str
    exceptions: tuple[tuple[int, str], ...] = ()
    alternatives: tuple[str, ...] = ()
    unit: str = ""
    """What the values are measured in, by a row of units below the names."""


@dataclass(frozen=True)
class Alternative:
    """One way to read what is in doubt.

    ``changes`` are fields of ``ReadOptions`` with the values that ask for it; ``cells`` are real cells of the
    file, as (text, what this reading makes of it).
    """

    label: str
    changes: tuple[tuple[str, object], ...] = ()
    cells: tuple[tuple[str, str], ...] = ()

    def chosen(self, options: ReadOptions) -> ReadOptions:
        """The options with this answer; what was asked of other columns stays."""
        changes = dict(self.changes)
        for per_column in {"column_types", "missing_words"} & set(changes):
            changes[per_column] = {**dict(getattr(options, per_column)), **dict(changes[per_column])}  # type: ignore[call-overload]
        return replace(options, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Doubt:
    """A reading that the file does not prove: told, and asked once. ``evidence`` names lines.

    ``taken`` is the reading in force. Options that already answer the question leave no doubt.
    """

    question: str
    evidence: str
    taken: Alternative
    alternatives: tuple[Alternative, ...]
    column: str | None = None


@dataclass(frozen=True)
class ReadReport:
    """How a file was read. ``delimiter`` is "" for one column; ``header_row`` is a line number or ``None``.

    ``preamble`` and ``footer`` are the lines above and below the table that are not part of it.
    """

    format: str
    encoding: str | None
    delimiter: str | None
    decimal: str | None
    thousands: str | None
    header_row: int | None
    rows: int
    columns: int
    quote: str | None = None
    escape: str | None = None
    repairs: tuple[Repair, ...] = ()
    decisions: tuple[Decision, ...] = ()
    column_readings: tuple[ColumnReading, ...] = ()
    preamble: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def sentences(self) -> tuple[str, ...]:
        """The whole report in plain words: size, decisions, columns that need a look, repairs."""
        columns, rows = count(self.columns, "column"), count(self.rows, "row")
        shown = [
            f"{reading.name}: {reading.sentence}" for reading in self.column_readings if reading.exceptions
        ]
        return (
            f"Read {rows} and {columns}.",
            *(decision.sentence for decision in self.decisions),
            *shown,
            *(repair.sentence() for repair in self.repairs),
        )


@dataclass(frozen=True)
class Table:
    """A file that was read: ``frame`` is the data, ``sha256`` is of the bytes as they were given.

    ``lines`` (rows,) are the lines of a text, or the rows of a sheet, on which the rows of ``frame`` begin,
    from 1; ``None`` where a format has none.
    """

    frame: pd.DataFrame = field(repr=False)
    report: ReadReport
    sha256: str
    name: str
    lines: np.ndarray | None = field(default=None, repr=False, compare=False)
