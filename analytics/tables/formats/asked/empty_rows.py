"""Rows of a file that have no value in any column: records of which all is missing, or none at all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.tables.options import ReadOptions
from analytics.tables.report import Alternative, Doubt
from analytics.words import count

_MOST, _SHOWN = 10_000, 3
"""Rows that one question may name, and those that it shows."""


def empty_row_doubts(
    frame: pd.DataFrame, lines: np.ndarray | None, options: ReadOptions
) -> tuple[Doubt, ...]:
    """Whether rows without any value are records; options that say which rows to skip have answered."""
    if options.skip_rows is not None or options.as_text or lines is None or frame.shape[1] < 2:
        return ()
    rows = _empty_rows(frame)
    if not 0 < len(rows) <= min(_MOST, len(frame) - 1):
        return ()
    numbers = [int(lines[row]) for row in rows]
    one = len(numbers) == 1
    shown = ", ".join(f"{number:,}" for number in numbers[:_SHOWN])
    where = f"{'line' if one else 'lines'} {shown}{', ...' if len(numbers) > _SHOWN else ''}"
    which = "Is the row" if one else f"Are {count(len(numbers), 'row')}"
    others = count(len(frame) - len(numbers), "other row")
    cells = [f"line {number:,}" for number in numbers[:_SHOWN]]
    kept = Alternative(
        "A record of which all is missing" if one else "Records of which all is missing",
        (("skip_rows", ()),),
        tuple((cell, "a row of missing values") for cell in cells),
    )
    out = Alternative(
        "No record: leave it out" if one else "No records: leave them out",
        (("skip_rows", tuple(numbers)),),
        tuple((cell, "left out") for cell in cells),
    )
    question = f"{which} without any value ({where}) {'a record' if one else 'records'}?"
    evidence = f"No column has a value on {where}; in {others} some has."
    return (Doubt(question, evidence, kept, (out,)),)


def _empty_rows(frame: pd.DataFrame) -> np.ndarray:
    """The rows in which every column is missing: most tables are done with their first column."""
    rows = np.arange(len(frame))
    for place in range(frame.shape[1]):
        rows = rows[pd.isna(frame.iloc[:, place].array[rows] if place else frame.iloc[:, 0].array)]
        if not len(rows):
            break
    return rows
