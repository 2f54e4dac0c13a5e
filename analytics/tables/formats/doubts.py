"""What delimited text leaves open about whole rows: numbers put together again, and totals at the end."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from analytics.tables.columns import is_numeric
from analytics.tables.options import ReadOptions
from analytics.tables.records.rows import Joined
from analytics.tables.records.text_lane import TextTable
from analytics.tables.report import Alternative, Doubt

_SHOWN = 3
"""Cells shown with a question."""
_FEWEST_ROWS = 3
"""Rows above a total: two numbers and their sum occur by chance."""
_MOST_TOTALS = 3
"""Rows at the end, as of sum, mean and share."""


def joined_doubts(table: TextTable, frame: pd.DataFrame, options: ReadOptions) -> tuple[Doubt, ...]:
    """One question for each column with numbers that were put together from two cells."""
    if options.decimal is not None or options.as_text:
        return ()
    joined = [one for one in table.joined if one.text not in (options.na_values or ())]
    columns = dict.fromkeys(one.column for one in joined)
    every = ([one for one in joined if one.column == column] for column in columns)
    return tuple(_joined_doubt(found, frame, table, options) for found in every)


def _joined_doubt(found: list[Joined], frame: pd.DataFrame, table: TextTable, options: ReadOptions) -> Doubt:
    column = found[0].column
    name = table.names[column]
    shown = found[:_SHOWN]
    rows = [int(np.searchsorted(table.lines, one.line)) for one in shown]
    lines = ", ".join(f"{one.line:,}" for one in shown)
    values = [(one.text, str(frame.iloc[row, column])) for one, row in zip(shown, rows, strict=True)]
    comma = "," in shown[0].text and pd.api.types.is_float_dtype(frame.dtypes.iloc[column])
    texts = dict.fromkeys((*(options.na_values or ()), *(one.text for one in found)))
    return Doubt(
        f"Is {shown[0].text!r} one value of {name}?",
        f"More cells than names in line {lines}; the parts in {name} were put together as they stand.",
        Alternative("One value", (("decimal", "," if comma else "."),), tuple(values)),
        (
            Alternative(
                "Missing", (("na_values", tuple(texts)),), tuple((one.text, "missing") for one in shown)
            ),
        ),
        name,
    )


def total_doubts(
    frame: pd.DataFrame, last_line: int | None, *, footer: int, options: ReadOptions
) -> tuple[Doubt, ...]:
    """Whether rows at the end are totals, told by what they equal and not by their words.

    ``footer`` are the records below the table that were left out, ``last_line`` the line of its last row.
    Options that say how many rows to skip have answered.
    """
    if options.skip_footer is not None or options.as_text:
        return ()
    for count in range(1, _MOST_TOTALS + 1):
        above = len(frame) - count
        if above < _FEWEST_ROWS:
            break
        equals = _totals(frame, above)
        if equals:
            return (_total_doubt(frame, count, equals, footer, last_line),)
    return ()


def _totals(frame: pd.DataFrame, above: int) -> dict[Hashable, str]:
    """Column to what its cell below the first ``above`` rows equals; empty where that row is no total."""
    numbers = [name for name in frame.columns if is_numeric(frame[name])]
    last = frame.iloc[above]
    filled = [name for name in numbers if pd.notna(last[name])]
    sums = {name for name in filled if _equals(frame[name].iloc[:above], float(last[name]), mean=False)}
    means = {name for name in filled if _equals(frame[name].iloc[:above], float(last[name]), mean=True)}
    # A mean lies among the values: one may equal it by chance, two or one in an otherwise empty row hardly.
    apart = any(pd.isna(last[name]) and frame[name].iloc[:above].notna().all() for name in frame.columns)
    if 2 * len(sums) >= max(1, len(filled)) and sums:
        return {name: "the sum" for name in numbers if name in sums}
    if 2 * len(means) >= max(1, len(filled)) and (len(means) > 1 or (means and apart)):
        return {name: "the mean" for name in numbers if name in means}
    return {}


def _equals(column: pd.Series, value: float, *, mean: bool) -> bool:
    """Whether a value is the sum or mean of a column to the digits that it has."""
    known = column.dropna().to_numpy(dtype=np.float64)
    known = known[np.isfinite(known)]
    if len(known) < _FEWEST_ROWS or np.count_nonzero(known) < 2 or known.min() == known.max():
        return False
    digits = next((n for n in range(7) if round(value, n) == value), 12)
    target = float(known.mean() if mean else known.sum())
    rounding = 0.5 * 10.0**-digits * (1.0 if mean else np.sqrt(len(known))) if digits else 0.5
    return bool(np.isfinite(value)) and abs(value - target) <= max(rounding, 1e-9 * abs(target)) * (1 + 1e-9)


def _total_doubt(
    frame: pd.DataFrame, count: int, equals: dict[Hashable, str], footer: int, last_line: int | None
) -> Doubt:
    above = len(frame) - count
    row = frame.iloc[above]
    name, what = next(iter(equals.items()))
    others = len(equals) - 1
    more = f", and so in {others} further column{'s' if others > 1 else ''}" if others else ""
    where = "the last row" if count == 1 else f"the row {count} from the end"
    line = "" if last_line is None or count > 1 else f" (line {last_line:,})"
    shown = list(equals.items())[:_SHOWN]
    cells = tuple((f"{column}: {row[column]}", f"{kind} of the rows above") for column, kind in shown)
    return Doubt(
        f"Is {where}{line} a total and no record?",
        f"There {name} is {row[name]}, {what} of the {above:,} values above to rounding{more}.",
        Alternative("A record like the others", (("skip_footer", footer),), cells),
        (Alternative("A total: leave it out", (("skip_footer", footer + count),), cells),),
    )
