"""One column of text, typed: what the tests of typing share."""

import pandas as pd
import pyarrow as pa

from analytics.tables import Alternative, Doubt, ReadOptions
from analytics.tables.typed.convert import Converted, convert_columns
from analytics.tables.typed.known import NOTHING_KNOWN, Known


def convert(
    columns: dict[str, list[str | None]], *, options: ReadOptions | None = None, known: Known = NOTHING_KNOWN
) -> Converted:
    """The columns, typed together."""
    arrays = [pa.array(cells, pa.string()) for cells in columns.values()]
    return convert_columns(list(columns), arrays, options=options or ReadOptions(), known=known)


def read(cells: list[str | None], *, name: str = "x", options: ReadOptions | None = None) -> Converted:
    """One column, typed."""
    return convert({name: cells}, options=options)


def values(converted: Converted, name: str = "x") -> list[object]:
    """The cells of a column, ``None`` where missing."""
    return [None if pd.isna(value) else value for value in converted.frame[name].tolist()]


def answers(doubt: Doubt) -> dict[str, list[str]]:
    """What each alternative makes of the cells that the doubt shows, by its label."""
    return {other.label: [made for _, made in other.cells] for other in doubt.alternatives}


def chosen(columns: dict[str, list[str | None]], alternative: Alternative) -> Converted:
    """The columns read again with an answer."""
    return convert(columns, options=alternative.chosen(ReadOptions()))
