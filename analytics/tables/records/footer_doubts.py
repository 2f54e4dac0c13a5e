"""Rows at the end that were left out although they hold several cells: totals, balances, or records?"""

from __future__ import annotations

import math
import re

from analytics.tables.options import ReadOptions
from analytics.tables.records.head.preamble import filled
from analytics.tables.records.layout import Layout
from analytics.tables.records.records import Records
from analytics.tables.report import Alternative, Doubt

_SHOWN = 3
"""Cells shown with a question."""
_FEWEST_VALUES = 3
"""Values above a sum: two numbers and their sum occur by chance."""
_MOST_ROWS = 100_000
"""Rows added up to see whether a row is their sum: a tenth of a second."""
_NO_FIGURE = re.compile(r"[^\d.,()-]")


def footer_doubts(records: Records, layout: Layout, options: ReadOptions) -> tuple[Doubt, ...]:
    """Whether the rows below the table are records, where some of them fill several columns."""
    if options.skip_footer is not None or options.as_text or layout.width == 1:
        return ()
    rows, end = records.rows, layout.end
    place = next((i for i in range(end, len(rows)) if filled(rows[i]) > 1), None)
    if place is None:
        return ()
    cells = [cell.strip() for cell in records.row(place).values if cell.strip()][:_SHOWN]
    sums = _sums(records, layout, place)
    equal = f" {sums[0]!r} is the sum of the values above it." if sums else ""
    line, kept = records.lines[place], len(rows) - place - 1
    out = Alternative(
        "Left out, as a total or a note", (("skip_footer", len(rows) - end),), _each(cells, "left out")
    )
    record = Alternative("A record", (("skip_footer", kept),), _each(cells, "a value"))
    evidence = (
        f"Line {line:,} leaves most columns empty that records fill, and has words where they have "
        f"values or begins as totals do.{equal}"
    )
    return (Doubt(f"Is line {line:,}, below the table, a record of it?", evidence, out, (record,)),)


def _each(cells: list[str], what: str) -> tuple[tuple[str, str], ...]:
    return tuple((cell, what) for cell in cells)


def _sums(records: Records, layout: Layout, place: int) -> list[str]:
    """The cells of a row that equal the sum of their column to rounding, by either decimal mark."""
    rows = records.rows[layout.body : min(layout.end, layout.body + _MOST_ROWS)]
    row, found = records.row(place), []
    for column, text in enumerate(row.values[: layout.width]):
        if row.groups[column] != "number":
            continue
        for decimal in ".,":
            above = [
                _figure(records.dialect.value(own[column]), decimal) for own in rows if len(own) > column
            ]
            values = [value for value in above if not math.isnan(value)]
            own = _figure(text, decimal)
            if (
                len(values) >= _FEWEST_VALUES
                and any(values)
                and math.isclose(math.fsum(values), own, rel_tol=1e-9, abs_tol=0.005)
            ):
                found.append(text.strip())
                break
    return found


def _figure(text: str, decimal: str) -> float:
    """The number in a text with the given decimal mark, without currency and thousands; NaN for none."""
    bare = _NO_FIGURE.sub("", text).replace("." if decimal == "," else ",", "").replace(decimal, ".")
    sign = -1.0 if bare.startswith(("(", "-")) or bare.endswith("-") else 1.0
    try:
        return sign * float(bare.strip("()-"))
    except ValueError:
        return math.nan
