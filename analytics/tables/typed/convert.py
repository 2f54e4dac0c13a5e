"""From text cells to typed columns: every cell counts, and what is not sure stays text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.tables.options import ReadOptions
from analytics.tables.report import ColumnReading, Decision
from analytics.tables.typed.cells import Cells, make_all_cells
from analytics.tables.typed.convert_dates import DateFinding, date_decisions, find_dates, type_dates
from analytics.tables.typed.convert_numbers import type_numbers
from analytics.tables.typed.durations import type_durations
from analytics.tables.typed.known import NOTHING_KNOWN, Known
from analytics.tables.typed.marks import MarksFound, find_marks
from analytics.tables.typed.moments import is_iso
from analytics.tables.typed.numerals import Numerals, find_numerals
from analytics.tables.typed.quotes import text_by_quotes, without_bare_na
from analytics.tables.typed.typed import Typed, missing_note, text_column, token_words

Result = TypeVar("Result")
LONG = 20_000
TRUTHS = {"true": True, "false": False, "yes": True, "no": False}


@dataclass(frozen=True)
class Converted:
    """A typed frame with a RangeIndex, how each column was read, and the decisions for the whole file."""

    frame: pd.DataFrame
    readings: tuple[ColumnReading, ...]
    decimal: str | None
    thousands: str | None
    decisions: tuple[Decision, ...] = ()


def convert_columns(
    names: Sequence[str],
    columns: Sequence[pa.Array | pa.ChunkedArray],
    *,
    options: ReadOptions,
    known: Known = NOTHING_KNOWN,
) -> Converted:
    """Decide the type of every column from all its cells and convert it.

    ``names`` are unique; ``columns`` has one string array per name, all of n cells, null where missing.
    ``options`` is what the reader was told, ``known`` what the file says.

    Integers become int64 (Int64 with missing cells), other numbers float64, truth values bool or boolean,
    dates datetime64, lengths of time timedelta64, all else str. Numbers that lose something (leading zeros,
    many digits) stay text, and so do the strings of a typed source, bar ISO dates.
    """
    if len(names) == 1 and not (known.typed_source or known.others_bare):
        named = bool(known.quoted_header and known.quoted_header[0])
        mask = known.quoted[0] if known.quoted else None
        columns = [without_bare_na(columns[0], mask, quoted_name=named)]
    every = make_all_cells(
        names, columns, na_values=options.na_values or (), missing=dict(options.missing_words)
    )
    by_quotes = text_by_quotes(every, known)
    numerals = _each(lambda cells, settled: None if settled else _numerals(cells, options), every, by_quotes)
    pairs = [(cells, found) for cells, found in zip(every, numerals, strict=True) if found]
    marks = find_marks(
        pairs,
        decimal=options.decimal or known.decimal,
        thousands=known.thousands if options.thousands is None else options.thousands,
    )
    if known.typed_source:
        by_quotes = [settled and not is_iso(cells) for cells, settled in zip(every, by_quotes, strict=True)]
    dates = find_dates(_undecided(every, numerals, by_quotes, options), options)
    typed = _each(
        lambda cells, found, settled: _type(
            cells, found, dates.get(cells.name), marks, options, known.lines, settled
        ),
        every,
        numerals,
        by_quotes,
    )
    frame = pd.DataFrame({i: column.values for i, column in enumerate(typed)}, copy=False)
    frame.columns = pd.Index(list(names), dtype="str")
    decisions = (*marks.decisions, *date_decisions(dates, known.lines))
    readings = tuple(column.reading for column in typed)
    return Converted(frame, readings, marks.decimal, marks.thousands, decisions)


def _each(function: Callable[..., Result], columns: Sequence[Cells], *more: Sequence[Any]) -> list[Result]:
    """The function of every column and what belongs to it, two long columns at a time."""
    if len(columns) < 2 or len(columns[0].raw) < LONG:
        return list(map(function, columns, *more))
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(function, columns, *more))


def _numerals(cells: Cells, options: ReadOptions) -> Numerals | None:
    asked = options.type_of(cells.name)
    if options.as_text or asked in ("text", "category", "boolean", "date", "time"):
        return None
    return find_numerals(cells, least=0.5 if asked is None else 0.0)


def _undecided(
    every: Sequence[Cells],
    numerals: Sequence[Numerals | None],
    by_quotes: Sequence[bool],
    options: ReadOptions,
) -> list[Cells]:
    """The columns that may be dates: digits with points between (31.12.2024) may yet be no number."""
    rest = zip(every, numerals, by_quotes, strict=True)
    open_columns = [cells for cells, found, settled in rest if not settled and not (found and found.plain)]
    kinds = (None, "date", "time")
    return (
        [] if options.as_text else [cells for cells in open_columns if options.type_of(cells.name) in kinds]
    )


def _type(
    cells: Cells,
    numerals: Numerals | None,
    dates: DateFinding | None,
    marks: MarksFound,
    options: ReadOptions,
    lines: np.ndarray | None,
    by_quotes: bool,
) -> Typed:
    asked = options.type_of(cells.name)
    if by_quotes and asked is None:
        return text_column(cells, "Text, by its quotes.", keep_empty=True)
    if options.as_text or asked in ("text", "category"):
        return text_column(cells, "Text, as asked.", keep_empty=by_quotes)
    if cells.blank.all():
        return text_column(cells, "Empty: no cell has a value.", kind="empty")
    found = _type_truths(cells, asked, lines)
    if found is None and numerals is not None:
        found = type_numbers(cells, numerals, marks, options, lines)
    if found is None and dates is not None:
        found = type_dates(cells, dates, lines)
    if found is None and asked is None:
        found = type_durations(cells)
    return found or text_column(cells, _text_sentence(cells))


def _type_truths(cells: Cells, asked: str | None, lines: np.ndarray | None) -> Typed | None:
    """Columns of true and false, or of both yes and no."""
    if asked not in (None, "boolean") or (asked is None and not _may_be_truths(cells)):
        return None
    lowered = pc.utf8_lower(cells.trimmed)
    index = pc.index_in(lowered, pa.array(list(TRUTHS), lowered.type))
    known = index.is_valid().to_numpy(zero_copy_only=False)
    missing = cells.blank | cells.token
    if asked is None and (not known.any() or not (known | missing).all()):
        return None
    words = set(index.drop_null().unique().to_pylist())
    if asked is None and not (words <= {0, 1} or words == {2, 3}):
        return None
    values = np.array([*TRUTHS.values(), False])[
        pc.fill_null(index, len(TRUTHS)).to_numpy(zero_copy_only=False)
    ]
    exceptions = cells.located(~(known | missing), lines)
    sentence = "True or false." if words <= {0, 1} else "Yes or no, taken as true or false: a guess."
    reading = ColumnReading(
        cells.name, "boolean", sentence + missing_note(cells, exceptions), exceptions, ("text",)
    )
    rows, known_rows = cells.expand(values), cells.expand(known)
    return Typed(rows if known_rows.all() else pd.arrays.BooleanArray(rows, ~known_rows), reading)


def _may_be_truths(cells: Cells) -> bool:
    """A quick look at how many values there are and what the first of them says."""
    first = cells.sample[:1].to_pylist() if len(cells.distinct) <= 64 else []
    return bool(first) and first[0].lower() in TRUTHS


def _text_sentence(cells: Cells) -> str:
    tokens = cells.count(cells.token)
    if not tokens:
        return "Text."
    words = token_words(cells)
    cells_are = "1 cell says" if tokens == 1 else f"{tokens:,} cells say"
    return f"Text. {cells_are} {words}, kept as text; list such words as missing values to empty them."
